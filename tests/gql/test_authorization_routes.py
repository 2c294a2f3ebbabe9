"""Changing accounts, groups, roles and programs over the documented routes."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from bson import ObjectId

from .people import People, people

pytestmark = pytest.mark.anyio


@pytest.fixture
async def found() -> AsyncGenerator[People]:
    async with people() as some:
        yield some


async def asked(found: People, verb: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = await found.ask("admin", verb, path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def token(found: People, client_id: str, secret: str) -> int:
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return (await found.doors.http.post("/oauth/token", data=form)).status_code


async def test_an_account_gets_groups_and_roles_whole_and_keeps_the_rest(found: People) -> None:
    roles = (await asked(found, "GET", "/authorization/roles"))["results"]
    reader = next(role["_id"] for role in roles if role["name"] == "readonly")
    path = f"/authorization/accounts/{found.ids['guest']}"
    updates = {"memberOf": [{"groupId": found.group, "aaaManaged": False}], "assignedRoles": [{"roleId": reader}]}
    told = await asked(found, "PATCH", path, {"updates": updates})
    assert (told["status"], told["message"]) == ("OK", f"Successfully updated account {found.ids['guest']}.")
    assert {key: told["data"][key] for key in updates} == updates
    assert (await found.ask("guest", "GET", "/authorization/groups")).status_code == 200
    again = await asked(found, "PATCH", path, {"updates": {"email": "g@example.com"}})
    assert {key: again["data"][key] for key in updates} == updates
    assert again["data"]["email"] == "g@example.com"
    await asked(found, "PATCH", path, {"updates": {"assignedRoles": [{"roleId": "f" * 24}]}}, 404)


async def test_an_account_is_closed_and_signed_out(found: People) -> None:
    path = f"/authorization/accounts/{found.ids['reader']}"
    assert (await asked(found, "POST", f"{path}/forceLogout"))["message"].endswith(": 1 tokens.")
    assert (await found.ask("reader", "GET", "/whoami")).status_code == 401
    assert (await asked(found, "PATCH", path, {"updates": {"inactive": True}}))["data"]["inactive"] is True
    login = {"username": "reader", "password": "the password of reader"}
    assert (await found.doors.http.post("/login", json=login)).status_code == 401


async def test_a_group_changes_and_counts_no_more(found: People) -> None:
    path = f"/authorization/groups/{found.group}"
    told = await asked(found, "PATCH", path, {"updates": {"description": "d", "inactive": True}})
    assert (told["data"]["description"], told["data"]["inactive"], told["data"]["name"]) == ("d", True, "outer")
    assert (await asked(found, "GET", path))["inactive"] is True
    await asked(found, "PATCH", path, {"description": "bare"}, 400)


async def test_a_role_changes_at_once_and_those_of_the_server_stay(found: People) -> None:
    role = {"name": "own", "allowedMethods": [{"name": "getJobs", "provenance": "OperationsManager"}]}
    made = (await asked(found, "POST", "/authorization/roles", {"role": role}))["data"]["_id"]
    assigned = {"updates": {"assignedRoles": [{"roleId": made}]}}
    await asked(found, "PATCH", f"/authorization/accounts/{found.ids['guest']}", assigned)
    assert (await found.ask("guest", "GET", "/operations-manager/automations")).status_code == 403
    methods = [{"name": "getAutomations", "provenance": "OperationsManager"}]
    told = await asked(found, "PATCH", f"/authorization/roles/{made}", {"updates": {"allowedMethods": methods}})
    assert told["data"]["allowedMethods"] == methods
    assert (await found.ask("guest", "GET", "/operations-manager/automations")).status_code == 200
    assert (await found.ask("guest", "GET", "/operations-manager/jobs")).status_code == 403
    unknown = {"updates": {"allowedMethods": [{"name": "nope"}]}}
    await asked(found, "PATCH", f"/authorization/roles/{made}", unknown, 400)
    roles = (await asked(found, "GET", "/authorization/roles"))["results"]
    admin = next(one["_id"] for one in roles if one["name"] == "admin")
    refused = await asked(found, "PATCH", f"/authorization/roles/{admin}", {"updates": {"description": "x"}}, 409)
    assert refused["metadata"]["code"] == "ROLE_IS_DEFAULT"


async def test_lists_say_who_is_a_program_and_begin_at_either_end(found: People) -> None:
    await asked(found, "POST", "/oauth/serviceAccounts", {"accountData": {"name": "ci"}})

    async def names(**query: Any) -> list[str]:
        answer = await found.ask("admin", "GET", "/authorization/accounts", params=query)
        return [one["username"] for one in answer.json()["results"]]

    everybody = await names()
    assert everybody[-1] == "ci"
    assert await names(isServiceAccount="true") == ["ci"]
    assert await names(isServiceAccount="false", inactive="false") == everybody[:-1]
    assert await names(sort="_id", order=-1, limit=2) == everybody[:-3:-1]


async def test_a_program_lives_and_dies(found: People) -> None:
    data = {"accountData": {"name": "ci", "description": "builds"}}
    made = await asked(found, "POST", "/oauth/serviceAccounts", data)
    assert made["results"] == {key: value for key, value in made.items() if key != "results"}
    assert (made["name"], made["description"]) == ("ci", "builds")
    id = made["client_id"]
    assert await token(found, id, made["client_secret"]) == 200
    changed = await asked(found, "PATCH", f"/oauth/serviceAccounts/{id}", {"updates": {"description": "ships"}})
    assert changed["results"] == {"name": "ci", "description": "ships", "client_id": id}
    untouched = await asked(found, "PATCH", f"/oauth/serviceAccounts/{id}", {"updates": {}})
    assert untouched == changed
    listed = await asked(found, "GET", "/oauth/serviceAccounts")
    assert (listed["total"], listed["results"][0]["client_id"]) == (1, id)
    assert "secret" not in str(listed)
    refresh_caller = await asked(found, "PATCH", f"/oauth/serviceAccounts/{id}/regenerate")
    assert [await token(found, id, one["client_secret"]) for one in (made, refresh_caller)] == [401, 200]
    await asked(found, "DELETE", f"/oauth/serviceAccounts/{id}")
    assert await token(found, id, refresh_caller["client_secret"]) == 401
    assert (await asked(found, "GET", "/oauth/serviceAccounts"))["total"] == 0


async def test_a_program_is_made_with_its_roles_and_groups(found: People) -> None:
    roles = (await asked(found, "GET", "/authorization/roles"))["results"]
    role = next(one["_id"] for one in roles if one["name"] == "apiread")
    group = (await asked(found, "GET", "/authorization/groups"))["results"][0]["_id"]
    data = {"name": "ci", "assignedRoles": [{"roleId": role}], "memberOf": [{"groupId": group}]}
    made = await asked(found, "POST", "/oauth/serviceAccounts", {"accountData": data})
    account = await asked(found, "GET", f"/authorization/accounts/{made['client_id']}")
    assert [one["roleId"] for one in account["assignedRoles"]] == [role]
    assert [one["groupId"] for one in account["memberOf"]] == [group]
    unknown = {"accountData": {"name": "other", "assignedRoles": [{"roleId": "a" * 24}]}}
    refused = await asked(found, "POST", "/oauth/serviceAccounts", unknown, 404)
    assert refused["metadata"]["code"] == "ROLE_NOT_FOUND"


@pytest.mark.parametrize(("verb", "rest"), [("PATCH", ""), ("PATCH", "/regenerate"), ("DELETE", "")])
async def test_a_person_is_no_program(found: People, verb: str, rest: str) -> None:
    before = await found.stored()
    path = f"/oauth/serviceAccounts/{found.ids['member']}{rest}"
    refused = await asked(found, verb, path, {"updates": {"description": "x"}}, 404)
    assert refused["metadata"]["code"] == "ACCOUNT_NOT_FOUND"
    assert await found.stored() == before


async def test_the_views_are_those_that_roles_allow(found: People) -> None:
    assert await asked(found, "GET", "/authorization/views") == {"results": [], "total": 0}
    view = {"provenance": "OperationsManager", "path": "/operations-manager"}
    roles = found.doors.services.store.database["roles"]
    await roles.insert_many([{"_id": ObjectId(), "name": name, "allowedViews": [view]} for name in ("a", "b")])
    assert await asked(found, "GET", "/authorization/views") == {"results": [view], "total": 1}
