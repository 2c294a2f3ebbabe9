"""Connections that send without an end, or nothing: the server hangs up, and others are answered."""

import asyncio
import json
import socket
import time
from collections.abc import Generator
from contextlib import ExitStack

import httpx
import pytest
import uvicorn
from jobyard.gql.auth.authentication import MOST_PER_ADDRESS
from jobyard.gql.http.connections import LARGEST_HEAD, MOST_PINGS, BoundedHttp
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from ..servers import Server, serving

HEAD = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory", closed=True, JOBYARD_ADMIN_PASSWORD="a password for the tests") as one:
        yield one


def connection(server: Server) -> socket.socket:
    host, _, port = server.address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), 30)


@pytest.mark.parametrize(
    ("begin", "piece", "status"),
    [
        (HEAD + b"X: ", b"a" * 1024, b"431"),
        (HEAD, b"a" * 1024, b"431"),
        (b"GET /", b"a" * 1024, b"431"),
        (HEAD, b"a:b\r\n" * 200, b"431"),
        (CHUNKED + b"1;a=", b"a" * 1024, b"431"),
        (CHUNKED + b"0\r\n", b"a:" + b"b" * 1000 + b"\r\n", b"4"),
        (CHUNKED, b"1\r\na\r\n" * 200, b"413"),
    ],
)
def test_what_has_no_end_is_refused(server: Server, begin: bytes, piece: bytes, status: bytes) -> None:
    with connection(server) as one:
        one.settimeout(30)
        sent = 0
        try:
            one.sendall(begin)
            while sent < 4_000_000:
                one.sendall(piece)
                sent += len(piece)
        except OSError:
            assert sent < 4_000_000
            return  # it hung up while we spoke
        answer = one.recv(4096)
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert status != b"431" or b"nosniff" in answer


HANDSHAKE = b"Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: many\r\n\r\n", b"400"),
        (b"GET /graphql HTTP/1.1\r\n" + HANDSHAKE + b"bad\r\n\r\n", b"400"),
        (b"GET /nowhere HTTP/1.1\r\n" + HANDSHAKE + b"dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", b"403"),
        (b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"401"),
        (b"GET /static/nothing.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"DELETE /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"405"),
        (b"HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"200"),
    ],
)
def test_answers_of_the_server_below_the_application_have_the_headers_too(
    server: Server, request_: bytes, status: bytes
) -> None:
    with connection(server) as one:
        one.settimeout(30)
        one.sendall(request_)
        check_headers(_answer(one), status)


def test_an_answer_for_want_of_room_has_the_headers_too() -> None:
    async def never(scope: object, receive: object, send: object) -> None:
        raise AssertionError("the application is not asked")

    async def ask() -> bytes:
        config = uvicorn.Config(never, port=0, http=BoundedHttp, limit_concurrency=1, lifespan="off", log_config=None)
        one = uvicorn.Server(config)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            serving = asyncio.create_task(one.serve([listening]))
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = await asyncio.wait_for(reader.read(), 30)
            writer.close()
            one.should_exit = True
            await serving
        return answer

    check_headers(asyncio.run(ask()), b"503")


def check_headers(answer: bytes, status: bytes) -> None:
    head = answer.lower().partition(b"\r\n\r\n")[0]
    assert head.startswith(b"http/1.1 " + status)
    assert head.count(b"x-content-type-options: nosniff") == 1
    assert head.count(b"referrer-policy: no-referrer") == 1
    assert head.count(b"content-security-policy: ") == 1


def _answer(one: socket.socket) -> bytes:
    answer = b""
    while piece := one.recv(65536):
        answer += piece
    return answer


def test_headers_up_to_the_limit_are_taken(server: Server) -> None:
    with connection(server) as one:
        one.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"a" * (LARGEST_HEAD - 1000) + b"\r\n\r\n")
        assert one.recv(4096).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /healthz?a=" + b"a" * LARGEST_HEAD + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"a" * LARGEST_HEAD + b"\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * (LARGEST_HEAD // 6) + b"\r\n",
    ],
)
def test_headers_over_the_limit_are_refused_when_they_come_in_one_piece(server: Server, head: bytes) -> None:
    with connection(server) as one:
        one.sendall(head)
        assert one.recv(4096).startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize("said", [b"", HEAD, HEAD + b"Content-Length: 100\r\n\r\n"])
def test_who_does_not_go_on_is_hung_up_on(server: Server, said: bytes) -> None:
    with connection(server) as one:
        one.settimeout(30)
        began = time.monotonic()
        one.sendall(said)
        assert one.recv(4096) == b""
        assert time.monotonic() - began < 25


def test_who_is_answered_and_asks_nothing_more_is_hung_up_on(server: Server) -> None:
    with connection(server) as one:
        one.settimeout(30)
        one.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in _answer(one)[:20]  # up to the end of the connection


def test_a_socket_that_does_not_say_whose_it_is_is_closed(server: Server) -> None:
    with connect(f"ws{server.address[4:]}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]) as ws:
        with pytest.raises(ConnectionClosed) as closed:
            ws.recv(timeout=30)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4408


@pytest.mark.parametrize(
    ("message", "times", "code"),
    # Of large ones a single one: what is under way when the server hangs up takes its farewell away.
    [('{"type":"ping"}', 100, 4429), ("x" * 300_000, 1, 1009), ('{"type":"pong"}', 100, 4429)],
)
def test_a_stranger_says_little(server: Server, message: str, times: int, code: int) -> None:
    with connect(
        f"ws{server.address[4:]}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")], max_queue=None
    ) as ws:
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(times):
                ws.send(message)
            while True:
                ws.recv(timeout=30)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code


def test_pings_of_the_protocol_are_counted(server: Server) -> None:
    with connect(f"ws{server.address[4:]}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")]) as ws:
        with pytest.raises(ConnectionClosed) as closed:
            for _ in range(MOST_PINGS * 2):
                ws.ping()
            ws.recv(timeout=30)
        # What is under way when the server hangs up may take its farewell away.
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1008


def test_strangers_of_one_address_have_few_sockets_and_who_signs_in_has_none_of_them(server: Server) -> None:
    address, protocols = f"ws{server.address[4:]}/graphql", [Subprotocol("graphql-transport-ws")]
    login = {"username": "admin", "password": "a password for the tests"}
    token = httpx.post(f"{server.address}/login", json=login).text
    with ExitStack() as opened:
        for _ in range(MOST_PER_ADDRESS + 20):
            ws = opened.enter_context(connect(address, subprotocols=protocols))
            ws.send(json.dumps({"type": "connection_init", "payload": {"token": token}}))
            assert json.loads(ws.recv(timeout=30))["type"] == "connection_ack"
        with pytest.raises(InvalidStatus) as refused:
            for _ in range(MOST_PER_ADDRESS + 20):
                opened.enter_context(connect(address, subprotocols=protocols))
        assert refused.value.response.status_code == 403
