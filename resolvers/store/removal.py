"""The removal of jobs that are over: whole families, with everything that belongs to their jobs.

The documents of `removals` name the jobs of a family that is removed; with the headers they change in one transaction.
They are the commit point: tasks, events and values follow, and whoever finds such a document later removes the rest. A
database without transactions loses the headers one after the other, the root last.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final, TypeAlias

from pymongo import UpdateOne

from ...models.documents.duty import Removal
from ...models.documents.job import Job
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.state_version import STATE_VERSION, VERSION_KEY, is_newer, version_of
from ...models.engine.lifecycle import FINAL
from ...models.errors import JobIsNewer
from ...models.json import JsonObject
from .audit import copy_acts
from .collections import collection_of
from .connect import Store

MOST_READ: Final = 20_000  # headers in memory, but for a family that is larger
MOST_TOGETHER: Final = 1_000  # documents that one transaction deletes, but for a family with more jobs
IDS_OF_REMOVAL: Final = 10_000  # in one document
MOST_RANGES: Final = 100  # in one command

GiveWay: TypeAlias = Callable[[], Awaitable[None]]

_FIELDS: Final[JsonObject] = dict.fromkeys(("status", "ancestors", "lease", VERSION_KEY), 1)


@dataclass(frozen=True)
class Deleted:
    """The numbers of deleted documents of each kind."""

    jobs: int = 0
    tasks: int = 0
    events: int = 0
    values: int = 0
    large_values: int = 0

    def __add__(self, other: "Deleted") -> "Deleted":
        return Deleted(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass
class Removed:
    """The roots whose families are removed, and why the others are not: `leased` has the jobs that are still written,
    `newer` the first job of each family that a newer server stored.
    """

    roots: list[str] = field(default_factory=list[str])
    deleted: Deleted = field(default_factory=Deleted)
    unfinished: list[str] = field(default_factory=list[str])
    leased: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    newer: dict[str, JobHeader] = field(default_factory=dict[str, JobHeader])


class StillWritten(Exception):
    """The jobs `ids` are over, and their server still writes the iterations and events of their end."""

    def __init__(self, ids: list[str]) -> None:
        super().__init__(", ".join(ids))
        self.ids = ids


async def delete_tree(store: Store, job_id: str, at: datetime) -> Deleted | None:
    """Delete a root job that is over, with its descendants; None if it is no root, or if one of them is not over.

    JobIsNewer if a newer server stored one of the jobs. StillWritten while a job has a lease: its server would write
    iterations and events of a deleted job.
    """
    removed = await remove_families(store, [job_id], at)
    if newer := removed.newer.get(job_id):
        raise JobIsNewer(str(newer["_id"]), version_of(newer), STATE_VERSION)
    if leased := removed.leased.get(job_id):
        raise StillWritten(leased)
    return removed.deleted if removed.roots else None


async def _at_once() -> None:
    """For removals that yield to nobody."""


async def remove_families(store: Store, roots: Sequence[str], at: datetime, give_way: GiveWay = _at_once) -> Removed:
    """Remove the families of these roots, each if all of its jobs are over, stored and known to this server.

    `give_way` is awaited between two commands to the database.
    """
    removed = Removed()
    pending = [list(roots)]
    while pending:
        batch = pending.pop()
        families = await _read_families(batch)
        if families is None:
            middle = len(batch) // 2
            pending += [batch[middle:], batch[:middle]]
            continue
        removable = [(root, ids) for root in batch if (ids := _removable_ids(root, families.get(root, []), removed))]
        for group in _grouped(removable):
            removed.deleted += await _remove_group(store, group, at, give_way)
            removed.roots += [root for root, _ in group]
    return removed


async def finish_removals(store: Store, before: datetime, most: int) -> int:
    """Remove the rest of removals that began before this moment and that no server finished; the number of them."""
    found = [one async for one in collection_of(Removal).find({"at": {"$lt": before}}).sort("at").limit(most)]
    for one in found:
        await _delete_of_jobs(store.database, one["_id"], one["jobs"])
    return len(found)


async def _read_families(roots: list[str]) -> dict[str, list[JobHeader]] | None:
    """The headers by root, each root first; None if several families have too many to read them together."""
    query = {"$or": [{"_id": {"$in": roots}}, {"ancestors": {"$in": roots}}]}
    several = len(roots) > 1
    wanted, families, read = set(roots), dict[str, list[JobHeader]](), 0
    async for one in collection_of(Job).find(query, _FIELDS).limit(MOST_READ + 1 if several else 0):
        read += 1
        if several and read > MOST_READ:
            return None
        root = next((id for id in (one.get("ancestors") or [one["_id"]]) if id in wanted), one["_id"])
        families.setdefault(root, []).append(one)
    return {root: sorted(family, key=lambda one: one["_id"] != root) for root, family in families.items()}


def _removable_ids(root: str, family: list[JobHeader], removed: Removed) -> list[str]:
    """The ids of the family with the root last; empty with an entry in `removed` if the family stays."""
    if not family or family[0]["_id"] != root or (family[0].get("ancestors") or [root])[0] != root:
        removed.unfinished.append(root)
    elif newer := next((one for one in family if is_newer(one)), None):
        removed.newer[root] = newer
    elif any(one.get("status") not in FINAL for one in family):
        removed.unfinished.append(root)
    elif leased := [one["_id"] for one in family if "lease" in one]:
        removed.leased[root] = leased
    else:
        return [one["_id"] for one in reversed(family)]
    return []


def _grouped(families: list[tuple[str, list[str]]]) -> Iterator[list[tuple[str, list[str]]]]:
    group: list[tuple[str, list[str]]] = []
    count = 0
    for root, ids in families:
        if group and count + len(ids) > MOST_TOGETHER:
            yield group
            group, count = [], 0
        group.append((root, ids))
        count += len(ids)
    if group:
        yield group


async def _remove_group(store: Store, group: list[tuple[str, list[str]]], at: datetime, give_way: GiveWay) -> Deleted:
    ids = [id for _, several in group for id in several]
    parts = {f"{group[0][0]}/{n}": part for n, part in enumerate(_batches(ids, IDS_OF_REMOVAL))}
    few_tasks = await _count_tasks(store.database, ids) <= MOST_TOGETHER
    await give_way()

    async def begin(session: Any = None) -> Deleted:
        """Removals and headers; with few iterations these too, so that no list shows them without their jobs."""
        records = [UpdateOne({"_id": id}, {"$set": {"jobs": of, "at": at}}, upsert=True) for id, of in parts.items()]
        database, options = store.database, {} if session is None else {"session": session}
        await database["removals"].bulk_write(records, **options)
        jobs = tasks = 0
        for batch in _batches(ids, MOST_TOGETHER):
            jobs += await _many(database["jobs"], {"_id": {"$in": batch}}, options)
            if few_tasks:
                tasks += await _many(database["tasks"], {"job._id": {"$in": batch}}, options)
        return Deleted(jobs, tasks)

    gone = await _in_transaction(store, begin)
    for id, of in parts.items():
        gone += await _delete_of_jobs(store.database, id, of, give_way)
    return gone


async def _in_transaction(store: Store, act: Callable[[Any], Awaitable[Deleted]]) -> Deleted:
    if not store.transactions:
        return await act(None)
    async with store.database.client.start_session() as session:
        return await session.with_transaction(act)


async def _count_tasks(database: Any, ids: list[str]) -> int:
    """The number of iterations of these jobs, up to one more than MOST_TOGETHER."""
    if len(ids) > MOST_TOGETHER:
        return MOST_TOGETHER + 1
    return await database["tasks"].count_documents({"job._id": {"$in": ids}}, limit=MOST_TOGETHER + 1)


async def _delete_of_jobs(database: Any, removal: str, ids: list[str], give_way: GiveWay = _at_once) -> Deleted:
    """Delete what is left of these jobs, and then the document of the removal."""
    gone = Deleted()
    for batch in _batches(ids, MOST_RANGES):
        await give_way()
        jobs = await _many(database["jobs"], {"_id": {"$in": batch}})
        tasks = await _many(database["tasks"], {"job._id": {"$in": batch}})
        while await copy_acts(batch):
            pass
        await give_way()
        events = await _many(database["job_events"], {"job": {"$in": batch}})
        await give_way()
        await _many(database["job_data.chunks"], _values_of(batch, "files_id"))
        large_values = await _many(database["job_data.files"], _values_of(batch))
        await give_way()
        values = await _many(database["job_data"], _values_of(batch))
        gone += Deleted(jobs, tasks, events, values, large_values)
    await give_way()
    await database["removals"].delete_one({"_id": removal})
    return gone


def _values_of(ids: list[str], key: str = "_id") -> dict[str, object]:
    """The values of these jobs: their ids begin with the id of the job and a slash, so that an index finds them."""
    return {"$or": [{key: {"$gte": f"{id}/", "$lt": f"{id}0"}} for id in ids]}  # 0 comes after /


async def _many(collection: Any, query: dict[str, object], options: JsonObject | None = None) -> int:
    return (await collection.delete_many(query, **(options or {}))).deleted_count


def _batches(ids: list[str], most: int) -> Iterator[list[str]]:
    for start in range(0, len(ids), most):
        yield ids[start : start + most]
