"""Which server processes are alive: one heartbeat a process, however many jobs it runs.

The jobs of a process that has been silent for longer than the lease may be taken over by any other.
"""

from ...models.documents.server import Server
from .collections import collection_of


class Servers:
    """`name` is this process; `lease` is how long, in milliseconds, a silent one keeps its jobs."""

    def __init__(self, name: str, lease: int) -> None:
        self._name = name
        self._lease = lease
        self._servers = collection_of(Server)

    async def beat(self) -> None:
        """Say that this process is alive."""
        await self._servers.update_one({"_id": self._name}, {"$currentDate": {"seen": True}}, upsert=True)

    async def alive(self) -> list[str]:
        """The processes that are not silent."""
        recent = {"$gte": ["$seen", {"$subtract": ["$$NOW", self._lease]}]}
        return [one["_id"] async for one in self._servers.find({"$expr": recent}, {"_id": 1})]

    async def leave(self) -> None:
        """Say that this process is gone: others need not wait."""
        await self._servers.delete_one({"_id": self._name})
