"""Messages over a WebSocket: bounded, and of the protocol's shape; what is wrong is said, and nothing breaks."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from jobyard.gql.execution.websocket import fault_of
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from ..documents import chain
from ..servers import Server, graphql, import_documents, serving

SECONDS = 30


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory") as one:
        import_documents(one, chain("w"))
        yield one


@contextmanager
def opened(server: Server, *, init: bool = True) -> Generator[ClientConnection]:
    address = f"{server.address.replace('http', 'ws', 1)}/graphql"
    with connect(address, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        if init:
            socket.send('{"type": "connection_init", "payload": null}')
            assert heard(socket)["type"] == "connection_ack"
        yield socket


def heard(socket: ClientConnection) -> Any:
    return json.loads(socket.recv(SECONDS))


def closing(socket: ClientConnection) -> tuple[int, str]:
    with pytest.raises(ConnectionClosed) as closed:
        socket.recv(SECONDS)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


def subscribing(**payload: Any) -> dict[str, Any]:
    return {"id": "1", "type": "subscribe", "payload": {"query": "{ __typename }", **payload}}


WRONG: list[Any] = [
    {"id": "1", "type": "subscribe", "payload": None},
    {"id": "1", "type": "subscribe"},
    {"id": "1", "type": "subscribe", "payload": []},
    {"id": "1", "type": "subscribe", "payload": {}},
    {**subscribing(), "id": 1},
    {**subscribing(), "id": ""},
    {**subscribing(), "id": None},
    {**subscribing(), "id": ["1"]},
    {**subscribing(), "id": "x" * 201},
    subscribing(variables=[1]),
    subscribing(variables="x"),
    subscribing(query=None),
    subscribing(query=["{ __typename }"]),
    subscribing(operationName=1),
    subscribing(extensions=[]),
    {"type": "complete"},
    {"type": "complete", "id": {}},
    {"type": "ping", "payload": 1},
    {"type": "pong", "payload": []},
    {"type": "x" * 500},
    {"type": ["ping"]},
    {"id": "1"},
    {},
    [],
    None,
    7,
    "ping",
]


@pytest.mark.parametrize("message", WRONG, ids=str)
def test_a_message_of_the_wrong_shape_closes_with_4400(server: Server, message: Any) -> None:
    with opened(server) as socket:
        socket.send(json.dumps(message))
        code, reason = closing(socket)
    assert (code, reason) == (4400, fault_of(message))


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"type": NaN}', b"\x00"])
def test_what_is_no_json_closes_with_4400(server: Server, text: str | bytes) -> None:
    with opened(server) as socket:
        socket.send(text)
        assert closing(socket)[0] == 4400


def test_a_large_message_is_taken_only_of_who_has_said_who_they_are(server: Server) -> None:
    message = subscribing(query="query($x: JSON) { __typename }", variables={"x": "x" * 100_000})
    with opened(server) as socket:
        socket.send(json.dumps(message))
        assert heard(socket)["payload"][0]["extensions"] == {"code": "GRAPHQL_REFUSED"}  # $x is not used
    with opened(server, init=False) as socket:
        socket.send(json.dumps({"type": "connection_init", "payload": {"token": "x" * 100_000}}))
        assert closing(socket)[0] == 1009


@pytest.mark.parametrize(
    ("payload", "message", "code"),
    [
        ({"query": "query A { __typename }", "operationName": "B"}, 'Unknown operation named "B".', "REQUEST_REFUSED"),
        (
            {"query": 'query A { __typename } mutation B { startJob(workflow: "w", options: {}) { id } }'},
            "Must provide operation name if query contains multiple operations.",
            "REQUEST_REFUSED",
        ),
        ({"query": ""}, "No GraphQL query found in the request", "REQUEST_REFUSED"),
        ({"query": "{ nope"}, "Syntax Error: Expected Name, found <EOF>.", "GRAPHQL_REFUSED"),
        ({"query": "{ __typename } #" + "x" * 100_000}, None, "OPERATION_TOO_LARGE"),
    ],
)
def test_what_is_not_executed_is_an_error_of_that_operation_alone(
    server: Server, payload: Any, message: str | None, code: str
) -> None:
    started = "{ jobs { totalCount } }"
    before = graphql(server, started)
    with opened(server) as socket:
        socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        answer = heard(socket)
        assert (answer["id"], answer["type"]) == ("1", "error")
        (error,) = answer["payload"]
        assert error["extensions"]["code"] == code
        assert message is None or error["message"] == message
        socket.send(json.dumps(subscribing()))
        assert heard(socket)["payload"] == {"data": {"__typename": "Query"}}
    assert graphql(server, started) == before


def test_the_server_has_nothing_to_say_of_all_that() -> None:
    """Its log is what it prints: no traceback."""
    with serving("--memory") as server:
        for message in WRONG:
            with opened(server) as socket:
                socket.send(json.dumps(message))
                closing(socket)
        server.process.send_signal(2)
        assert server.process.stdout is not None
        assert "Traceback" not in server.process.stdout.read()


def answered(socket: ClientConnection, **payload: Any) -> Any:
    """The first message about an operation."""
    socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
    return heard(socket)


def named(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256(text.encode()).hexdigest()}}


def test_an_operation_that_was_stored_over_http_may_come_by_its_hash(server: Server) -> None:
    text = "{ viewer { username } }"
    with opened(server) as socket:
        refused = answered(socket, extensions=named(text))
        assert (refused["type"], refused["payload"][0]["message"]) == ("error", "PersistedQueryNotFound")
        httpx.post(f"{server.address}/graphql", json={"query": text, "extensions": named(text)}, timeout=SECONDS)
        assert answered(socket, extensions=named(text))["payload"] == {"data": {"viewer": {"username": "admin"}}}


def test_a_server_with_trusted_documents_runs_nothing_else_over_a_websocket(tmp_path: Path) -> None:
    trusted = {"follow": "subscription { jobsChanged { number status } }", "who": "{ viewer { username } }"}
    (tmp_path / "trusted.json").write_text(json.dumps(trusted))
    with serving("--memory", "--trusted-documents", str(tmp_path / "trusted.json")) as one, opened(one) as socket:
        for query in ("{ jobs { totalCount } }", "subscription { jobsChanged { number } }", "{ __typename }", "{"):
            refused = answered(socket, query=query)
            assert (refused["type"], refused["payload"][0]["extensions"]) == ("error", {"code": "DOCUMENT_NOT_TRUSTED"})
            for accept in ("text/event-stream", "multipart/mixed;subscriptionSpec=1.0"):
                body, headers = {"query": query}, {"accept": accept}
                by_http = httpx.post(f"{one.address}/graphql", json=body, headers=headers, timeout=SECONDS)
                assert by_http.json()["errors"][0]["extensions"] == {"code": "DOCUMENT_NOT_TRUSTED"}
        assert answered(socket, query=trusted["who"])["payload"] == {"data": {"viewer": {"username": "admin"}}}
        assert heard(socket)["type"] == "complete"
        who = {"persistedQuery": {"version": 1, "sha256Hash": "who"}}
        assert answered(socket, extensions=who)["payload"] == {"data": {"viewer": {"username": "admin"}}}
