"""The outbox of a job: the iteration documents of its last advance, in the header that makes the advance true.

Iterations follow from the header: they are written after it, from its outbox, and again by a server that takes the job
over. Each has the `seq` of its advance, so that a late write of a process that lost its lease replaces nothing newer.
An outbox that does not fit into the header is stored in `job_data`, in documents of its own, until the next advance.
"""

import asyncio
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import Any, Final, TypeAlias

import bson
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from ...models.documents.job import TaskIteration
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.shapes.jobs import Outbox as StoredOutbox
from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.state_version import upgraded
from ...models.documents.stored import NotStorable
from ...models.json import Json
from ...models.secrets.sealing import SEALED
from .collections import collection_of
from .errors import faults_of, is_duplicate
from .group_commit import Batches

OUTBOX: Final = "outbox"
LARGEST_INLINE = 256 * 1024  # bytes of BSON in the header
PAUSE_SECONDS: Final = 0.02  # between two writes of new jobs' iterations: jobs that start one after the other share one
LARGEST_PART = 8 * 1024 * 1024  # bytes of BSON in one document of `job_data`

_Write: TypeAlias = InsertOne[Any] | UpdateOne


class Outbox:
    """The outboxes of all jobs; `data` is the collection `job_data`."""

    def __init__(self, data: Any) -> None:
        self._data = data
        self._tasks = collection_of(TaskIteration)
        self._writes = Batches[list[_Write], None]("group commit of iterations", self._carry, pause=PAUSE_SECONDS)
        self._deliveries: dict[str, asyncio.Event] = {}

    @contextmanager
    def delivery(self, job_id: str, iterations: Sequence[IterationDocument]) -> Generator[None]:
        """Around the writes of the header and of the iterations: readers in this process wait for both."""
        written = asyncio.Event()
        keys = [job_id, *(one["_id"] for one in iterations)]
        self._deliveries.update(dict.fromkeys(keys, written))
        try:
            yield
        finally:
            for key in keys:
                self._deliveries.pop(key, None)
            written.set()

    async def wait_delivered(self, ids: Iterable[str]) -> None:
        """Return once this process has written the pending iterations of these jobs, or these iterations."""
        pending = [self._deliveries[id] for id in ids if id in self._deliveries]
        if pending:
            self.hasten()
        for written in pending:
            await written.wait()

    def hasten(self) -> None:
        """Write the next iterations without a pause: somebody waits for them."""
        self._writes.hasten()

    async def wait_all_delivered(self) -> None:
        """Return once this process has written all iterations that are pending now."""
        await self.wait_delivered(list(self._deliveries))

    async def prepare(self, job_id: str, seq: int, epoch: int, iterations: Sequence[IterationDocument]) -> StoredOutbox:
        """The outbox for the header of advance `seq`: `{iterations}`, or `{parts}` with ids of `job_data`.

        The parts are durable when this returns. Their ids contain the epoch of the lease, so that two owners have
        different parts.
        """
        sized = [(one, len(bson.encode(one))) for one in iterations]
        if sum(size for _, size in sized) <= LARGEST_INLINE:
            return {"iterations": list(iterations)}
        documents: list[dict[str, object]] = [
            {
                "_id": f"{job_id}/{OUTBOX}/{epoch}/{seq}/{number}",
                "job_id": job_id,
                "key": OUTBOX,
                "value": part,
                **({SEALED: keys} if (keys := sorted({key for one in part for key in one.get(SEALED, [])})) else {}),
            }
            for number, part in enumerate(_parts(sized))
        ]
        for one in documents:  # an owner that repeats an advance has the same ids for it
            await self._data.replace_one({"_id": one["_id"]}, one, upsert=True)
        return {"parts": [str(one["_id"]) for one in documents]}

    def inline(self, iterations: Sequence[IterationDocument]) -> StoredOutbox:
        """The outbox of a new job; NotStorable if it does not fit into the header."""
        if sum(len(bson.encode(one)) for one in iterations) > LARGEST_INLINE:
            raise NotStorable("what its first tasks produced", "it is too much for the header of a new job")
        return {"iterations": list(iterations)}

    async def read(self, header: JobHeader) -> list[IterationDocument]:
        """The iterations of a stored header's last advance."""
        outbox: StoredOutbox = header.get(OUTBOX, {})
        if "parts" not in outbox:
            return [upgraded("iteration", one) for one in outbox.get("iterations", [])]
        found = self._data.find({"_id": {"$in": outbox["parts"]}}).sort("_id", 1)
        iterations: list[IterationDocument] = [one async for part in found for one in part["value"]]
        return [upgraded("iteration", one) for one in iterations]

    async def discard(self, parts: Sequence[str]) -> None:
        """Delete the parts of an outbox whose iterations are written."""
        if parts:
            await self._data.delete_many({"_id": {"$in": list(parts)}})

    async def clear(self, job_id: str) -> None:
        """Delete all parts of a job that is over, also those of an owner that was killed before it stored a header."""
        first, behind = f"{job_id}/{OUTBOX}/", f"{job_id}/{OUTBOX}0"  # 0 comes after / : an index serves this
        await self._data.delete_many({"_id": {"$gte": first, "$lt": behind}})

    async def write(self, iterations: Sequence[IterationDocument], groups: Sequence[Json]) -> None:
        """Write the iterations, each with its `seq`. A newer stored version of an iteration stays as it is.

        `groups` are the current groups of the job.
        """
        if iterations:
            self.hasten()  # the next advance of the job waits for it
            await self._writes.put([_update_of(one, list(groups)) for one in iterations])

    async def write_first(self, iterations: Sequence[IterationDocument], groups: Sequence[Json]) -> None:
        """Write the iterations of a job's first advance: a stored one is of this advance or of a later one."""
        if iterations:
            await self._writes.put([InsertOne(_with_groups(one, list(groups))) for one in iterations])

    async def close(self) -> None:
        """Return once all iterations are written or refused."""
        await self._writes.close()

    async def _carry(self, several: Sequence[list[_Write]]) -> list[Exception | None]:
        """Write the iterations of several jobs."""
        writes = [write for ofone in several for write in ofone]
        try:
            await self._tasks.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            # If a newer version is stored, the filter matches nothing, and the upsert is refused.
            faults = [None if is_duplicate(fault) else fault for fault in faults_of(error, len(writes))]
            ends = list(accumulate(map(len, several)))
            return [
                next(filter(None, faults[end - len(ofone) : end]), None)
                for ofone, end in zip(several, ends, strict=True)
            ]
        return [None] * len(several)

    async def newer_than_stored(self, iterations: Sequence[IterationDocument]) -> list[IterationDocument]:
        """Those of the iterations that are not stored, or stored in an older version."""
        ids = [one["_id"] for one in iterations]
        found = self._tasks.find({"_id": {"$in": ids}}, {"seq": 1})
        stored = {one["_id"]: one.get("seq", -1) async for one in found} if ids else {}
        return [one for one in iterations if stored.get(one["_id"], -1) < one.get("seq", 0)]


