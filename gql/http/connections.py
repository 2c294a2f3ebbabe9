"""Limits of connections before authentication, in size and in time.

The parser's time for an endless header, chunk extension or trailer grows with the square of the length: the server
refuses such requests early. The server closes connections that send nothing, send too slowly or do not read, so that
places stay free for others.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from .headers import HEADERS
from .start_queue import LARGEST_HELD, may_start, turns_of

LARGEST_HEAD = 32 * 1024  # bytes of the request line and headers, and of the data between two parts of a body
REQUEST_SECONDS = 15.0  # for the arrival of a request, and another second for each SLOWEST bytes
SLOWEST = 16 * 1024
UNREAD_SECONDS = 60.0  # for a client that does not read
MOST_PINGS = 2_000  # pings of a WebSocket within PING_SECONDS
PING_SECONDS = 10.0
LARGEST_ANONYMOUS_MESSAGE = 256 * 1024  # bytes of a WebSocket message before authentication
LARGEST_MESSAGE = 16 * 1024 * 1024

ABORT = "jobyard.abort"  # the key of an HTTP request's extension with the function that cuts the connection
AUTHENTICATED = "jobyard.known"  # the key of a WebSocket's extension with the function to call after authentication

_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


def _refusal(status: str, text: str) -> bytes:
    """An answer that no application makes, after which the connection is closed."""
    headers = [
        *_HEADERS,
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(text)),
        (b"connection", b"close"),
    ]
    lines = b"".join(b"%b: %b\r\n" % header for header in headers)
    return b"HTTP/1.1 %b\r\n%b\r\n%b" % (status.encode(), lines, text.encode("ascii"))


_TOO_LARGE = _refusal("431 Request Header Fields Too Large", "The headers of the request are over the limit of 32 KB.")


class HeadTooLarge(Exception):
    """Stops the parsing of a request."""


class BoundedHttp(HttpToolsProtocol):
    """431 for more than LARGEST_HEAD bytes outside of a body; closes connections whose requests arrive too slowly.

    A request that may start a job waits for a turn.
    """

    request_seconds = REQUEST_SECONDS

    # With these attributes in the dictionary, each connection would take 3 kB instead of 0.3.
    __slots__ = ("_between", "_body_bytes", "_head", "_held", "_since", "_turns", "_unread_since")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._between = 0  # bytes since the last result of the parser
        self._body_bytes = 0
        self._head = 0  # bytes of the request line and headers, or of trailers
        self._since: float | None = None  # the begin of the wait for a request
        self._unread_since: float | None = None
        self._turns = turns_of(self.loop)
        self._held = b""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._release_held()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._held:
            if len(self._held) + len(data) <= LARGEST_HELD and self._turns.hold(len(data)):
                self._held += data
                return
            self._begin_held()
        elif self._is_idle() and may_start(data) and not self._turns.take(self._begin_held, len(data)):
            self._held = data
            return
        self._parse(data)

    def _begin_held(self) -> None:
        if (held := self._release_held()) and not self.transport.is_closing():
            self._parse(held)

    def _release_held(self) -> bytes:
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
        """431 or 400 for a request that the parser refuses."""
        if self._head > LARGEST_HEAD:
            self._refuse()
        else:
            self.transport.write(_refusal("400 Bad Request", msg))
            self.transport.close()

    def _is_idle(self) -> bool:
        cycle: Any = self.cycle  # None before the first request, against its declared type
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
        """Count a part of the head: one read may bring much more than LARGEST_HEAD."""
        self._head += size
        if self._head > LARGEST_HEAD:
            raise HeadTooLarge

    def on_headers_complete(self) -> None:
        self._between = 0
        most = self.limit_concurrency
        crowded = most is not None and max(len(self.connections), len(self.tasks)) >= most
        super().on_headers_complete()
        extensions: Any = self.scope.setdefault("extensions", {})
        extensions[ABORT] = self.transport.abort
        if crowded:  # uvicorn itself answers
            self.cycle.default_headers = [*self.cycle.default_headers, *_HEADERS]

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

    def check_speed(self, now: float) -> None:
        """Close the connection where the client is too slow, unless the server itself has paused reading."""
        if self._unread_since is not None and now > self._unread_since + UNREAD_SECONDS:
            self.transport.abort()
        elif self._is_late(now) and not self.flow.read_paused:
            self.transport.close()

    def _is_late(self, now: float) -> bool:
        return self._since is not None and now > self._since + self.request_seconds + self._body_bytes / SLOWEST

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_since = self.loop.time()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread_since = None


def bounded_http(request_seconds: float) -> type[BoundedHttp]:
    """The protocol with this time for the arrival of a request."""
    return type("BoundedHttp", (BoundedHttp,), {"request_seconds": request_seconds})


class BoundedWebSocket(WebSocketsSansIOProtocol):
    """Small messages before authentication, few pings, and an end for clients that do not read."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.conn.max_message_size = LARGEST_ANONYMOUS_MESSAGE
        self._send_response = self.conn.send_response
        self.conn.send_response = self._send_with_headers
        self._unread_since: float | None = None
        self._pings = 0
        self._counted_since = 0.0

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: Any = self.scope.setdefault("extensions", {})
            extensions[AUTHENTICATED] = self._lift_limit

    def _send_with_headers(self, response: Any) -> None:
        """Send the answer to a handshake, with the headers of every answer where it is refused."""
        if response.status_code != 101:
            for name, value in HEADERS.items():
                if name not in response.headers:
                    response.headers[name] = value
        self._send_response(response)

    def _lift_limit(self) -> None:
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

    def check_speed(self, now: float) -> None:
        """Close the connection of a client that does not read."""
        if self._unread_since is not None and now > self._unread_since + UNREAD_SECONDS:
            self.transport.abort()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_since = self.loop.time()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread_since = None


def check_connections(connections: Iterable[object]) -> None:
    """Close connections that are too slow: once a second for all, since a timer for each would take 0.5 kB."""
    now = asyncio.get_running_loop().time()
    for connection in list(connections):
        if isinstance(connection, BoundedHttp | BoundedWebSocket):
            connection.check_speed(now)
