"""Leases: the heartbeat of a server process, and the jobs whose server is gone.

A new job is stored with the lease of its server, and one job is taken over by its id: both in jobs.py.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from zlib import crc32

from pymongo.errors import PyMongoError

from ...models.documents.event import JobEvent
from ...models.documents.job import Server, TaskIteration
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.state_version import KNOWN, VERSION_KEY
from ...models.json import JsonObject
from .collections import Collection, collection_of
from .outage import Outage
from .outbox import OUTBOX

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


# The fields that show whether a job only waits: no values, and of the outbox only the names of the iterations.
_GLANCE = dict.fromkeys(
    ("status", "tasks", "workflow_version", "lease", "inbox.id", "event._id", "metrics.start_time", VERSION_KEY), 1
) | {f"{OUTBOX}.{key}": 1 for key in ("parts", "iterations._id", "iterations.seq")}


@dataclass(frozen=True)
class Orphans:
    """Ids of jobs that no living server runs: this server's share, that of the others, and the silent servers."""

    mine: Sequence[str] = ()
    others: Sequence[str] = ()
    silent: Sequence[str] = ()


@dataclass(frozen=True)
class Children:
    """The child jobs of one attempt of a task: the numbers of stored ones and of ended ones."""

    stored: int = 0
    ended: int = 0


class Orphanage:
    """The jobs of servers that are gone. `owner` is this process; `openable` is the condition of the jobs whose secrets
    this process can open.
    """

    def __init__(
        self, owner: str, jobs: Collection[JobHeader], servers: Servers, openable: Mapping[str, object]
    ) -> None:
        self._openable = openable
        self._owner = owner
        self._jobs = jobs
        self._servers = servers
        self._tasks = collection_of(TaskIteration)
        self._events = collection_of(JobEvent)

    @property
    def adoption(self) -> JsonObject:
        return {"$set": {"lease.owner": self._owner}, "$inc": {"lease.epoch": 1, "lease.adoptions": 1}}

    async def find(self, most: int) -> Orphans:
        """At most so many orphans: jobs that are not over, or have a command in the inbox."""
        query: dict[str, object] = {
            "workflow_version": {"$exists": True},
            **KNOWN,
            **self._openable,
            "$or": await self.conditions(),
        }
        found = [one async for one in self._jobs.find(query, {"lease.owner": 1}).limit(most)]
        if not found:
            return Orphans()
        # The second read of the living servers finds those that started since the first.
        alive = {*await self._servers.alive(), self._owner}
        silent = {owner for one in found if (owner := _owner_of(one)) is not None} - alive
        ids = [one["_id"] for one in found if (owner := _owner_of(one)) is None or owner in silent]
        rank, of = sorted(alive).index(self._owner), len(alive)
        mine = [id for id in ids if crc32(id.encode()) % of == rank]
        kept = set(mine)
        return Orphans(mine, [id for id in ids if id not in kept], sorted(silent))

    async def take(self, ids: Sequence[str], silent: Sequence[str]) -> list[JobHeader]:
        """Take the jobs of silent servers, and those without a server; the small headers of the jobs taken."""
        free = {"$or": [{"lease.owner": {"$in": list(silent)}}, _UNOWNED]}
        still = {"_id": {"$in": list(ids)}, **KNOWN, **self._openable, **free}
        await self._jobs.update_many(still, self.adoption)
        return await self.glances(ids)

    async def glances(self, ids: Sequence[str]) -> list[JobHeader]:
        """The small headers of those of the jobs that are this process's."""
        mine = {"_id": {"$in": list(ids)}, "lease.owner": self._owner}
        return [one async for one in self._jobs.find(mine, _GLANCE)]

    async def conditions(self) -> list[JsonObject]:
        """Conditions of jobs that are not over and that no living server runs; each job fulfils one of them."""
        alive = await self._servers.alive()
        return [{"lease.owner": {"$exists": True, "$nin": [*alive, self._owner]}}, _UNOWNED]

    async def filter_written(self, glances: Sequence[JobHeader]) -> list[JobHeader]:
        """Those of the jobs whose last advance is written completely: iterations and event."""
        whole = [one for one in glances if OUTBOX in one and not one[OUTBOX].get("parts")]
        iterations = [each for one in whole for each in _iterations_of(one)]
        found = self._tasks.find({"_id": {"$in": [one["_id"] for one in iterations]}}, {"seq": 1})
        seqs = {one["_id"]: one.get("seq", -1) async for one in found} if iterations else {}
        events = [event for one in whole if (event := _event_of(one))]
        told = {one["_id"] async for one in self._events.find({"_id": {"$in": events}}, {"_id": 1})}
        return [
            one
            for one in whole
            if _event_of(one) in told
            and all(seqs.get(each["_id"], -1) >= each.get("seq", 0) for each in _iterations_of(one))
        ]

    async def sizes(self, iteration_ids: Sequence[str]) -> dict[str, tuple[int, bool]]:
        """By iteration, the number of children of its task, and whether they start one after the other.

        Iterations with large values are left out.
        """
        values = "$children.variables"
        project: JsonObject = {
            "number": {"$cond": [{"$isArray": values}, {"$size": {"$ifNull": [values, []]}}, -1]},
            "sequential": "$children.sequential",
        }
        stages: list[JsonObject] = [{"$match": {"_id": {"$in": list(iteration_ids)}}}, {"$project": project}]
        found = await self._tasks.aggregate(stages)
        return {one["_id"]: (one["number"], bool(one.get("sequential"))) async for one in found if one["number"] >= 0}

    async def children(self, parents: Sequence[str], ends: Sequence[str]) -> dict[tuple[str, str, int, int], Children]:
        """The numbers of children by parent, task, iteration and attempt."""
        stages: list[JsonObject] = [
            {"$match": {"parent.job": {"$in": list(parents)}}},
            {
                "$group": {
                    "_id": {key: f"$parent.{key}" for key in ("job", "task", "iteration", "attempt")},
                    "stored": {"$sum": 1},
                    "ended": {"$sum": {"$cond": [{"$in": ["$status", list(ends)]}, 1, 0]}},
                }
            },
        ]
        found = await self._jobs.aggregate(stages)
        return {
            (one["_id"]["job"], one["_id"]["task"], one["_id"]["iteration"], one["_id"]["attempt"]): Children(
                one["stored"], one["ended"]
            )
            async for one in found
        }


_UNOWNED: JsonObject = {"lease": {"$exists": False}, "inbox.id": {"$exists": True}}


def _owner_of(job: JobHeader) -> str | None:
    lease = job.get("lease")
    return lease["owner"] if lease else None


def _event_of(glance: JobHeader) -> str | None:
    event = glance.get("event")
    return event["_id"] if event else None


def _iterations_of(glance: JobHeader) -> list[IterationDocument]:
    return glance.get(OUTBOX, {}).get("iterations", [])
