"""A request is answered as its client accepts it: JSON where that will do, a stream to who wants one."""

import json
from collections.abc import Generator
from typing import Any

import httpx
import pytest

from ..documents import chain
from ..doors import Doors
from ..servers import Server, graphql, import_documents, serving
from .people import People, people

pytestmark = pytest.mark.anyio

JSON = "application/json"
OWN = "application/graphql-response+json; charset=utf-8"
EVENTS = "text/event-stream"
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"
)
APOLLO = "application/graphql-response+json,application/json;q=0.9"
APOLLO_SUBSCRIPTION = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/json'

ANSWERED: list[tuple[str | None, str]] = [
    (None, JSON),
    ("", JSON),
    ("*/*", JSON),
    ("application/*", JSON),
    ("text/html", JSON),
    ("text/html, */*", JSON),
    (JSON, JSON),
    (URQL, OWN),
    (APOLLO, OWN),
    (APOLLO_SUBSCRIPTION, JSON),
    ("application/json, application/graphql-response+json;q=0.9", JSON),
    ("application/json;q=0.5, application/graphql-response+json", OWN),
    ("application/graphql-response+json;q=0, application/json", JSON),
    ("APPLICATION/GraphQL-Response+JSON", OWN),
    ("application/json;q=1, text/event-stream;q=0", JSON),
    ("application/json, text/event-stream", JSON),
    ("application/json;q=0.9, text/event-stream;q=0.8", JSON),
    ("text/event-stream;q=0.5, application/json", JSON),
    ("text/event-stream;q=0.5, */*", JSON),
    ("*/*, text/event-stream", JSON),
    ("text/event-stream;q=0", JSON),
    ("multipart/mixed", JSON),
    ("application/json;q=x, text/event-stream", JSON),
    (EVENTS, EVENTS),
    ("text/*", EVENTS),
    ("text/event-stream, application/json", EVENTS),
    ("application/json;q=0.1, text/event-stream", EVENTS),
    ("application/json;q=0, text/event-stream;q=0.1", EVENTS),
    ("application/json;q=0, */*", OWN),
    ("text/event-stream; charset=utf-8", EVENTS),
]


@pytest.fixture
async def world() -> Any:
    async with people() as found:
        yield found


async def both_ways(doors: Doors, query: str, accept: str | None, **headers: str) -> list[Any]:
    # httpx would send an Accept of its own
    sent = {**headers, "accept": accept} if accept is not None else headers
    without = [name for name in ("accept",) if accept is None]
    requests = [
        doors.http.build_request("POST", "/graphql", json={"query": query}, headers=sent),
        doors.http.build_request("GET", "/graphql", params={"query": query}, headers=sent),
    ]
    for request in requests:
        for name in without:
            del request.headers[name]
    return [await doors.http.send(request) for request in requests]


@pytest.mark.parametrize(("accept", "type"), ANSWERED)
async def test_a_query_is_answered_as_json_unless_events_are_preferred(
    doors: Doors, accept: str | None, type: str
) -> None:
    for answer in await both_ways(doors, "{ __typename }", accept):
        assert (answer.status_code, answer.headers["content-type"]) == (200, type)
        if type == EVENTS:
            assert answer.text == 'event: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata: \n\n'
        else:
            assert answer.json() == {"data": {"__typename": "Query"}}


async def test_several_accept_headers_are_one(doors: Doors) -> None:
    headers = [("accept", EVENTS), ("accept", "application/json;q=0.1"), ("content-type", JSON)]
    answer = await doors.http.post("/graphql", content=json.dumps({"query": "{ __typename }"}), headers=headers)
    assert answer.headers["content-type"] == EVENTS


@pytest.mark.parametrize(
    "accept", [None, "", "*/*", JSON, "application/*", APOLLO, "text/html", "text/event-stream;q=0"]
)
async def test_a_subscription_for_which_no_stream_is_accepted_is_refused_in_a_sentence(
    doors: Doors, accept: str | None
) -> None:
    for answer in await both_ways(doors, "subscription { jobsChanged { status } }", accept):
        assert answer.status_code == 406
        assert "json" in answer.headers["content-type"]
        (error,) = answer.json()["errors"]
        assert error["extensions"] == {"code": "SUBSCRIPTION_NEEDS_STREAM"}
        assert "WebSocket" in error["message"]
        assert "server-sent events" in error["message"]
        assert "data" not in answer.json()


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory") as one:
        import_documents(one, chain("w"))
        yield one


