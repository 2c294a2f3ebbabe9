"""Signing in and out, as today's clients do it and as browsers do."""

import asyncio
import base64
import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from threading import Event
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher
from bson import ObjectId
from jobyard.models.documents.account import Account, Token
from jobyard.models.errors import SignInRefused
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.accounts import accounts
from jobyard.resolvers.accounts.accounts import AccountChanges
from jobyard.resolvers.accounts.passwords import Passwords
from jobyard.resolvers.accounts.sign_in import sign_in
from jobyard.resolvers.accounts.tokens import NOWHERE
from jobyard.resolvers.store.collections import collection_of

from ..doors import Doors
from .people import HOUR, People, people

pytestmark = pytest.mark.anyio

MEMBER = {"username": "member", "password": "the password of member"}
NOT_SIGNED_IN = (
    "You are not signed in, or not any more. POST /login and the mutation `login` give a token, and "
    "`jobyard login` prints one: send it as `Authorization: Bearer`, as the cookie `token` or as `?token=`."
)


@pytest.fixture
async def world() -> AsyncGenerator[People]:
    async with people() as found:
        yield found


@pytest.mark.parametrize("path", ["/login", "/login/"])
@pytest.mark.parametrize("body", [{"user": MEMBER}, MEMBER])
async def test_a_login_answers_the_bare_token_and_the_cookie(world: People, path: str, body: Any) -> None:
    answer = await world.doors.http.post(path, json=body)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["set-cookie"] == f"token={answer.text}; HttpOnly; Path=/; SameSite=lax"
    assert re.fullmatch("[0-9a-f]{64}", answer.text)  # a `-` in front would be an option of the command line


@pytest.mark.parametrize("way", ["bearer", "query", "cookie", "basic"])
async def test_a_token_is_taken_in_every_documented_way(world: People, way: str) -> None:
    token = (await world.doors.http.post("/login", json=MEMBER)).text
    world.doors.http.cookies.clear()
    basic = base64.b64encode(b"member:the password of member").decode()
    headers = {"bearer": {"authorization": f"Bearer {token}"}, "cookie": {"cookie": f"token={token}"}}
    headers |= {"basic": {"authorization": f"Basic {basic}"}}
    query = {"token": token} if way == "query" else None
    answer = await world.doors.http.get("/whoami", headers=headers.get(way), params=query)
    assert answer.status_code == 200
    assert answer.json()["username"] == "member"


@pytest.mark.parametrize("username", ["member", "nobody at all"])
async def test_a_wrong_password_is_told_like_an_unknown_account(world: People, username: str) -> None:
    answer = await world.doors.http.post("/login", json={"username": username, "password": "wrong"})
    assert answer.status_code == 401
    assert answer.json() == {
        "message": "Invalid credentials. Ask an administrator for a new password if yours is lost.",
        "data": None,
        "metadata": {"code": "SIGN_IN_REFUSED"},
    }
    assert "set-cookie" not in answer.headers


async def test_a_login_without_credentials_names_what_is_missing(world: People) -> None:
    answer = await world.doors.http.post("/login", json={"user": {"username": "member"}})
    assert (answer.status_code, answer.json()["metadata"]["code"]) == (400, "REQUEST_INVALID")


async def test_whoami_tells_groups_roles_and_methods_as_documented(world: People) -> None:
    answer = (await world.ask("member", "GET", "/whoami")).json()
    assert list(answer) == ["id", "provenance", "username", "firstname", "groups", "routes", "methods", "roles"]
    assert answer["id"] == world.ids["member"]
    assert sorted(group["name"] for group in answer["groups"]) == ["inner", "outer"]
    assert "startJob" in answer["methods"]["OperationsManager"]
    assert "getJobsAdmin" not in answer["methods"]["OperationsManager"]
    viewer = (await world.graphql("member", "{ viewer { id username groups { name } methods { app } } }")).json()
    assert viewer["data"]["viewer"]["id"] == world.ids["member"]


async def test_signing_out_ends_the_token_at_once(world: People) -> None:
    token = (await world.doors.http.post("/login", json=MEMBER)).text
    assert (await world.doors.http.get("/whoami")).status_code == 200
    answer = await world.doors.http.post("/logout")
    assert answer.json() == {"message": "Successfully signed out", "data": None, "metadata": {}}
    assert 'token=""' in answer.headers["set-cookie"]
    refused = await world.doors.http.get("/whoami", headers={"authorization": f"Bearer {token}"})
    assert refused.status_code == 401


