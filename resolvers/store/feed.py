"""The feed of job events: stored, and published live to subscribers.

Each advance stores one event (`publish`). Every process on the database receives it by a change stream; in the
in-memory store a process receives its own events directly. Each published event has a cursor, from which a subscriber
goes on without a gap and without a repetition, on any process. Cursors are the resume tokens of the change stream,
which sort like the oplog.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf
from typing import Any, TypeAlias
from uuid import uuid4

from pymongo.errors import OperationFailure, PyMongoError

from ...models.documents.event import JobEvent
from ...models.documents.shapes.events import JobEventDocument, Nudge
from ...models.errors import CursorLost, TooSlow
from ..log_facts import about
from .collections import collection_of
from .errors import AlreadyStored, brief, trace
from .group_commit import Writer
from .outage import RETRY_SECONDS, is_away, retry_while_away

MOST_WAITING = 10_000  # events that a slow subscriber may leave unread
REMEMBERED = 10_000  # past events that a store without a change stream can repeat
PAUSE_SECONDS = 0.02  # between two writes of events: jobs that start one after the other share one
LOOK_MILLISECONDS = 500  # how long the database waits for the next event before it answers with an empty batch
CAUGHT_UP_MILLISECONDS = 200
OVERLAP = timedelta(seconds=60)  # servers store events not exactly in the order of their moments
DEAF_SECONDS = 5  # without a batch of the change stream, which sends one twice a second

_HISTORY_LOST = (
    136,
    260,
    280,
    286,
)  # MongoDB's codes: the events after the resume token are gone, or the token is invalid
_INSERTS = [{"$match": {"operationType": "insert"}}]

log = logging.getLogger("jobyard")


@dataclass(frozen=True)
class Published:
    """An event with its cursor."""

    cursor: str
    event: JobEventDocument


Heard: TypeAlias = JobEventDocument | Nudge
_Queue: TypeAlias = asyncio.Queue[Published | Exception]


class Feed:
    """`streams`: whether the store has change streams."""

    def __init__(self, *, streams: bool) -> None:
        self._events = collection_of(JobEvent)
        self._writer = Writer(self._events, pause=PAUSE_SECONDS)
        self._streams = streams
        self._subscribers: dict[str | None, set[_Queue]] = {}  # by the job they follow; None: all jobs
        self._remembered: deque[Published] = deque(maxlen=REMEMBERED)
        self._count = 0
        self._listening = asyncio.Event()
        self._listeners: list[Callable[[Heard], None]] = []
        self._cursor = ""  # the cursor up to which the subscribers have received everything
        self._read_at = -inf

    async def publish(self, *events: JobEventDocument) -> None:
        """Return once the events are stored, in their order. A stored event is not published again."""
        for event, fault in zip(events, await self._writer.insert_together(*events), strict=True):
            if isinstance(fault, AlreadyStored):
                continue
            if fault is not None:
                raise fault
            if not self._streams:
                self._count += 1
                told = Published(_number_cursor(self._count), event)
                self._remembered.append(told)
                self._deliver(told.cursor, event)

    def hasten(self) -> None:
        """Store the next events without a pause: a job waits for them."""
        self._writer.hasten()

    def listen(self, listener: Callable[[Heard], None]) -> None:
        """Call `listener` with every event and every nudge that this process receives."""
        self._listeners.append(listener)

    async def nudge(self, job_id: str) -> None:
        """Let the process that runs the job read what was stored for it. Subscribers do not receive a nudge."""
        if self._streams:
            document: Nudge = {"_id": f"nudge/{uuid4().hex}", "job": job_id, "nudge": True, "stored": datetime.now(UTC)}
            self._writer.hasten()
            await self._writer.insert(document)

    async def run(self, closing: asyncio.Event) -> None:
        """Receive the events of all processes, until `closing` is set.

        Do not cancel it: a cancellation may break a connection that waits for the database.
        """
        while self._streams and not closing.is_set():
            try:
                await self._listen_to_stream(closing)
            except PyMongoError as fault:
                if isinstance(fault, OperationFailure) and fault.code in _HISTORY_LOST:
                    log.warning(
                        "the change stream of job events cannot go on where it was: %s",
                        brief(fault),
                        extra=about("stream_lost"),
                    )
                    self._disconnect()
                else:
                    log.info(
                        "the change stream of job events broke off, and goes on where it was: %s",
                        brief(fault),
                        extra=about("stream_broke_off"),
                    )
                await asyncio.sleep(RETRY_SECONDS)
            except Exception as fault:  # an edge: an error of a listener must not end the feed
                log.error(
                    "hearing of job events failed, and goes on where it was\n%s",
                    trace(fault),
                    extra=about("stream_failed"),
                )
                await asyncio.sleep(RETRY_SECONDS)

    async def _listen_to_stream(self, closing: asyncio.Event) -> None:
        """Read the change stream from where the last one ended, so that subscribers miss no event."""
        resume: dict[str, Mapping[str, str]] = {"resume_after": {"_data": self._cursor}} if self._cursor else {}
        async with await self._events.watch(_INSERTS, max_await_time_ms=LOOK_MILLISECONDS, **resume) as stream:
            while not closing.is_set():
                change = await stream.try_next()
                self._cursor = _position(stream)
                self._read_at = time.monotonic()
                self._listening.set()
                if change is not None:
                    self._deliver(_position_of(change), change["fullDocument"])

    @property
    def subscribers(self) -> int:
        return sum(map(len, self._subscribers.values()))

    def is_listening(self) -> bool:
        """Whether this process receives the events of other processes now."""
        return not self._streams or time.monotonic() - self._read_at < DEAF_SECONDS

    async def history(self, job_id: str, after: int) -> list[JobEventDocument]:
        """The stored events of a job after the sequence number `after`, in order."""
        return [one async for one in self._events.find({"job": job_id, "seq": {"$gt": after}}).sort("seq", 1)]

    async def latest(self, job_id: str, before: int | None, most: int) -> list[JobEventDocument]:
        """At most so many stored events of a job, before a sequence number if one is given, the latest first."""
        query: dict[str, object] = {"job": job_id, "seq": {"$gte": 0} if before is None else {"$gte": 0, "$lt": before}}
        return [one async for one in self._events.find(query).sort("seq", -1).limit(most)]

    async def follow_job(self, job_id: str, after: int = -1) -> AsyncGenerator[JobEventDocument]:
        """The events of one job after the sequence number `after`: stored ones, then live ones, without an end."""
        with self._subscribe(job_id) as queue:
            if self._streams:
                await self._listening.wait()
            for event in await retry_while_away(partial(self.history, job_id, after)):
                yield event
                after = event["seq"]
            while True:
                event = (await _next(queue)).event
                if event["seq"] <= after:
                    continue
                # Earlier events may have been stored before the subscription began.
                complete = event["seq"] <= after + 1
                for missed in [event] if complete else await retry_while_away(partial(self.history, job_id, after)):
                    yield missed
                    after = missed["seq"]

    async def follow_all(self, after: str | None = None) -> AsyncGenerator[Published]:
        """The events of all jobs after the cursor `after`, or from now on, without an end."""
        with self._subscribe() as queue:
            if self._streams:
                await self._listening.wait()
            while after is not None:
                try:
                    async with aclosing(self._read_since(after)) as missed:
                        async for told in missed:
                            yield told
                            after = told.cursor
                    break
                except PyMongoError as fault:
                    if not is_away(fault):
                        raise
                await asyncio.sleep(RETRY_SECONDS)
            while True:
                told = await _next(queue)
                if after is None or told.cursor > after:
                    yield told
                    after = told.cursor

    async def follow_all_since(self, at: int) -> AsyncGenerator[JobEventDocument]:
        """The events of all jobs since a moment (epoch milliseconds): stored ones, then live ones.

        If a subscriber is too slow, or the change stream lost its place, stored events are read again, some twice.
        """
        since = datetime.fromtimestamp(at / 1000, UTC)
        while True:
            try:
                async with aclosing(self._read_stored_since(since)) as events:
                    async for event in events:
                        since = max(since, event["stored"].replace(tzinfo=UTC) - OVERLAP)
                        yield event
            except (CursorLost, TooSlow) as lost:
                log.info(
                    "whoever listens to the events of all jobs reads the stored ones again: %s",
                    lost,
                    extra=about("listener_behind"),
                )

    async def _read_stored_since(self, since: datetime) -> AsyncGenerator[JobEventDocument]:
        with self._subscribe() as queue:
            if self._streams:
                await self._listening.wait()
            stored = {"stored": {"$gte": since}, "nudge": {"$exists": False}}
            known: set[str] = set()
            async for event in self._events.find(stored).sort("stored", 1):
                known.add(event["_id"])
                yield event
            while True:
                event = (await _next(queue)).event
                if event["_id"] not in known:
                    yield event

    async def close(self) -> None:
        await self._writer.close()

    async def _read_since(self, after: str) -> AsyncGenerator[Published]:
        """The events after the cursor, at least up to those that the subscribers have received."""
        if not self._streams:
            for told in self._remembered_since(after):
                yield told
            return
        wanted = self._cursor
        try:
            async with await self._events.watch(
                _INSERTS, resume_after={"_data": after}, max_await_time_ms=CAUGHT_UP_MILLISECONDS
            ) as stream:
                while True:
                    change = await stream.try_next()
                    if change is not None:
                        if "nudge" not in change["fullDocument"]:
                            yield Published(_position_of(change), change["fullDocument"])
                    elif _position(stream) >= wanted:  # an empty batch alone does not say that there is no more
                        return
        except OperationFailure as fault:
            if is_away(fault):
                raise
            raise CursorLost(after) from fault  # of what is no cursor the database says many things

    def _remembered_since(self, after: str) -> list[Published]:
        oldest = self._count - len(self._remembered)
        if not (
            len(after) == len(_number_cursor(0)) and _number_cursor(oldest) <= after <= _number_cursor(self._count)
        ):
            raise CursorLost(after)
        return [told for told in self._remembered if told.cursor > after]

    @contextmanager
    def _subscribe(self, job_id: str | None = None) -> Generator[_Queue]:
        queue: _Queue = asyncio.Queue()
        self._subscribers.setdefault(job_id, set()).add(queue)
        try:
            yield queue
        finally:
            self._leave(job_id, queue)

    def _leave(self, job_id: str | None, queue: _Queue) -> None:
        together = self._subscribers.get(job_id, set())
        together.discard(queue)
        if not together:
            self._subscribers.pop(job_id, None)

    def _deliver(self, cursor: str, heard: Heard) -> None:
        for listener in self._listeners:
            listener(heard)
        if "nudge" in heard:
            return
        told = Published(cursor, heard)
        for job_id in (heard["job"], None):
            for queue in list(self._subscribers.get(job_id, ())):
                if queue.qsize() < MOST_WAITING:
                    queue.put_nowait(told)
                else:
                    self._leave(job_id, queue)
                    queue.put_nowait(TooSlow(MOST_WAITING))

    def _disconnect(self) -> None:
        """End all subscriptions: events may be missing, and subscribers must come back with their cursors."""
        self._cursor = ""
        self._listening.clear()
        for queue in [queue for together in self._subscribers.values() for queue in together]:
            queue.put_nowait(CursorLost(None))
        self._subscribers.clear()


async def _next(queue: _Queue) -> Published:
    told = await queue.get()
    if isinstance(told, Exception):
        raise told
    return told


def _position_of(change: Any) -> str:
    return change["_id"]["_data"]


def _position(stream: Any) -> str:
    return stream.resume_token["_data"]


def _number_cursor(count: int) -> str:
    return f"{count:016x}"
