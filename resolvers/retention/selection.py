"""Which families are removed: root jobs that are over and ended before a moment of their status, the oldest first."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from ...models.documents.job import Job
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.state_version import KNOWN
from ...models.engine.lifecycle import FINAL, JobEnd
from ...models.errors import Fault, RequestInvalid
from ...models.json import JsonObject
from ...models.retention import Retention, final_status
from ..search.paging import PATIENCE, limit_time
from ..store.collections import collection_of
from ..store.indexes import hint_of

Cutoffs: TypeAlias = Mapping[JobEnd, int]
"""By status, the moment in epoch milliseconds before which the jobs ended that are removed."""

_INDEX: Final = "end_time"
_END: Final = "metrics.end_time"
_ROOT: Final[JsonObject] = {"workflow_version": {"$exists": True}, "ancestors.1": {"$exists": False}, **KNOWN}


@dataclass(frozen=True)
class Position:
    """A root in the order of the removal. Text in requests: `complete/1733346922873/ID`."""

    status: JobEnd
    end: int
    id: str

    def __str__(self) -> str:
        return f"{self.status}/{self.end}/{self.id}"


def read_position(text: str) -> Position:
    status, _, rest = text.partition("/")
    end, _, id = rest.partition("/")
    found = final_status(status)
    if found is None or not (end.isascii() and end.isdigit() and len(end) < 18 and id):
        message = "must be `after` of an earlier answer, as it was answered"
        raise RequestInvalid([Fault("cursor", "/after", "#/properties/after", message)])
    return Position(found, int(end), id)


async def cutoffs_of_retention(retention: Retention, now: int) -> dict[JobEnd, int]:
    """A job is removed for its age, or because so many of its status ended later."""
    found: dict[JobEnd, int] = {}
    for status, keep in retention.items():
        by_age = None if keep.age is None else now - keep.age
        by_number = None if keep.most is None else await _end_of_newest(status, keep.most)
        if cutoffs := [cutoff for cutoff in (by_age, by_number) if cutoff is not None]:
            found[status] = max(cutoffs)
    return found


async def cutoffs_of_request(
    statuses: Sequence[JobEnd], older_than: int | None, keep_newest: int | None, now: int
) -> dict[JobEnd, int]:
    """A job is removed if it is older, and if so many of its status ended later: the conditions hold together."""
    found: dict[JobEnd, int] = {}
    for status in statuses:
        cutoff = now - (older_than or 0)
        if keep_newest is not None:
            by_number = await _end_of_newest(status, keep_newest)
            if by_number is None:
                continue
            cutoff = min(cutoff, by_number)
        found[status] = cutoff
    return found


async def walk(cutoffs: Cutoffs, after: Position | None, most: int) -> AsyncGenerator[list[JobHeader]]:
    """The roots before the cutoffs in batches of at most so many, by status, each the one that ended first."""
    statuses: list[JobEnd] = [status for status in cutoffs if after is None or status >= after.status]
    for status in sorted(statuses):
        last = after if after is not None and after.status == status else None
        while batch := await _batch(status, cutoffs[status], last, most):
            yield batch
            last = position_of(batch[-1])


def position_of(root: JobHeader) -> Position:
    return Position(cast(JobEnd, root["status"]), end_of(root), root["_id"])


def end_of(root: JobHeader) -> int:
    return root["metrics"].get("end_time") or 0


async def find_unfinished(roots: Collection[str]) -> set[str]:
    """Those of the roots below which a job is not over."""
    query: JsonObject = {"ancestors": {"$in": list(roots)}, "status": {"$nin": list(FINAL)}}
    return {one["ancestors"][0] async for one in collection_of(Job).find(query, {"ancestors": 1})}


async def _batch(status: JobEnd, cutoff: int, last: Position | None, most: int) -> list[JobHeader]:
    query: JsonObject = {**_ROOT, "status": status, _END: {"$gte": last.end if last else 0, "$lt": cutoff}}
    if last is not None:
        query["$or"] = [{_END: {"$gt": last.end}}, {_END: last.end, "_id": {"$gt": last.id}}]
    jobs = collection_of(Job)
    cursor = jobs.find(query, {"status": 1, _END: 1}).sort([(_END, 1), ("_id", 1)])
    return [one async for one in cursor.hint(hint_of(jobs, _INDEX)).limit(most)]


async def _end_of_newest(status: JobEnd, number: int) -> int | None:
    """The end of the last of so many latest roots of the status; None if there are not more of them."""
    jobs = collection_of(Job)
    async with limit_time():
        if await jobs.count_documents({"status": status}, limit=number + 1, maxTimeMS=PATIENCE) <= number:
            return None
        cursor = jobs.find({**_ROOT, "status": status, _END: {"$gte": 0}}, {_END: 1}).sort([(_END, -1), ("_id", -1)])
        cursor = cursor.hint(hint_of(jobs, _INDEX)).skip(number - 1).limit(1).max_time_ms(PATIENCE)
        return next(iter([end_of(one) async for one in cursor]), None)
