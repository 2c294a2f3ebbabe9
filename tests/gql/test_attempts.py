"""Who guesses passwords is slowed down, and nobody is locked out by it."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from jobyard.gql.app import create_app
from jobyard.models.errors import SignInRefused, TooManyAttempts
from jobyard.resolvers.accounts.rate_limit import (
    FREE,
    FREE_OF_KNOWN,
    LONGEST_WAIT,
    MOST_OF_ACCOUNT,
    MOST_OF_ADDRESS,
    QUIET,
    REMEMBERED,
    SignInLimiter,
)
from jobyard.resolvers.lifespan import open_services

from ..doors import JumpingClock
from .people import People, people

pytestmark = pytest.mark.anyio

HERE, ELSEWHERE, ATTACKER = "192.0.2.1", "192.0.2.2", "192.0.2.3"
MEMBER = {"username": "member", "password": "the password of member"}


@pytest.fixture
async def world() -> AsyncGenerator[People]:
    async with people() as found:
        yield found


@pytest.fixture
async def attempts(world: People) -> SignInLimiter:
    return SignInLimiter(world.doors.services.clock)


async def guess(attempts: SignInLimiter, account: str, address: str) -> int:
    """The seconds to wait where it was too early; 0 where the guess was looked at, and wrong."""
    try:
        async with attempts.attempt(account, address):
            raise SignInRefused
    except SignInRefused:
        return 0
    except TooManyAttempts as refusal:
        return int(str(refusal.facts["seconds"]))


async def know(attempts: SignInLimiter, account: str, address: str) -> None:
    async with attempts.attempt(account, address):
        pass


async def from_address(world: People, address: str, body: Any = MEMBER) -> httpx.Response:
    transport = httpx.ASGITransport(app=create_app(world.doors.services), client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://jobyard") as http:
        return await http.post("/login", json=body)


async def test_guesses_wait_longer_and_longer_and_the_owner_signs_in_elsewhere_at_once(world: People) -> None:
    clock: Any = world.doors.services.clock
    waits: list[int] = []
    for number in range(60):
        answer = await from_address(world, ATTACKER, {**MEMBER, "password": f"wrong {number}"})
        if answer.status_code == 429:
            assert answer.json()["metadata"]["code"] == "TOO_MANY_ATTEMPTS"
            waits.append(int(answer.headers["retry-after"]))
            clock.at += 1000 * waits[-1]
        else:
            assert answer.status_code == 401
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (4, LONGEST_WAIT // 1000)
    before = clock.at
    assert (await from_address(world, ELSEWHERE)).status_code == 200
    assert clock.at == before
    await from_address(world, ATTACKER, {**MEMBER, "password": "wrong again"})
    late = await from_address(world, ATTACKER)
    assert late.status_code == 429  # until the wait is over, also for the right one
    clock.at += 1000 * int(late.headers["retry-after"])
    assert (await from_address(world, ATTACKER)).status_code == 200


async def test_an_account_that_there_is_not_is_answered_the_same(attempts: SignInLimiter) -> None:
    for account in ("member", "nobody"):
        assert [await guess(attempts, account, HERE) for _ in range(FREE + 4)] == [0] * (FREE + 2) + [4, 4]


async def test_an_address_that_signed_in_before_waits_a_moment_at_most(world: People, attempts: SignInLimiter) -> None:
    clock: Any = world.doors.services.clock
    await know(attempts, "admin", HERE)
    for _ in range(FREE_OF_KNOWN + 40):
        before = clock.at
        assert await guess(attempts, "admin", HERE) == 0
        assert clock.at - before <= 2000
    assert clock.at - before == 2000
    await know(attempts, "admin", HERE)
    before = clock.at
    await know(attempts, "admin", HERE)
    assert clock.at == before  # who signed in begins anew
    clock.at += REMEMBERED
    assert [await guess(attempts, "admin", HERE) for _ in range(FREE + 3)][-1] == 4


async def test_failures_count_for_all_servers_of_a_database(kept: Any) -> None:
    kept = replace(kept, open=False)
    clock = JumpingClock()
    async with open_services(kept, clock) as one, open_services(kept, clock) as other:
        for _ in range(FREE + 2):
            assert await guess(one.sign_in_limiter, "member", HERE) == 0
        assert await guess(other.sign_in_limiter, "member", HERE) == 4
        await know(other.sign_in_limiter, "admin", HERE)
        assert [await guess(one.sign_in_limiter, "admin", HERE) for _ in range(FREE + 3)] == [0] * (FREE + 3)


async def test_failures_are_forgotten_after_a_quiet_time(world: People, attempts: SignInLimiter) -> None:
    for _ in range(FREE):
        await guess(attempts, "member", HERE)
    world.doors.services.clock.at += QUIET  # type: ignore[attr-defined]
    assert [await guess(attempts, "member", HERE) for _ in range(FREE)] == [0] * FREE


async def test_many_addresses_have_fewer_tries_each_and_do_not_hold_up_the_owner(
    world: People, attempts: SignInLimiter
) -> None:
    clock: Any = world.doors.services.clock
    await know(attempts, "admin", HERE)
    for number in range(MOST_OF_ACCOUNT):
        assert await guess(attempts, "admin", f"203.0.113.{number}") == 0
    before = clock.at
    await know(attempts, "admin", HERE)
    await know(attempts, "admin", ELSEWHERE)  # nor at an address that never failed
    assert clock.at == before
    tries = [await guess(attempts, "admin", ATTACKER) for _ in range(4)]
    assert tries == [0, 0, 0, 4]


async def test_an_address_that_tries_many_accounts_waits_and_holds_up_nobody_known(
    world: People, attempts: SignInLimiter
) -> None:
    clock: Any = world.doors.services.clock
    await know(attempts, "admin", HERE)
    for number in range(MOST_OF_ADDRESS):
        await guess(attempts, f"account {number}", HERE)
    before = clock.at
    await know(attempts, "admin", HERE)
    assert clock.at == before
    assert await guess(attempts, "another", HERE) == 0
    assert clock.at == before + 1000


async def test_addresses_of_one_ipv6_network_are_one(attempts: SignInLimiter) -> None:
    waits = [await guess(attempts, "member", f"2001:db8::{number:x}") for number in range(FREE + 3)]
    assert waits[-1] == 4


async def test_what_was_typed_as_a_name_is_not_stored(world: People) -> None:
    await from_address(world, HERE, {"username": "typed by mistake", "password": "x"})
    stored = await world.stored()
    assert len(stored["sign_in_attempts"]) == 3
    assert "typed by mistake" not in repr(stored)
    assert HERE not in repr(stored["sign_in_attempts"])


async def test_logins_of_one_operation_are_so_many_attempts(world: People) -> None:
    login = 'login(username: "member", password: "wrong") { accountId }'
    query = "mutation { " + " ".join(f"a{number}: {login}" for number in range(FREE + 4)) + " }"
    answer = await world.graphql("nobody", query)
    codes = [error["extensions"]["code"] for error in answer.json()["errors"]]
    assert codes == ["SIGN_IN_REFUSED"] * (FREE + 2) + ["TOO_MANY_ATTEMPTS"] * 2


async def test_a_wrong_password_of_basic_authentication_is_told_and_counts(world: People) -> None:
    http = world.doors.http
    for number in range(FREE + 2):
        answer = await http.get("/whoami", auth=("member", f"wrong {number}"))
        assert (answer.status_code, answer.json()["metadata"]) == (401, {"code": "SIGN_IN_REFUSED"})
        assert answer.headers["www-authenticate"] == 'Bearer realm="jobyard"'
    answer = await http.post("/graphql", json={"query": "{ viewer { id } }"}, auth=("guest", "wrong"))
    assert answer.json()["errors"][0]["extensions"] == {"code": "SIGN_IN_REFUSED"}
    answer = await http.get("/whoami", auth=("member", MEMBER["password"]))
    assert (answer.status_code, answer.json()["metadata"]) == (429, {"code": "TOO_MANY_ATTEMPTS", "seconds": 4})
    assert (await from_address(world, ELSEWHERE)).status_code == 200


async def test_who_signs_in_is_not_asked_for_the_password_of_another_kind(world: People) -> None:
    answer = await world.doors.http.post("/login", json=MEMBER, auth=("member", "out of date"))
    assert answer.status_code == 200
