"""Being stopped: the server takes no more work, and whoever waits for something is told how it stands."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Closing(asyncio.Event):
    """Set when the server begins to be stopped: before its jobs are handed over, while requests are still answered."""

    def __init__(self) -> None:
        super().__init__()
        self._waits: set[asyncio.Timeout] = set()

    def set(self) -> None:
        super().set()
        for wait in self._waits:
            wait.reschedule(0)

    @asynccontextmanager
    async def interrupting(self) -> AsyncGenerator[None]:
        """TimeoutError out of whatever is waited for inside, from the moment that it is set."""
        async with asyncio.timeout(0 if self.is_set() else None) as wait:
            self._waits.add(wait)
            try:
                yield
            finally:
                self._waits.discard(wait)
