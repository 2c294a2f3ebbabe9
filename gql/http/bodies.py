"""Limits of request bodies: the server refuses a body that is too large before the rest of the application reads it."""

import asyncio
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Callable
from typing import overload

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...models.errors import BodyTooLarge
from ...models.visibility import ANONYMOUS
from ...resolvers.jobs.admission import Arrival
from ..auth.authentication import ARRIVAL

LARGEST_ANONYMOUS = 64 * 1024  # bytes of a body of an anonymous caller, who only needs to sign in
LARGE_BODY = 1024 * 1024
LARGE_AT_ONCE = 1  # bodies of the largest size
MOST_CONTAINERS = 500_000  # objects and arrays of a body; parsing more blocks other requests for half a second


class MemoryQueue:
    """The total bytes of large bodies in work: the objects of a parsed body take ten times its size.

    Further large bodies wait in order, and so do their senders; small bodies pass. While bodies wait, the requests in
    work have to hurry.
    """

    def __init__(self, most: int) -> None:
        self._free = self._most = most
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._working: dict[object, Callable[[], None]] = {}

    async def take(self, size: int) -> int:
        """Wait for the bytes; the number of bytes to give back afterwards."""
        size = min(size, self._most)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        self._admit_next()
        self._hurry()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back(size)
            raise
        return size

    def work(self, holder: object, hurry: Callable[[], None]) -> None:
        """Register a request in work; the queue calls `hurry` once others wait."""
        self._working[holder] = hurry
        self._hurry()

    def give_back(self, size: int, holder: object = None) -> None:
        self._working.pop(holder, None)
        self._free += size
        self._admit_next()

    @property
    def is_wanted(self) -> bool:
        """Whether anybody waits."""
        return any(not turn.done() for _, turn in self._waiting)

    def _hurry(self) -> None:
        if self.is_wanted:
            for hurry in self._working.values():
                hurry()

    def _admit_next(self) -> None:
        while self._waiting and (self._waiting[0][1].done() or self._waiting[0][0] <= self._free):
            size, turn = self._waiting.popleft()
            if not turn.done():
                self._free -= size
                turn.set_result(None)


class BodyLimit:
    """ASGI middleware: 413 for a body of more than `largest` bytes, with or without Content-Length."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app = app
        self._largest = largest
        self._memory = MemoryQueue(LARGE_AT_ONCE * largest)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        anonymous = scope["authentication"].caller is ANONYMOUS
        largest = min(self._largest, LARGEST_ANONYMOUS) if anonymous else self._largest
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > largest:
            await _refuse(send, _limit_message(largest, anonymous=anonymous))
            return
        size = int(announced) or largest if announced.isdigit() else largest
        held = _Held(self._memory, size, send, scope.get(ARRIVAL))
        try:
            await self._receive_body(scope, receive, held, largest, anonymous=anonymous)
        finally:
            held.give_back()

    async def _receive_body(
        self, scope: Scope, receive: Receive, held: "_Held", largest: int, *, anonymous: bool
    ) -> None:
        send, body = held.send, bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if len(body) > largest:
                await _refuse(send, _limit_message(largest, anonymous=anonymous))
                return
            if len(body) > LARGE_BODY:
                await held.take()
            if not message.get("more_body", False):
                break
        if too_many_containers(body):
            await _refuse(
                send, f"The request body has more than {MOST_CONTAINERS:,} objects and arrays. Send fewer at a time."
            )
            return
        await self._app(scope, _replay_body(bytes(body), receive), send)


class _Held:
    """The bytes that a request holds, until the answer begins: the parsed body is no longer needed then."""

    def __init__(self, memory: MemoryQueue, size: int, send: Send, arrival: Arrival | None) -> None:
        self._memory = memory
        self._size = size
        self._send = send
        self._arrival = arrival
        self._held_size: int | None = None

    async def take(self) -> None:
        """Wait for the bytes, at the first call alone."""
        if self._held_size is None:
            self._held_size = 0
            self._held_size = await self._memory.take(self._size)
            if self._arrival is not None:
                self._memory.work(self, self._arrival.hurry)

    def give_back(self) -> None:
        if self._held_size:
            self._memory.give_back(self._held_size, self)
            self._held_size = 0

    async def send(self, message: Message) -> None:
        self.give_back()
        await self._send(message)


def too_many_containers(body: bytes | bytearray) -> bool:
    """Whether parsing takes too long, by the number of brackets, with those inside of strings."""
    return len(body) > MOST_CONTAINERS and body.count(b"{") + body.count(b"[") > MOST_CONTAINERS


def _limit_message(largest: int, *, anonymous: bool) -> str:
    remedy = "Sign in first." if anonymous else "Send less at a time, or raise JOBYARD_LARGEST_BODY."
    return f"The request body is over the limit of {largest:,} bytes. {remedy}"


async def _refuse(send: Send, text: str) -> None:
    error = {"message": text, "extensions": {"code": BodyTooLarge.code}}
    # The body is valid as the envelope of the REST API and as a GraphQL answer.
    body = orjson.dumps({"message": text, "data": None, "metadata": error["extensions"], "errors": [error]})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _replay_body(body: bytes, receive: Receive) -> Receive:
    waiting = [True]

    async def replay() -> Message:
        if waiting:
            waiting.clear()
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replay


@overload
def without_bom(text: bytes) -> bytes: ...
@overload
def without_bom(text: str | bytes) -> str | bytes: ...
def without_bom(text: str | bytes) -> str | bytes:
    return text.removeprefix(BOM_UTF8) if isinstance(text, bytes) else text.removeprefix("\ufeff")
