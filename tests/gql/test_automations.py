"""Automations and their triggers: what today's clients list, bring and start jobs through."""

from typing import Any

import pytest
from bson import ObjectId
from jobyard.models.settings import Settings

from ..documents import chain, greeting, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

AUTOMATIONS = "/operations-manager/automations"
TRIGGERS = "/operations-manager/triggers"
SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}


@pytest.fixture
def settings(each_store: Settings) -> Settings:
    return each_store


async def data(doors: Doors, verb: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = await doors.http.request(verb, path, json=body)
    assert answer.status_code == status, answer.text
    assert answer.json().keys() == {"message", "data", "metadata"}
    return answer.json()["data"] if status == 200 else answer.json()["metadata"]["code"]


async def automation(doors: Doors, name: str = "Greet all", **more: Any) -> Any:
    if (await doors.http.get("/automation-studio/workflows")).json()["total"] == 0:
        await doors.import_documents(greeting())
    return await data(doors, "POST", AUTOMATIONS, {"name": name, "componentName": "greet", **more})


async def endpoint(doors: Doors, made: Any, route: str = "greet-all", **more: Any) -> Any:
    document = {"name": route, "type": "endpoint", "actionId": made["_id"], "routeName": route, "schema": SCHEMA}
    return await data(doors, "POST", TRIGGERS, {**document, **more})


async def test_an_automation_has_the_documented_keys_and_an_id_of_the_database(doors: Doors) -> None:
    made = await automation(doors)
    workflow = (await doors.http.get("/automation-studio/workflows")).json()["items"][0]
    assert made == {
        "_id": made["_id"],
        "name": "Greet all",
        "description": "",
        "componentType": "workflows",
        "componentId": workflow["_id"],
        "componentName": "greet",
        "gbac": {"read": [], "write": []},
        "created": "2024-12-04T21:15:22.873Z",
        "createdBy": made["createdBy"],
        "lastUpdated": "2024-12-04T21:15:22.873Z",
        "lastUpdatedBy": made["createdBy"],
    }
    assert isinstance(made["createdBy"], str)
    stored = await doors.services.store.database["automations"].find_one({})
    assert stored["_id"] == ObjectId(made["_id"])
    assert await data(doors, "GET", f"{AUTOMATIONS}/{made['_id']}") == made


async def test_an_automation_of_an_unknown_workflow_is_refused(doors: Doors) -> None:
    await automation(doors)
    assert await data(doors, "POST", AUTOMATIONS, {"name": "b", "componentId": "nope"}, 404) == "WORKFLOW_NOT_FOUND"
    refused = {"name": "b", "gbac": {"read": ["a" * 24], "write": []}}
    assert await data(doors, "POST", AUTOMATIONS, refused, 400) == "REQUEST_INVALID"
    assert len(await data(doors, "GET", AUTOMATIONS)) == 1


async def test_several_automations_may_have_one_name(doors: Doors) -> None:
    first, second = await automation(doors), await automation(doors)
    assert first["_id"] != second["_id"]
    changed = await data(doors, "PATCH", f"{AUTOMATIONS}/{second['_id']}", {"update": {"description": "second"}})
    assert (changed["name"], changed["description"]) == ("Greet all", "second")
    assert (await data(doors, "GET", f"{AUTOMATIONS}/{first['_id']}"))["description"] == ""
    assert len(await data(doors, "GET", f"{AUTOMATIONS}?equalsField=name&equals=Greet%20all")) == 2


async def test_lists_are_filtered_by_pairs_and_totals_are_exact(doors: Doors) -> None:
    for name in ("c", "a", "b"):
        await automation(doors, name)
    answer = (await doors.http.get(AUTOMATIONS, params={"limit": 2})).json()
    assert [one["name"] for one in answer["data"]] == ["c", "a"]
    assert (answer["metadata"]["total"], answer["metadata"]["nextPageSkip"]) == (3, 2)
    pair = {"equalsField": "name", "equals": "b"}
    assert [one["name"] for one in (await doors.http.get(AUTOMATIONS, params=pair)).json()["data"]] == ["b"]
    pair = {"startsWithField": "componentName", "startsWith": "GR"}
    assert (await doors.http.get(AUTOMATIONS, params={**pair, "limit": 0})).json()["metadata"]["total"] == 3


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"equals": "b"}, "Parameter 'equals' must be used in conjunction with 'equalsField'"),
        ({"containsField": "name"}, "Parameter 'containsField' must be used in conjunction with 'contains'"),
        ({"equals[name]": "b"}, "Parameter 'equals[name]' is not supported"),
        ({"equalsField": "$where", "equals": "b"}, "must be one of"),
    ],
)
async def test_half_a_pair_and_a_bracket_are_errors(doors: Doors, query: dict[str, str], message: str) -> None:
    answer = await doors.http.get(AUTOMATIONS, params=query)
    assert answer.status_code == 400
    assert message in answer.json()["message"]


