"""The pace of removals: they yield to starts and to everything else that the server and its database do."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, TypeVar

from ..jobs.admission import Admission

FEW: Final = 4  # families at once beside starts: a start waits for no more than the commands of these
REST: Final = 1.0  # removals take half of the time at most
REST_BESIDE_STARTS: Final = 12.0  # and beside starts a thirteenth
PATIENCE: Final = 0.5  # seconds that a batch waits in all for moments without a start, of which there may be none
_SHORTEST_PAUSE: Final = 0.01  # seconds
_LONGEST_PAUSE: Final = 2.0

Item = TypeVar("Item")


class Pacing:
    """Around each batch, whose commands `give_way` separates; after it, a pause in proportion to its duration.

    `closing` ends the waits.
    """

    def __init__(self, admission: Admission, *, closing: asyncio.Event | None = None) -> None:
        self._admission = admission
        self._closing = closing or asyncio.Event()
        self._began = 0.0
        self._waited = 0.0

    def batches(self, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
        """The items in batches: all of them in one, or a few in each while there are starts."""
        first = 0
        while first < len(items):
            size = FEW if self._admission.is_busy else len(items)
            yield items[first : first + size]
            first += size

    async def give_way(self) -> None:
        """Return in a moment in which no start is in progress, or when the patience of the batch is at an end."""
        began = time.monotonic()
        if self._waited < PATIENCE and not self._closing.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE - self._waited):
                    await self._admission.wait_idle()
        self._waited += time.monotonic() - began

    async def __aenter__(self) -> None:
        self._waited = 0.0
        await self.give_way()
        self._began, self._waited = time.monotonic(), 0.0

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        took = time.monotonic() - self._began - self._waited
        rest = REST_BESIDE_STARTS if self._admission.is_busy else REST
        with suppress(TimeoutError):
            async with asyncio.timeout(min(_LONGEST_PAUSE, max(_SHORTEST_PAUSE, took * rest))):
                await self._closing.wait()
