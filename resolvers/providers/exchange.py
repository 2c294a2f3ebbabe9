"""One HTTP request and its answer, bounded in time and size. Redirects are answers like others: nobody follows them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property

import httpx

from ...models.json import Json
from ...models.language.errors import LanguageError
from ...models.language.json_text import from_json
from .places import Places

LARGEST_ANSWER = 16 * 1024 * 1024
_PAUSE = 0.1  # seconds before the first retry; each further one waits twice as long


class NoAnswer(Exception):
    """Nothing usable came back. The message goes on from "it": what happened, and what to look at."""


class Unreachable(NoAnswer):
    """No connection came about, so nothing was asked."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def text(self) -> str:
        return httpx.Response(self.status, headers=self.headers, content=self.body).text

    async def json(self) -> Json:
        """LanguageError where the body is no JSON. Read in a thread: 16 MB take a while."""
        try:
            return await asyncio.to_thread(from_json, self.body.decode())
        except UnicodeDecodeError:
            raise LanguageError("This text is not JSON: it is not UTF-8.") from None


class Exchanges:
    """The way out. It keeps no connection and no cookie, and takes no proxy or password from its surroundings.

    Whoever sends holds a place meanwhile, one of `places` for where the request goes: to wait for one is no part of
    its time.
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
        """The answer, whatever its status; NoAnswer after so many seconds, attempts to connect included."""
        request.headers.setdefault("User-Agent", "jobyard")
        request.headers["Accept-Encoding"] = "identity"  # what is small on its way may be too large here
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
