"""The time, as an argument: the server has the database's, a rehearsal and the tests have their own."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

SLOWED = 0.5  # how fast the clock runs while it is ahead


class Clock(Protocol):
    def now(self) -> int:
        """Epoch milliseconds."""
        ...

    async def sleep_until(self, at: int) -> None: ...


def wall_clock() -> int:
    return time.time_ns() // 1_000_000


def monotonic_milliseconds() -> float:
    """Milliseconds since some moment, whoever sets the wall clock."""
    return time.monotonic_ns() / 1_000_000


class SystemClock:
    """The clock of this machine, until it was told of another one: from then on that one, as far as it is known.

    It is told once before anybody asks it, and again and again afterwards. It never goes back: where it turns out to be
    ahead it goes more slowly until it is right.
    """

    def __init__(
        self, wall: Callable[[], int] = wall_clock, running: Callable[[], float] = monotonic_milliseconds
    ) -> None:
        self._wall = wall
        self.running = running
        self._offset: float | None = None  # from `running` to the other clock
        self._ahead = 0.0  # of the other clock, when it was last told of it
        self._adjusted_at = 0.0

    def now(self) -> int:
        return self._wall() if self._offset is None else int(self._adjusted(self._offset, self.running()))

    def adjust(self, before: float, other: int, after: float) -> None:
        """That the other clock showed `other` (a full millisecond) at a moment between these two of `running`.

        What that does not prove wrong of what is known already stays: an answer that took long changes nothing.
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
        """Return at or after the moment; one that is past yields to other tasks only."""
        await asyncio.sleep(max(0, at - self.now()) / 1000)
        if self.now() < at:  # it went more slowly than the event loop's, by a little or while it was ahead
            await self.sleep_until(at)
