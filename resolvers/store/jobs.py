"""The jobs collection as the runner uses it: guarded writes, leases, and reads of the whole state.

Every write names the sequence number and the lease it expects. A process that lost its lease writes nothing.
"""

from collections.abc import Collection

from pymongo import UpdateOne

from ...models.access import SYSTEM, Caller, visible_of
from ...models.documents.ids import stored_ids
from ...models.documents.job import LOOKED_UP, Job, TaskIteration
from ...models.documents.secrets import CHILD_SECRETS
from ...models.json import Json, JsonObject, array_at, is_object, object_at
from .collections import collection_of
from .errors import fitting
from .indexes import hint_of
from .large_values import LargeValues
from .servers import Servers
from .tasks import PARTS, TaskStore
from .writer import Writer

_OF_AN_END = dict.fromkeys(("status", "variables", "decorators", CHILD_SECRETS), 1)


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
        self.servers = Servers(owner, lease)

    async def insert(self, document: JsonObject) -> None:
        """Store a new job, owned by this process; AlreadyStored when its id or idempotency key is taken."""
        document["lease"] = {"owner": self.owner, "epoch": 1}
        slim = await self.large.put_aside(document["_id"], document["variables"])
        await self._writer.insert({**document, "variables": slim})

    async def find(self, job_id: str, caller: Caller = SYSTEM) -> JsonObject | None:
        """The whole job, its large values included, if the caller may see it."""
        return await self._whole(await self._look_up(job_id, caller))

    async def exists(self, job_id: str, caller: Caller) -> bool:
        """Whether there is such a job that the caller may see."""
        return await self._look_up(job_id, caller, {"_id": 1}) is not None

    async def _look_up(self, job_id: str, caller: Caller, fields: JsonObject | None = None) -> JsonObject | None:
        # Without the hint the database may try an index that makes it read the document before it refuses.
        cursor = self._jobs.find(visible_of(caller, stored_ids(job_id)), fields).limit(1)
        return next(iter([one async for one in cursor.hint(hint_of(self._jobs, LOOKED_UP))]), None)

    async def find_by_key(self, idempotency_key: str) -> JsonObject | None:
        return await self._whole(await self._jobs.find_one({"idempotency.key": idempotency_key}))

    async def iterations(self, ids: list[str]) -> dict[str, JsonObject]:
        """Iteration documents by task id, their large values included."""
        found = {one["job"]["task"]: one async for one in self._tasks.find({"_id": {"$in": ids}})}
        for one in found.values():
            await self.tasks.whole(one)
            if is_object(one.get("children")):
                one["children"] = await self.large.bring_back(one["children"])
        return found

    async def _whole(self, found: JsonObject | None) -> JsonObject | None:
        if found is not None and is_object(found.get("variables")):
            found["variables"] = await self.large.bring_back(found["variables"])
        return found

    async def save(
        self,
        job_id: str,
        seq: int,
        epoch: int,
        fields: JsonObject,
        iterations: list[JsonObject],
        taken: Collection[str] = (),
    ) -> list[Json]:
        """Store an advance: first the iterations, then the header that refers to them, if the lease still holds.

        The same write takes the entries `taken` out of the inbox. The answer is the list of the groups that the job has
        now, which others may change. NotStorable when a document of it is larger than the database takes.
        """
        if "variables" in fields:
            fields["variables"] = await self.large.put_aside(job_id, fields["variables"])
        for document in iterations:
            for part in PARTS:
                document["variables"][part] = await self.large.put_aside(job_id, document["variables"][part])
            if "children" in document:
                document["children"] = await self.large.put_aside(job_id, document["children"])
        writes = [UpdateOne({"_id": document["_id"]}, _written(document), upsert=True) for document in iterations]
        expected = {"_id": job_id, "seq": seq, "lease.epoch": epoch}
        obeyed = {"$pull": {"inbox": {"id": {"$in": list(taken)}}}} if taken else {}
        with fitting("what the job's tasks produced"):
            if writes:
                await self._tasks.bulk_write(writes, ordered=False)
            change = {"$set": fields, "$inc": {"seq": 1}, **obeyed}
            saved = await self._jobs.find_one_and_update(expected, change, projection={"groups": 1})
        if saved is None:
            raise LostLease(job_id)
        return array_at(saved, "groups")

    async def release(self, job_id: str, epoch: int) -> bool:
        """Give up the lease of a job that is over; False while somebody asks for something."""
        self.large.forget(job_id)
        result = await self._jobs.update_one(
            {"_id": job_id, "lease.epoch": epoch, "inbox.0": {"$exists": False}}, {"$unset": {"lease": ""}}
        )
        return result.matched_count > 0

    async def inbox(self, job_id: str, epoch: int) -> list[JsonObject]:
        """What is asked of a job that this process runs."""
        found = await self._jobs.find_one({"_id": job_id, "lease.epoch": epoch}, {"inbox": 1})
        if found is None:
            raise LostLease(job_id)
        return array_at(found, "inbox")

    async def inboxes(self) -> list[tuple[str, list[JsonObject]]]:
        """What is asked of jobs that this process runs, by their ids."""
        query = {"inbox.id": {"$exists": True}, "lease.owner": self.owner}
        return [(one["_id"], one["inbox"]) async for one in self._jobs.find(query, {"inbox": 1})]

    async def amend(self, job_id: str, change: JsonObject) -> bool:
        """Change what the engine does not write: watchers and groups. False when there is no such job."""
        return (await self._jobs.update_one({"_id": job_id}, change)).matched_count > 0

    async def ask(self, job_id: str, entry: JsonObject, statuses: Collection[str]) -> JsonObject | None:
        """Put an entry into the inbox of a job that has one of these statuses; its header, or None.

        NotStorable for an entry that has no room beside the job.
        """
        with fitting("what is asked"):
            return await self._jobs.find_one_and_update(
                {"_id": job_id, "workflow_version": {"$exists": True}, "status": {"$in": list(statuses)}},
                {"$push": {"inbox": entry}},
                projection={"lease": 1, "seq": 1, "status": 1},
                return_document=True,
            )

    async def asked(self, job_id: str, entry_id: str) -> bool:
        """Whether the entry still waits in the inbox."""
        return await self._jobs.find_one({"_id": job_id, "inbox.id": entry_id}, {"_id": 1}) is not None

    async def ask_below(self, job_id: str, entry: JsonObject, statuses: Collection[str]) -> list[str]:
        """Put an entry into the inbox of every job below this one that has one of these statuses; their ids."""
        below = {"ancestors": job_id, "_id": {"$ne": job_id}, "status": {"$in": list(statuses)}}
        await self._jobs.update_many({**below, "inbox.id": {"$ne": entry["id"]}}, {"$push": {"inbox": entry}})
        return [one["_id"] async for one in self._jobs.find({**below, "inbox.id": entry["id"]}, {"_id": 1})]

    async def adopt(self, job_id: str | None = None) -> JsonObject | None:
        """Take over a job, or this job, that nobody alive runs and that is not over or has something in its inbox."""
        alive = await self.servers.alive()
        found = await self._jobs.find_one_and_update(
            {
                **({} if job_id is None else {"_id": job_id}),
                "workflow_version": {"$exists": True},
                "$or": [
                    {"lease.owner": {"$exists": True, "$nin": [*alive, self.owner]}},
                    {"lease": {"$exists": False}, "inbox.id": {"$exists": True}},
                ],
            },
            {"$set": {"lease.owner": self.owner}, "$inc": {"lease.epoch": 1}},
            return_document=True,
        )
        return await self._whole(found)

    async def ended(self, job_ids: list[str], statuses: Collection[str]) -> list[JsonObject]:
        """Those of the jobs that have one of these statuses, with their variables and what is secret in them."""
        query = {"_id": {"$in": job_ids}, "status": {"$in": list(statuses)}}
        found = [one async for one in self._jobs.find(query, _OF_AN_END)]
        for one in found:
            await self._whole(one)
        return found

    async def close(self) -> None:
        """Store what is on its way, and let other processes take the jobs at once."""
        await self._writer.close()
        await self.servers.leave()


def _written(iteration: JsonObject) -> JsonObject:
    """The update for an iteration: it leaves alone what people write there, until their answer has been taken."""
    fields = {key: value for key, value in iteration.items() if key != "metrics"}
    metrics = {f"metrics.{key}": value for key, value in object_at(iteration, "metrics").items()}
    taken = {} if iteration.get("waits_for") == "person" else {"$unset": {"answer": ""}}
    return {"$set": {**fields, **metrics}, **taken}
