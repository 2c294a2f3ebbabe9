"""Whom the groups of an automation, `gbac`, let in: on every route and every field of automations and triggers."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import pytest
from bson import ObjectId
from jobyard.gql.automations.routes import AUTOMATIONS, TRIGGERS
from jobyard.gql.rest.operations import operation_text
from jobyard.gql.rest.route import RestRoute, RouteRequest
from jobyard.gql.rest.table import ROUTES

from ..documents import chain, task
from .people import People, people

pytestmark = pytest.mark.anyio

UNKNOWN = {"automation": "f" * 24, "endpoint": "e" * 24, "manual": "d" * 24, "route": "unheard-of"}
# What looks, what changes, and what starts a job; the rest names no automation.
LOOKS = {"get_automation", "export_automation", "get_trigger", "clone_automation"}
CHANGES = {
    "update_automation", "delete_automation", "update_trigger", "delete_trigger", "delete_triggers_of_automation",
    "create_trigger",
}  # fmt: skip
STARTS = {"run_endpoint_trigger", "run_manual_trigger"}
LISTS = {"list_automations", "list_triggers"}
NAME_NONE = {"create_automation", "import_automations", "import_triggers"}
OURS = [route for route in ROUTES if route.path.startswith((AUTOMATIONS, TRIGGERS))]
NAMING = [route for route in OURS if route.operation in LOOKS | CHANGES | STARTS]
CHANGING = [route for route in OURS if route.operation in CHANGES]


def named(route: RestRoute) -> str:
    return f"{route.verb} {route.path}"


def test_every_route_of_automations_is_here() -> None:
    assert {route.operation for route in OURS} == LOOKS | CHANGES | STARTS | LISTS | NAME_NONE


@dataclass
class Kept:
    """An automation for readers of `inner`, whom only `write` lets change it; an endpoint and a manual trigger."""

    people: People
    ids: dict[str, str]

    def asked(self, route: RestRoute, ids: dict[str, str]) -> RouteRequest:
        id = ids["automation"]
        if "trigger" in route.operation and "action" not in route.path:
            id = ids["manual" if route.operation == "run_manual_trigger" else "endpoint"]
        bodies: dict[str, Any] = {
            "clone_automation": {"_id": id, "name": "copy"},
            "update_automation": {"description": "changed"},
            "update_trigger": {"description": "changed"},
            "create_trigger": {"name": "new", "type": "manual", "actionId": ids["automation"]},
            "run_endpoint_trigger": {"n": 1},
            "run_manual_trigger": {"formData": {}},
        }
        return RouteRequest({"id": id, "route": ids["route"]}, {}, bodies.get(route.operation), {})

    async def rest(self, who: str, route: RestRoute, ids: dict[str, str]) -> tuple[int, bytes]:
        given = self.asked(route, ids)
        answer = await self.people.ask(who, route.verb, route.path.format(**given.path), json=given.body)
        return answer.status_code, without(answer.content, ids)

    async def graphql(self, who: str, route: RestRoute, ids: dict[str, str]) -> tuple[int, bytes]:
        variables = route.variables(self.asked(route, ids))
        answer = await self.people.graphql(who, operation_text(route.operation), **variables)
        return answer.status_code, without(answer.content, ids)


def without(content: bytes, ids: dict[str, str]) -> bytes:
    for name, id in ids.items():
        content = content.replace(id.encode(), name.encode())
    return content


async def kept(found: People, write: list[str]) -> Kept:
    await found.doors.import_documents(chain("plain", a1=task("newVariable", name="x", value=1)))
    gbac = {"read": [found.group], "write": write}
    document = {"name": "restricted", "componentName": "plain", "gbac": gbac}
    made = (await found.ask("admin", "POST", AUTOMATIONS, json=document)).json()["data"]["_id"]
    ids = {"automation": made, "route": "restricted-route"}
    schema = {"type": "object", "required": ["n"]}
    for type, more in (("endpoint", {"routeName": ids["route"], "schema": schema}), ("manual", {})):
        trigger = {"name": type, "type": type, "actionId": made, **more}
        ids[type] = (await found.ask("admin", "POST", TRIGGERS, json=trigger)).json()["data"]["_id"]
    return Kept(found, ids)


@pytest.fixture
async def open_to_members() -> AsyncGenerator[Kept]:
    async with people() as found:
        yield await kept(found, [found.group])


@pytest.fixture
async def readable_by_members() -> AsyncGenerator[Kept]:
    async with people() as found:
        yield await kept(found, [str(ObjectId())])


@pytest.mark.parametrize("door", ["rest", "graphql"])
@pytest.mark.parametrize("route", NAMING, ids=named)
async def test_to_who_may_not_read_there_is_no_such_automation(
    open_to_members: Kept, route: RestRoute, door: str
) -> None:
    ask = getattr(open_to_members, door)
    before = await open_to_members.people.stored()
    hidden, unknown = [await ask("outsider", route, ids) for ids in (open_to_members.ids, UNKNOWN)]
    assert hidden == unknown
    assert await open_to_members.people.stored() == before


@pytest.mark.parametrize("door", ["rest", "graphql"])
@pytest.mark.parametrize("route", CHANGING, ids=named)
async def test_who_may_only_read_changes_nothing(readable_by_members: Kept, route: RestRoute, door: str) -> None:
    before = await readable_by_members.people.stored()
    status, content = await getattr(readable_by_members, door)("member", route, readable_by_members.ids)
    assert status == (404 if door == "rest" else 200)
    assert b"_NOT_FOUND" in content
    assert await readable_by_members.people.stored() == before


@pytest.mark.parametrize("door", ["rest", "graphql"])
@pytest.mark.parametrize("route", NAMING, ids=named)
async def test_who_is_in_both_groups_may_look_change_and_start(
    open_to_members: Kept, route: RestRoute, door: str
) -> None:
    status, content = await getattr(open_to_members, door)("member", route, open_to_members.ids)
    assert (status, b'"errors"' in content) == (200, False), content


@pytest.mark.parametrize("route", [route for route in NAMING if route not in CHANGING], ids=named)
async def test_who_may_only_read_looks_copies_and_starts(readable_by_members: Kept, route: RestRoute) -> None:
    status, content = await readable_by_members.rest("member", route, readable_by_members.ids)
    assert status == 200, content


@pytest.mark.parametrize("path", [AUTOMATIONS, TRIGGERS])
async def test_lists_and_their_totals_have_what_one_may_read_alone(open_to_members: Kept, path: str) -> None:
    async def total(who: str, **query: Any) -> tuple[int, int]:
        answer = (await open_to_members.people.ask(who, "GET", path, params=query)).json()
        return len(answer["data"]), answer["metadata"]["total"]

    all_of_it = 1 if path == AUTOMATIONS else 2
    named = {"equalsField": "_id", "equals": open_to_members.ids["automation" if path == AUTOMATIONS else "manual"]}
    assert [await total(who) for who in ("member", "admin")] == [(all_of_it, all_of_it)] * 2
    assert [await total("outsider", **query) for query in ({}, named)] == [(0, 0)] * 2


async def test_a_copy_comes_whole_or_not_at_all(readable_by_members: Kept) -> None:
    """Its groups are those of the original: who copies it may not be in them."""
    (route,) = [route for route in NAMING if route.operation == "clone_automation"]
    await readable_by_members.rest("member", route, readable_by_members.ids)
    operation_text = await readable_by_members.people.stored()
    copy = next(one for one in operation_text["automations"] if one["name"] == "copy")
    assert sorted(one["type"] for one in operation_text["triggers"] if one["actionId"] == copy["_id"]) == [
        "endpoint",
        "manual",
    ]


async def test_a_workflow_of_another_group_is_none_to_an_automation(open_to_members: Kept) -> None:
    found = open_to_members.people
    await found.doors.import_documents({**chain("secret"), "groups": [found.group]})

    async def make(who: str, name: str) -> Any:
        document = {"name": f"{who} {name}", "componentName": name}
        return (await found.ask(who, "POST", AUTOMATIONS, json=document)).json()

    assert (await make("member", "secret"))["data"]["componentName"] == "secret"
    hidden, unknown = await make("outsider", "secret"), await make("outsider", "nope")
    assert hidden["metadata"]["code"] == unknown["metadata"]["code"] == "WORKFLOW_NOT_FOUND"
    body = {"automations": [{"name": "brought", "componentName": "secret"}]}
    ((brought),) = (await found.ask("outsider", "PUT", AUTOMATIONS, json=body)).json()["data"]
    assert (brought["success"], brought["data"]["componentId"]) == (True, None)
