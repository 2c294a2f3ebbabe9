"""Follows jobs: what was stored since a cursor, then live, each event once and in order; and which events there are."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from pymongo.errors import PyMongoError

from ...models.documents.documented import is_ours
from ...models.documents.event import SOURCE, TOPICS, event_definition
from ...models.documents.job import Job
from ...models.documents.moments import stored_ids
from ...models.documents.shapes.events import FollowedEvent, History, JobEventDocument
from ...models.documents.shapes.jobs import JobHeader
from ...models.engine.lifecycle import ENDED, FINAL
from ...models.errors import EventNotFound, Fault, JobNotFound, NotSignedIn, RequestInvalid
from ...models.json import JsonObject
from ...models.visibility import Caller
from ..search import rows
from ..search.conditions import invalid
from ..search.documented_fields import TEXT
from ..search.lists import DocumentedList
from ..search.projection import fields
from ..services import Services
from ..store.collections import collection_of
from ..store.outage import insist
from . import start as jobs
from .admission import Arrival

LONGEST_WAIT = 300  # seconds
MOST_OF_HISTORY = 200
LAST_LOOK = 1  # second, for the job as it is when the server is being stopped


@dataclass(frozen=True)
class EventFilter:
    """Which jobs' events: all conditions hold, and one that is empty always does."""

    statuses: frozenset[str] = field(default_factory=frozenset[str])
    names: frozenset[str] = field(default_factory=frozenset[str])
    types: frozenset[str] = field(default_factory=frozenset[str])
    roots: frozenset[str] = field(default_factory=frozenset[str])
    users: frozenset[str] = field(default_factory=frozenset[str])

    def includes(self, event: JobEventDocument) -> bool:
        asked = (
            (self.statuses, event["status"]),
            (self.names, event.get("name")),
            (self.types, event.get("type")),
            (self.roots, event.get("root")),
            (self.users, event.get("user")),
        )
        return all(not values or value in values for values, value in asked)


async def job_events(
    services: Services, caller: Caller, job_id: str, after: str | None
) -> AsyncGenerator[FollowedEvent]:
    """The events of one job behind the cursor `after`, from its start without one, until it is final.

    Events are kept for a while only, and other programs tell none: where there are none any more, the last one comes,
    which the job itself keeps; of a job of another program none. A database that is away is waited for.
    """
    await insist(lambda: jobs.check_visible(services, caller, job_id))
    async with aclosing(_events_of(services, job_id, _seq_of_cursor(after))) as events:
        async for event in events:
            await insist(partial(_check_still_visible, services, caller, event))
            yield {**event, "cursor": str(event["seq"])}
            if event["status"] in FINAL:
                return


async def history(services: Services, job_id: str, last: int, before: str | None) -> History:
    """`{events, has_earlier}` of a job that the caller sees: the latest events first, or those before a cursor."""
    if not 1 <= last <= MOST_OF_HISTORY:
        raise invalid("maximum", "/last", f"must be between 1 and {MOST_OF_HISTORY}")
    found = await services.feed.latest(job_id, None if before is None else _seq_of_cursor(before, "/before"), last + 1)
    events: list[FollowedEvent] = [{**event, "cursor": str(event["seq"])} for event in found[:last]]
    return {"events": events, "has_earlier": len(found) > last}


async def _events_of(services: Services, job_id: str, after: int) -> AsyncGenerator[JobEventDocument]:
    header = await insist(lambda: _header(job_id))
    if header is None or not is_ours(header):
        return
    last = header.get("event")
    if last is not None and last["seq"] > after and not await insist(lambda: services.feed.history(job_id, after)):
        yield last
        after = last["seq"]
    async with aclosing(services.feed.follow_job(job_id, after)) as events:
        async for event in events:
            yield event


