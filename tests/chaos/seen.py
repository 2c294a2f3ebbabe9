"""What the database holds of a run, read directly."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import AsyncMongoClient

from .copies import give_to, multiply

Document = dict[str, Any]

DATABASE = "jobyard"
LOOK_MILLISECONDS = 3000
ACTIVE = ("running", "paused")

_FIELDS = ("name", "status", "seq", "tasks", "variables", "error", "lease", "parent", "metrics.end_time")
_OF_AN_ITERATION = ("job._id", "job.task", "iteration", "status", "waits_for", "answer", "variables.outgoing")


@dataclass(frozen=True)
class Seen:
    """`events` are (job, number); `alive` are the servers that were heard within the lease, as leases name them."""

    at: float  # epoch milliseconds, by the database
    jobs: list[Document]
    iterations: list[Document]
    events: list[tuple[str, int]]
    alive: list[str]


@dataclass(frozen=True)
class Lease:
    owner: str | None
    epoch: int


@dataclass(frozen=True)
class Leases:
    """`jobs` are those that are not over; `silent` is how many seconds ago each server said that it lives."""

    jobs: dict[str, Lease]
    silent: dict[str, float]


def _whole(value: Any, aside: Mapping[str, Any]) -> Any:
    """The value that lies beside the document, if that is one; None where it is not there."""
    return aside.get(value["$job_data"]) if isinstance(value, dict) and "$job_data" in value else value


class Database:
    """`uri` is asked for at each look: the local mongod of a server has another port after a restart."""

    def __init__(self, uri: Callable[[], str], lease: float) -> None:
        self._uri = uri
        self._lease = lease

    async def seen(self) -> Seen:
        async with self._client() as client:
            database = client[DATABASE]
            now = (await client.admin.command("hello"))["localTime"].timestamp() * 1000
            aside = {one["_id"]: one["value"] async for one in database["job_data"].find({}, {"value": 1})}
            jobs = [one async for one in database["jobs"].find({}, dict.fromkeys(_FIELDS, 1))]
            iterations = [one async for one in database["tasks"].find({}, dict.fromkeys(_OF_AN_ITERATION, 1))]
            for variables in (one["variables"] for one in jobs):
                variables.update({name: _whole(value, aside) for name, value in variables.items()})
            for variables in (one["variables"] for one in iterations if "outgoing" in one.get("variables", {})):
                outgoing = variables["outgoing"] or {}
                outgoing.update({name: _whole(value, aside) for name, value in outgoing.items()})
            told = database["job_events"].find({"nudge": {"$exists": False}}, {"job": 1, "seq": 1})
            events = [(one["job"], one["seq"]) async for one in told]
            servers = [one async for one in database["servers"].find()]
        alive = [one["_id"] for one in servers if now - one["seen"].timestamp() * 1000 < self._lease * 1000]
        return Seen(now, jobs, iterations, events, alive)

    async def job_ids(self) -> set[str]:
        async with self._client() as client:
            return {one["_id"] async for one in client[DATABASE]["jobs"].find({}, {"_id": 1})}

    async def named(self, numbers: Iterable[str]) -> int:
        """How many jobs have one of the numbers."""
        async with self._client() as client:
            return await client[DATABASE]["jobs"].count_documents({"variables.number": {"$in": list(numbers)}})

    async def all_stored(self, ids: Sequence[str]) -> bool:
        """Whether the jobs wait, and all that they told is stored."""
        async with self._client() as client:
            database = client[DATABASE]
            waiting = await database["tasks"].count_documents({"job._id": {"$in": ids}, "waits_for": {"$ne": None}})
            told = await database["job_events"].count_documents({"job": {"$in": ids}, "seq": 1})
        return waiting == told == len(ids)

    async def multiply(self, ids: Sequence[str], times: int) -> list[str]:
        """Copies of these jobs, with all that belongs to them, so many of each: their ids."""
        async with self._client() as client:
            return await multiply(client[DATABASE], ids, times)

    async def give_copies_to(self, owner: str) -> None:
        async with self._client() as client:
            await give_to(client[DATABASE], owner)

    async def leases(self) -> Leases:
        async with self._client() as client:
            found = client[DATABASE]["jobs"].find({"status": {"$in": list(ACTIVE)}}, {"lease": 1}, batch_size=10_000)
            leases = {one["_id"]: one.get("lease", {}) async for one in found}
            silent = {"$divide": [{"$subtract": ["$$NOW", "$seen"]}, 1000]}
            servers = {
                one["_id"]: one["silent"] async for one in client[DATABASE]["servers"].find({}, {"silent": silent})
            }
        jobs = {id: Lease(lease.get("owner"), lease.get("epoch", 0)) for id, lease in leases.items()}
        return Leases(jobs, servers)

    async def waiting_for_people(self, ids: Iterable[str], most: int) -> list[str]:
        """Jobs among these whose task waits for a person."""
        async with self._client() as client:
            wanted = {"job._id": {"$in": list(ids)}, "waits_for": "person"}
            return [one["job"]["_id"] async for one in client[DATABASE]["tasks"].find(wanted).limit(most)]

    async def complete(self, ids: Iterable[str]) -> set[str]:
        """Which of these jobs are."""
        async with self._client() as client:
            wanted = {"_id": {"$in": list(ids)}, "status": "complete"}
            return {one["_id"] async for one in client[DATABASE]["jobs"].find(wanted, {"_id": 1})}

    async def movement(self) -> tuple[int, ...]:
        """Numbers that stay the same while nothing changes: jobs, those that are not over, writes, answers, events."""
        async with self._client() as client:
            database = client[DATABASE]
            active = {"$sum": {"$cond": [{"$in": ["$status", list(ACTIVE)]}, 1, 0]}}
            counts = {"_id": None, "jobs": {"$sum": 1}, "active": active, "writes": {"$sum": "$seq"}}
            found = [one async for one in await database["jobs"].aggregate([{"$group": counts}])]
            answers = await database["tasks"].count_documents({"answer.at": {"$exists": True}})
            events = await database["job_events"].estimated_document_count()
        return (*(found[0][key] for key in ("jobs", "active", "writes")), answers, events) if found else ()

    async def most_takeovers(self) -> int:
        """How often the job that was taken over most often was: each is another epoch of its lease."""
        async with self._client() as client:
            jobs = client[DATABASE]["jobs"].find({}, {"lease.epoch": 1}).sort("lease.epoch", -1).limit(1)
            found = [one async for one in jobs]
        return max(0, found[0].get("lease", {}).get("epoch", 1) - 1) if found else 0

    def _client(self) -> AsyncMongoClient[Document]:
        return AsyncMongoClient(
            self._uri(), serverSelectionTimeoutMS=LOOK_MILLISECONDS, tz_aware=True, socketTimeoutMS=30_000
        )
