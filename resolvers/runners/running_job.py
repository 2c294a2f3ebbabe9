"""One job that this process runs: its only writer, fed by a mailbox.

All letters that wait are applied together and stored in one write, which also takes what came from the inbox; only then
are the effects brought about, and subscribers told.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import get_args

from ...models.documents.commands import command_of
from ...models.documents.event import job_event
from ...models.documents.moments import moment
from ...models.documents.progress import Stamp, changed_entries, changed_iterations, finish_of, job_fields
from ...models.documents.secrets import CHILD_SECRETS, told_by_child
from ...models.documents.stored import NotStorable, from_stored
from ...models.engine.advance import apply_all
from ...models.engine.changes import Changes
from ...models.engine.definition import Definition
from ...models.engine.due import due, sequences
from ...models.engine.endings import child_ends
from ...models.engine.events import Answered, Canceled, ChildEnded, ChildStart, Command, Event, MoreToDo, Resumed
from ...models.engine.rules import DEFAULT_RULES, Rules
from ...models.engine.state import JobState
from ...models.json import JsonObject, array_at, object_at, text_at
from ..clock import Clock
from ..store.feed import Feed
from ..store.jobs import JobStore
from .effects import Effects
from .mailbox import Letter, Mailbox
from .runner import Perform, StartChild

ACTIVE = ("running", "paused")


@dataclass(frozen=True)
class Surroundings:
    """What a running job reaches of the world."""

    store: JobStore
    feed: Feed
    clock: Clock
    perform: Perform
    start_child: StartChild
    rules: Rules = DEFAULT_RULES


@dataclass(frozen=True)
class _Write:
    """One advance as it is stored: entries of tasks, other fields of the header, iterations."""

    entries: JsonObject
    fields: JsonObject
    iterations: list[JsonObject]
    refusal: NotStorable | None = None  # why there is nothing but the entries


class RunningJob:
    """`header` is the job document as it was stored; `state` is the engine's, and changes here alone.

    `cancel_children` tells all jobs below this one, durably, that they are canceled.
    """

    def __init__(
        self,
        around: Surroundings,
        header: JsonObject,
        definition: Definition,
        state: JobState,
        rested: asyncio.Event,
        cancel_children: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self.header = header
        self.state = state
        self._around = around
        self._definition = definition
        self._seq: int = header["seq"]
        self._status: str = header["status"]  # as it is stored
        self._epoch: int = header["lease"]["epoch"]
        self._mailbox = Mailbox()
        self._effects = Effects(state.job_id, around.clock, around.perform, self.send)
        self._rested = rested
        self._cancel_children = cancel_children
        self._stepping = False
        self._telling: asyncio.Task[None] | None = None

    @property
    def parent(self) -> JsonObject:
        return object_at(self.header, "parent")

    def send(self, event: Event) -> "asyncio.Future[None]":
        """Tell it what happened; see Mailbox.put."""
        return self._mailbox.put(event)

    def obey(self, entry: JsonObject) -> "asyncio.Future[None]":
        """Take an entry of the job's inbox; once more changes nothing."""
        return self._mailbox.put(command_of(entry), entry["id"])

    async def drive(self) -> None:
        """Advance until the job is over, then give up the lease. LostLease when another process has the job."""
        self._tell(object_at(self.header, "event"))  # a process that was killed may not have told it
        self.send(Resumed())
        for entry in array_at(self.header, "inbox"):
            self.obey(entry)
        everything = True
        try:
            while True:
                with self._mailbox.taken() as letters:
                    await self._advance(letters, everything=everything)
                everything = False
                self._rested.set()
                if self.state.status not in ACTIVE and await self._let_go():
                    return
                await self._mailbox.filled()
        finally:
            await self._effects.stop()
            self._mailbox.close()

    async def _let_go(self) -> bool:
        """Give up the lease; False when somebody asked for something meanwhile, which is in the mailbox then."""
        await self._told()
        if await self._around.store.release(self.state.job_id, self._epoch):
            return True
        for entry in await self._around.store.inbox(self.state.job_id, self._epoch):
            self.obey(entry)
        return False

    @property
    def asks_people(self) -> bool:
        return any(task.waits_for == "person" for task in self.state.tasks.values())

    def answered(self, iteration: JsonObject) -> None:
        """Take the answer that a person left at this iteration, as stored."""
        task_id: str = iteration["job"]["task"]
        attempt = self.state.tasks[task_id].attempt
        self.send(Answered(task_id, iteration["iteration"], attempt, finish_of(iteration["answer"])))

    def children_due(self) -> list[ChildStart]:
        """The children it waits for, whoever runs them."""
        if self._stepping:
            return []  # the state is being changed; whoever asks will ask again
        effects = due(self._definition.graph, self.state).values()
        return [effect for effect in effects if isinstance(effect, ChildStart)]

    async def _advance(self, letters: list[Letter], *, everything: bool) -> None:
        events = [letter.event for letter in letters]
        if any(isinstance(event, Canceled) for event in events):
            await self._effects.start_no_more_children()
            await self._cancel_children(self.state.job_id, text_at(object_at(self.header, "metrics"), "user"))
        at = self._around.clock.now()
        # In a thread: what an author wrote may take its time, and the other jobs, leases and requests go on meanwhile.
        self._stepping = True
        changes, write = await asyncio.to_thread(self._step, events, at)
        self._stepping = False
        taken = [letter.inbox_id for letter in letters if letter.inbox_id is not None]
        if changes or taken:
            await self._save(changes, write, taken, at)
        told = changes.tasks.union(sequences(self.state, changes.counted))
        everything = everything or any(isinstance(event, get_args(Command)) for event in events)
        for key, effect in due(self._definition.graph, self.state, None if everything else told).items():
            if isinstance(effect, MoreToDo):
                self.send(Resumed())
            else:
                self._effects.bring_about(key, effect, self._start_child)

    def _step(self, events: list[Event], at: int) -> tuple[Changes, _Write]:
        """Apply the events, and make the documents that tell of it: large values take their time here too."""
        changes = apply_all(self._definition, self.state, events, at)
        return changes, self._written(changes, at)

    def _written(self, changes: Changes, at: int) -> _Write:
        stamp = Stamp(moment(at), self._around.store.owner)
        entries = changed_entries(self.state, changes, stamp)
        try:
            fields = job_fields(self.state, self.header, changes.fields)
            iterations = changed_iterations(self._definition.graph, self.state, self.header, changes, stamp)
        except NotStorable as refusal:
            return _Write(entries, {}, [], refusal)
        return _Write(entries, fields, iterations)

    async def _save(self, changes: Changes, write: _Write, taken: list[str], at: int) -> None:
        await self._told()
        try:
            if write.refusal is not None:
                raise write.refusal
            await self._store(changes, write.fields | write.entries, write.iterations, taken, at)
        except NotStorable as refusal:
            await self._store(changes, self._refused(str(refusal), at) | write.entries, [], taken, at)

    async def _store(
        self, changes: Changes, fields: JsonObject, iterations: list[JsonObject], taken: list[str], at: int
    ) -> None:
        status = self.state.status
        event = job_event(self.header, self._seq + 1, self._status, status, list(changes.told), moment(at))
        groups = await self._around.store.save(
            self.state.job_id, self._seq, self._epoch, {**fields, "event": event}, iterations, taken
        )
        self._seq += 1
        self._status = status
        if groups != array_at(self.header, "groups"):
            # The iterations were written before the header told: whoever changed the groups did not see these.
            self.header = {**self.header, "groups": groups}
            await self._around.store.tasks.regroup(self.state.job_id, groups)
        self._tell(event)

    def _tell(self, event: JsonObject) -> None:
        """Publish beside the job's own work. It is in the header too, so that whoever takes over publishes it."""
        if event:
            self._telling = asyncio.create_task(self._around.feed.publish(dict(event)), name=f"tell {event['_id']}")

    async def _told(self) -> None:
        """Return once the last event is published: the next write replaces it in the header."""
        if self._telling is not None:
            await self._telling
            self._telling = None

    def _refused(self, reason: str, at: int) -> JsonObject:
        """The database cannot hold what a task produced: the job ends in error with what was stored before."""
        self.state.status = "error"
        self.state.errors = [{"task": "job", "message": reason, "timestamp": at}]
        return job_fields(self.state, self.header, ("status", "error"))

    async def _start_child(self, start: ChildStart) -> None:
        task = self.state.tasks[start.task_id]
        if task.spawn is None or (task.iteration, task.attempt) != (start.iteration, start.attempt):
            return  # the task has ended meanwhile: what has not been started is not
        child = await self._around.start_child({**self.header, "description": self.state.description}, start)
        if child["status"] in child_ends(self._around.rules):
            self.child_ended(start, child)

    def child_ended(self, start: ChildStart, child: JsonObject) -> None:
        child = from_stored(child)
        self.learn_secrets(start.task_id, child)
        variables = object_at(child, "variables")
        status = child["status"]
        self.send(ChildEnded(start.task_id, start.iteration, start.attempt, start.element, status, variables))

    def learn_secrets(self, task_id: str, child: JsonObject) -> None:
        """Know what is secret in the variables of a child before they become the task's."""
        known = array_at(self.header, CHILD_SECRETS)
        told = told_by_child(child, task_id, self._definition.graph.tasks.get(task_id, {}))
        if new := [one for one in told if one not in known]:
            self.header = {**self.header, CHILD_SECRETS: [*known, *new]}
