"""Connections that send what no client sends, or do not read what they asked for. Each is closed by us in the end."""

import json
import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from .inputs import Input, Who, Wrong
from .world import World

FLOOD_SECONDS = 4
ENDED_SECONDS = 25  # by then the server has closed who says nothing
MANY = 150
PROTOCOL = Subprotocol("graphql-transport-ws")


@contextmanager
def connected(world: World, patience: float = 30) -> Generator[socket.socket]:
    with socket.create_connection((world.host, world.port), patience) as connection:
        yield connection


def _answer(connection: socket.socket) -> str:
    """The first line of what the server says, or that it closed."""
    try:
        line = connection.recv(65536).split(b"\r\n")[0].decode("latin-1")
    except TimeoutError:
        return "no answer"
    except OSError as fault:
        return f"closed: {type(fault).__name__}"
    if " 500 " in line:
        raise Wrong(line)
    return line or "closed"


def sending(*pieces: tuple[bytes, int]) -> Callable[[World, Who], str]:
    """Each piece so many times, until the server hangs up."""

    def send(world: World, who: Who) -> str:
        sent = 0
        with connected(world) as connection:
            with suppress(OSError):
                for piece, times in pieces:
                    for _ in range(times):
                        connection.sendall(piece)
                        sent += len(piece)
            return f"{_answer(connection)} after {sent / 1e6:.1f} MB"

    return send


def silent(first: bytes, then: bytes = b"", every: float = 1.0) -> Callable[[World, Who], str]:
    """Many that say no more than this, or a little again and again: the server closes them."""

    def send(world: World, who: Who) -> str:
        opened = [socket.create_connection((world.host, world.port), 30) for _ in range(MANY)]
        began = time.monotonic()
        try:
            for connection in opened:
                connection.sendall(first)
                connection.setblocking(False)
            left = opened
            while left and time.monotonic() - began < ENDED_SECONDS:
                time.sleep(every)
                left = [connection for connection in left if _is_open(connection, then)]
        finally:
            for connection in opened:
                connection.close()
        if left:
            raise Wrong(f"{len(left)} of {MANY} are open after {ENDED_SECONDS} s")
        return f"all closed within {time.monotonic() - began:.0f} s"

    return send


def _is_open(connection: socket.socket, more: bytes) -> bool:
    try:
        if more:
            connection.send(more)
        return connection.recv(65536) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def flooding(
    message: str | bytes, *, init: bool = False, seconds: float = FLOOD_SECONDS
) -> Callable[[World, Who], str]:
    """The same message as fast as it goes, none of the answers read by us."""

    def send(world: World, who: Who) -> str:
        sent = 0
        try:
            with websocket(world, who if init else "nobody") as ws:
                if init:
                    ws.send('{"type":"connection_init"}')
                    ws.recv(timeout=30)
                ws.socket.settimeout(2)
                until = time.monotonic() + seconds
                while time.monotonic() < until:
                    ws.send(message)
                    sent += 1
        except (ConnectionClosed, OSError, InvalidHandshake) as fault:
            return f"{sent} messages, then {str(fault)[:60]}"
        return f"{sent} messages"

    return send


@contextmanager
def websocket(world: World, who: Who, **options: Any) -> Generator[ClientConnection]:
    headers = {"authorization": f"Bearer {world.tokens[who]}"} if world.tokens[who] else {}
    options = {"compression": None, "open_timeout": 30, "close_timeout": 1, "max_queue": None, **options}
    kept: Any = connect(_address(world), subprotocols=[PROTOCOL], additional_headers=headers, **options)
    with kept as ws:
        yield ws


def _address(world: World) -> str:
    return f"ws{world.address.removeprefix('http')}/graphql"


def one_message(message: str | bytes, **options: Any) -> Callable[[World, Who], str]:
    def send(world: World, who: Who) -> str:
        try:
            with websocket(world, "nobody", **options) as ws:
                ws.send(message)
                return f"answered {str(ws.recv(timeout=20))[:60]}"
        except TimeoutError:
            raise Wrong("it stays open") from None
        except (ConnectionClosed, OSError) as fault:
            return f"closed: {str(fault)[:60]}"

    return send


def idle_sockets(number: int) -> Callable[[World, Who], str]:
    """WebSockets of nobody that never say connection_init."""

    def send(world: World, who: Who) -> str:
        opened: list[ClientConnection] = []
        refused = 0
        began = time.monotonic()
        for _ in range(number):
            try:
                opened.append(connect(_address(world), subprotocols=[PROTOCOL], compression=None, open_timeout=30))
            except (InvalidHandshake, OSError, EOFError, ConnectionClosed):
                refused += 1
        left = len(opened)
        for ws in opened:
            patience = max(0.01, began + ENDED_SECONDS - time.monotonic())
            with suppress(TimeoutError):
                try:
                    ws.recv(timeout=patience)
                except ConnectionClosed:
                    left -= 1
            ws.socket.close()
        if left:
            raise Wrong(f"{left} of {number} are open after {ENDED_SECONDS} s")
        return f"{refused} refused, the others closed"

    return send


def subscribing(number: int) -> Callable[[World, Who], str]:
    """So many subscriptions on one socket, and none of the answers read."""

    def send(world: World, who: Who) -> str:
        sent = 0
        try:
            with websocket(world, who) as ws:
                ws.send('{"type":"connection_init"}')
                ws.recv(timeout=30)
                ws.socket.settimeout(2)
                for at in range(number):
                    payload = {"query": "subscription{jobsChanged{__typename}}"}
                    ws.send(json.dumps({"id": str(at), "type": "subscribe", "payload": payload}))
                    sent += 1
        except (ConnectionClosed, OSError) as fault:
            return f"{sent} asked for, then {str(fault)[:60]}"
        return f"{sent} asked for"

    return send