async def test_a_token_expires(world: People) -> None:
    assert (await world.ask("member", "GET", "/whoami")).status_code == 200
    world.doors.services.clock.at += HOUR  # type: ignore[attr-defined]
    answer = await world.ask("member", "GET", "/whoami")
    assert answer.status_code == 401
    assert answer.json() == {"message": NOT_SIGNED_IN, "data": None, "metadata": {"code": "NOT_SIGNED_IN"}}
    assert answer.headers["www-authenticate"] == 'Bearer realm="jobyard"'


async def test_neither_a_token_nor_a_password_is_stored(world: People) -> None:
    token = (await world.doors.http.post("/login", json=MEMBER)).text
    stored = repr(await world.stored()) + repr([one async for one in collection_of(Token).find()])
    assert "argon2id" in stored
    assert token not in stored
    assert MEMBER["password"] not in stored


async def test_the_graphql_login_gives_a_token_and_the_cookie(world: People) -> None:
    query = "mutation($u: String!, $p: String!) { login(username: $u, password: $p) { token accountId } }"
    answer = await world.graphql("nobody", query, u="member", p=MEMBER["password"])
    session = answer.json()["data"]["login"]
    assert session["accountId"] == world.ids["member"]
    assert answer.headers["set-cookie"].startswith(f"token={session['token']};")
    assert (await world.doors.http.post("/graphql", json={"query": "mutation { logout }"})).json() == {
        "data": {"logout": True}
    }


async def test_a_program_gets_a_token_for_its_id_and_secret(world: People) -> None:
    query = 'mutation { createServiceAccount(name: "ci") { clientId clientSecret account { provenance } } }'
    made = (await world.graphql("admin", query)).json()["data"]["createServiceAccount"]
    form = {"grant_type": "client_credentials", "client_id": made["clientId"], "client_secret": made["clientSecret"]}
    answer = await world.doors.http.post("/oauth/token", data=form)
    assert answer.status_code == 200
    assert re.fullmatch("[0-9a-f]{64}", made["clientSecret"])
    token = answer.json()["access_token"]
    assert answer.json() == {"access_token": token, "token_type": "bearer", "expires_in": 3600}
    whoami = await world.doors.http.get("/whoami", headers={"authorization": f"Bearer {token}"})
    assert (whoami.json()["username"], whoami.json()["provenance"]) == ("ci", "ServiceAccount")
    signed_in = await world.doors.http.post("/login", json={"username": "ci", "password": made["clientSecret"]})
    assert signed_in.status_code == 401
    wrong = await world.doors.http.post("/oauth/token", data={**form, "client_secret": "x"})
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")


