"""Workflows over REST: the shapes that today's clients read."""

from typing import Any

import pytest

from ..documents import chain, greeting
from ..doors import Doors

pytestmark = pytest.mark.anyio

STUDIO = "/automation-studio"


async def listed(doors: Doors, **query: Any) -> Any:
    return (await doors.http.get(f"{STUDIO}/workflows", params=query)).json()


async def test_workflows_are_listed_by_their_names_a_page_at_a_time(doors: Doors) -> None:
    await doors.import_documents(chain("b"), chain("c"), chain("a"))
    page = await listed(doors, limit=2)
    assert [one["name"] for one in page.pop("items")] == ["a", "b"]
    assert page == {"skip": 0, "limit": 2, "end": 2, "count": 2, "total": 3, "next": 2, "previous": None}
    page = await listed(doors, limit=2, skip=2)
    assert [one["name"] for one in page.pop("items")] == ["c"]
    assert page == {"skip": 2, "limit": 2, "end": 3, "count": 1, "total": 3, "next": None, "previous": 0}


async def test_workflows_are_found_by_the_fields_that_clients_filter_by(doors: Doors) -> None:
    await doors.import_documents(chain("a b"), chain("c"))
    (found,) = (await listed(doors, **{"equals[name]": "a b"}))["items"]
    assert [one["name"] for one in (await listed(doors, **{"equals[_id]": found["_id"]}))["items"]] == ["a b"]
    assert [one["name"] for one in (await listed(doors, **{"contains[name]": "B"}))["items"]] == ["a b"]
    assert (await listed(doors, **{"equals[name]": "nope"}))["total"] == 0


PAIRS: list[tuple[dict[str, str], list[str]]] = [
    ({"equals": "zzz", "equalsField": "name"}, []),
    ({"equals": "a b", "equalsField": "name"}, ["a b"]),
    ({"contains": "B", "containsField": "name"}, ["a b"]),
    ({"in": "c,d", "inField": "name"}, ["c"]),
    ({"startsWith": "A", "startsWithField": "name", "endsWith": "B", "endsWithField": "name"}, ["a b"]),
    ({"equals": "c", "equalsField": "name", "contains[name]": "b"}, []),
]


async def test_workflows_are_found_by_pairs_of_parameters(doors: Doors) -> None:
    await doors.import_documents(chain("a b"), chain("c"))
    found = [(query, [one["name"] for one in (await listed(doors, **query))["items"]]) for query, _ in PAIRS]
    assert found == PAIRS


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"equals": "b"}, "Parameter 'equals' must be used in conjunction with 'equalsField', or be written 'equals["),
        ({"inField": "name"}, "Parameter 'inField' must be used in conjunction with 'in', or be written 'in[field]="),
        ({"startsWith[name]": "b"}, "use 'startsWith' in conjunction with 'startsWithField'"),
        ({"equals[name]": "b", "equals": "c"}, "Parameter 'equals' has two forms here: use 'equals[field]=value' for"),
        ({"equals": "c", "equals[name]": "b"}, "Parameter 'equals' has two forms here: use 'equals[field]=value' for"),
        ({"equalsField": "$where", "equals": "b"}, "/equalsField must be one of _id, "),
    ],
)
async def test_what_is_no_filter_of_workflows_is_refused(doors: Doors, query: dict[str, str], message: str) -> None:
    answer = await doors.http.get(f"{STUDIO}/workflows", params=query)
    assert answer.status_code == 400
    assert message in answer.json()["message"]


async def test_a_count_is_asked_for_with_limit_0(doors: Doors) -> None:
    await doors.import_documents(chain("a"), chain("b"))
    page = await listed(doors, limit=0, include="_id")
    assert (page["items"], page["total"]) == ([], 2)


async def test_only_what_is_included_is_shown(doors: Doors) -> None:
    await doors.import_documents(greeting())
    (item,) = (await listed(doors, include="name,inputSchema.required"))["items"]
    assert item.keys() == {"_id", "name", "inputSchema"}
    assert item["inputSchema"] == {"required": ["name"]}


async def test_one_workflow_is_answered_by_its_name_and_an_empty_object_without_one(doors: Doors) -> None:
    await doors.import_documents(chain("a b"))
    assert (await doors.http.get(f"{STUDIO}/workflows/detailed/a%20b")).json()["name"] == "a b"
    assert (await doors.http.get(f"{STUDIO}/workflows/detailed/nope")).json() == {}


