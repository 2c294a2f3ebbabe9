"""The pace of removals: they yield to starts and to everything else that the server and its database do."""

import asyncio
import time
from contextlib import suppress
from types import TracebackType
from typing import Final

from ..jobs.admission import Admission

REST: Final = 4.0  # removals take a fifth of the time at most
_SHORTEST_PAUSE: Final = 0.01  # seconds
_LONGEST_PAUSE: Final = 2.0
_LOOK_SECONDS: Final = 0.05
_PATIENCE: Final = 10.0  # to wait for a moment in which no start waits for a place


class Pacing:
    """Around each batch: before it, starts that wait come first; after it, a pause of REST times its duration.

    `closing` ends the waits.
    """

    def __init__(self, admission: Admission, *, closing: asyncio.Event | None = None) -> None:
        self._admission = admission
        self._closing = closing or asyncio.Event()
        self._began = 0.0

    async def __aenter__(self) -> None:
        until = time.monotonic() + _PATIENCE
        while self._admission.waiting and time.monotonic() < until and not self._closing.is_set():
            await self._wait(_LOOK_SECONDS)
        self._began = time.monotonic()

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        took = time.monotonic() - self._began
        await self._wait(min(_LONGEST_PAUSE, max(_SHORTEST_PAUSE, took * REST)))

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()