async def test_nobody_is_told_the_schema(world: People) -> None:
    for query in (
        "{ __schema { types { name } } }",
        "{ nope }",
        "mutation { login: startJob { id } }",
        "{ __typename viewer { id } }",
        "{ __typename } fragment F on Jobb { id }",
        'mutation { login(username: "a", password: "b") { ... on Jobz { id } } }',
        'mutation { login(username: "a", password: "b") { ... on Job { statu } } }',
        'mutation { login(username: "a", passwort: "b") { token } }',
        'mutation { login(username: "a", password: "b") { ...F } } fragment F on Session { tokem }',
        'mutation { login(username: "a", password: "b") { token @skipp } }',
    ):
        answer = await world.graphql("nobody", query)
        assert answer.status_code == 401
        assert answer.json() == {"errors": [{"message": NOT_SIGNED_IN, "extensions": {"code": "NOT_SIGNED_IN"}}]}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://jobyard"}, 200),
        ({"origin": "http://jobyard", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "//jobyard"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": "http://jobyard@evil.example"}, 403),
        ({"origin": "http://jobyard", "sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
async def test_a_page_of_another_origin_cannot_spend_the_cookie(
    world: People, headers: dict[str, str], status: int
) -> None:
    cookie = {"cookie": f"token={world.tokens['member']}"}
    answer = await world.doors.http.post("/logout", headers={**cookie, **headers})
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["metadata"]["code"] == "ORIGIN_REFUSED"
        assert (await world.doors.http.get("/whoami", headers=cookie)).status_code == 200


async def test_a_page_of_another_origin_that_has_a_token_may_send_it(world: People) -> None:
    headers = {"authorization": f"Bearer {world.tokens['member']}", "origin": "https://other.example"}
    assert (await world.doors.http.post("/logout", headers=headers)).status_code == 200


LOGIN = 'mutation { login(username: "member", password: "the password of member") { accountId } }'


@pytest.mark.parametrize(("path", "body"), [("/login", MEMBER), ("/graphql", {"query": LOGIN})])
async def test_a_page_of_another_origin_cannot_sign_a_browser_in(world: People, path: str, body: Any) -> None:
    answer = await world.doors.http.post(path, json=body, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_a_host_that_is_none_is_refused_by_an_open_server(doors: Doors) -> None:
    for host in ("[", "evil.example", "127.0.0.1.evil.example", "jobyard@evil.example"):
        answer = await doors.http.get("/whoami", headers={"host": host})
        assert (answer.status_code, answer.json()["metadata"]["code"]) == (403, "HOST_REFUSED")


@pytest.mark.parametrize("path", ["/login", "/oauth/token", "/graphql"])
async def test_who_is_not_signed_in_has_little_to_say(world: People, path: str) -> None:
    answer = await world.doors.http.post(path, content=b"a=b&" * 20_000)
    assert answer.status_code == 413
    assert answer.json()["message"] == "The request body is over the limit of 65,536 bytes. Sign in first."


class Held(PasswordHasher):
    """Looks at a password only when it is let."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.asked, self.let = Event(), Event()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.asked.set()
        assert self.let.wait(60)
        return super().verify(hash, password)


@pytest.mark.parametrize("change", ["password", "closed"])
async def test_a_sign_in_that_a_change_of_the_account_overtakes_is_refused(world: People, change: str) -> None:
    services, id = world.doors.services, world.ids["member"]
    await accounts.sign_out_everywhere(services, id)
    held = Held()
    signing_in = asyncio.create_task(
        sign_in(replace(services, passwords=Passwords(held)), MEMBER["username"], MEMBER["password"], NOWHERE)
    )
    await asyncio.to_thread(held.asked.wait)
    if change == "password":
        await accounts.set_password(services, SYSTEM, id, "another password")
    else:
        await accounts.update(services, SYSTEM, id, AccountChanges(inactive=True))
    held.let.set()
    with pytest.raises(SignInRefused):
        await signing_in
    assert await collection_of(Token).count_documents({"account": ObjectId(id)}) == 0


async def test_a_sign_in_hashes_the_password_anew_where_that_was_done_with_less_work(world: People) -> None:
    services, login = world.doors.services, (MEMBER["username"], MEMBER["password"], NOWHERE)
    harder = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))

    async def known() -> str:
        found = await collection_of(Account).find_one({"username": "member"})
        assert found is not None
        return found["credentials"]["password"]

    assert harder.is_outdated(before := await known())
    for _ in range(2):
        await sign_in(replace(services, passwords=harder), *login)
    assert not harder.is_outdated(after := await known())
    assert (before[:9], after[:9]) == ("$argon2id", "$argon2id")
    assert await harder.matches(MEMBER["password"], after)


async def test_what_was_looked_up_before_a_change_is_not_kept_after_it(world: People) -> None:
    callers, looked_up = world.doors.services.callers, 0

    async def find() -> ObjectId:
        nonlocal looked_up
        looked_up += 1
        if looked_up == 1:
            callers.forget()  # as a change does that comes meanwhile
        return ObjectId(world.ids["member"])

    for _ in range(3):
        await callers.find_by_password("member", "x", find)
    assert looked_up == 2


@pytest.mark.parametrize("change", ["password", "inactive", "forceLogout"])
async def test_a_new_password_a_closed_account_and_a_forced_logout_end_all_tokens(world: People, change: str) -> None:
    mutation = {
        "password": 'mutation($id: ID!) { setPassword(id: $id, password: "another one") { id } }',
        "inactive": "mutation($id: ID!) { updateAccount(id: $id, inactive: true) { id } }",
        "forceLogout": "mutation($id: ID!) { forceLogout(id: $id) }",
    }[change]
    assert (await world.ask("member", "GET", "/whoami")).status_code == 200
    assert "errors" not in (await world.graphql("admin", mutation, id=world.ids["member"])).json()
    assert (await world.ask("member", "GET", "/whoami")).status_code == 401
    signed_in = await world.doors.http.post("/login", json=MEMBER)
    assert signed_in.status_code == (200 if change == "forceLogout" else 401)