async def test_a_created_workflow_can_be_started(doors: Doors) -> None:
    answer = await doors.http.post(f"{STUDIO}/automations", json={"automation": greeting()})
    created = answer.json()["created"]
    assert (answer.status_code, created["name"], created["errors"]) == (200, "greet", [])
    assert answer.json()["edit"] == "/automation-studio/#/edit?tab=0&automation=greet"
    started = await doors.start({"workflow": "greet", "options": {"variables": {"name": "Ada"}}})
    assert (await doors.over(started.json()["data"]["_id"]))["variables"]["greeting"] == "Hello, Ada"


async def test_a_name_alone_makes_an_empty_workflow(doors: Doors) -> None:
    created = (await doors.http.post(f"{STUDIO}/automations", json={"automation": {"name": "new"}})).json()["created"]
    assert created["tasks"].keys() == created["transitions"].keys() == {"workflow_start", "workflow_end"}
    assert created["created"] == created["last_updated"] == "2024-12-04T21:15:22.873Z"


async def test_a_name_that_is_taken_is_refused_and_nothing_is_stored(doors: Doors) -> None:
    await doors.import_documents(chain("a"))
    body = {"automations": [chain("b"), {**chain("a"), "description": "other"}]}
    answer = await doors.http.post(f"{STUDIO}/automations/import", json=body)
    assert (answer.status_code, answer.json()["metadata"]["code"]) == (409, "NAME_TAKEN")
    assert [(one["name"], one.get("description")) for one in (await listed(doors))["items"]] == [("a", None)]


async def test_an_import_answers_the_bare_workflow(doors: Doors) -> None:
    answer = await doors.http.post(f"{STUDIO}/automations/import", json={"automations": [chain("a")]})
    assert (answer.status_code, answer.json()["name"]) == (200, "a")
    answer = await doors.http.post("/workflow_builder/import", json={"workflow": chain("b")})
    assert (answer.status_code, answer.json()["name"]) == (200, "b")


async def test_what_is_no_workflow_is_refused_with_its_reason(doors: Doors) -> None:
    answer = await doors.http.post("/workflow_builder/import", json={"workflow": {"name": ""}})
    assert answer.status_code == 400
    assert "a workflow without a name cannot be started by name" in answer.json()["message"]


async def test_an_update_keeps_the_id_and_the_creation(doors: Doors) -> None:
    made = (await doors.http.post(f"{STUDIO}/automations", json={"automation": chain("a")})).json()["created"]
    body = {"update": {**chain("b"), "description": "new", "created": "1999-01-01T00:00:00.000Z"}}
    answer = await doors.http.put(f"{STUDIO}/automations/{made['_id']}", json=body)
    assert answer.status_code == 200
    (stored,) = (await listed(doors))["items"]
    assert (stored["_id"], stored["name"], stored["description"]) == (made["_id"], "b", "new")
    assert (await doors.http.put(f"{STUDIO}/automations/nope", json=body)).status_code == 404


async def test_what_an_editor_saves_is_new_or_takes_the_place_of_its_id(doors: Doors) -> None:
    path = "/workflow_builder/workflows/save"
    schema = {"type": "object", "properties": {"n": {"type": "number"}}}
    made = (await doors.http.post(path, json={"workflow": {**chain("a"), "inputSchema": schema}})).json()["created"]
    assert (made["name"], made["inputSchema"]) == ("a", schema)
    again = {**made, "description": "again"}
    assert (await doors.http.post(path, json={"workflow": again})).json()["created"]["_id"] == made["_id"]
    (stored,) = (await listed(doors))["items"]
    assert stored["description"] == "again"
    taken = await doors.http.post(path, json={"workflow": chain("a")})
    assert (taken.status_code, taken.json()["metadata"]["code"]) == (409, "NAME_TAKEN")
    gone = await doors.http.post(path, json={"workflow": {**chain("b"), "_id": "nope"}})
    assert (gone.status_code, gone.json()["metadata"]["code"]) == (404, "WORKFLOW_NOT_FOUND")


