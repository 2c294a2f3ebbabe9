"""Families: the deletion of a job with all its descendants, and the bound on the descendants of a root."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.state_version import STATE_VERSION, VERSION_KEY, is_newer, version_of
from ...models.engine.lifecycle import FINAL
from ...models.errors import JobIsNewer
from ...models.json import JsonObject
from .collections import Collection


@dataclass(frozen=True)
class Deleted:
    """The numbers of deleted documents of each kind."""

    jobs: int = 0
    tasks: int = 0
    events: int = 0
    values: int = 0
    large_values: int = 0

    def __add__(self, other: "Deleted") -> "Deleted":
        return Deleted(
            self.jobs + other.jobs,
            self.tasks + other.tasks,
            self.events + other.events,
            self.values + other.values,
            self.large_values + other.large_values,
        )


class StillWritten(Exception):
    """The jobs `ids` are over, and their server still writes the iterations and events of their end."""

    def __init__(self, ids: list[str]) -> None:
        super().__init__(", ".join(ids))
        self.ids = ids


async def delete_tree(database: Any, job_id: str) -> Deleted | None:
    """Delete a root job that is over, with its descendants; None if it is no root, or if one of them is not over.

    JobIsNewer if a newer server stored one of the jobs. StillWritten while a job has a lease: its server would write
    iterations and events of a deleted job.
    """
    jobs = database["jobs"]
    fields = {"status": 1, "ancestors": 1, "lease": 1, VERSION_KEY: 1}
    root = await jobs.find_one({"_id": job_id}, fields)
    if root is None or root.get("status") not in FINAL or (root.get("ancestors") or [job_id])[0] != job_id:
        return None
    below = [one async for one in jobs.find({"ancestors": job_id}, fields)]
    for one in (root, *below):
        if is_newer(one):
            raise JobIsNewer(str(one["_id"]), version_of(one), STATE_VERSION)
    if any(one.get("status") not in FINAL for one in below):
        return None
    if leased := [one["_id"] for one in (root, *below) if "lease" in one]:
        raise StillWritten(leased)
    ids = [one["_id"] for one in below if one["_id"] != job_id]
    gone = Deleted()
    for batch in (*_batches(ids), [job_id]):
        gone += await _delete(database, batch)
    return gone


async def _delete(database: Any, ids: list[str]) -> Deleted:
    files = [one["_id"] async for one in database["job_data.files"].find({"metadata.job": {"$in": ids}}, {"_id": 1})]
    if files:
        await database["job_data.chunks"].delete_many({"files_id": {"$in": files}})
    large_values = await _many(database["job_data.files"], {"_id": {"$in": files}}) if files else 0
    values = await _many(database["job_data"], {"job_id": {"$in": ids}})
    events = await _many(database["job_events"], {"job": {"$in": ids}})
    tasks = await _many(database["tasks"], {"job._id": {"$in": ids}})
    return Deleted(await _many(database["jobs"], {"_id": {"$in": ids}}), tasks, events, values, large_values)


async def _many(collection: Any, query: dict[str, object]) -> int:
    return (await collection.delete_many(query)).deleted_count


def _batches(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + 1000] for start in range(0, len(ids), 1000)]


REMEMBERED = 10_000  # roots
SHARE = 4  # the fraction 1/SHARE of the free places is given before the next count: several servers share them


@dataclass
class _Family:
    places: int = 0  # that are left until the jobs are counted again
    begun: int = 0  # starts that have a place, and may not be stored yet
    all_stored: asyncio.Event = field(default_factory=asyncio.Event)
    counting: asyncio.Lock = field(default_factory=asyncio.Lock)


class Families:
    """`most` is the largest number of jobs below one root."""

    def __init__(self, jobs: Collection[JobHeader], most: int) -> None:
        self.most = most
        self._jobs = jobs
        self._families: OrderedDict[str, _Family] = OrderedDict()

    @asynccontextmanager
    async def place(self, root: str) -> AsyncGenerator[bool]:
        """Around a start below the root: whether the family has a place for it."""
        family = self._family(root)
        while not family.places:
            async with family.counting:
                if not family.places:
                    await self._count(root, family)
                    if not family.places:
                        yield False
                        return
        family.places -= 1
        family.begun += 1
        family.all_stored.clear()
        try:
            yield True
        finally:
            family.begun -= 1
            if not family.begun:
                family.all_stored.set()

    async def is_canceled(self, ancestors: Sequence[str]) -> bool:
        """Whether one of the jobs is canceled, or has that command in its inbox."""
        ending: JsonObject = {"$or": [{"status": "canceled"}, {"inbox.kind": "Canceled"}]}
        return await self._jobs.find_one({"_id": {"$in": list(ancestors)}, **ending}, {"_id": 1}) is not None

    async def _count(self, root: str, family: _Family) -> None:
        if family.begun:
            await family.all_stored.wait()
        left = self.most + 1 - await self._jobs.count_documents({"ancestors.0": root}, limit=self.most + 1)
        family.places = -(-left // SHARE)

    def _family(self, root: str) -> _Family:
        family = self._families.setdefault(root, _Family())
        self._families.move_to_end(root)
        if len(self._families) > REMEMBERED:
            oldest = next(iter(self._families))
            if not self._families[oldest].begun:
                del self._families[oldest]
        return family
