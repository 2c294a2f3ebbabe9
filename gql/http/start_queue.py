"""The queue of requests that may start jobs: a few begin in a turn, the others wait or are refused."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from weakref import WeakKeyDictionary

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...models.errors import CallerGone, Overloaded, Problem, ShuttingDown, WorkersInactive
from ...models.json import JsonObject
from ...resolvers.jobs.admission import RETRY_SECONDS, Arrival
from ...resolvers.log_facts import about
from ...resolvers.metrics import STARTS_REFUSED
from ...resolvers.search.large_answers import answer_budget
from ...resolvers.services import Services
from ..auth.middleware import ARRIVAL
from ..errors import later
from .bodies import LARGEST_OF_NOBODY

STARTING_FIELDS: Final = (b"startJob", b"runEndpointTrigger", b"runManualTrigger")
MOST_IN_A_TURN = 8  # of the event loop; the cheapest refusal takes 0.2 ms of processor
LARGEST_HELD = 16 * 1024  # bytes of a request; a larger one comes in without a turn
MOST_HELD = 32 * 1024 * 1024  # bytes of all requests; what comes while so many are held comes in without a turn


def may_start(data: bytes) -> bool:
    """Whether these first bytes of a request may be those of a start: it is enough that most of them are known."""
    if not data.startswith(b"POST ") or len(data) > LARGEST_HELD:
        return False
    return not data.startswith(b"POST /graphql") or any(field in data for field in STARTING_FIELDS)


class Turns:
    """Those that wait are begun in their order, by the event loop that runs."""

    def __init__(self) -> None:
        self._call_soon = asyncio.get_running_loop().call_soon
        self._waiting: deque[Callable[[], None]] = deque()
        self._left = MOST_IN_A_TURN
        self._held = 0

    def take(self, begin: Callable[[], None], size: int = 0) -> bool:
        """Whether it is its turn, or too much is held; otherwise `begin` is called when it is.

        The bytes of what waits are held until they are given back.
        """
        if self._left == MOST_IN_A_TURN:
            self._call_soon(self._next)
        if self._left and not self._waiting:
            self._left -= 1
            return True
        if not self.hold(size):
            return True
        self._waiting.append(begin)
        return False

    def hold(self, size: int) -> bool:
        """Whether so many bytes more may wait."""
        if self._held + size > MOST_HELD:
            return False
        self._held += size
        return True

    def give_back(self, size: int) -> None:
        self._held -= size

    def _next(self) -> None:
        self._left = MOST_IN_A_TURN
        if self._waiting:
            self._call_soon(self._next)  # what came in meanwhile is before it
        while self._left and self._waiting:
            self._left -= 1
            self._waiting.popleft()()


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = WeakKeyDictionary()


def turns_of(loop: asyncio.AbstractEventLoop) -> Turns:
    """Of the event loop that runs; all connections share them."""
    if loop not in _turns:
        _turns[loop] = Turns()
    return _turns[loop]


log = logging.getLogger("jobyard")

LARGEST_WAITING = LARGEST_OF_NOBODY  # bytes of a body that waits: what is larger takes its place when it starts a job

_TOLD_BY = ("/healthz", "/readyz")  # they say themselves that the server is being stopped


class StartQueue:
    """ASGI middleware: 503 for what the server does not take on. `starts`: how the paths of starting routes begin."""

    def __init__(self, app: ASGIApp, services: Services, starts: tuple[str, ...]) -> None:
        self._app = app
        self._services = services
        self._starts = starts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif self._services.closing.is_set():
            await unavailable(ShuttingDown(RETRY_SECONDS), scope)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Also when uvicorn ends what takes too long while the server is being stopped: no answer breaks off."""
        answer = Answer(send, self._services)
        try:
            with answer_budget():
                await self._admit(scope, receive, answer)
        except asyncio.CancelledError:
            if not self._services.closing.is_set():
                raise
            await answer.end(scope, receive)

    async def _admit(self, scope: Scope, receive: Receive, answer: "Answer") -> None:
        arrival = Arrival()
        path: str = scope["path"]
        closing = self._services.closing.is_set() and path not in _TOLD_BY
        may_start = scope["method"] == "POST" and (path == "/graphql" or path.startswith(self._starts))
        if not closing and not may_start:
            await self._app({**scope, ARRIVAL: arrival}, receive, answer.send)
            return
        hearing = Hearing(arrival, receive)
        try:
            if _is_small(scope):  # an answer that came before the whole body would be lost with its connection
                await hearing.hear_all()
            if closing:
                raise ShuttingDown(RETRY_SECONDS)
            if hearing.has_all and (path != "/graphql" or hearing.mentions(STARTING_FIELDS)):
                await arrival.reserve_place(self._services.admission)
            answer.arrival = arrival
            await self._app({**scope, ARRIVAL: arrival}, hearing.receive, answer.send)
        except CallerGone:
            pass  # nobody is there to be answered
        except (Overloaded, ShuttingDown, WorkersInactive) as problem:
            if may_start:
                STARTS_REFUSED.labels(problem.code).inc()
                log.info("start refused: %s", problem.code, extra=about("start_refused", code=problem.code))
            await unavailable(problem, scope)(scope, receive, answer.send)
        finally:
            arrival.release_place()
            hearing.end()


