"""An answer of JSON that leaves in pieces, and a bound of all long answers that their clients have not read yet."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ...models.json_text import PIECE
from ...resolvers.log_facts import about
from ...resolvers.search.large_answers import end_budget
from .bodies import MemoryQueue
from .connections import ABORT

MOST_UNREAD: Final = 128 * 1024 * 1024  # bytes of all long answers that are being sent; further ones wait
HURRIED_SECONDS: Final = 20.0  # for an answer, while another one waits; then the connection is cut

log = logging.getLogger("jobyard")

_unread = MemoryQueue(MOST_UNREAD)


class JsonResponse(Response):
    """Sends the pieces of a JSON text as the client reads them, and drops each. The whole text of a long answer would
    be in memory three times on its way: joined, compressed, and in the buffer of the connection.
    """

    media_type = "application/json"

    def __init__(
        self,
        pieces: list[bytes],
        status: int,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
    ) -> None:
        self._size = sum(map(len, pieces))
        super().__init__(b"", status, {**(headers or {}), "content-length": str(self._size)}, media_type)
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._size <= PIECE:
            await self._send(send)
            return
        held = await _unread.take(self._size)
        end_budget()  # the values are written: the next large answer may be made while this one is read
        sending = _Sending(scope.get("extensions", {}).get(ABORT, _ignore))
        _unread.work(sending, sending.hurry)
        try:
            await self._send(send)
        finally:
            sending.end()
            _unread.give_back(held, sending)

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        self._pieces.reverse()
        message = bytearray()
        while self._pieces:
            message += self._pieces.pop()
            if len(message) >= PIECE and self._pieces:
                await send({"type": "http.response.body", "body": bytes(message), "more_body": True})
                message.clear()
        await send({"type": "http.response.body", "body": bytes(message)})


def _ignore() -> None:
    """For a connection that cannot be cut: that of a test."""


class _Sending:
    """One long answer on its way. `abort` cuts its connection."""

    def __init__(self, abort: Callable[[], None]) -> None:
        self._abort = abort
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._limit: asyncio.TimerHandle | None = None

    def hurry(self) -> None:
        """Another answer waits: from its beginning on, this one has HURRIED_SECONDS."""
        if self._limit is None:
            self._limit = self._loop.call_at(self._began + HURRIED_SECONDS, self._cut_off)

    def _cut_off(self) -> None:
        self._limit = None
        if _unread.is_wanted:  # whoever waited may have gone
            log.info("a long answer was cut off: others wait, and its client reads slowly", extra=about("answer_cut"))
            self._abort()

    def end(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
