"""Who may do what in a project: its members by their roles, everybody in one without members, others nothing."""

from collections.abc import AsyncGenerator

import pytest

from ..projects import SITE, site
from .people import People, people

pytestmark = pytest.mark.anyio

PATH = f"/automation-studio/projects/{SITE}"
WORKFLOW = f"@{SITE}: Write the letter"
START = {"workflow": WORKFLOW, "options": {"variables": {"heading": "Ulm"}}}


@pytest.fixture
async def found() -> AsyncGenerator[People]:
    async with people() as some:
        answer = await some.ask("member", "POST", "/automation-studio/projects/import", json={"project": site()})
        assert answer.status_code == 200, answer.text
        yield some


async def let(found: People, *members: tuple[str, str, str]) -> None:
    given = [{"type": type, "reference": reference, "role": role} for type, reference, role in members]
    answer = await found.ask("admin", "PATCH", PATH, json={"members": given})
    assert answer.status_code == 200, answer.text


async def test_a_project_without_members_is_everybodys(found: People) -> None:
    assert (await found.ask("outsider", "GET", PATH)).status_code == 200
    assert (await found.ask("outsider", "POST", "/operations-manager/jobs/start", json=START)).status_code == 200


async def test_to_others_there_is_neither_the_project_nor_what_it_has(found: People) -> None:
    await let(found, ("group", found.group, "owner"))
    before = await found.stored()
    for verb, path, body, status in (
        ("GET", PATH, None, 404),
        ("GET", f"{PATH}/export", None, 404),
        ("PATCH", PATH, {"name": "x"}, 404),
        ("DELETE", PATH, None, 404),
        ("POST", f"{PATH}/components/add", {"components": []}, 404),
        ("DELETE", f"{PATH}/components/0", None, 404),
        ("POST", "/automation-studio/projects/import", {"project": site()}, 404),
        ("POST", "/operations-manager/jobs/start", START, 404),
        ("POST", "/operations-manager/jobs/start", {**START, "workflow": "Write the letter"}, 404),
        ("DELETE", f"/workflow_builder/workflows/delete/{WORKFLOW}", None, 404),
    ):
        assert (await found.ask("outsider", verb, path, json=body)).status_code == status, path
    for path, key in (("/workflows", "items"), ("/templates", "items"), ("/projects", "data")):
        assert (await found.ask("outsider", "GET", f"/automation-studio{path}")).json()[key] == [], path
    assert (await found.ask("outsider", "GET", "/json-forms/forms")).json() == []
    assert (await found.ask("outsider", "GET", "/transformations")).json()["results"] == []
    query = "{ projects { totalCount nodes { id } } workflows { name } }"
    told = (await found.graphql("outsider", query)).json()["data"]
    assert told == {"projects": {"totalCount": 0, "nodes": []}, "workflows": []}
    report = "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { imported { id } skipped { reason } } }"
    answer = (await found.graphql("outsider", report, d=[site()])).json()["data"]["importWorkflows"]
    assert (answer["imported"], len(answer["skipped"])) == ([], 5)
    assert {one["reason"] for one in answer["skipped"]} == {"it is of a project whose members you are not among"}
    assert await found.stored() == before
    assert (await found.ask("member", "POST", "/operations-manager/jobs/start", json=START)).status_code == 200


async def test_a_workflow_of_other_groups_is_no_part_of_what_one_sees_of_a_project(found: People) -> None:
    path = f"/workflow_builder/workflows/{WORKFLOW}/groups"
    assert (await found.ask("admin", "PUT", path, json={"groups": [found.group]})).status_code == 200
    shown = (await found.ask("outsider", "GET", PATH)).json()["data"]["components"]
    exported = (await found.ask("outsider", "GET", f"{PATH}/export")).json()["data"]["components"]
    assert [[one["iid"] for one in several] for several in (shown, exported)] == [[0, 2, 3, 4]] * 2
    assert (await found.ask("outsider", "DELETE", f"{PATH}/components/1")).status_code == 404
    before = await found.stored()
    refused = await found.ask("outsider", "DELETE", PATH)
    assert (refused.status_code, "groups that you are not in" in refused.json()["message"]) == (400, True)
    assert await found.stored() == before
    assert (await found.ask("member", "DELETE", PATH)).status_code == 200


@pytest.mark.parametrize(
    ("role", "started", "changed", "managed"),
    [("viewer", 403, 403, 403), ("operator", 200, 403, 403), ("editor", 200, 200, 403), ("owner", 200, 200, 200)],
)
async def test_a_role_lets_its_member_do_what_it_says(
    found: People, role: str, started: int, changed: int, managed: int
) -> None:
    own = ("account", found.ids["outsider"], role)
    await let(found, ("group", found.group, "owner"), own)
    assert (await found.ask("outsider", "GET", PATH)).status_code == 200
    assert (await found.ask("outsider", "POST", "/operations-manager/jobs/start", json=START)).status_code == started
    assert (await found.ask("outsider", "PATCH", PATH, json={"description": "d"})).status_code == changed
    for verb, body in (("PATCH", {"members": []}), ("DELETE", None)):
        answer = await found.ask("outsider", verb, PATH, json=body)
        assert answer.status_code == managed, answer.text
        if managed == 403:
            assert answer.json()["metadata"]["code"] == "PROJECT_ROLE_FORBIDS"
            assert f"you are {role}, and this needs the role " in answer.json()["message"]