class Answer:
    """What is sent to a caller. Its connection ends with it while the server is being stopped."""

    def __init__(self, send: Send, services: Services) -> None:
        self._send = send
        self._services = services
        self._started = False
        self._complete = False
        self.arrival: Arrival | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started = True
            if self.arrival is not None:
                self.arrival.release_place()  # what streams may start jobs for hours
            if self._services.closing.is_set():
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
        await self._send(message)
        self._complete = message["type"] == "http.response.body" and not message.get("more_body", False)

    async def end(self, scope: Scope, receive: Receive) -> None:
        """As well as it can be ended in the middle: between two frames of a stream, or with 503."""
        if not self._started:
            await unavailable(ShuttingDown(RETRY_SECONDS), scope)(scope, receive, self.send)
        elif not self._complete:
            with suppress(RuntimeError):  # it said how long it would be, and cannot be ended before
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})


class Hearing:
    """Hears the body of a request, and then whether its caller hangs up."""

    def __init__(self, arrival: Arrival, receive: Receive) -> None:
        self._arrival = arrival
        self._receive = receive
        self._watching: asyncio.Task[Message] | None = None
        self._heard: Message | None = None
        self._body = b""
        self.has_all = False

    async def hear_all(self) -> None:
        """Keep the whole body, and hand it out afterwards. CallerGone when the caller did not send all of it."""
        body = bytearray()
        while self._watching is None:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise CallerGone
            body += message.get("body", b"")
        self._body = bytes(body)
        self._heard = {"type": "http.request", "body": self._body, "more_body": False}
        self.has_all = True

    def mentions(self, words: tuple[bytes, ...]) -> bool:
        """Whether one of them is anywhere in the body; what is written in another way takes its place later."""
        return any(word in self._body for word in words)

    async def receive(self) -> Message:
        if self._heard is not None:
            message, self._heard = self._heard, None
            return message
        if self._watching is not None:
            return await asyncio.shield(self._watching)
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._arrival.mark_gone()
        elif not message.get("more_body", False):
            self._watching = asyncio.create_task(self._watch(), name="whether the caller is there")
        return message

    async def _watch(self) -> Message:
        message = await self._receive()
        self._arrival.mark_gone()
        return message

    def end(self) -> None:
        if self._watching is not None:
            self._watching.cancel()


def unavailable(problem: Problem, scope: Scope) -> Response:
    """503, over either API, with the time after which to come again. Over a WebSocket it answers the handshake."""
    facts: JsonObject = {"code": problem.code, **problem.facts}
    body: JsonObject = (
        {"errors": [{"message": problem.message, "extensions": facts}]}
        if scope["path"] == "/graphql"
        else {"message": problem.message, "data": None, "metadata": facts}
    )
    return Response(orjson.dumps(body), 503, later(facts), "application/json")


def _is_small(scope: Scope) -> bool:
    announced = Headers(scope=scope).get("content-length", "")
    if not announced:
        return scope["method"] != "POST"  # of a body in chunks nobody knows how large it is
    return announced.isdecimal() and len(announced) < 10 and int(announced) <= LARGEST_WAITING
