"""The server processes on the database, and the jobs that each of them runs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ...models.documents.job import Job, Server
from ...models.documents.moments import iso
from ..search.paging import PATIENCE, limit_time
from ..services import Services
from ..store.collections import collection_of

MOST: Final = 100  # processes of the last day
MOST_COUNTED: Final = 100_000


@dataclass(frozen=True)
class ServerProcess:
    name: str
    seen: str  # ISO 8601, of the database's clock
    alive: bool
    jobs: int  # that its leases name: those that are not over
    own: bool  # whether it is the one that answers


async def listed(services: Services) -> list[ServerProcess]:
    """Those that were seen last come first."""
    alive = set(await services.jobs.servers.alive())
    own = services.jobs.owner
    found = [one async for one in collection_of(Server).find({}).sort("seen", -1).limit(MOST)]
    return [
        ServerProcess(name := one["_id"], _iso(one["seen"]), name in alive, await _jobs_of(name), name == own)
        for one in found
    ]


def _iso(seen: datetime) -> str:
    return iso(int(seen.replace(tzinfo=UTC).timestamp() * 1000))


async def _jobs_of(name: str) -> int:
    async with limit_time():
        jobs = collection_of(Job)
        return await jobs.count_documents({"lease.owner": name}, limit=MOST_COUNTED, maxTimeMS=PATIENCE)