def unread_events(number: int) -> Callable[[World, Who], str]:
    """Server-sent events that nobody reads, while jobs make some."""

    def send(world: World, who: Who) -> str:
        body = b'{"query":"subscription{jobsChanged{__typename}}"}'
        head = f"POST /graphql HTTP/1.1\r\nHost: {world.host}:{world.port}\r\n"
        head += f"Authorization: Bearer {world.tokens[who]}\r\n"
        head += f"Accept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        opened = [socket.create_connection((world.host, world.port), 30) for _ in range(number)]
        try:
            for connection in opened:
                connection.sendall(head.encode() + body)
            with world.client(who) as http:
                for _ in range(100):
                    http.post("/graphql", json={"query": "{__typename}"})
        finally:
            for connection in opened:
                connection.close()
        return f"{number} streams"

    return send


_LINE = b"POST /graphql HTTP/1.1\r\nHost: x\r\n"
_TYPED = b"Content-Type: application/json\r\n"
_QUERY = '{"id":"1","type":"subscribe","payload":{"query":"{__typename}"}}'

SOCKETS = [
    Input("a header without an end", "nobody", sending((_LINE + b"X: ", 1), (b"a" * 65_536, 1600)), quick=True),
    Input("a header's name without an end", "nobody", sending((_LINE, 1), (b"a" * 65_536, 400))),
    Input("a request line without an end", "nobody", sending((b"GET /", 1), (b"a" * 65_536, 800))),
    Input("50 MB of headers", "nobody", sending((_LINE, 1), (b"X-A: " + b"a" * 1000 + b"\r\n", 50_000))),
    Input("100,000 short headers", "nobody", sending((_LINE, 1), (b"a:b\r\n" * 1000, 100))),
    Input(
        "a chunk size without an end",
        "nobody",
        sending((_LINE + _TYPED + b"Transfer-Encoding: chunked\r\n\r\n1;a=", 1), (b"a" * 65_536, 400)),
    ),
    Input(
        "chunks without an end",
        "nobody",
        sending(
            (_LINE + _TYPED + b"Transfer-Encoding: chunked\r\n\r\n", 1), (b"400\r\n" + b"a" * 1024 + b"\r\n", 20_000)
        ),
    ),
    Input(
        "trailers without an end",
        "nobody",
        sending(
            (_LINE + _TYPED + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", 1), (b"a: " + b"b" * 1000 + b"\r\n", 20_000)
        ),
    ),
    Input(
        "small chunks without an end",
        "nobody",
        sending((_LINE + _TYPED + b"Transfer-Encoding: chunked\r\n\r\n", 1), (b"1\r\na\r\n" * 1000, 2000)),
    ),
    Input(
        "a length of 1e18",
        "nobody",
        sending((_LINE + _TYPED + b"Content-Length: 1000000000000000000\r\n\r\n", 1), (b"a" * 65_536, 200)),
    ),
    Input(
        "10,000 requests at once, unread", "nobody", sending((b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 100, 100))
    ),
    Input(
        "10,000 sign-in pages at once, unread",
        "nobody",
        sending((b"GET / HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n" * 100, 100)),
    ),
    Input("bytes that are no HTTP", "nobody", sending((b"\x16\x03\x01\x02\x00\xff" * 1000, 10))),
    Input("silent connections", "nobody", silent(b"")),
    Input("half a header", "nobody", silent(_LINE)),
    Input("a header that drips", "nobody", silent(_LINE, b"a", 0.5)),
    Input("a body that never comes", "nobody", silent(_LINE + _TYPED + b"Content-Length: 100\r\n\r\n")),
    Input("a body that drips", "nobody", silent(_LINE + _TYPED + b"Content-Length: 60000\r\n\r\n", b" ", 0.5)),
    Input("pings before connection_init", "nobody", flooding('{"type":"ping"}'), quick=True),
    Input("garbage before connection_init", "nobody", flooding("garbage")),
    Input("queries before connection_init", "nobody", flooding(_QUERY)),
    Input("connection_init again and again", "nobody", flooding('{"type":"connection_init"}')),
    Input("binary messages", "nobody", flooding(b"\0" * 100)),
    Input(
        "15 MB before connection_init",
        "nobody",
        one_message('{"type":"connection_init","payload":{"token":"' + "x" * 15_000_000 + '"}}'),
        quick=True,
    ),
    Input("15 MB compressed before connection_init", "nobody", one_message(" " * 15_000_000, compression="deflate")),
    Input("300 sockets that say nothing", "nobody", idle_sockets(300)),
    Input("pings of a reader", "reader", flooding('{"type":"ping"}', init=True)),
    Input("queries of a reader, unread", "reader", flooding(_QUERY, init=True)),
    Input("wrong queries of a reader, unread", "reader", flooding(_QUERY.replace("__typename", "nope"), init=True)),
    Input(
        "introspections of a reader, unread",
        "reader",
        flooding(_QUERY.replace("__typename", "__schema{types{name fields{name}}}"), init=True),
    ),
    Input("2,000 subscriptions on a socket", "reader", subscribing(2000)),
    Input("40 streams that nobody reads", "reader", unread_events(40)),
]


def passwords(world: World, who: Who) -> str:
    """Wrong ones for the administrator, who signs in all the same."""
    statuses: dict[int, int] = {}
    with world.client("nobody") as http:
        for at in range(80):
            answer = http.post("/login", json={"username": "admin", "password": f"wrong {at}"})
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
    return ", ".join(f"{status} x {number}" for status, number in sorted(statuses.items()))


PASSWORDS = [Input("80 wrong passwords of admin", "nobody", passwords)]