def followed(server: Server, accept: str) -> list[httpx.Response]:
    """A job to its end, by POST and by GET."""
    job = graphql(server, 'mutation { startJob(workflow: "w", options: {}) { id } }')["startJob"]["id"]
    asked = {"query": f'subscription {{ jobChanged(id: "{job}") {{ status }} }}'}
    url, headers = f"{server.address}/graphql", {"accept": accept}
    return [
        httpx.post(url, json=asked, headers=headers, timeout=30),
        httpx.get(url, params=asked, headers=headers, timeout=30),
    ]


@pytest.mark.parametrize(
    "accept", [EVENTS, "text/event-stream, multipart/mixed", "text/*", "*/*;q=0.1, text/event-stream", URQL]
)
def test_a_subscription_comes_as_events_to_who_names_them(server: Server, accept: str) -> None:
    for answer in followed(server, accept):
        assert (answer.status_code, answer.headers["content-type"]) == (200, EVENTS)
        assert "\r" not in answer.text
        *events, done, rest = answer.text.split("\n\n")
        assert (done, rest) == ("event: complete\ndata: ", "")
        results = [json.loads(one.removeprefix("event: next\ndata: ")) for one in events if not one.startswith(":")]
        assert results[-1] == {"data": {"jobChanged": {"status": "COMPLETE"}}}


@pytest.mark.parametrize("accept", [APOLLO_SUBSCRIPTION, "multipart/mixed;subscriptionSpec=1.0, application/json"])
def test_a_subscription_comes_in_parts_to_apollo(server: Server, accept: str) -> None:
    for answer in followed(server, accept):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "multipart/mixed;boundary=graphql;subscriptionSpec=1.0"
        (before, *parts, after) = f"\r\n{answer.text}".split("\r\n--graphql")  # RFC 2046, 5.1.1
        assert (before, after) == ("", "--\r\n")
        results = [json.loads(one.partition("\r\n\r\n")[2]) for one in parts]
        assert results[0] == {}
        assert results[-1] == {"payload": {"data": {"jobChanged": {"status": "COMPLETE"}}}}


@pytest.mark.parametrize("accept", [JSON, "*/*", EVENTS, URQL, APOLLO, APOLLO_SUBSCRIPTION, "text/*", "text/html", ""])
async def test_401_stays_401(world: People, accept: str) -> None:
    for query in ("{ jobs { totalCount } }", "subscription { jobsChanged { number } }"):
        for who in ("nobody", "expired"):
            token = {"authorization": f"Bearer {world.tokens[who]}"} if who == "expired" else {}
            for answer in await both_ways(world.doors, query, accept, **token):
                assert (answer.status_code, answer.headers["content-type"]) == (401, JSON)
                assert answer.headers["www-authenticate"].startswith("Bearer")
                assert answer.json()["errors"][0]["extensions"] == {"code": "NOT_SIGNED_IN"}


@pytest.mark.parametrize("accept", [OWN, EVENTS, URQL, APOLLO, "text/*"])
@pytest.mark.parametrize(
    "query",
    ["{ nope }", "{ jobs(", "{ job(id: 7.5) { id } }", "subscription { nope }", "fragment f on Query { __typename }"],
)
async def test_what_is_not_executed_is_400_and_json(doors: Doors, accept: str, query: str) -> None:
    for answer in await both_ways(doors, query, accept):
        assert answer.status_code == 400
        assert "json" in answer.headers["content-type"]
        assert list(answer.json()) == ["errors"]


async def test_a_body_that_is_no_request_is_400_under_every_accept(doors: Doors) -> None:
    for accept in (JSON, EVENTS, URQL):
        for body in ("[]", "{", "{}", '{"query": 5}', '{"query": "{ __typename }", "operationName": 5}'):
            headers = {"accept": accept, "content-type": JSON}
            answer = await doors.http.post("/graphql", content=body, headers=headers)
            assert answer.status_code == 400
            assert answer.json()["errors"][0]["extensions"] == {"code": "REQUEST_REFUSED"}


@pytest.mark.parametrize("accept", [JSON, EVENTS, URQL])
async def test_a_mutation_by_get_runs_nothing(doors: Doors, accept: str) -> None:
    await doors.import_documents(chain("w"))
    query = 'mutation { startJob(workflow: "w", options: {}) { id } }'
    answer = await doors.http.get("/graphql", params={"query": query}, headers={"accept": accept})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "mutations are not allowed when using GET"
    assert await doors.stored_jobs() == 0
