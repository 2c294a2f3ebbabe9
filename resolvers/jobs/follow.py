"""Follows jobs: stored events since a cursor, then live events, each once and in order; and the event definitions."""

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
from ...models.json import JsonObject, text_at
from ...models.visibility import Caller
from ..search import rows
from ..search.conditions import invalid
from ..search.documented_fields import TEXT
from ..search.lists import DocumentedList
from ..search.projection import fields
from ..services import Services
from ..store.collections import collection_of
from ..store.outage import retry_while_away
from . import start as jobs
from .admission import Arrival

LONGEST_WAIT = 300  # seconds
MOST_OF_HISTORY = 200
LAST_LOOK = 1  # second, to read the job while the server stops


@dataclass(frozen=True)
class EventFilter:
    """A filter of events: all conditions must hold; an empty condition always holds."""

    statuses: frozenset[str] = field(default_factory=frozenset[str])
    names: frozenset[str] = field(default_factory=frozenset[str])
    types: frozenset[str] = field(default_factory=frozenset[str])
    roots: frozenset[str] = field(default_factory=frozenset[str])
    users: frozenset[str] = field(default_factory=frozenset[str])

    def includes(self, event: JobEventDocument) -> bool:
        conditions = (
            (self.statuses, event["status"]),
            (self.names, event.get("name")),
            (self.types, event.get("type")),
            (self.roots, event.get("root")),
            (self.users, event.get("user")),
        )
        return all(not values or value in values for values, value in conditions)


async def job_events(
    services: Services, caller: Caller, job_id: str, after: str | None
) -> AsyncGenerator[FollowedEvent]:
    """The events of one job after the cursor `after` (None: from its start), until the job is final.

    Events expire: if none are left, the follower gets the last event, which the job itself has. Jobs of other programs
    have no events. If the database is away, the follower waits for it.
    """
    await retry_while_away(lambda: jobs.check_visible(services, caller, job_id))
    async with aclosing(_events_of(services, job_id, _seq_of_cursor(after))) as events:
        async for event in events:
            await retry_while_away(partial(_check_still_visible, services, caller, event))
            yield {**event, "cursor": str(event["seq"])}
            if event["status"] in FINAL:
                return


async def history(services: Services, job_id: str, last: int, before: str | None) -> History:
    """`{events, has_earlier}` of a job that the caller sees, the latest event first; `before` is a cursor."""
    if not 1 <= last <= MOST_OF_HISTORY:
        raise invalid("maximum", "/last", f"must be between 1 and {MOST_OF_HISTORY}")
    found = await services.feed.latest(job_id, None if before is None else _seq_of_cursor(before, "/before"), last + 1)
    events: list[FollowedEvent] = [{**event, "cursor": str(event["seq"])} for event in found[:last]]
    return {"events": events, "has_earlier": len(found) > last}


async def _events_of(services: Services, job_id: str, after: int) -> AsyncGenerator[JobEventDocument]:
    header = await retry_while_away(lambda: _header(job_id))
    if header is None or not is_ours(header):
        return
    last = header.get("event")
    if (
        last is not None
        and last["seq"] > after
        and not await retry_while_away(lambda: services.feed.history(job_id, after))
    ):
        yield last
        after = last["seq"]
    if last is not None and last["seq"] <= after and last["status"] in FINAL:
        return  # the follower has the last event
    async with aclosing(services.feed.follow_job(job_id, after)) as events:
        async for event in events:
            yield event


async def is_latest(event: FollowedEvent) -> bool:
    """Whether the event is still the last one of its stored job."""
    header = await retry_while_away(lambda: _header(event["job"]))
    last = None if header is None else header.get("event")
    return last is None or last["seq"] <= event["seq"]


async def _header(job_id: str) -> JobHeader | None:
    """The fields of a stored job that name its last event and the program that stored it; None for a deleted job."""
    fields = {"event": 1, "workflow_version": 1}
    return await collection_of(Job).find_one({"_id": {"$in": stored_ids(job_id)}}, fields)


async def all_events(
    services: Services, caller: Caller, wanted: EventFilter, after: str | None
) -> AsyncGenerator[FollowedEvent]:
    """The events that the filter includes, after the cursor or from now on, without an end."""
    async with aclosing(services.feed.follow_all(after)) as events:
        async for published in events:
            job_id = published.event["job"]
            if wanted.includes(published.event) and await retry_while_away(
                partial(_may_see_now, services, caller, job_id)
            ):
                yield {**published.event, "cursor": published.cursor}


async def wait_ended(
    services: Services, caller: Caller, job: JsonObject, seconds: float, arrival: Arrival | None = None
) -> JsonObject:
    """The started job once it is complete, canceled or in error, or as it is after so many seconds.

    The wait ends earlier if other requests wait for the memory of this one, or if the server stops. If the database
    does not answer while the server stops, the job is returned as it was started.
    """
    job_id = text_at(job, "_id")
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
        pass  # the job still runs: the caller gets it as it is
    if not services.closing.is_set():
        return await jobs.find(services, caller, job_id)
    try:
        async with asyncio.timeout(LAST_LOOK):
            return await jobs.find(services, caller, job_id)
    except (TimeoutError, PyMongoError):
        return job


async def _check_still_visible(services: Services, caller: Caller, event: JobEventDocument) -> None:
    """JobNotFound if the caller may not see the job any more. All subscriptions of a caller share it."""
    job_id = event["job"]
    caller = await _refresh_caller(services, caller)
    if not await services.shared_checks.holds((event["_id"], caller), lambda: services.jobs.exists(job_id, caller)):
        raise JobNotFound(job_id)


async def _may_see_now(services: Services, caller: Caller, job_id: str) -> bool:
    """Whether the caller may see the job now: the groups of both may have changed since the event."""
    caller = await _refresh_caller(services, caller)
    return caller.administrator or await services.jobs.exists(job_id, caller)


async def _refresh_caller(services: Services, caller: Caller) -> Caller:
    """The caller with the permissions that the account has now; NotSignedIn if the account was closed."""
    now = await services.callers.find_by_account(caller.account_id)
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


def definitions(parameters: JsonObject) -> DocumentedList:
    """The event definitions, by topic unless sorted otherwise."""
    return rows.list_rows([event_definition(topic) for topic in TOPICS], parameters, _FIELDS, first="topic")


def definition(source: str, topic: str) -> JsonObject:
    if source != SOURCE or topic not in TOPICS:
        raise EventNotFound(source, topic)
    return event_definition(topic)
