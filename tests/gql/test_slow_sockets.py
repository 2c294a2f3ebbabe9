"""A socket that sends much, reads nothing or says nothing takes its own time, and ends; others have their turn."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from jobyard.gql.execution import websocket
from jobyard.gql.execution.websocket import BURST_SECONDS, BYTES_A_SECOND, MESSAGES_A_SECOND, TURN_SECONDS, RateLimit
from jobyard.gql.http import json_response
from jobyard.gql.http.bodies import MemoryQueue
from jobyard.gql.http.connections import (
    ABORT,
    REQUEST_SECONDS,
    UNREAD_SECONDS,
    BoundedHttp,
    BoundedWebSocket,
    check_connections,
)
from jobyard.gql.http.json_response import JsonResponse
from jobyard.models.json_text import PIECE

pytestmark = pytest.mark.anyio

MUCH = b"x" * 32 * 1024 * 1024


class Clock:
    """Time passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(websocket, "monotonic", clock.monotonic)
    monkeypatch.setattr(websocket.asyncio, "sleep", clock.sleep)
    return clock


async def test_more_messages_a_second_than_there_may_be_wait(clock: Clock) -> None:
    rate_limit = RateLimit()
    for _ in range(BURST_SECONDS * MESSAGES_A_SECOND):
        await rate_limit.take(10)
    assert clock.now == 1000.0
    for _ in range(3 * MESSAGES_A_SECOND):
        await rate_limit.take(10)
    assert clock.now == pytest.approx(1003, abs=0.1)


async def test_more_bytes_a_second_than_there_may_be_wait(clock: Clock) -> None:
    rate_limit = RateLimit()
    for _ in range(BURST_SECONDS + 3):
        await rate_limit.take(BYTES_A_SECOND)
    assert clock.now == pytest.approx(1003, abs=0.1)


async def test_others_have_a_turn_after_a_few_milliseconds_of_messages(clock: Clock) -> None:
    rate_limit = RateLimit()
    await rate_limit.take(10)
    clock.slept.clear()
    for _ in range(100):
        clock.now += TURN_SECONDS / 10  # what the work for a message takes
        await rate_limit.take(10)
    assert set(clock.slept) == {0}
    assert 8 <= len(clock.slept) <= 12


@asynccontextmanager
async def served(app: Any) -> AsyncGenerator[tuple[uvicorn.Server, str, int]]:
    """A server of this process; nothing but the test looks at its connections."""
    config = uvicorn.Config(app, http=BoundedHttp, ws=BoundedWebSocket, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield server, *listening.getsockname()
        finally:
            server.should_exit = server.force_exit = True
            await serving


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 -- what a peer of another protocol does is no event here
            await asyncio.sleep(0.001)


def later(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the connections, so much later."""
    loop = asyncio.get_running_loop()
    now = loop.time()
    with monkeypatch.context() as patch:
        patch.setattr(loop, "time", lambda: now + seconds)
        check_connections(CONNECTIONS)


CONNECTIONS: list[Any] = []


async def test_an_answer_that_nobody_reads_ends_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": MUCH})

    async with served(app) as (server, host, port):
        _, writer = await asyncio.open_connection(host, port, limit=1)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: any(one._unread_since for one in connections(server)))
        CONNECTIONS[:] = connections(server)
        later(UNREAD_SECONDS - 10, monkeypatch)
        await asyncio.sleep(0)
        assert connections(server)
        later(UNREAD_SECONDS + 1, monkeypatch)
        await until(lambda: not connections(server))
        writer.close()


async def test_a_long_answer_that_nobody_reads_is_cut_once_another_one_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_response, "HURRIED_SECONDS", 0.0)
    long = [b"x" * PIECE] * 64
    monkeypatch.setattr(json_response, "_unread", MemoryQueue(PIECE * 100))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await JsonResponse(list(long), 200)(scope, receive, send)

    async with served(app) as (server, host, port):
        unread = [await asyncio.open_connection(host, port, limit=1) for _ in range(3)]
        for _, writer in unread[:1]:
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: any(one._unread_since for one in connections(server)))
        assert len(connections(server)) == 3, "nobody waits: it has its time"
        for _, writer in unread[1:]:
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await until(lambda: len(connections(server)) == 1)
        reader, last = await asyncio.open_connection(host, port)
        last.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert len(await reader.read()) > PIECE * 64
        for _, writer in [*unread, (reader, last)]:
            writer.close()


async def test_a_long_answer_goes_on_where_whoever_waited_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_response, "HURRIED_SECONDS", 0.0)
    queue = MemoryQueue(PIECE * 100)
    monkeypatch.setattr(json_response, "_unread", queue)
    cut: list[bool] = []
    read = asyncio.Event()

    async def send(message: Any) -> None:
        await read.wait()

    async def receive() -> Any:
        raise AssertionError("an answer receives nothing")

    scope = {"type": "http", "extensions": {ABORT: lambda: cut.append(True)}}
    slow = asyncio.create_task(JsonResponse([b"x" * PIECE] * 64, 200)(scope, receive, send))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(queue.take(PIECE * 64))
    await asyncio.sleep(0)
    waiting.cancel()
    for _ in range(5):  # turns of the loop, in which the limit of 0 s is over
        await asyncio.sleep(0)
    assert cut == []
    read.set()
    await slow


async def test_messages_that_nobody_reads_end_the_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        for _ in range(100):
            await send({"type": "websocket.send", "bytes": MUCH[: 1024 * 1024]})

    async with served(app) as (server, host, port):
        _, writer = await asyncio.open_connection(host, port, limit=1)
        writer.write(
            b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        await until(lambda: any(isinstance(one, BoundedWebSocket) for one in connections(server)))
        await until(lambda: any(one._unread_since for one in connections(server)))
        CONNECTIONS[:] = connections(server)
        later(UNREAD_SECONDS + 1, monkeypatch)
        await until(lambda: not connections(server))
        writer.close()


async def test_a_connection_that_sends_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served(None) as (server, host, port):
        reader, writer = await asyncio.open_connection(host, port)
        await until(lambda: bool(connections(server)))
        CONNECTIONS[:] = connections(server)
        later(REQUEST_SECONDS - 1, monkeypatch)
        assert not reader.at_eof()
        later(REQUEST_SECONDS + 1, monkeypatch)
        assert await asyncio.wait_for(reader.read(), 30) == b""
        writer.close()


def connections(server: uvicorn.Server) -> list[Any]:
    return list(server.server_state.connections)
