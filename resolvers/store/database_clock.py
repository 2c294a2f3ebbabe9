"""The database's clock, which all servers on the database share: a stored moment means the same to all of them, however
far apart the clocks of their machines are.
"""

import asyncio
from contextlib import suppress
from typing import Any

from pymongo.errors import PyMongoError

from ..clock import SystemClock
from .outage import Outage

ASKED_EVERY = 10.0  # seconds: for so long a machine's own clock is exact enough
FIRST_TIMES = 3


class DatabaseClock:
    """Adjusts `clock` to that of the database: the first time in `ask`, then regularly in `run`."""

    def __init__(self, database: Any, clock: SystemClock, outage: Outage) -> None:
        self._database = database
        self._clock = clock
        self._outage = outage

    async def ask(self) -> None:
        """Read the database's clock several times: the quickest answer is the most exact."""
        for _ in range(FIRST_TIMES):
            await self._ask_once()

    async def run(self, closing: asyncio.Event) -> None:
        while not closing.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(ASKED_EVERY):
                    await closing.wait()
                    return
            try:
                await self._ask_once()
            except PyMongoError as fault:
                self._outage.notice(fault)

    async def _ask_once(self) -> None:
        before = self._clock.running()
        answer = await self._database.client.admin.command("hello")
        after = self._clock.running()
        self._clock.adjust(before, round(answer["localTime"].timestamp() * 1000), after)
