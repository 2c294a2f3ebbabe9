"""Which server processes are alive: one heartbeat a process, however many jobs it runs.

The jobs of a process that has been silent for longer than the lease may be taken over by any other.
"""

import asyncio
import time
from contextlib import suppress
from math import inf

from pymongo.errors import PyMongoError

from ...models.documents.server import Server
from .collections import collection_of
from .outage import Outage

BEATS_IN_A_LEASE = 5


class Servers:
    """`name` is this process; `lease` is how long, in milliseconds, a silent one keeps its jobs."""

    def __init__(self, name: str, lease: int) -> None:
        self._name = name
        self._lease = lease
        self._servers = collection_of(Server)
        self.outage = Outage()
        self._beaten = -inf

    async def beat(self) -> None:
        """Say that this process is alive."""
        began = time.monotonic()
        await self._servers.update_one({"_id": self._name}, {"$currentDate": {"seen": True}}, upsert=True)
        self._beaten = began

    def is_fresh(self) -> bool:
        """Whether the others surely take this process for alive."""
        return time.monotonic() - self._beaten < self._lease / 1000

    async def keep_beating(self, closing: asyncio.Event) -> None:
        """Say so until `closing` is set, whatever else this process is busy with."""
        while not closing.is_set():
            try:
                await self.beat()
                self.outage.end()
            except PyMongoError as fault:
                self.outage.notice(fault)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._lease / 1000 / BEATS_IN_A_LEASE):
                    await closing.wait()

    async def alive(self) -> list[str]:
        """The processes that are not silent."""
        recent = {"$gte": ["$seen", {"$subtract": ["$$NOW", self._lease]}]}
        return [one["_id"] async for one in self._servers.find({"$expr": recent}, {"_id": 1})]

    async def leave(self) -> None:
        """Say that this process is gone: others need not wait."""
        await self._servers.delete_one({"_id": self._name})
