"""The time, as an argument: the server has the system's, a rehearsal and the tests have their own."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> int:
        """Epoch milliseconds."""
        ...

    async def sleep_until(self, at: int) -> None: ...


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    async def sleep_until(self, at: int) -> None:
        """Return at or after the moment; one that is past yields to other tasks only."""
        await asyncio.sleep(max(0, at - self.now()) / 1000)
        if self.now() < at:  # the event loop's clock and the wall clock drift apart by a little
            await self.sleep_until(at)
