"""HTTP requests and their answers, bounded in time, size and number. A redirect is not followed."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property

import httpx

from ...models.json import Json
from ...models.language.errors import LanguageError
from ...models.language.javascript.json_text import from_json

AT_ONCE = 256  # to one place, where nobody chose a number
AT_ONCE_IN_ALL = 768  # each may be a socket: fewer than the 1024 files that systems let a process open
KEPT_FREE = 256  # of them, for places that hold fewer than
FEW = 4


@dataclass(frozen=True)
class _Waiting:
    most: int
    admitted: "asyncio.Future[None]"


class Places:
    """The numbers of requests in progress, by place: `room` in all, of which `kept_free` are for places with few."""

    def __init__(self, room: int = AT_ONCE_IN_ALL, kept_free: int = KEPT_FREE) -> None:
        self._free = room
        self._kept_free = kept_free
        self._taken: Counter[str] = Counter()
        self._waiting: dict[str, deque[_Waiting]] = {}  # by place, whoever came longest ago at its turn first

    @asynccontextmanager
    async def place(self, place: str, most: int = AT_ONCE) -> AsyncGenerator[None]:
        """Around a request to this place: wait until one more is allowed."""
        if place in self._waiting or not self._has_room(place, most):
            await self._wait_admission(place, most)
        else:
            self._take(place)
        try:
            yield
        finally:
            self._release(place)

    async def _wait_admission(self, place: str, most: int) -> None:
        waiting = _Waiting(most, asyncio.get_running_loop().create_future())
        self._waiting.setdefault(place, deque()).append(waiting)
        try:
            await waiting.admitted
        except asyncio.CancelledError:
            if waiting.admitted.cancelled():
                self._admit()  # the next one in the queue may need less room
            else:
                self._release(place)  # it was admitted, and will not go
            raise

    def _has_room(self, place: str, most: int) -> bool:
        taken = self._taken[place]
        few = taken < FEW and self._free > 0
        return taken < most and (few or taken < self._free - self._kept_free)

    def _take(self, place: str) -> None:
        self._taken[place] += 1
        self._free -= 1

    def _release(self, place: str) -> None:
        self._taken[place] -= 1
        if not self._taken[place]:
            del self._taken[place]
        self._free += 1
        self._admit()

    def _admit(self) -> None:
        """Admit waiting requests while there is room, one of each place in turn."""
        admitted = True
        while admitted:
            admitted = False
            for place, queue in list(self._waiting.items()):
                while queue and queue[0].admitted.cancelled():
                    queue.popleft()
                if queue and self._has_room(place, queue[0].most):
                    admitted = True
                    self._take(place)
                    queue.popleft().admitted.set_result(None)
                    del self._waiting[place]  # its next turn comes after those of the others
                    self._waiting[place] = queue
                if not queue:
                    del self._waiting[place]


LARGEST_ANSWER = 16 * 1024 * 1024
_PAUSE = 0.1  # seconds before the first retry; each further one waits twice as long


class NoAnswer(Exception):
    """The request got no usable answer. The message continues a sentence that begins with "it"."""


class Unreachable(NoAnswer):
    """No connection was made, so no request was sent."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def text(self) -> str:
        return httpx.Response(self.status, headers=self.headers, content=self.body).text

    async def json(self) -> Json:
        """The body as JSON, parsed in a thread, because 16 MB take long; LanguageError for other text."""
        try:
            return await asyncio.to_thread(from_json, self.body.decode())
        except UnicodeDecodeError:
            raise LanguageError("This text is not JSON: it is not UTF-8.") from None


class Exchanges:
    """The HTTP client. It reuses no connection and no cookie, and takes no proxy or password from the environment.

    A request needs one of the `places` for its destination; the wait for a place does not count as its time.
    """

    def __init__(self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._pause = pause
        self.places = Places()

    @cached_property
    def _transport(self) -> httpx.AsyncHTTPTransport:
        # Made when the first task needs it: reading the certificates takes some 25 ms.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        return httpx.AsyncHTTPTransport(verify=httpx.create_ssl_context(), limits=limits, trust_env=False)

    async def close(self) -> None:
        if "_transport" in self.__dict__:
            await self._transport.aclose()

    async def send(self, request: httpx.Request, seconds: float, retries: int = 0) -> Answer:
        """The answer, with any status; NoAnswer after so many seconds, which include attempts to connect."""
        request.headers.setdefault("User-Agent", "jobyard")
        request.headers["Accept-Encoding"] = "identity"  # a small compressed body may be too large uncompressed
        try:
            async with asyncio.timeout(seconds):
                return await self._attempts(request, retries)
        except TimeoutError:
            raise NoAnswer(f"did not answer within {seconds:g} seconds") from None
        except httpx.ConnectError as fault:
            raise Unreachable(f"cannot be reached: {fault}") from None
        except httpx.LocalProtocolError:
            raise NoAnswer("was not asked: a header or the address is not as HTTP has it") from None
        except httpx.HTTPError as fault:
            raise NoAnswer(f"broke off: {fault or type(fault).__name__}") from None

    async def _attempts(self, request: httpx.Request, retries: int) -> Answer:
        for attempt in range(retries):
            try:
                return await self._once(request)
            except httpx.ConnectError:
                await self._pause(_PAUSE * 2**attempt)
        return await self._once(request)

    async def _once(self, request: httpx.Request) -> Answer:
        response = await self._transport.handle_async_request(request)
        try:
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                raise NoAnswer("answered in a compressed form, though it was asked not to")
            body = bytearray()
            async for part in response.aiter_raw():
                body += part
                if len(body) > LARGEST_ANSWER:
                    raise NoAnswer(f"answered with more than {LARGEST_ANSWER} bytes")
            return Answer(response.status_code, response.headers, bytes(body))
        finally:
            await response.aclose()
