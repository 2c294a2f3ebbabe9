"""Advances of jobs and the ends of their leases, in group commit: each is a guarded write of its own job's header.

A bulk write does not report which of its writes found their document, so the batch is read afterwards: only this
process writes a header under its lease's epoch, hence `seq` and epoch show whether a write was made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import bson
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError
from typing_extensions import TypedDict

from ...models.documents.shapes.jobs import JobHeader
from ...models.json import Json
from .collections import Collection
from .errors import faults_of
from .group_commit import Batches

# No caller waits for the release of a lease, so that releases of jobs that end one after the other go together.
RELEASE_PAUSE_SECONDS = 0.1
LARGEST_TOGETHER = 256 * 1024  # bytes of BSON; a larger change is a command of its own


class Groups(TypedDict, closed=True):
    """The result of a commit."""

    groups: list[Json]


class LostLease(Exception):
    """Another process runs this job now, or the job was deleted: the state in this process is out of date."""


@dataclass(frozen=True)
class Advance:
    """A change of a job's header, which is made if the job is still at `seq` under the lease of `epoch`."""

    job_id: str
    seq: int
    epoch: int
    change: Mapping[str, object]

    @property
    def expected(self) -> dict[str, object]:
        return {"_id": self.job_id, "seq": self.seq, "lease.epoch": self.epoch}


@dataclass(frozen=True)
class _Release:
    job_id: str
    epoch: int
    change: Mapping[str, object]

    @property
    def expected(self) -> dict[str, object]:
        return {"_id": self.job_id, "lease.epoch": self.epoch, "inbox.0": {"$exists": False}}


class Advances:
    """The advances of all jobs of a process; `jobs` is their collection."""

    def __init__(self, jobs: Collection[JobHeader], *, release_pause: float = RELEASE_PAUSE_SECONDS) -> None:
        self._jobs = jobs
        self._commits = Batches[Advance, Groups]("group commit of advances", self._commit)
        self._releases = Batches[_Release, bool]("group commit of releases", self._release, pause=release_pause)

    async def commit(self, advance: Advance) -> Groups:
        """The `groups` of the job, once the change is durable; LostLease if the change was not made."""
        if len(bson.encode(advance.change)) > LARGEST_TOGETHER:
            return await self._commit_one(advance)
        return await self._commits.put(advance)

    async def release(self, job_id: str, epoch: int, change: Mapping[str, object]) -> bool:
        """Release the lease of `epoch`; False, without a release, while the job's inbox has an entry."""
        return await self._releases.put(_Release(job_id, epoch, change))

    async def close(self) -> None:
        await self._commits.close()
        await self._releases.close()

    async def _commit(self, advances: Sequence[Advance]) -> list[Groups | Exception]:
        if len(advances) == 1:
            return [await self._commit_one(advances[0])]
        faults = await self._write([UpdateOne(one.expected, one.change) for one in advances])
        fields: dict[str, object] = {"groups": 1, "seq": 1, "lease.epoch": 1}
        found = await self._read_headers([one.job_id for one in advances], fields)
        return [fault or _outcome(one, found.get(one.job_id)) for one, fault in zip(advances, faults, strict=True)]

    async def _commit_one(self, advance: Advance) -> Groups:
        saved = await self._jobs.find_one_and_update(advance.expected, advance.change, projection={"groups": 1})
        if saved is None:
            raise LostLease(advance.job_id)
        return {"groups": saved.get("groups") or []}

    async def _release(self, releases: Sequence[_Release]) -> list[bool | Exception]:
        if len(releases) == 1:
            one = releases[0]
            return [(await self._jobs.update_one(one.expected, one.change)).matched_count > 0]
        faults = await self._write([UpdateOne(one.expected, one.change) for one in releases])
        found = await self._read_headers([one.job_id for one in releases], {"lease.epoch": 1})
        epochs = {id: lease["epoch"] if (lease := one.get("lease")) else None for id, one in found.items()}
        return [fault or epochs.get(one.job_id) != one.epoch for one, fault in zip(releases, faults, strict=True)]

    async def _write(self, updates: list[UpdateOne]) -> list[Exception | None]:
        """The faults of the updates. An update without a fault may still have found no document."""
        try:
            await self._jobs.bulk_write(updates, ordered=False)
        except BulkWriteError as error:
            return faults_of(error, len(updates))
        return [None] * len(updates)

    async def _read_headers(self, ids: list[str], fields: dict[str, object]) -> dict[str, JobHeader]:
        return {one["_id"]: one async for one in self._jobs.find({"_id": {"$in": ids}}, fields)}


def _outcome(advance: Advance, found: JobHeader | None) -> Groups | Exception:
    lease = None if found is None else found.get("lease")
    if found is None or lease is None or (found["seq"], lease["epoch"]) != (advance.seq + 1, advance.epoch):
        return LostLease(advance.job_id)
    return {"groups": found.get("groups") or []}
