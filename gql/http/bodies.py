"""Bodies of requests: refused where they are too large, before anything reads them."""

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
from ..auth.middleware import ARRIVAL

LARGEST_OF_NOBODY = 64 * 1024  # bytes: who is not signed in has nothing to say but who they are
LARGE_BODY = 1024 * 1024
LARGE_AT_ONCE = 1  # of the largest
MOST_CONTAINERS = 500_000  # objects and arrays: to make more of them holds up everybody else for half a second


class Room:
    """Bytes that large bodies may have together while they are worked on: what is made of one takes ten times as much.

    Others wait in order, and their senders with them; a body that is not large goes by. Who has room while others wait
    is asked to hurry.
    """

    def __init__(self, most: int) -> None:
        self._free = self._most = most
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._working: dict[object, Callable[[], None]] = {}

    async def take(self, size: int) -> int:
        """What is to be given back afterwards."""
        size = min(size, self._most)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        self._pass_on()
        self._hurry()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back(size)
            raise
        return size

    def work(self, one: object, hurry: Callable[[], None]) -> None:
        """One has room and works; what it does to hurry is called once others wait."""
        self._working[one] = hurry
        self._hurry()

    def give_back(self, size: int, one: object = None) -> None:
        self._working.pop(one, None)
        self._free += size
        self._pass_on()

    def _hurry(self) -> None:
        if any(not turn.done() for _, turn in self._waiting):
            for hurry in self._working.values():
                hurry()

    def _pass_on(self) -> None:
        while self._waiting and (self._waiting[0][1].done() or self._waiting[0][0] <= self._free):
            size, turn = self._waiting.popleft()
            if not turn.done():
                self._free -= size
                turn.set_result(None)


class BodyLimit:
    """ASGI middleware: 413 for a body of more than `largest` bytes, whether announced or not."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app = app
        self._largest = largest
        self._room = Room(LARGE_AT_ONCE * largest)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nobody = scope["authentication"].caller is ANONYMOUS
        largest = min(self._largest, LARGEST_OF_NOBODY) if nobody else self._largest
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > largest:
            await _refuse(send, _over(largest, nobody=nobody))
            return
        size = int(announced) or largest if announced.isdigit() else largest
        taken = _Taken(self._room, size, send, scope.get(ARRIVAL))
        try:
            await self._hear(scope, receive, taken, largest, nobody=nobody)
        finally:
            taken.give_back()

    async def _hear(self, scope: Scope, receive: Receive, taken: "_Taken", largest: int, *, nobody: bool) -> None:
        send, body = taken.send, bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if len(body) > largest:
                await _refuse(send, _over(largest, nobody=nobody))
                return
            if len(body) > LARGE_BODY:
                await taken.take()
            if not message.get("more_body", False):
                break
        if too_many_containers(body):
            await _refuse(
                send, f"The request body has more than {MOST_CONTAINERS:,} objects and arrays. Send fewer at a time."
            )
            return
        await self._app(scope, _replayed(bytes(body), receive), send)


class _Taken:
    """The room that one request has, until its answer begins: then what was made of the body has done its work."""

    def __init__(self, room: Room, size: int, send: Send, arrival: Arrival | None) -> None:
        self._room = room
        self._size = size
        self._send = send
        self._arrival = arrival
        self._held: int | None = None

    async def take(self) -> None:
        """Once."""
        if self._held is None:
            self._held = 0
            self._held = await self._room.take(self._size)
            if self._arrival is not None:
                self._room.work(self, self._arrival.hurry)

    def give_back(self) -> None:
        if self._held:
            self._room.give_back(self._held, self)
            self._held = 0

    async def send(self, message: Message) -> None:
        self.give_back()
        await self._send(message)


def too_many_containers(body: bytes | bytearray) -> bool:
    """Whether making its JSON takes too long, as far as its brackets tell, those in texts included."""
    return len(body) > MOST_CONTAINERS and body.count(b"{") + body.count(b"[") > MOST_CONTAINERS


def _over(largest: int, *, nobody: bool) -> str:
    remedy = "Sign in first." if nobody else "Send less, or raise the limit of the server."
    return f"The request body is over the limit of {largest:,} bytes. {remedy}"


async def _refuse(send: Send, text: str) -> None:
    error = {"message": text, "extensions": {"code": BodyTooLarge.code}}
    # One answer that reads as the envelope of the REST door and as an answer of GraphQL.
    body = orjson.dumps({"message": text, "data": None, "metadata": {}, "errors": [error]})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _replayed(body: bytes, receive: Receive) -> Receive:
    waiting = [True]

    async def replay() -> Message:
        if waiting:
            waiting.clear()
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replay


@overload
def unmarked(text: bytes) -> bytes: ...
@overload
def unmarked(text: str | bytes) -> str | bytes: ...
def unmarked(text: str | bytes) -> str | bytes:
    return text.removeprefix(BOM_UTF8) if isinstance(text, bytes) else text.removeprefix("\ufeff")
