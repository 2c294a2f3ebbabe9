"""Where an account is signed in, and the end of that."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from .people import People, people

pytestmark = pytest.mark.anyio

MEMBER = {"username": "member", "password": "the password of member"}
SESSIONS = "{ sessions { id created expires address agent current } }"


@pytest.fixture
async def world() -> AsyncGenerator[People]:
    async with people() as found:
        yield found


async def sessions(world: People, who: str = "member") -> list[Any]:
    return (await world.graphql(who, SESSIONS)).json()["data"]["sessions"]


async def test_the_sessions_of_an_account_are_its_own_and_show_no_token(world: People) -> None:
    world.doors.services.clock.at += 1000  # type: ignore[attr-defined]
    token = (await world.doors.http.post("/login", json=MEMBER, headers={"user-agent": "a" * 300})).text
    later, first = await sessions(world)
    assert (first["current"], later["current"]) == (True, False)
    assert (first["address"], later["address"], later["agent"]) == (None, "127.0.0.1", "a" * 200)
    assert later["created"] > first["created"]
    assert later["expires"] > later["created"]
    assert [one["current"] for one in await sessions(world, "guest")] == [True]
    stored = [one async for one in world.doors.services.store.database["tokens"].find()]
    shown = repr([later, first])
    assert token not in shown
    assert not any(one["_id"] in shown for one in stored)


async def test_one_session_ends_and_the_others_go_on(world: People) -> None:
    token = (await world.doors.http.post("/login", json=MEMBER)).text
    world.doors.http.cookies.clear()
    end = "mutation($id: ID!) { endSession(id: $id) }"
    (other,) = [one["id"] for one in await sessions(world) if not one["current"]]
    for who, ended in (("guest", False), ("member", True), ("member", False)):
        assert (await world.graphql(who, end, id=other)).json() == {"data": {"endSession": ended}}
    bearer = {"authorization": f"Bearer {token}"}
    assert (await world.doors.http.get("/whoami", headers=bearer)).status_code == 401
    assert [one["current"] for one in await sessions(world)] == [True]


async def test_signing_out_everywhere_ends_all_sessions_of_the_account_alone(world: People) -> None:
    token = (await world.doors.http.post("/login", json=MEMBER)).text
    world.doors.http.cookies.clear()
    answer = await world.graphql("member", "mutation { logoutEverywhere }")
    assert answer.json() == {"data": {"logoutEverywhere": 2}}
    for one in (token, world.tokens["member"]):
        bearer = {"authorization": f"Bearer {one}"}
        assert (await world.doors.http.get("/whoami", headers=bearer)).status_code == 401
    assert (await world.ask("guest", "GET", "/whoami")).status_code == 200


async def test_an_expired_session_is_in_no_list(world: People) -> None:
    assert len(await sessions(world, "admin")) == 1  # the expired one is its, too


async def test_whoever_sends_a_password_each_time_has_no_session(world: People) -> None:
    answer = await world.doors.http.post("/graphql", json={"query": SESSIONS}, auth=("member", MEMBER["password"]))
    assert [one["current"] for one in answer.json()["data"]["sessions"]] == [False]  # that of the fixture
