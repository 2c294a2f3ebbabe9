"""One job that this process runs: its only writer, fed by a mailbox.

All letters that wait are applied together and stored in one write of the header, which also takes what came from the
inbox. That write alone makes the advance true: iterations and the event follow from it and are written after it, and
whoever takes the job over writes them again. Only then are the effects brought about.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import nullcontext
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol, TypeAlias, get_args

from pymongo.errors import PyMongoError

from ...models.documents.commands import CANCELED_WITH, act_of, answer_of, command_of, inbox_entry
from ...models.documents.event import job_event, start_event
from ...models.documents.moments import moment
from ...models.documents.progress import Stamp, changed_entries, changed_iterations, finish_of, job_fields
from ...models.documents.shapes.commands import InboxEntry
from ...models.documents.shapes.events import JobEventDocument
from ...models.documents.shapes.jobs import JobHeader, SecretEntry
from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.stored import NotStorable, from_stored
from ...models.engine.advance import apply_all, is_brief
from ...models.engine.changes import Changes
from ...models.engine.definition import Definition
from ...models.engine.effects import Rest, pending_effects, rest_of, sequences
from ...models.engine.endings import child_ends
from ...models.engine.events import (
    Answered,
    Canceled,
    ChildEnded,
    ChildStart,
    Command,
    Event,
    MoreToDo,
    Paused,
    Resumed,
)
from ...models.engine.lifecycle import ACTIVE, JobStatus
from ...models.engine.rules import DEFAULT_RULES, Rules
from ...models.engine.sizes import is_large
from ...models.engine.state import JobState
from ...models.json import Json, JsonObject, text_at
from ...models.secrets.concealing import concealing, secrets_of
from ...models.secrets.finding import Finder, find_secrets, handed_to_child, keeps_secrets
from ...models.secrets.marks import (
    CHILD_SECRETS,
    FOUND_SECRETS,
    HANDED_SECRETS,
    marks,
    marks_of_iteration,
    told_by_child,
)
from ...models.secrets.masking import Path, secret_paths
from ..clock import Clock
from ..metrics import ADVANCE_SECONDS, timed
from ..store.feed import Feed
from ..store.jobs import Committed, JobStore, epoch_of
from ..store.outage import insist, is_away, pauses
from ..store.outbox import OUTBOX
from ..threads import in_author_threads
from .adoption import MOST_CHILDREN
from .child_starts import StartTurns
from .effects import Effects
from .mailbox import Mailbox, Message, log_advance
from .protocol import Perform, StartChild

REST_AFTER_SECONDS = 60  # without anything to do, a job is built down: it costs 40 kB as long as it is not
LARGE_STEPS_AT_ONCE = 1  # of jobs that hold much: each may take some hundred megabytes meanwhile
ADVANCES_AT_ONCE = 64  # of all jobs: more would only wait for the database, and for their turn


class Family(Protocol):
    """The jobs below a job."""

    async def cancel(self, job_id: str, entry: InboxEntry) -> list[str]:
        """Ask all of them, durably, to end; the ids of those that have to be told."""
        ...

    async def tell(self, job_ids: Sequence[str], entry: InboxEntry) -> None:
        """Let those that run here take the entry at once; the others find it."""
        ...


# Events and their moment: why the job must not take this step, None where it may.
Trial: TypeAlias = Callable[[Sequence[Event], int], Awaitable[str | None]]


@dataclass(frozen=True)
class JobDependencies:
    """What a running job reaches of the world."""

    store: JobStore
    feed: Feed
    clock: Clock
    perform: Perform
    start_child: StartChild
    rules: Rules = DEFAULT_RULES
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ADVANCES_AT_ONCE))
    large_steps: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LARGE_STEPS_AT_ONCE))
    start_turns: StartTurns = field(default_factory=StartTurns)
    rest_after: float = field(default_factory=lambda: REST_AFTER_SECONDS)


@dataclass(frozen=True)
class Unwritten:
    """Iterations that follow from the stored header of a new job; whoever waits for them is told by `written`."""

    iterations: list[IterationDocument]
    written: Callable[[], None]


@dataclass(frozen=True)
class _Write:
    """One advance as it is stored: entries of tasks, other fields of the header, iterations."""

    entries: JsonObject
    fields: JsonObject
    iterations: list[IterationDocument]
    refusal: NotStorable | None = None  # why there is nothing but the entries
    secrets: Sequence[Path] = ()  # the ways to those among the variables
    found: Sequence[SecretEntry] = ()  # where else secrets are


def is_asked_for(message: Message) -> bool:
    """Whether a person asks for this; what follows from a command to a job above is not."""
    return isinstance(message.event, get_args(Command)) and not (message.inbox_id or "").startswith(CANCELED_WITH)


class RunningJob:
    """`header` is the job document as it was stored; `state` is the engine's, and changes here alone.

    With a `trial`, steps are tried elsewhere first, until the job has gone on. A new job whose first advance is made
    and stored comes with what is `unwritten` of it.
    """

    def __init__(
        self,
        dependencies: JobDependencies,
        header: JobHeader,
        definition: Definition,
        state: JobState,
        wait_first_save: asyncio.Event,
        family: Family,
        trial: Trial | None = None,
        unwritten: Unwritten | None = None,
    ) -> None:
        self.header: JobHeader = header
        self.state = state
        self._dependencies = dependencies
        conceal = concealing(lambda: self.header, definition.graph)
        self._definition = replace(definition, conceal=conceal)
        self._seq: int = header["seq"]
        self._status: JobStatus = header["status"]  # as it is stored
        self._epoch = epoch_of(header)
        self._mailbox = Mailbox()
        self._effects = Effects(
            state.job_id,
            dependencies.clock,
            dependencies.perform,
            self.send,
            self._start_child,
            dependencies.start_turns,
            lambda said: str(conceal(state, said)),
        )
        self._rested = wait_first_save
        self._family = family
        self._trial = trial
        self._parts = header.get(OUTBOX, {}).get("parts", [])  # of the last outbox, beside the header
        self._unwritten = unwritten
        self._stepping = False
        self.unheard: list[Message] = []  # once it is not driven any more: what came while it gave up
        if unwritten is None:
            self.send(Resumed())  # before anything else reaches the job: what it may go on with by itself comes first
        self._telling: asyncio.Task[None] | None = None

    def send(self, event: Event) -> "asyncio.Future[None]":
        """Tell it what happened; see Mailbox.put."""
        return self._mailbox.put(event)

    def deliver_command(self, entry: InboxEntry) -> "asyncio.Future[None]":
        """Take an entry of the job's inbox; once more changes nothing."""
        return self._mailbox.put(command_of(entry), entry["id"], act_of(entry))

    async def drive(self) -> Rest | None:
        """Advance until the job is over, then give up the lease; or until it has waited for long, and keep the lease.

        What it waits for, then. LostLease when another process has the job.
        """
        for entry in self.header.get("inbox", []):
            self.deliver_command(entry)
        try:
            if self._unwritten is not None:
                await self._write(self._unwritten.iterations, self._dependencies.store.outbox.write_first)
                self._unwritten.written()
                self._publish_stored()
                if "event" in self.header:
                    log_advance(self.header, self.header["event"], self.state.errors or ())
                self._begin_effects(None)
            else:
                self._publish_stored()
                await self._advance_by_mail(everything=True)
            while True:
                self._rested.set()
                if self.state.status not in ACTIVE and await self._release_lease():
                    return None
                while not await self._mailbox.filled(self._dependencies.rest_after):
                    await self._await_publication()
                    if (rest := self._rest()) is not None:
                        self._dependencies.store.large.forget(self.state.job_id)
                        return rest
                await self._advance_by_mail()
        finally:
            await self._effects.stop()
            self.unheard = self._mailbox.close()
            if self._telling is not None:  # left over where the job broke off; it is in the header
                self._telling.cancel()
                await asyncio.gather(self._telling, return_exceptions=True)

    def _rest(self) -> Rest | None:
        """What it waits for, if nothing has to be done for it soon; all it has done is written."""
        rest = rest_of(self._definition.graph, self.state)
        if rest is None or self._effects.starts_children:
            return None
        spawns = [spawn for id in rest.parents if (spawn := self.state.tasks[id].spawn) is not None]
        if any(len(spawn.variables) > MOST_CHILDREN for spawn in spawns):
            return None
        soon = self._dependencies.clock.now() + self._dependencies.rest_after * 1000
        return None if rest.until is not None and rest.until < soon else rest

    async def _release_lease(self) -> bool:
        """Give up the lease; False when somebody asked for something meanwhile, which is in the mailbox then."""
        await self._await_publication()
        if self._parts or self._epoch > 1:  # as long as the job is ours: another owner may have parts of its own
            await self._dependencies.store.outbox.clear(self.state.job_id)
        if await self._dependencies.store.release(self.state.job_id, self._epoch):
            return True
        for entry in await self._dependencies.store.inbox(self.state.job_id, self._epoch):
            self.deliver_command(entry)
        return False

    @property
    def epoch(self) -> int:
        """Of its lease, as this process has it."""
        return self._epoch

    @property
    def waits_for_children(self) -> bool:
        # Its running tasks alone may be changed in a thread just now.
        return any(task.waits_for == "children" for task in self.state.tasks.values())

    @property
    def asks_people(self) -> bool:
        return any(task.waits_for == "person" for task in self.state.tasks.values())

    def answered(self, iteration: IterationDocument) -> None:
        """Take the answer that a person left at this iteration, as stored."""
        if "answer" not in iteration:
            return
        task_id = iteration["job"]["task"]
        attempt = self.state.tasks[task_id].attempt
        user = iteration.get("metrics", {}).get("user")
        by = user if isinstance(user, str) else None
        self.send(Answered(task_id, iteration["iteration"], attempt, finish_of(iteration["answer"]), by))

    def pending_child_starts(self) -> list[ChildStart]:
        """The children it waits for, whoever runs them."""
        if self._stepping:
            return []  # the state is being changed; whoever asks will ask again
        effects = pending_effects(self._definition.graph, self.state).values()
        return [effect for effect in effects if isinstance(effect, ChildStart)]

    async def _advance_by_mail(self, *, everything: bool = False) -> None:
        with self._mailbox.taken() as messages:
            await self._advance(messages, everything=everything)

    async def _advance(self, messages: list[Message], *, everything: bool) -> None:
        events = [message.event for message in messages]
        canceling = next((message for message in messages if isinstance(message.event, Canceled)), None)
        # Before there is a place for it: the children that are just being started need places, too.
        ending = None if canceling is None else await self._end_family(canceling)
        if any(is_asked_for(message) for message in messages):
            # A person waits for this one: it does not queue behind what goes on by itself.
            with timed(ADVANCE_SECONDS):
                changes = await self._advanced(messages, events)
        else:
            async with self._dependencies.places:
                with timed(ADVANCE_SECONDS):
                    changes = await self._advanced(messages, events)
        if ending is not None:
            await self._family.tell(*ending)
        told = changes.tasks.union(sequences(self.state, changes.counted))
        everything = everything or any(isinstance(event, get_args(Command)) for event in events)
        self._begin_effects(None if everything else told)

    def _begin_effects(self, task_ids: Iterable[str] | None) -> None:
        """Those that the tasks wait for, or all tasks."""
        for key, effect in pending_effects(self._definition.graph, self.state, task_ids).items():
            if isinstance(effect, MoreToDo):
                self.send(Resumed())
            else:
                self._effects.start_effect(key, effect)

    async def _end_family(self, canceling: Message) -> tuple[list[str], InboxEntry] | None:
        """Ask all jobs below this one to end, before it has ended itself, so that none is forgotten. What is to be told
        afterwards, so that nobody waits for them: their ids, and the entry of their inboxes.
        """
        await self._effects.start_no_more_children()
        if not any(task.iteration for id, task in self.state.tasks.items() if self._starts_children(id)):
            return None
        asked = canceling.inbox_id or ""
        id = asked if asked.startswith(CANCELED_WITH) else f"{CANCELED_WITH}{self.state.job_id}"
        entry = inbox_entry(id, Canceled(), self.header["metrics"].get("user") or "")
        return await self._family.cancel(self.state.job_id, entry), entry

    async def _advanced(self, messages: list[Message], events: list[Event]) -> Changes:
        """Make true what follows from the events."""
        at = self._dependencies.clock.now()
        refusal = None if self._trial is None else await self._trial(events, at)
        if refusal is not None:
            changes = Changes(fields=frozenset(("status", "error")))
            await self._await_publication()
            await self._store(changes, self._refused(refusal, at), [], messages, at)
            return changes
        self._stepping = True
        steering = all(isinstance(event, Canceled | Paused) for event in events)
        if steering or is_brief(self._definition, self.state, events):
            changes, write = self._step(events, at)
        else:
            # In a thread: what an author wrote may take its time, and the other jobs, leases and requests go on.
            async with self._dependencies.large_steps if is_large(self.state) else nullcontext():
                changes, write = await in_author_threads(self._step, events, at)
        self._stepping = False
        if changes or any(message.inbox_id for message in messages):
            await self._save(changes, write, messages, at)
        return changes

    def _starts_children(self, task_id: str) -> bool:
        return text_at(self._definition.graph.tasks[task_id], "name") == "childJob"

    def _step(self, events: list[Event], at: int) -> tuple[Changes, _Write]:
        """Apply the events, and make the documents that tell of it: large values take their time here too."""
        changes = apply_all(self._definition, self.state, events, at)
        return changes, self._written(changes, at)

    def _written(self, changes: Changes, at: int) -> _Write:
        stamp = Stamp(moment(at), self._dependencies.store.owner, self._seq + 1)
        entries = changed_entries(self.state, changes, stamp)
        graph, header, finder = self._definition.graph, self.header, None
        if keeps_secrets(header, graph):
            header, finder = find_secrets(header, graph, self.state, changes)
        try:
            fields = job_fields(self.state, header, changes.fields, finder)
            iterations = changed_iterations(graph, self.state, header, changes, stamp, finder)
        except NotStorable as refusal:
            return _Write(entries, {}, [], refusal)
        if finder is None:
            return _Write(entries, fields, iterations)
        secrets = secret_paths(marks({**header, "variables": self.state.variables}), self.state.variables, "variables")
        return _Write(entries, fields, iterations, None, secrets, header.get(FOUND_SECRETS, []))

    async def _save(self, changes: Changes, write: _Write, messages: list[Message], at: int) -> None:
        await self._await_publication()
        try:
            if write.refusal is not None:
                raise write.refusal
            if write.found:
                self.header = {**self.header, FOUND_SECRETS: list(write.found)}
            await self._store(changes, write.fields | write.entries, write.iterations, messages, at, write.secrets)
        except NotStorable as refusal:
            await self._store(changes, self._refused(str(refusal), at) | write.entries, [], messages, at)

    async def _store(
        self,
        changes: Changes,
        fields: JsonObject,
        iterations: list[IterationDocument],
        messages: list[Message],
        at: int,
        secrets: Sequence[Path] = (),
    ) -> None:
        store, status, written = self._dependencies.store, self.state.status, self._parts
        taken = [message.inbox_id for message in messages if message.inbox_id is not None]
        acts = [message.act for message in messages if message.act is not None]
        acts += [
            answer_of(message.event) for message in messages if isinstance(message.event, Answered) and message.event.by
        ]
        event = job_event(self.header, self._seq + 1, self._status, status, list(changes.told), moment(at), acts)
        with store.outbox.delivering(self.state.job_id, iterations):
            committed = await self._commit({**fields, "event": event}, iterations, taken, secrets)
            self._seq += 1
            self._status = status
            log_advance(self.header, event, self.state.errors or ())
            self._parts = committed.parts
            self._trial = None  # the job goes on
            await insist(partial(self._regroup, committed.groups))
            await insist(partial(self._write, iterations, store.outbox.write))
        self._publish(event)
        await insist(partial(store.outbox.discard, written))

    async def _commit(
        self, fields: JsonObject, iterations: list[IterationDocument], taken: list[str], secrets: Sequence[Path]
    ) -> Committed:
        """Make the advance true. A database that is away is waited for: what providers answered meanwhile is kept here,
        and would have to be asked for again.
        """
        store, id = self._dependencies.store, self.state.job_id
        for pause in pauses():
            try:
                return await store.commit(id, self._seq, self._epoch, fields, iterations, taken, secrets)
            except PyMongoError as fault:
                if not is_away(fault):
                    raise
            committed = await insist(partial(store.committed, id, self._seq + 1, self._epoch))
            if committed is not None:
                return committed
            await asyncio.sleep(pause)
        raise AssertionError("the pauses have no end")

    async def _write(
        self,
        iterations: list[IterationDocument],
        write: Callable[[list[IterationDocument], list[Json]], Awaitable[None]],
    ) -> None:
        groups = self._groups
        await write(iterations, groups)
        if self._groups != groups:  # changed meanwhile, by somebody who did not see these iterations
            await self._dependencies.store.tasks.regroup(self.state.job_id, self._groups)

    @property
    def _groups(self) -> list[Json]:
        return self.header.get("groups") or []

    async def follow_groups(self) -> None:
        """Take over the groups that somebody gave the job, also for iterations that they did not see."""
        groups = await self._dependencies.store.groups(self.state.job_id)
        if groups is not None:
            await self._regroup(groups)

    async def _regroup(self, groups: list[Json]) -> None:
        if groups != self._groups:
            self.header = {**self.header, "groups": groups}
            await self._dependencies.store.tasks.regroup(self.state.job_id, groups)

    def _publish_stored(self) -> None:
        """Publish what the header tells of: a process that was killed may not have told it."""
        last = self.header.get("event")
        if last and last["seq"] == 1:  # stored with the header, as the start is where the job advanced before
            self._publish(start_event(self.header), last)
        elif last:
            self._publish(last)

    def _publish(self, *events: JobEventDocument) -> None:
        """Publish beside the job's own work. The last is in the header too, so that whoever takes over publishes it."""
        publish = partial(self._dependencies.feed.publish, *(copy(event) for event in events))
        self._telling = asyncio.create_task(insist(publish), name=f"tell {events[-1]['_id']}")

    async def _await_publication(self) -> None:
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
        child = await self._dependencies.start_child(self._as_parent(start), start)
        if child["status"] in child_ends(self._dependencies.rules):
            self.child_ended(start, child)

    def _as_parent(self, start: ChildStart) -> JobHeader:
        """The header, with which of the variables that the child gets are secrets of this job."""
        graph = self._definition.graph
        header: JobHeader = {**self.header, "variables": self.state.variables}
        if not keeps_secrets(header, graph):
            return {**self.header, "description": self.state.description}
        finder = Finder(secrets_of(header, graph, self.state))
        marked = marks_of_iteration(header, start.task_id, graph.tasks[start.task_id])
        handed = handed_to_child(finder, marked, start.variables)
        return {**self.header, "description": finder.hidden(self.state.description), HANDED_SECRETS: handed}

    def child_ended(self, start: ChildStart, child: JobHeader) -> None:
        child = from_stored(child)
        self.learn_secrets(start.task_id, child)
        variables, status = child["variables"], child["status"]
        if status in ("complete", "canceled", "error"):
            self.send(ChildEnded(start.task_id, start.iteration, start.attempt, start.element, status, variables))

    def learn_secrets(self, task_id: str, child: JobHeader) -> None:
        """Know what is secret in the variables of a child before they become the task's."""
        known = self.header.get(CHILD_SECRETS, [])
        told = told_by_child(child, task_id, self._definition.graph.tasks.get(task_id, {}))
        if new := [one for one in told if one not in known]:
            self.header = {**self.header, CHILD_SECRETS: [*known, *new]}
