"""Following jobs: what was stored since a cursor, then live, each event once and in order."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

from ..models.access import Caller
from ..models.errors import Fault, NotSignedIn, RequestInvalid
from ..models.json import JsonObject
from . import jobs
from .yard import Yard

FINAL = ("complete", "canceled")
RESTING = (*FINAL, "error")  # nothing happens in it by itself any more
LONGEST_WAIT = 300  # seconds


@dataclass(frozen=True)
class Wanted:
    """Which jobs' events: all conditions hold, and one that is empty always does."""

    statuses: frozenset[str] = field(default_factory=frozenset[str])
    names: frozenset[str] = field(default_factory=frozenset[str])
    types: frozenset[str] = field(default_factory=frozenset[str])
    roots: frozenset[str] = field(default_factory=frozenset[str])
    users: frozenset[str] = field(default_factory=frozenset[str])

    def includes(self, event: JsonObject) -> bool:
        asked = (
            (self.statuses, "status"),
            (self.names, "name"),
            (self.types, "type"),
            (self.roots, "root"),
            (self.users, "user"),
        )
        return all(not values or event.get(key) in values for values, key in asked)


async def job_events(yard: Yard, caller: Caller, job_id: str, after: str | None) -> AsyncGenerator[JsonObject]:
    """The events of one job behind the cursor `after`, from its start without one, until it is final."""
    await jobs.check_visible(yard, caller, job_id)
    async with aclosing(yard.feed.of_job(job_id, _number(after))) as events:
        async for event in events:
            await jobs.check_visible(yard, await _still(yard, caller), job_id)
            yield {**event, "cursor": str(event["seq"])}
            if event["status"] in FINAL:
                return


async def all_events(yard: Yard, caller: Caller, wanted: Wanted, after: str | None) -> AsyncGenerator[JsonObject]:
    """The events of the jobs that are wanted behind the cursor, or from now on; without an end."""
    async with aclosing(yard.feed.of_all(after)) as told:
        async for one in told:
            if wanted.includes(one.event) and await _sees(yard, caller, one.event["job"]):
                yield {**one.event, "cursor": one.cursor}


async def resting(yard: Yard, caller: Caller, job_id: str, seconds: float) -> JsonObject:
    """The job once it is complete, canceled or in error, or as it is when the time is over."""
    try:
        async with (
            asyncio.timeout(min(max(0, seconds), LONGEST_WAIT)),
            aclosing(yard.feed.of_job(job_id)) as events,
        ):
            async for event in events:
                if event["status"] in RESTING and (await jobs.find(yard, caller, job_id))["status"] in RESTING:
                    break
    except TimeoutError:
        pass  # that is an answer as well: the job still runs
    return await jobs.find(yard, caller, job_id)


async def _sees(yard: Yard, caller: Caller, job_id: str) -> bool:
    """As of now: groups of the job, and of the caller, may have changed since the event and since the question."""
    caller = await _still(yard, caller)
    return caller.administrator or await yard.jobs.exists(job_id, caller)


async def _still(yard: Yard, caller: Caller) -> Caller:
    """The caller with what the account may do now; NotSignedIn when it was closed."""
    now = await yard.callers.of_account(caller.account_id)
    if now is None:
        raise NotSignedIn
    return now


def _number(cursor: str | None) -> int:
    if cursor is None:
        return -1
    if not cursor.isdecimal() or len(cursor) > 15:
        message = "must be the cursor of an event of this job"
        raise RequestInvalid([Fault("format", "/after", "#/after/format", message)])
    return int(cursor)
