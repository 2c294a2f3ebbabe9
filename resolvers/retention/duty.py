"""The background duty of retention: one server of all removes what the settings do not keep."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from pymongo.errors import PyMongoError

from ...models.documents.duty import Duty
from ...models.documents.job import Job
from ...models.documents.moments import moment
from ...models.engine.lifecycle import FINAL
from ...models.errors import SearchTooLong
from ...models.json import JsonObject
from ..log_facts import about
from ..metrics import JOBS_REMOVED
from ..services import Services
from ..store.collections import collection_of
from ..store.duties import Guard
from ..store.errors import brief
from ..store.indexes import hint_of
from ..store.removal import Deleted, finish_removals, remove_families
from .pacing import Pacing
from .selection import cutoffs_of_retention, end_of, walk

NAME: Final = "retention"
FIRST_SECONDS: Final = 10.0  # after the start, which has other work
ROUND_SECONDS: Final = 60.0
FAMILIES_AT_ONCE: Final = 25
KEYS_AT_ONCE: Final = 500
REMOVALS_AT_ONCE: Final = 100
UNFINISHED_MILLISECONDS: Final = 60_000  # a removal that has taken longer lost its server

log = logging.getLogger("jobyard")


@dataclass
class RoundResult:
    """What a round has removed: families with everything in them, keys of jobs that stay, rests of removals."""

    families: int = 0
    deleted: Deleted = field(default_factory=Deleted)
    keys: int = 0
    finished: int = 0


async def remove_regularly(services: Services, closing: asyncio.Event) -> None:
    """Do the duty regularly, until closing."""
    guard, seconds = Guard(services.store, NAME, services.jobs.owner), FIRST_SECONDS
    while not closing.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await closing.wait()
                break
        seconds = ROUND_SECONDS
        try:
            await do_round(services, guard, closing)
        except (PyMongoError, SearchTooLong) as fault:  # the next round does the rest
            log.info("a round of the retention failed: %s", brief(fault), extra=about("retention_failed"))
    with suppress(PyMongoError):
        await guard.release()


async def do_round(services: Services, guard: Guard, closing: asyncio.Event) -> RoundResult:
    """Remove all that the settings do not keep, while this server has the guard."""
    done = RoundResult()
    if services.pulse.away or not await guard.hold():
        return done
    pacing = Pacing(services.admission, closing=closing)
    try:
        await _finish_removals(services, done, pacing)
        await _remove_jobs(services, guard, closing, done, pacing)
        await _remove_keys(services, guard, closing, done, pacing)
    finally:
        if done != RoundResult():
            deleted = done.deleted
            log.info(
                "%d jobs of %d families removed after their time, with %d iterations and %d events; %d idempotency "
                "keys; %d interrupted removals finished",
                *(deleted.jobs, done.families, deleted.tasks, deleted.events, done.keys, done.finished),
                extra=about("jobs_removed", jobs=deleted.jobs, families=done.families, keys=done.keys,
                            finished=done.finished),
            )  # fmt: skip
    return done


async def _finish_removals(services: Services, done: RoundResult, pacing: Pacing) -> None:
    before = moment(services.clock.now() - UNFINISHED_MILLISECONDS)
    while True:
        async with pacing:
            finished = await finish_removals(services.store, before, REMOVALS_AT_ONCE)
        done.finished += finished
        if finished < REMOVALS_AT_ONCE:
            return


async def _remove_jobs(
    services: Services, guard: Guard, closing: asyncio.Event, done: RoundResult, pacing: Pacing
) -> None:
    cutoffs = await cutoffs_of_retention(services.settings.keep_jobs, services.clock.now())
    async for roots in walk(cutoffs, None, FAMILIES_AT_ONCE):
        if closing.is_set() or not await guard.hold():
            return
        for some in pacing.batches(roots):
            ids, at = [root["_id"] for root in some], moment(services.clock.now())
            async with pacing:
                removed = await remove_families(services.store, ids, at, pacing.give_way)
            JOBS_REMOVED.labels("retention").inc(removed.deleted.jobs)
            done.families += len(removed.roots)
            done.deleted += removed.deleted


async def _remove_keys(
    services: Services, guard: Guard, closing: asyncio.Event, done: RoundResult, pacing: Pacing
) -> None:
    """Remove the idempotency keys of jobs that ended long ago. The duty's document has how far earlier rounds came."""
    if services.settings.keep_keys is None:
        return
    duties, jobs = collection_of(Duty), collection_of(Job)
    until = services.clock.now() - services.settings.keep_keys
    duty = await duties.find_one({"_id": NAME})
    since = 0 if duty is None else duty.get("keys_until", 0)
    while not closing.is_set() and await guard.hold():
        async with pacing:
            query: JsonObject = {"metrics.end_time": {"$gte": since, "$lt": until}}
            cursor = jobs.find(query, {"metrics.end_time": 1}).sort([("metrics.end_time", 1), ("_id", 1)])
            batch = [one async for one in cursor.hint(hint_of(jobs, "end_time")).limit(KEYS_AT_ONCE)]
            if not batch:
                return
            last = end_of(batch[-1])
            whole: JsonObject = {"$gte": since, "$lte": last}  # with all that ended in the same millisecond as the last
            over: JsonObject = {"status": {"$in": list(FINAL)}, "idempotency": {"$exists": True}}
            update: JsonObject = {"$unset": {"idempotency": ""}}
            done.keys += (await jobs.update_many({"metrics.end_time": whole, **over}, update)).modified_count
            since = last + 1
            await duties.update_one({"_id": NAME}, {"$set": {"keys_until": since}}, upsert=True)
