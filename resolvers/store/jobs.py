"""The jobs collection as the runner uses it: guarded writes, leases, and reads of the whole state.

Every write names the sequence number and the lease it expects. A process that lost its lease writes nothing.
"""

from datetime import UTC, datetime

from pymongo import UpdateOne
from pymongo.errors import DocumentTooLarge

from ...models.documents.ids import stored_ids
from ...models.documents.job import Job, TaskIteration
from ...models.documents.stored import NotStorable
from ...models.json import JsonObject, is_object, object_at
from .collections import collection_of
from .large_values import LargeValues
from .tasks import PARTS, TaskStore
from .writer import Writer


class LostLease(Exception):
    """Another process runs this job now, or the job was deleted: what we hold of it is out of date."""


class JobStore:
    """`owner` names this process in leases; `lease` is how long, in milliseconds, a silent owner keeps its jobs."""

    def __init__(self, owner: str, lease: int, large: LargeValues) -> None:
        self.owner = owner
        self.lease = lease
        self.large = large
        self._jobs = collection_of(Job)
        self._tasks = collection_of(TaskIteration)
        self._writer = Writer(self._jobs)
        self.tasks = TaskStore(large)

    async def insert(self, document: JsonObject) -> None:
        """Store a new job, owned by this process; AlreadyStored when its id or idempotency key is taken."""
        document["lease"] = {"owner": self.owner, "epoch": 1, "renewed": datetime.now(UTC)}
        slim = await self.large.put_aside(document["_id"], document["variables"])
        await self._writer.insert({**document, "variables": slim})

    async def find(self, job_id: str) -> JsonObject | None:
        """The whole job, its large values included."""
        return await self._whole(await self._jobs.find_one({"_id": {"$in": stored_ids(job_id)}}))

    async def find_by_key(self, idempotency_key: str) -> JsonObject | None:
        return await self._whole(await self._jobs.find_one({"idempotency.key": idempotency_key}))

    async def iterations(self, ids: list[str]) -> dict[str, JsonObject]:
        """Iteration documents by task id, their large values included."""
        found = [await self.tasks.whole(one) async for one in self._tasks.find({"_id": {"$in": ids}})]
        return {one["job"]["task"]: one for one in found}

    async def _whole(self, found: JsonObject | None) -> JsonObject | None:
        if found is not None and is_object(found.get("variables")):
            found["variables"] = await self.large.bring_back(found["variables"])
        return found

    async def save(self, job_id: str, seq: int, epoch: int, fields: JsonObject, iterations: list[JsonObject]) -> None:
        """Store an advance: first the iterations, then the header that refers to them, if the lease still holds.

        NotStorable when a document of it is larger than the database takes.
        """
        if "variables" in fields:
            fields["variables"] = await self.large.put_aside(job_id, fields["variables"])
        for document in iterations:
            for part in PARTS:
                document["variables"][part] = await self.large.put_aside(job_id, document["variables"][part])
        writes = [UpdateOne({"_id": document["_id"]}, _written(document), upsert=True) for document in iterations]
        expected = {"_id": job_id, "seq": seq, "lease.epoch": epoch}
        try:
            if writes:
                await self._tasks.bulk_write(writes, ordered=False)
            result = await self._jobs.update_one(expected, {"$set": fields, "$inc": {"seq": 1}})
        except DocumentTooLarge as fault:
            raise NotStorable("what the job's tasks produced", str(fault)) from fault
        if result.matched_count == 0:
            raise LostLease(job_id)

    async def release(self, job_id: str, epoch: int) -> None:
        """Give up the lease: the job is over, or is not ours any more."""
        self.large.forget(job_id)
        await self._jobs.update_one({"_id": job_id, "lease.epoch": epoch}, {"$unset": {"lease": ""}})

    async def renew(self) -> None:
        """Keep the leases of this process; the moment is the database's, since hosts' clocks differ."""
        await self._jobs.update_many({"lease.owner": self.owner}, {"$currentDate": {"lease.renewed": True}})

    async def adopt(self) -> JsonObject | None:
        """Take over one running job whose owner has been silent for longer than the lease, or that has none."""
        silent = {"$lt": ["$lease.renewed", {"$subtract": ["$$NOW", self.lease]}]}
        found = await self._jobs.find_one_and_update(
            {
                "status": "running",
                "workflow_version": {"$exists": True},
                "$or": [{"lease": {"$exists": False}}, {"$expr": silent}],
            },
            {
                "$set": {"lease.owner": self.owner},
                "$inc": {"lease.epoch": 1},
                "$currentDate": {"lease.renewed": True},
            },
            return_document=True,
        )
        return await self._whole(found)

    async def ended(self, job_ids: list[str]) -> list[JsonObject]:
        """Those of the jobs that are complete or canceled, with their variables."""
        query = {"_id": {"$in": job_ids}, "status": {"$in": ["complete", "canceled"]}}
        found = [one async for one in self._jobs.find(query, {"status": 1, "variables": 1})]
        for one in found:
            await self._whole(one)
        return found

    async def close(self) -> None:
        """Store what is on its way, and let other processes take the jobs at once."""
        await self._writer.close()
        await self._jobs.update_many({"lease.owner": self.owner}, {"$unset": {"lease": ""}})


def _written(iteration: JsonObject) -> JsonObject:
    """The update for an iteration: it leaves alone what people write there, until their answer has been taken."""
    fields = {key: value for key, value in iteration.items() if key != "metrics"}
    metrics = {f"metrics.{key}": value for key, value in object_at(iteration, "metrics").items()}
    taken = {} if iteration.get("waits_for") == "person" else {"$unset": {"answer": ""}}
    return {"$set": {**fields, **metrics}, **taken}
