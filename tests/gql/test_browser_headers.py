"""What every answer says to a browser, and that what authors write runs nowhere in one."""

import re
from typing import Any

import httpx
import pytest
from jobyard.gql.app import create_app
from jobyard.gql.auth.authentication import MOST_PER_ADDRESS, AnonymousSockets
from jobyard.gql.rest.table import ROUTES
from starlette.routing import Route

from ..doors import Doors
from .world import World

pytestmark = pytest.mark.anyio


def check(answer: httpx.Response) -> None:
    headers = answer.headers
    assert headers.get_list("x-content-type-options") == ["nosniff"], answer.request.url
    assert headers.get_list("referrer-policy") == ["no-referrer"], answer.request.url
    (policy,) = headers.get_list("content-security-policy")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy or "script-src 'self';" in policy


async def test_every_answer_has_them(doors: Doors) -> None:
    for path in (
        "/",
        "/graphql",
        "/help/rest",
        "/help/tasks",
        "/help/openapi",
        "/static/graphiql.html",
        "/nope",
        "/healthz",
    ):
        check(await doors.http.get(path, headers={"accept": "text/html"}))
    for route in ROUTES:
        path = re.sub(r"\{\w+\}", "x", route.path)
        check(await doors.http.request(route.verb, path, json={} if route.body else None))
    check(await doors.http.post("/graphql", json={"query": "{ __typename }"}))
    events = {"accept": "text/event-stream"}
    check(await doors.http.post("/graphql", json={"query": "{ __typename }"}, headers=events))
    check(await doors.http.options("/graphql", headers={"origin": "https://a.example"}))


async def test_refusals_have_them(world: World) -> None:
    http = world.people.doors.http
    for answer in (
        await http.get("/help/rest", headers={"accept": "text/html"}),
        await http.get("/operations-manager/jobs"),
        await http.post("/login", json={}, headers={"origin": "https://evil.example"}),
        await http.post("/login", content=b"a" * 100_000),
        await http.get("/whoami", auth=("member", "wrong")),
    ):
        assert answer.status_code >= 400
        check(answer)


async def test_an_answer_to_what_nobody_expected_has_them(doors: Doors) -> None:
    def fail(_: Any) -> Any:
        raise ZeroDivisionError

    app = create_app(doors.services)
    app.router.routes.insert(0, Route("/healthz", fail))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://jobyard") as http:
        answer = await http.get("/healthz")
    assert answer.status_code == 500
    check(answer)


def test_strangers_have_few_sockets_for_each_address() -> None:
    strangers = AnonymousSockets()
    places = [strangers.take_place("192.0.2.1") for _ in range(MOST_PER_ADDRESS)]
    assert all(places)
    assert strangers.take_place("192.0.2.1") is None
    assert strangers.take_place("192.0.2.2") is not None
    for _ in range(2):
        places[0]()  # type: ignore[misc]
    assert strangers.take_place("192.0.2.1") is not None
    assert strangers.take_place("192.0.2.1") is None