async def test_a_whole_document_that_comes_back_changes_what_differs_alone(doors: Doors) -> None:
    made = await automation(doors)
    changed = await data(doors, "PATCH", f"{AUTOMATIONS}/{made['_id']}", {**made, "description": "d", "created": "x"})
    assert changed == {**made, "description": "d"}


async def test_an_automation_changes_after_its_workflow_is_gone(doors: Doors) -> None:
    made = await automation(doors)
    await doors.http.delete("/workflow_builder/workflows/delete/greet")
    path = f"{AUTOMATIONS}/{made['_id']}"
    assert (await data(doors, "PATCH", path, {"description": "d"}))["description"] == "d"
    assert await data(doors, "PATCH", path, {"componentName": "greet"}, 404) == "WORKFLOW_NOT_FOUND"


async def test_triggers_are_listed_by_type_action_and_whether_they_are_enabled(doors: Doors) -> None:
    one, other = await automation(doors), await automation(doors, "other")
    await endpoint(doors, one)
    await endpoint(doors, one, enabled=False, name="off")
    await data(doors, "POST", TRIGGERS, {"name": "by hand", "type": "manual", "actionId": other["_id"]})

    async def names(**query: Any) -> list[str]:
        return [trigger["name"] for trigger in (await doors.http.get(TRIGGERS, params=query)).json()["data"]]

    assert await names(equalsField="type", equals="endpoint", enabled=True) == ["greet-all"]
    assert await names(equalsField="actionId", equals=one["_id"]) == ["greet-all", "off"]
    assert await names(actionId=other["_id"]) == ["by hand"]


async def test_a_route_has_one_enabled_trigger(doors: Doors) -> None:
    made = await automation(doors)
    await endpoint(doors, made)
    off = await endpoint(doors, made, enabled=False)
    document = {"name": "x", "type": "endpoint", "actionId": made["_id"], "routeName": "greet-all"}
    assert await data(doors, "POST", TRIGGERS, document, 409) == "NAME_TAKEN"
    assert await data(doors, "PATCH", f"{TRIGGERS}/{off['_id']}", {"enabled": True}, 409) == "NAME_TAKEN"


async def test_a_trigger_of_no_automation_is_refused(doors: Doors) -> None:
    document = {"name": "x", "type": "manual", "actionId": "a" * 24}
    assert await data(doors, "POST", TRIGGERS, document, 404) == "AUTOMATION_NOT_FOUND"


async def test_an_endpoint_starts_the_workflow_with_its_input(doors: Doors) -> None:
    trigger = await endpoint(doors, await automation(doors))
    job = await data(doors, "POST", f"{TRIGGERS}/endpoint/greet-all", {"name": "Ada"})
    assert (job["name"], job["status"]) == ("greet", "running")
    assert (await doors.over(job["_id"]))["variables"]["greeting"] == "Hello, Ada"
    assert (await data(doors, "GET", f"{TRIGGERS}/{trigger['_id']}"))["lastExecuted"] == 1_733_346_922_873


async def test_an_endpoint_refuses_what_its_schema_refuses_and_starts_nothing(doors: Doors) -> None:
    await endpoint(doors, await automation(doors))
    assert await data(doors, "POST", f"{TRIGGERS}/endpoint/greet-all", {"name": 5}, 422) == "INPUT_INVALID"
    assert await data(doors, "POST", f"{TRIGGERS}/endpoint/nope", {"name": "Ada"}, 404) == "TRIGGER_NOT_FOUND"
    assert await doors.stored_jobs() == 0


