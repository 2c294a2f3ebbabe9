"""Clocks: a server uses the database's time; a rehearsal and the tests have clocks of their own."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

SLOWED = 0.5  # speed of the clock while it is ahead


class Clock(Protocol):
    def now(self) -> int:
        """Epoch milliseconds."""
        ...

    async def sleep_until(self, at: int) -> None: ...


def wall_clock() -> int:
    return time.time_ns() // 1_000_000


def monotonic_milliseconds() -> float:
    """Milliseconds since a fixed moment; changes of the wall clock do not matter."""
    return time.monotonic_ns() / 1_000_000


class SystemClock:
    """The clock of this machine, adjusted to the clock of the database.

    The first adjustment comes before the first use, and more follow. The clock never goes back: while it is ahead of
    the database it runs more slowly.
    """

    def __init__(
        self, wall: Callable[[], int] = wall_clock, running: Callable[[], float] = monotonic_milliseconds
    ) -> None:
        self._wall = wall
        self.running = running
        self._offset: float | None = None  # from `running` to the other clock
        self._ahead = 0.0  # of the other clock, at the last adjustment
        self._adjusted_at = 0.0

    def now(self) -> int:
        return self._wall() if self._offset is None else int(self._adjusted(self._offset, self.running()))

    def adjust(self, before: float, other: int, after: float) -> None:
        """Take a reading of the other clock: it showed `other` (a full millisecond) between `before` and `after`, two
        moments of `running`.

        The offset changes only as far as the reading contradicts it: a slow answer changes nothing.
        """
        least, most = other - after, other + 1 - before
        if self._offset is None:
            self._offset = (least + most) / 2
            return
        at = self.running()
        shown = self._adjusted(self._offset, at)
        self._offset = min(max(self._offset, least), most)
        self._ahead, self._adjusted_at = max(0.0, shown - at - self._offset), at

    def _adjusted(self, offset: float, at: float) -> float:
        return at + offset + max(0.0, self._ahead - (at - self._adjusted_at) * (1 - SLOWED))

    async def sleep_until(self, at: int) -> None:
        """Return at or after the moment. For a past moment the call only yields to other tasks."""
        await asyncio.sleep(max(0, at - self.now()) / 1000)
        if self.now() < at:  # this clock ran more slowly than the event loop's
            await self.sleep_until(at)
