"""Behind a proxy: whose headers count, and what they change."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from jobyard.gql.app import create_app
from jobyard.models.settings import SettingRefused, Settings
from jobyard.resolvers.accounts.passwords import Passwords
from jobyard.resolvers.clock import SystemClock
from jobyard.resolvers.lifespan import open_services

from ..doors import JumpingClock
from .people import CLOSED

pytestmark = pytest.mark.anyio

PROXY, CLIENT = "10.0.0.7", "198.51.100.4"
ADMIN = {"username": "admin", "password": "the password of admin"}
TRUSTING = replace(CLOSED, trusted_proxies=("10.0.0.0/24", "::1"))
SESSIONS = "{ sessions { address agent current } }"


@asynccontextmanager
async def seen_from(address: str, settings: Settings) -> AsyncGenerator[httpx.AsyncClient]:
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    clock = JumpingClock()
    clock.at = SystemClock().now()  # the database deletes what expired, by its own clock
    async with open_services(settings, clock, passwords) as services:
        transport = httpx.ASGITransport(app=create_app(services), client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://jobyard") as http:
            yield http


async def signed_in(http: httpx.AsyncClient, headers: dict[str, str]) -> tuple[bool, Any]:
    """Whether the cookie is Secure, and where the server says that it was asked from."""
    answer = await http.post("/login", json=ADMIN, headers={**headers, "user-agent": "tests"})
    assert answer.status_code == 200, answer.text
    bearer = {"authorization": f"Bearer {answer.text}"}
    (session,) = (await http.post("/graphql", json={"query": SESSIONS}, headers=bearer)).json()["data"]["sessions"]
    assert (session["agent"], session["current"]) == ("tests", True)
    return "; Secure" in answer.headers["set-cookie"], session["address"]


FORWARDED = {"x-forwarded-for": f"1.2.3.4, {CLIENT}", "x-forwarded-proto": "https"}


@pytest.mark.parametrize(
    ("peer", "settings", "headers", "expected"),
    [
        (PROXY, TRUSTING, FORWARDED, (True, CLIENT)),
        (PROXY, TRUSTING, {"x-forwarded-for": f"{CLIENT}, 10.0.0.9"}, (False, CLIENT)),
        (PROXY, TRUSTING, {"x-forwarded-proto": "javascript"}, (False, PROXY)),
        (PROXY, TRUSTING, {}, (False, PROXY)),
        ("10.0.1.7", TRUSTING, FORWARDED, (False, "10.0.1.7")),
        (PROXY, CLOSED, FORWARDED, (False, PROXY)),
        ("127.0.0.1", CLOSED, FORWARDED, (False, "127.0.0.1")),
        ("", TRUSTING, FORWARDED, (False, None)),
    ],
)
async def test_only_a_trusted_proxy_says_where_a_request_comes_from(
    peer: str, settings: Settings, headers: dict[str, str], expected: Any
) -> None:
    async with seen_from(peer, settings) as http:
        assert await signed_in(http, headers) == expected


@pytest.mark.parametrize(("settings", "status"), [(TRUSTING, 200), (CLOSED, 403)])
async def test_a_page_under_the_name_that_the_proxy_has_is_our_own(settings: Settings, status: int) -> None:
    async with seen_from(PROXY, settings) as http:
        headers = {"x-forwarded-host": "evil.example, jobs.example", "origin": "https://jobs.example"}
        assert (await http.post("/login", json=ADMIN, headers=headers)).status_code == status
        if status == 200:
            assert (await http.post("/login", json=ADMIN, headers={"origin": "http://jobyard"})).status_code == 200
            strange = {"x-forwarded-host": "jobs.example", "origin": "https://evil.example"}
            assert (await http.post("/login", json=ADMIN, headers=strange)).status_code == 403


@pytest.mark.parametrize("proxy", ["proxy.example", "10.0.0.1/33", ""])
def test_a_proxy_that_is_no_address_is_refused(proxy: str) -> None:
    with pytest.raises(SettingRefused, match="this is an address or a network"):
        Settings(trusted_proxies=(proxy,))