async def test_an_endpoint_may_be_called_without_a_body(doors: Doors) -> None:
    await doors.import_documents(chain("plain", a1=task("newVariable", name="x", value=1)))
    made = await data(doors, "POST", AUTOMATIONS, {"name": "plain", "componentName": "plain"})
    await endpoint(doors, made, schema=None)
    answer = await doors.http.post(f"{TRIGGERS}/endpoint/greet-all")
    assert answer.status_code == 200
    await data(doors, "POST", f"{TRIGGERS}/endpoint/greet-all")
    assert await doors.stored_jobs() == 2


async def test_a_transformation_of_the_trigger_makes_the_variables(doors: Doors) -> None:
    id = "b" * 24
    await doors.import_documents(
        {
            "_id": id,
            "name": "pick",
            "incoming": [{"$id": "payload", "type": "object"}],
            "outgoing": [{"$id": "name", "type": "string"}],
            "functions": [],
            "steps": [
                {
                    "id": 1,
                    "type": "assign",
                    "from": {"location": "incoming", "name": "payload", "ptr": "/device/host"},
                    "to": {"location": "outgoing", "name": "name", "ptr": ""},
                }
            ],
        }
    )
    await endpoint(doors, await automation(doors), schema=None, jst=id)
    job = await data(doors, "POST", f"{TRIGGERS}/endpoint/greet-all", {"device": {"host": "r1"}})
    assert (await doors.over(job["_id"]))["variables"]["greeting"] == "Hello, r1"


async def test_a_manual_trigger_starts_with_its_form_data(doors: Doors) -> None:
    made = await automation(doors)
    manual = {"name": "by hand", "type": "manual", "actionId": made["_id"], "formData": {"name": "Bob"}}
    trigger = await data(doors, "POST", TRIGGERS, manual)
    job = await data(doors, "POST", f"{TRIGGERS}/manual/{trigger['_id']}/run", {"formData": {"name": "Ada"}})
    assert (await doors.over(job["_id"]))["variables"]["greeting"] == "Hello, Ada"
    await data(doors, "PATCH", f"{TRIGGERS}/{trigger['_id']}", {"enabled": False})
    assert await data(doors, "POST", f"{TRIGGERS}/manual/{trigger['_id']}/run", {}, 409) == "TRIGGER_CANNOT"


async def test_an_export_can_be_imported_again_under_another_name(doors: Doors) -> None:
    made = await automation(doors)
    await endpoint(doors, made)
    exported = await data(doors, "GET", f"{AUTOMATIONS}/{made['_id']}/export")
    assert "componentId" not in exported
    assert [trigger["routeName"] for trigger in exported["triggers"]] == ["greet-all"]
    await data(doors, "DELETE", f"{AUTOMATIONS}/{made['_id']}")
    ((outcome, refused),) = [await data(doors, "PUT", AUTOMATIONS, {"automations": [exported, exported]})]
    assert (outcome["success"], refused["success"]) == (True, False)
    assert outcome["data"]["componentId"] == made["componentId"]
    assert outcome["data"]["triggers"][0]["actionId"] == outcome["data"]["_id"] != made["_id"]
    await data(doors, "POST", f"{TRIGGERS}/endpoint/greet-all", {"name": "Ada"})


async def test_a_clone_has_its_endpoints_disabled(doors: Doors) -> None:
    made = await automation(doors)
    await endpoint(doors, made)
    copy = await data(doors, "POST", f"{AUTOMATIONS}/clone", {"_id": made["_id"]})
    assert (copy["name"], copy["componentId"]) == ("Greet all (copy)", made["componentId"])
    listed = (await doors.http.get(TRIGGERS, params={"actionId": copy["_id"]})).json()["data"]
    assert [(trigger["routeName"], trigger["enabled"]) for trigger in listed] == [("greet-all", False)]


async def test_triggers_go_with_their_automation_and_by_its_id(doors: Doors) -> None:
    one, other = await automation(doors), await automation(doors, "other")
    await endpoint(doors, one)
    await endpoint(doors, other, route="b")
    assert await data(doors, "DELETE", f"{TRIGGERS}/action/{other['_id']}") == {"deleted": 1}
    answer = await doors.http.delete(f"{AUTOMATIONS}/{one['_id']}")
    assert answer.json()["message"] == "Successfully deleted automation"
    assert await data(doors, "GET", TRIGGERS) == []
    assert [left["name"] for left in await data(doors, "GET", AUTOMATIONS)] == ["other"]
