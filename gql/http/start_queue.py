"""The queue of requests that may start jobs: a few begin in each turn of the event loop; others wait or are refused."""

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
from ..auth.authentication import ARRIVAL
from ..errors import retry_after
from .bodies import LARGEST_ANONYMOUS

STARTING_FIELDS: Final = (b"startJob", b"runEndpointTrigger", b"runManualTrigger")
MOST_IN_A_TURN = 8  # requests in a turn of the event loop; the cheapest refusal takes 0.2 ms of processor time
LARGEST_HELD = 16 * 1024  # bytes of a waiting request; a larger request does not wait
MOST_HELD = 32 * 1024 * 1024  # bytes of all waiting requests; at the limit, further requests do not wait


def may_start(data: bytes) -> bool:
    """Whether the first bytes of a request may belong to a start; the test need not recognize every start."""
    if not data.startswith(b"POST ") or len(data) > LARGEST_HELD:
        return False
    return not data.startswith(b"POST /graphql") or any(field in data for field in STARTING_FIELDS)


class StartTurns:
    """Begins the waiting requests in order, a few in each turn of the running event loop."""

    def __init__(self) -> None:
        self._call_soon = asyncio.get_running_loop().call_soon
        self._waiting: deque[Callable[[], None]] = deque()
        self._left = MOST_IN_A_TURN
        self._held = 0

    def take(self, begin: Callable[[], None], size: int = 0) -> bool:
        """Whether the request may begin at once; otherwise the queue calls `begin` later.

        The queue counts the bytes of a waiting request until `give_back`.
        """
        if self._left == MOST_IN_A_TURN:
            self._call_soon(self._begin_turn)
        if self._left and not self._waiting:
            self._left -= 1
            return True
        if not self.hold(size):
            return True
        self._waiting.append(begin)
        return False

    def hold(self, size: int) -> bool:
        """Count so many more waiting bytes; False at the limit."""
        if self._held + size > MOST_HELD:
            return False
        self._held += size
        return True

    def give_back(self, size: int) -> None:
        self._held -= size

    def _begin_turn(self) -> None:
        self._left = MOST_IN_A_TURN
        if self._waiting:
            self._call_soon(self._begin_turn)  # after the requests that came in meanwhile
        while self._left and self._waiting:
            self._left -= 1
            self._waiting.popleft()()


_turns_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, StartTurns] = WeakKeyDictionary()


def turns_of(loop: asyncio.AbstractEventLoop) -> StartTurns:
    """The turns of an event loop, which all connections share."""
    if loop not in _turns_by_loop:
        _turns_by_loop[loop] = StartTurns()
    return _turns_by_loop[loop]


log = logging.getLogger("jobyard")

LARGEST_WAITING = LARGEST_ANONYMOUS  # bytes of a waiting body; a larger body enters the admission when the start begins

_PROBE_PATHS = ("/healthz", "/readyz")  # both paths report the shutdown themselves


class StartQueue:
    """ASGI middleware: 503 for starts above the server's capacity. `starts`: beginnings of paths that start jobs."""

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
        """Answer the request, even when uvicorn cancels the request at the shutdown: no answer breaks off."""
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
        closing = self._services.closing.is_set() and path not in _PROBE_PATHS
        may_start = scope["method"] == "POST" and (path == "/graphql" or path.startswith(self._starts))
        if not closing and not may_start:
            await self._app({**scope, ARRIVAL: arrival}, receive, answer.send)
            return
        receiver = BodyReceiver(arrival, receive)
        try:
            if _is_small(scope):  # a client may lose an answer that comes before the end of the body
                await receiver.receive_all()
            if closing:
                raise ShuttingDown(RETRY_SECONDS)
            if receiver.has_all and (path != "/graphql" or receiver.mentions(STARTING_FIELDS)):
                await arrival.reserve_place(self._services.admission)
            answer.arrival = arrival
            await self._app({**scope, ARRIVAL: arrival}, receiver.receive, answer.send)
        except CallerGone:
            pass  # the client has closed the connection
        except (Overloaded, ShuttingDown, WorkersInactive) as problem:
            if may_start:
                STARTS_REFUSED.labels(problem.code).inc()
                log.info("start refused: %s", problem.code, extra=about("start_refused", code=problem.code))
            await unavailable(problem, scope)(scope, receive, answer.send)
        finally:
            arrival.release_place()
            receiver.end()


class Answer:
    """The answer to a caller. While the server stops, the answer closes the connection."""

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
                self.arrival.release_place()  # a streaming operation may start jobs for hours
            if self._services.closing.is_set():
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
        await self._send(message)
        self._complete = message["type"] == "http.response.body" and not message.get("more_body", False)

    async def end(self, scope: Scope, receive: Receive) -> None:
        """End an unfinished answer: between two frames of a stream, or with 503."""
        if not self._started:
            await unavailable(ShuttingDown(RETRY_SECONDS), scope)(scope, receive, self.send)
        elif not self._complete:
            with suppress(RuntimeError):  # an answer with Content-Length cannot end before
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})


class BodyReceiver:
    """Receives the body of a request, and then watches whether the client disconnects."""

    def __init__(self, arrival: Arrival, receive: Receive) -> None:
        self._arrival = arrival
        self._receive = receive
        self._watching: asyncio.Task[Message] | None = None
        self._replay_message: Message | None = None
        self._body = b""
        self.has_all = False

    async def receive_all(self) -> None:
        """Receive the whole body, for `receive` to return later. CallerGone where the client disconnects before the
        end.
        """
        body = bytearray()
        while self._watching is None:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise CallerGone
            body += message.get("body", b"")
        self._body = bytes(body)
        self._replay_message = {"type": "http.request", "body": self._body, "more_body": False}
        self.has_all = True

    def mentions(self, words: tuple[bytes, ...]) -> bool:
        """Whether the body contains one of the words; other starts enter the admission later."""
        return any(word in self._body for word in words)

    async def receive(self) -> Message:
        if self._replay_message is not None:
            message, self._replay_message = self._replay_message, None
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
    """503 with Retry-After, for GraphQL or REST; over a WebSocket, the answer to the handshake."""
    facts: JsonObject = {"code": problem.code, **problem.facts}
    body: JsonObject = (
        {"errors": [{"message": problem.message, "extensions": facts}]}
        if scope["path"] == "/graphql"
        else {"message": problem.message, "data": None, "metadata": facts}
    )
    return Response(orjson.dumps(body), 503, retry_after(facts), "application/json")


def _is_small(scope: Scope) -> bool:
    announced = Headers(scope=scope).get("content-length", "")
    if not announced:
        return scope["method"] != "POST"  # the size of a chunked body is unknown
    return announced.isdecimal() and len(announced) < 10 and int(announced) <= LARGEST_WAITING