def _parts(sized: Sequence[tuple[IterationDocument, int]]) -> list[list[IterationDocument]]:
    parts: list[list[IterationDocument]] = [[]]
    room = LARGEST_PART
    for one, size in sized:
        if size > room and parts[-1]:
            parts.append([])
            room = LARGEST_PART
        parts[-1].append(one)
        room -= size
    return parts


def _update_of(iteration: IterationDocument, groups: list[Json]) -> _Write:
    expected: dict[str, object] = {"_id": iteration["_id"], "seq": {"$not": {"$gt": iteration.get("seq")}}}
    return UpdateOne(expected, _change_of(iteration, groups), upsert=True)


def _with_groups(iteration: IterationDocument, groups: list[Json]) -> IterationDocument:
    if "access" not in iteration:
        return iteration
    return {**iteration, "access": {**iteration["access"], "groups": groups}}


def _change_of(iteration: IterationDocument, groups: list[Json]) -> dict[str, object]:
    """The update of an iteration. It does not change fields that people write until their answer has been taken."""
    fields = {key: value for key, value in _with_groups(iteration, groups).items() if key != "metrics"}
    metrics = {f"metrics.{key}": value for key, value in iteration.get("metrics", {}).items()}
    taken = {} if iteration.get("waits_for") == "person" else {"$unset": {"answer": ""}}
    return {"$set": {**fields, **metrics}, **taken}
