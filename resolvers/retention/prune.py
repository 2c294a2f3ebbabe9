"""`pruneJobs`: an operator removes ended jobs at once, or reads what would be removed."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ...models.documents.moments import moment
from ...models.documents.shapes.jobs import JobHeader
from ...models.engine.lifecycle import FINAL, JobEnd
from ...models.errors import Fault, RequestInvalid
from ...models.retention import MOST_FAMILIES, RetentionRefused, final_status, read_age
from ..metrics import JOBS_REMOVED
from ..services import Services
from ..store.removal import Deleted, remove_families
from .pacing import Pacing
from .selection import (
    Cutoffs,
    cutoffs_of_request,
    cutoffs_of_retention,
    end_of,
    find_unfinished,
    position_of,
    read_position,
    walk,
)

MOST_AT_ONCE: Final = 1_000  # families that one request removes
SECONDS: Final = 5.0  # after which a request answers what it has done
_BATCH, _BATCH_READ = 25, 500  # families


@dataclass(frozen=True)
class PruneRequest:
    """`older_than` is an age such as `30d`. Without age and number, the retention of the server's settings applies."""

    statuses: Sequence[str] = FINAL
    older_than: str | None = None
    keep_newest: int | None = None
    most: int = 100
    after: str | None = None
    dry_run: bool = False


@dataclass
class StatusCount:
    """The families of a status, with the ends of their roots in epoch milliseconds."""

    families: int = 0
    oldest: int | None = None
    newest: int | None = None

    def add(self, end: int) -> None:
        self.families += 1
        self.oldest = end if self.oldest is None else min(self.oldest, end)
        self.newest = end if self.newest is None else max(self.newest, end)


@dataclass
class Pruned:
    """The families that were removed, or would be. `skipped` families have a job that is not over, or still written.

    `after` goes into the next request; None: there are no more.
    """

    by_status: dict[JobEnd, StatusCount] = field(default_factory=dict[JobEnd, StatusCount])
    deleted: Deleted = field(default_factory=Deleted)
    skipped: int = 0
    after: str | None = None


async def prune(services: Services, request: PruneRequest) -> Pruned:
    """Remove families of ended jobs, or with `dry_run` count them, until `most` or the time of a request is reached."""
    cutoffs = await _cutoffs_of(services, request)
    after = None if request.after is None else read_position(request.after)
    pruned, began, handled = Pruned(), time.monotonic(), 0
    pacing = Pacing(services.admission, closing=services.closing)
    size = _BATCH_READ if request.dry_run else min(_BATCH, request.most)
    async for roots in walk(cutoffs, after, size):
        for some in [roots] if request.dry_run else pacing.batches(roots):
            if request.dry_run:
                _count(pruned, some, await find_unfinished([root["_id"] for root in some]))
            else:
                async with pacing:
                    await _remove(services, pruned, some, pacing)
            handled += len(some)
            if time.monotonic() - began > SECONDS or (not request.dry_run and handled >= request.most):
                pruned.after = str(position_of(some[-1]))
                return pruned
    return pruned


async def _cutoffs_of(services: Services, request: PruneRequest) -> Cutoffs:
    """The cutoffs of the request; RequestInvalid for what makes no sense."""
    now, faults = services.clock.now(), list[Fault]()
    statuses: list[JobEnd] = [status for one in request.statuses if (status := final_status(one)) is not None]
    if len(statuses) < len(request.statuses) or not statuses:
        faults.append(_fault("enum", "statuses", f"must be {' or '.join(FINAL)}: other jobs are not over"))
    if not 1 <= request.most <= MOST_AT_ONCE:
        faults.append(_fault("range", "most", f"must be from 1 to {MOST_AT_ONCE}, not {request.most}"))
    if request.keep_newest is not None and not 1 <= request.keep_newest <= MOST_FAMILIES:
        faults.append(_fault("range", "keepNewest", f"must be from 1 to {MOST_FAMILIES}, not {request.keep_newest}"))
    age = None
    if request.older_than is not None:
        try:
            age = read_age(request.older_than)
        except RetentionRefused as refusal:
            faults.append(_fault("format", "olderThan", str(refusal).removesuffix(".")))
    elif request.keep_newest is None and not services.settings.keep_jobs:
        message = "must be an age, such as 30d: neither an age nor keepNewest nor JOBYARD_KEEP_JOBS says what may go"
        faults.append(_fault("required", "olderThan", message))
    if faults:
        raise RequestInvalid(faults)
    if request.older_than is None and request.keep_newest is None:
        found = await cutoffs_of_retention(services.settings.keep_jobs, now)
        return {status: cutoff for status, cutoff in found.items() if status in statuses}
    return await cutoffs_of_request(statuses, age, request.keep_newest, now)


def _fault(keyword: str, name: str, message: str) -> Fault:
    return Fault(keyword, f"/{name}", f"#/properties/{name}/{keyword}", message)


async def _remove(services: Services, pruned: Pruned, roots: Sequence[JobHeader], pacing: Pacing) -> None:
    ids, at = [root["_id"] for root in roots], moment(services.clock.now())
    removed = await remove_families(services.store, ids, at, pacing.give_way)
    JOBS_REMOVED.labels("prune").inc(removed.deleted.jobs)
    pruned.deleted += removed.deleted
    _count(pruned, roots, {root["_id"] for root in roots} - set(removed.roots))


def _count(pruned: Pruned, roots: Sequence[JobHeader], skipped: set[str]) -> None:
    for root in roots:
        if root["_id"] in skipped:
            pruned.skipped += 1
        else:
            status = position_of(root).status
            pruned.by_status.setdefault(status, StatusCount()).add(end_of(root))
