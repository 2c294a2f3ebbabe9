"""One job that this process runs: its only writer, fed by a queue of events.

All events that wait are applied together and stored in one write; only then are their effects brought about.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from ...models.documents.moments import moment
from ...models.documents.progress import changed_entries, changed_iterations, finish_of, job_fields
from ...models.documents.stored import NotStorable, from_stored
from ...models.engine.advance import apply_all
from ...models.engine.changes import Changes
from ...models.engine.definition import Definition
from ...models.engine.due import due, sequences
from ...models.engine.endings import child_ends
from ...models.engine.events import (
    Answered,
    ChildEnded,
    ChildStart,
    Effect,
    Event,
    MoreToDo,
    ProviderCall,
    Resumed,
    Timer,
    Woken,
)
from ...models.engine.outcomes import Finish
from ...models.engine.rules import DEFAULT_RULES, Rules
from ...models.engine.state import JobState
from ...models.errors import Problem
from ...models.json import JsonObject, object_at
from ..clock import Clock
from ..store.jobs import JobStore
from .mailbox import Mailbox
from .refusals import refused_child
from .runner import Perform, StartChild

log = logging.getLogger("jobyard")

# Child jobs of one job that are being started: the rest waits, so that a loop over thousands leaves room for others.
STARTS_AT_ONCE = 16


@dataclass(frozen=True)
class Surroundings:
    """What a running job reaches of the world."""

    store: JobStore
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
    """`header` is the job document as it was stored; `state` is the engine's, and changes here alone."""

    def __init__(
        self,
        around: Surroundings,
        header: JsonObject,
        definition: Definition,
        state: JobState,
        rested: asyncio.Event,
    ) -> None:
        self.header = header
        self.state = state
        self._around = around
        self._definition = definition
        self._seq: int = header["seq"]
        self._epoch: int = header["lease"]["epoch"]
        self._mailbox = Mailbox()
        self._effects: dict[str, asyncio.Task[None]] = {}
        self._starts = asyncio.Semaphore(STARTS_AT_ONCE)
        self._rested = rested
        self._stepping = False

    @property
    def parent(self) -> JsonObject:
        return object_at(self.header, "parent")

    def send(self, event: Event) -> "asyncio.Future[None]":
        """Tell it what happened; see Mailbox.put."""
        return self._mailbox.put(event)

    async def drive(self) -> None:
        """Advance until the job is over, then give up the lease. LostLease when another process has the job."""
        try:
            await self._advance([Resumed()], everything=True)
            self._rested.set()
            while self.state.status == "running":
                await self._mailbox.filled()
                with self._mailbox.taken() as events:
                    await self._advance(events)
            await self._around.store.release(self.state.job_id, self._epoch)
        finally:
            await self._stop_effects()
            self._mailbox.close()

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

    async def _advance(self, events: list[Event], *, everything: bool = False) -> None:
        at = self._around.clock.now()
        # In a thread: what an author wrote may take its time, and the other jobs, leases and requests go on meanwhile.
        self._stepping = True
        changes, write = await asyncio.to_thread(self._step, events, at)
        self._stepping = False
        if changes:
            await self._save(write, at)
        told = changes.tasks.union(sequences(self.state, changes.counted))
        for key, effect in due(self._definition.graph, self.state, None if everything else told).items():
            self._bring_about(key, effect)

    def _step(self, events: list[Event], at: int) -> "tuple[Changes, _Write]":
        """Apply the events, and make the documents that tell of it: large values take their time here too."""
        changes = apply_all(self._definition, self.state, events, at)
        return changes, self._written(changes, at)

    def _written(self, changes: Changes, at: int) -> "_Write":
        entries = changed_entries(self.state, changes, moment(at))
        try:
            fields = job_fields(self.state, changes.fields)
            iterations = changed_iterations(self._definition.graph, self.state, self.header, changes, moment(at))
        except NotStorable as refusal:
            return _Write(entries, {}, [], refusal)
        return _Write(entries, fields, iterations)

    async def _save(self, write: "_Write", at: int) -> None:
        try:
            if write.refusal is not None:
                raise write.refusal
            await self._store(write.fields | write.entries, write.iterations)
        except NotStorable as refusal:
            await self._store(self._refused(str(refusal), at) | write.entries, [])
        self._seq += 1

    async def _store(self, fields: JsonObject, iterations: list[JsonObject]) -> None:
        await self._around.store.save(self.state.job_id, self._seq, self._epoch, fields, iterations)

    def _refused(self, reason: str, at: int) -> JsonObject:
        """The database cannot hold what a task produced: the job ends in error with what was stored before."""
        self.state.status = "error"
        self.state.errors = [{"task": "job", "message": reason, "timestamp": at}]
        return job_fields(self.state, ("status", "error"))

    def _bring_about(self, key: str, effect: Effect) -> None:
        if isinstance(effect, MoreToDo):
            self.send(Resumed())
        elif key not in self._effects:
            work = asyncio.create_task(self._effect(effect), name=f"{self.state.job_id}/{key}")
            self._effects[key] = work
            work.add_done_callback(self._forget(key))

    def _forget(self, key: str) -> Callable[[asyncio.Task[None]], None]:
        def forget(work: asyncio.Task[None]) -> None:
            self._effects.pop(key, None)
            if not work.cancelled() and (fault := work.exception()) is not None:
                log.error("effect %s of job %s failed", key, self.state.job_id, exc_info=fault)

        return forget

    def _effect(self, effect: Timer | ProviderCall | ChildStart) -> Coroutine[Any, Any, None]:
        match effect:
            case Timer():
                return self._wait(effect)
            case ProviderCall():
                return self._call(effect)
            case ChildStart():
                return self._start_child(effect)

    async def _wait(self, timer: Timer) -> None:
        await self._around.clock.sleep_until(timer.at)
        self.send(Woken(timer.task_id, timer.iteration, timer.attempt))

    async def _call(self, call: ProviderCall) -> None:
        try:
            finish = await self._around.perform(call)
        except Exception as fault:  # the edge of a task attempt: recorded as the task's error
            log.exception("task %s of job %s failed", call.task_id, self.state.job_id)
            finish = Finish("error", error=f"{type(fault).__name__}: {fault}")
        self.send(Answered(call.task_id, call.iteration, call.attempt, finish))

    async def _start_child(self, start: ChildStart) -> None:
        try:
            async with self._starts:
                task = self.state.tasks[start.task_id]
                if task.spawn is None or (task.iteration, task.attempt) != (start.iteration, start.attempt):
                    return  # the task has ended meanwhile: what has not been started is not
                child = await self._around.start_child({**self.header, "description": self.state.description}, start)
        except Problem as refusal:
            finish = Finish("error", error=refused_child(refusal))
            self.send(Answered(start.task_id, start.iteration, start.attempt, finish))
            return
        if child["status"] in child_ends(self._around.rules):
            self.child_ended(start, child)

    def child_ended(self, start: ChildStart, child: JsonObject) -> None:
        variables = object_at(from_stored(child), "variables")
        status = child["status"]
        self.send(ChildEnded(start.task_id, start.iteration, start.attempt, start.element, status, variables))

    async def _stop_effects(self) -> None:
        effects = list(self._effects.values())
        for effect in effects:
            effect.cancel()
        await asyncio.gather(*effects, return_exceptions=True)
