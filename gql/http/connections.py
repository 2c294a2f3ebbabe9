"""Connections as they come in, before anybody knows who speaks: bounded in size and in time.

What does not end, a header, a chunk's extension or the trailers, costs the parser time with the square of its length:
it is refused early. Who says nothing, too little or reads nothing is hung up on, so that places are for others.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from .start_queue import LARGEST_HELD, may_start, turns_of

LARGEST_HEAD = 32 * 1024  # bytes of a request line and headers, and of what stands between two parts of a body
REQUEST_SECONDS = 15.0  # for a request to come in, and another second for each of SLOWEST bytes
SLOWEST = 16 * 1024
UNREAD_SECONDS = 60.0  # for a caller to read on
MOST_PINGS = 2_000  # of a WebSocket's own frames, which have no answer but pongs, within PING_SECONDS
PING_SECONDS = 10.0
LARGEST_OF_STRANGERS = 256 * 1024  # bytes of a WebSocket message before it is known who speaks
LARGEST_MESSAGE = 16 * 1024 * 1024

KNOWN = "jobyard.known"  # among a WebSocket's extensions: to call once it is known who speaks

_REFUSAL = b"The headers of the request are over the limit of 32 KB."
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"x-content-type-options: nosniff\r\nreferrer-policy: no-referrer\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(_REFUSAL), _REFUSAL)
)


class HeadTooLarge(Exception):
    """Ends the parsing of a request."""


class BoundedHttp(HttpToolsProtocol):
    """431 for what is more than LARGEST_HEAD without being a body; hangs up on requests that do not come in.

    A request that may start a job is held until it is its turn.
    """

    # With these in the dictionary too it would have over 30 keys, and take 3 kB for each connection instead of 0.3.
    __slots__ = ("_between", "_body_bytes", "_head", "_held", "_since", "_turns", "_unread_since")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._between = 0  # bytes since the parser last made something of them
        self._body_bytes = 0
        self._head = 0  # bytes of the request line and headers, or of trailers
        self._since: float | None = None  # a request is awaited
        self._unread_since: float | None = None
        self._turns = turns_of(self.loop)
        self._held = b""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._let_go()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._held:
            if len(self._held) + len(data) <= LARGEST_HELD and self._turns.hold(len(data)):
                self._held += data
                return
            self._have_turn()
        elif self._is_idle() and may_start(data) and not self._turns.take(self._have_turn, len(data)):
            self._held = data
            return
        self._parse(data)

    def _have_turn(self) -> None:
        if (held := self._let_go()) and not self.transport.is_closing():
            self._parse(held)

    def _let_go(self) -> bytes:
        held, self._held = self._held, b""
        self._turns.give_back(len(held))
        return held

    def _parse(self, data: bytes) -> None:
        self._between += len(data)
        if self._since is None and self._is_idle():
            self._await_request()
        super().data_received(data)
        if self._between > LARGEST_HEAD and not self.transport.is_closing():
            self._refuse()

    def _refuse(self) -> None:
        if self._is_idle() or not self.cycle.response_started:
            self.transport.write(_TOO_LARGE)
        self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """What the parser does not go on with."""
        if self._head > LARGEST_HEAD:
            self._refuse()
        else:
            super().send_400_response(msg)

    def _is_idle(self) -> bool:
        cycle: Any = self.cycle  # None at first, whatever its type says
        return cycle is None or cycle.response_complete

    def on_message_begin(self) -> None:
        self._between = self._body_bytes = self._head = 0
        self._await_request()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def _count(self, size: int) -> None:
        """A part of what came in one read, which may be much more than is refused early."""
        self._head += size
        if self._head > LARGEST_HEAD:
            raise HeadTooLarge

    def on_headers_complete(self) -> None:
        self._between = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._between = 0
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._between = 0
        self._since = None
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._since = None
        super().handle_websocket_upgrade()

    def _await_request(self) -> None:
        self._since = self.loop.time()

    def look(self, now: float) -> None:
        """Hang up, unless the caller is as quick as it must be, or it is we who do not read."""
        if self._unread_since is not None and now > self._unread_since + UNREAD_SECONDS:
            self.transport.abort()
        elif self._is_late(now) and not self.flow.read_paused:
            self.transport.close()

    def _is_late(self, now: float) -> bool:
        return self._since is not None and now > self._since + REQUEST_SECONDS + self._body_bytes / SLOWEST

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_since = self.loop.time()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread_since = None


class BoundedWebSocket(WebSocketsSansIOProtocol):
    """Small messages until it is known who speaks, few pings, and an end to who does not read."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.conn.max_message_size = LARGEST_OF_STRANGERS
        self._unread_since: float | None = None
        self._pings = 0
        self._counted_since = 0.0

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: Any = self.scope.setdefault("extensions", {})
            extensions[KNOWN] = self._know

    def _know(self) -> None:
        self.conn.max_message_size = LARGEST_MESSAGE

    def handle_ping(self) -> None:
        super().handle_ping()
        now = self.loop.time()
        if now - self._counted_since > PING_SECONDS:
            self._counted_since, self._pings = now, 0
        self._pings += 1
        if self._pings == MOST_PINGS:
            self.conn.fail(1008, "Too many pings")
            self.handle_parser_exception()

    def look(self, now: float) -> None:
        """Hang up on a caller that does not read."""
        if self._unread_since is not None and now > self._unread_since + UNREAD_SECONDS:
            self.transport.abort()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_since = self.loop.time()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread_since = None


def look_at_connections(connections: Iterable[object]) -> None:
    """Hang up on those that take too long: once a second for all, since a timer for each would take 0.5 kB."""
    now = asyncio.get_running_loop().time()
    for connection in list(connections):
        if isinstance(connection, BoundedHttp | BoundedWebSocket):
            connection.look(now)
