"""Leases: which server process runs a job, and the jobs whose server is gone.

Each write of a running job expects the epoch of its lease.
"""

from collections.abc import Collection as Several
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from ...models.documents.event import JobEvent
from ...models.documents.job import TaskIteration
from ...models.documents.shapes.jobs import JobHeader, Lease
from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.state_version import KNOWN, VERSION_KEY, upgrade_of, upgraded
from ...models.json import JsonObject
from . import long_documents
from .advances import LostLease
from .collections import Collection, collection_of
from .keyring import Keyring
from .outbox import OUTBOX
from .servers import Servers

OWN_AT_ONCE = 1000  # ids in one batch: the event loop has a turn between two batches


def epoch_of(job: JobHeader) -> int:
    """The epoch of the lease in the job; LostLease for a job without a lease."""
    if "lease" not in job:
        raise LostLease(job["_id"])
    return job["lease"]["epoch"]


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


class Leases:
    """The leases of this process, which is the `owner`. Jobs are returned as they are stored; `load_opened` of the
    store completes them.
    """

    def __init__(self, owner: str, jobs: Collection[JobHeader], orphans: Orphanage, keyring: Keyring) -> None:
        self._owner = owner
        self._jobs = jobs
        self._orphans = orphans
        self._keyring = keyring

    def first(self) -> Lease:
        """The lease of a new job."""
        return {"owner": self._owner, "epoch": 1}

    async def adopt(self, job_id: str) -> JobHeader | None:
        """Take over this job, if no living server runs it, and if it is not over or has a command in its inbox."""
        query: dict[str, object] = {"_id": job_id, "workflow_version": {"$exists": True}, **KNOWN}
        query["$or"] = await self._orphans.conditions()
        query |= self._keyring.openable
        adopted = await self._jobs.find_one_and_update(query, self._orphans.adoption, return_document=True)
        return await self._upgrade_stored(adopted)

    async def read_own(self, job_ids: Several[str]) -> list[JobHeader]:
        """The headers of those of the jobs whose lease this process has."""
        mine: JsonObject = {"_id": {"$in": list(job_ids)}, "lease.owner": self._owner}
        found = [one async for one in long_documents.read(self._jobs, mine)]
        return [one for job in found if (one := await self._upgrade_stored(job)) is not None]

    async def filter_own(self, job_ids: Several[str]) -> list[str]:
        """The ids of those of the jobs whose lease this process has."""
        mine = {"_id": {"$in": list(job_ids)}, "lease.owner": self._owner}
        return [one["_id"] async for one in self._jobs.find(mine, {"_id": 1})]

    async def count_own(self) -> int:
        """The number of jobs whose lease this process has, read from an index."""
        return await self._jobs.count_documents({"lease.owner": self._owner})

    async def own_ids(self) -> list[str]:
        """The ids of all jobs whose lease this process has, also of jobs that it does not run."""
        found = self._jobs.find({"lease.owner": self._owner}, {"_id": 1}).batch_size(OWN_AT_ONCE)
        return [one["_id"] async for one in found]

    async def take_back(self, job_id: str) -> JobHeader | None:
        """Take a job of this process again, with a new epoch: writes of its earlier run are refused."""
        query: dict[str, object] = {"_id": job_id, "lease.owner": self._owner}
        change: dict[str, object] = {"$inc": {"lease.epoch": 1}}
        return await self._upgrade_stored(await self._jobs.find_one_and_update(query, change, return_document=True))

    async def _upgrade_stored(self, found: JobHeader | None) -> JobHeader | None:
        """The job that this process just took, upgraded and stored: later writes change only parts of the document."""
        if found is not None and (change := upgrade_of(found, upgraded("header", found))):
            as_it_was = {"_id": found["_id"], "seq": found["seq"], "lease.epoch": epoch_of(found)}
            found = await self._jobs.find_one_and_update(as_it_was, change, return_document=True)
        return found
