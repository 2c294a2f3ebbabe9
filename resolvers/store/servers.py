"""The heartbeats of server processes. leases.py takes over the jobs of those that are silent."""

import asyncio
import time
from contextlib import suppress
from math import inf

from pymongo.errors import PyMongoError

from ...models.documents.job import Server
from .collections import collection_of
from .outage import Outage

BEATS_IN_A_LEASE = 5


class Servers:
    """The heartbeats. `name` is this process; `lease` is the milliseconds after which a silent server is gone."""

    def __init__(self, name: str, lease: int) -> None:
        self._name = name
        self._lease = lease
        self._servers = collection_of(Server)
        self.outage = Outage()
        self._beat_at = -inf

    async def beat(self) -> None:
        """Store a sign of life of this process."""
        began = time.monotonic()
        await self._servers.update_one({"_id": self._name}, {"$currentDate": {"seen": True}}, upsert=True)
        self._beat_at = began

    def is_fresh(self) -> bool:
        """Whether the last sign of life is so fresh that other servers take this process for alive."""
        return time.monotonic() - self._beat_at < self._lease / 1000

    async def keep_beating(self, closing: asyncio.Event) -> None:
        """Store signs of life until `closing` is set, whatever else this process does."""
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
        """The names of the processes that are alive."""
        recent = {"$gte": ["$seen", {"$subtract": ["$$NOW", self._lease]}]}
        return [one["_id"] async for one in self._servers.find({"$expr": recent}, {"_id": 1})]

    async def leave(self) -> None:
        """Remove this process, so that other servers need not wait for its silence."""
        await self._servers.delete_one({"_id": self._name})