async def is_latest(event: FollowedEvent) -> bool:
    """Whether nothing happened to the job since, as it is stored now."""
    header = await insist(lambda: _header(event["job"]))
    last = None if header is None else header.get("event")
    return last is None or last["seq"] <= event["seq"]


async def _header(job_id: str) -> JobHeader | None:
    """What a stored job says of its last event and of who stored it; None where it was deleted."""
    fields = {"event": 1, "workflow_version": 1}
    return await collection_of(Job).find_one({"_id": {"$in": stored_ids(job_id)}}, fields)


async def all_events(
    services: Services, caller: Caller, wanted: EventFilter, after: str | None
) -> AsyncGenerator[FollowedEvent]:
    """The events of the jobs that are wanted behind the cursor, or from now on; without an end."""
    async with aclosing(services.feed.follow_all(after)) as told:
        async for one in told:
            job_id = one.event["job"]
            if wanted.includes(one.event) and await insist(partial(_may_see_now, services, caller, job_id)):
                yield {**one.event, "cursor": one.cursor}


async def wait_ended(
    services: Services, caller: Caller, job: JsonObject, seconds: float, arrival: Arrival | None = None
) -> JsonObject:
    """The started job once it is complete, canceled or in error, or as it is when the time is over.

    As it is, too, when others wait for the room that the body of the request takes.
    As it is, too, when the server is being stopped; as it was started, where the database does not tell it then.
    """
    job_id: str = job["_id"]
    try:
        async with (
            services.closing.interrupt_waits(),
            (arrival or Arrival()).patience(min(max(0, seconds), LONGEST_WAIT)),
            aclosing(services.feed.follow_job(job_id)) as events,
        ):
            async for event in events:
                if event["status"] not in ENDED:
                    continue
                if (await jobs.find(services, caller, job_id, fields("status")))["status"] in ENDED:
                    break
    except TimeoutError:
        pass  # that is an answer as well: the job still runs
    if not services.closing.is_set():
        return await jobs.find(services, caller, job_id)
    try:
        async with asyncio.timeout(LAST_LOOK):
            return await jobs.find(services, caller, job_id)
    except (TimeoutError, PyMongoError):
        return job


async def _check_still_visible(services: Services, caller: Caller, event: JobEventDocument) -> None:
    """JobNotFound where the job is out of sight. It is asked once for an event, however many the account follows it by:
    what changed after it has no part in it.
    """
    job_id = event["job"]
    caller = await _refresh_caller(services, caller)
    if not await services.shared_checks.holds((event["_id"], caller), lambda: services.jobs.exists(job_id, caller)):
        raise JobNotFound(job_id)


async def _may_see_now(services: Services, caller: Caller, job_id: str) -> bool:
    """As of now: groups of the job, and of the caller, may have changed since the event and since the question."""
    caller = await _refresh_caller(services, caller)
    return caller.administrator or await services.jobs.exists(job_id, caller)


async def _refresh_caller(services: Services, caller: Caller) -> Caller:
    """The caller with what the account may do now; NotSignedIn when it was closed."""
    now = await services.callers.of_account(caller.account_id)
    if now is None:
        raise NotSignedIn
    return now


def _seq_of_cursor(cursor: str | None, pointer: str = "/after") -> int:
    if cursor is None:
        return -1
    if not cursor.isdecimal() or len(cursor) > 15:
        message = "must be the cursor of an event of this job"
        raise RequestInvalid([Fault("format", pointer, f"#{pointer}/format", message)])
    return int(cursor)


_FIELDS: Final[rows.RowFields] = dict.fromkeys(("source", "topic", "description"), TEXT)


def definitions(given: JsonObject) -> DocumentedList:
    """By topic unless sorted otherwise."""
    return rows.listed([event_definition(topic) for topic in TOPICS], given, _FIELDS, first="topic")


def definition(source: str, topic: str) -> JsonObject:
    if source != SOURCE or topic not in TOPICS:
        raise EventNotFound(source, topic)
    return event_definition(topic)