async def test_an_export_names_its_users_and_can_be_imported_elsewhere(doors: Doors) -> None:
    await doors.import_documents({**chain("a"), "created_by": "64aa00000000000000000001", "last_updated_by": None})
    exported = (await doors.http.post("/workflow_builder/export", json={"options": {"name": "a"}})).json()
    assert exported["created_by"] == {"username": "64aa00000000000000000001"}
    assert exported["last_updated_by"] == {"username": ""}
    await doors.http.post(f"{STUDIO}/automations", json={"automation": chain("b")})
    made = (await doors.http.post("/workflow_builder/export", json={"options": {"name": "b"}})).json()
    assert made["created_by"] == made["last_updated_by"] == {"username": "admin"}
    assert exported.keys().isdisjoint(["_id", "errors"])
    assert exported["tasks"] == chain("a")["tasks"]


async def test_a_deleted_workflow_is_gone(doors: Doors) -> None:
    await doors.import_documents(chain("a b"))
    answer = await doors.http.delete("/workflow_builder/workflows/delete/a%20b")
    assert (answer.status_code, answer.json()["name"], answer.json()["lastErrorObject"]) == (200, "a b", {"n": 1})
    assert (await listed(doors))["total"] == 0
    assert (await doors.http.delete("/workflow_builder/workflows/delete/a%20b")).status_code == 404


async def test_both_validations_say_what_cannot_run(doors: Doors) -> None:
    broken = chain("a", b1={"name": "nope", "app": "Nowhere", "variables": {}})
    studio = (await doors.http.post(f"{STUDIO}/workflows/validate", json={"workflow": broken})).json()
    engine = (await doors.http.post("/workflow_engine/workflows/validate", json={"workflow": broken})).json()
    assert studio.keys() == {"errors", "warnings"}
    assert engine == {"isValid": not studio["errors"], **studio}
    assert [one["task"] for one in studio["errors"] + studio["warnings"]]


async def test_a_workflow_gets_another_name_and_keeps_its_id(doors: Doors) -> None:
    await doors.import_documents(greeting(), chain("other"))
    before = (await doors.http.get(f"{STUDIO}/workflows/detailed/greet")).json()
    path = "/workflow_builder/workflows/rename"
    renamed = await doors.http.post(path, json={"workflow": {"_id": "", "name": "greet"}, "newName": "hail"})
    assert (renamed.status_code, renamed.json()["name"], renamed.json()["_id"]) == (200, "hail", before["_id"])
    assert (await doors.http.get(f"{STUDIO}/workflows/detailed/greet")).json() == {}
    taken = await doors.http.post(path, json={"workflow": {"name": "hail"}, "newName": "other"})
    assert (taken.status_code, taken.json()["metadata"]["code"]) == (409, "NAME_TAKEN")
    gone = await doors.http.post(path, json={"workflow": {"name": "greet"}, "newName": "x"})
    assert (gone.status_code, gone.json()["metadata"]["code"]) == (404, "WORKFLOW_NOT_FOUND")


async def test_a_workflow_says_whose_it_is(doors: Doors) -> None:
    await doors.import_documents(greeting(groups=["default"]))
    path, one, other = "/workflow_builder/workflows/greet/groups", "a" * 24, "b" * 24

    async def told(verb: str, rest: str = "", body: Any = None) -> Any:
        answer = await doors.http.request(verb, f"{path}{rest}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert await told("GET") == ["default"]
    assert await told("POST", body={"group": one}) == [one]
    assert await told("POST", body={"group": other}) == [one, other]
    assert await told("DELETE", f"/{one}") == [other] == await told("GET")
    assert await told("PUT", "/", {"groups": [one]}) == [one]
    assert await told("DELETE") == []
    assert (await doors.http.put(path, json={"groups": ["x"]})).status_code == 400
    assert (await doors.http.get("/workflow_builder/workflows/nope/groups")).status_code == 404


async def test_a_name_may_have_slashes(doors: Doors) -> None:
    name, written = "@5d0c: up/down", "%405d0c%3A%20up%2Fdown"
    await doors.import_documents(chain(name))
    assert (await doors.http.get(f"{STUDIO}/workflows/detailed/{written}")).json()["name"] == name
    assert (await doors.http.get(f"/workflow_builder/workflows/{written}/groups")).json() == []
    job = await doors.http.post(f"/workflow_engine/startJobWithOptions/{written}", json={"options": {}})
    assert job.json()["name"] == name
    assert (await doors.http.delete(f"/workflow_builder/workflows/delete/{written}")).json()["name"] == name
