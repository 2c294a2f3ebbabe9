"""One job that this process runs: its only writer, fed by a queue of events.

All events that wait are applied together and stored in one write; only then are their effects brought about.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from ...models.documents.moments import moment
from ...models.documents.progress import finish_of, iteration_document, job_fields, task_entry
from ...models.documents.stored import NotStorable, from_stored
from ...models.engine.advance import Changes, apply
from ...models.engine.definition import Definition
from ...models.engine.due import due
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
from ...models.engine.state import JobState
from ...models.errors import Problem
from ...models.json import JsonObject, object_at
from ..clock import Clock
from ..store.jobs import JobStore
from .mailbox import Mailbox
from .runner import Perform, StartChild

log = logging.getLogger("jobyard")


@dataclass(frozen=True)
class Surroundings:
    """What a running job reaches of the world."""

    store: JobStore
    clock: Clock
    perform: Perform
    start_child: StartChild


class RunningJob:
    """`header` is the job document as it was stored; `state` is the engine's, and changes here alone."""

    def __init__(self, around: Surroundings, header: JsonObject, definition: Definition, state: JobState) -> None:
        self.header = header
        self.state = state
        self._around = around
        self._definition = definition
        self._seq: int = header["seq"]
        self._epoch: int = header["lease"]["epoch"]
        self._mailbox = Mailbox()
        self._effects: dict[str, asyncio.Task[None]] = {}
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
        changes = await asyncio.to_thread(self._apply, events, at)
        self._stepping = False
        if changes:
            await self._save(changes, at)
        told = changes.tasks | {event.task_id for event in events if isinstance(event, ChildEnded)}
        for key, effect in due(self._definition.graph, self.state, None if everything else told).items():
            self._bring_about(key, effect)

    def _apply(self, events: list[Event], at: int) -> Changes:
        changes = Changes()
        for event in events:
            changes |= apply(self._definition, self.state, event, at)
        return changes

    async def _save(self, changes: Changes, at: int) -> None:
        graph, state = self._definition.graph, self.state
        entries: JsonObject = {f"tasks.{id}": task_entry(state.tasks[id]) for id in sorted(changes.tasks)}
        entries["last_updated"] = moment(at)
        try:
            iterations = [
                iteration_document(graph, state, self.header, id, moment(at))
                for id in sorted(changes.tasks)
                if state.tasks[id].iteration
            ]
            await self._store(job_fields(state, self.header, changes.fields) | entries, iterations)
        except NotStorable as refusal:
            await self._store(self._refused(str(refusal), at) | entries, [])
        self._seq += 1

    async def _store(self, fields: JsonObject, iterations: list[JsonObject]) -> None:
        await self._around.store.save(self.state.job_id, self._seq, self._epoch, fields, iterations)

    def _refused(self, reason: str, at: int) -> JsonObject:
        """The database cannot hold what a task produced: the job ends in error with what was stored before."""
        self.state.status = "error"
        self.state.errors = [{"task": "job", "message": reason, "timestamp": at}]
        return job_fields(self.state, self.header, ("status", "error"))

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
            child = await self._around.start_child({**self.header, "description": self.state.description}, start)
        except Problem as refusal:
            attempt = self.state.tasks[start.task_id].attempt
            error = f"Error starting child job: {refusal.message}"
            self.send(Answered(start.task_id, start.iteration, attempt, Finish("error", error=error)))
            return
        if child["status"] in ("complete", "canceled"):
            self.child_ended(start, child)

    def child_ended(self, start: ChildStart, child: JsonObject) -> None:
        variables = object_at(from_stored(child), "variables")
        self.send(ChildEnded(start.task_id, start.iteration, start.element, child["status"], variables))

    async def _stop_effects(self) -> None:
        effects = list(self._effects.values())
        for effect in effects:
            effect.cancel()
        await asyncio.gather(*effects, return_exceptions=True)
