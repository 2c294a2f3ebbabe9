"""The engine's step: apply what happened, and run every task that needs nothing from outside.

A job advances as far as it goes without a person, a clock, a provider or a child job, so that the whole advance is
stored at once.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import assert_never

from ..json import JsonObject
from ..language.errors import LanguageError
from .calling import call
from .changes import MOST_TOLD, Changes, Field, told_of
from .definition import Definition
from .endings import cancel, settle, steer
from .events import (
    Answered,
    Canceled,
    ChildEnded,
    Continued,
    Event,
    Paused,
    Resumed,
    Retried,
    Reverted,
    Unpaused,
    Woken,
)
from .finishing import error_of, next_attempt_at, outputs, weights, written_variables
from .graph import END
from .joins import resolve, verdict
from .loops import is_drained
from .outcomes import AskPerson, CallProvider, Finish, Outcome, Sleep, StartChildren
from .repair import NoRepair, repair_of
from .revert import reopen
from .sizes import LARGEST_VALUE, Sizes, hold
from .state import JobState, TaskState

TASKS_IN_ONE_STEP = 1000
REOPENED_FOR_ONE = 20  # re-opening so many tasks takes about as long as calling one


def apply(definition: Definition, state: JobState, event: Event, at: int) -> Changes:
    """Change `state` by one event; see apply_all."""
    return apply_all(definition, state, (event,), at)


def apply_all(definition: Definition, state: JobState, events: Iterable[Event], at: int) -> Changes:
    """Change `state` by the events, in order; all is stored together.

    About TASKS_IN_ONE_STEP tasks are called at most, so that a workflow that goes in circles without waiting leaves
    room for other jobs; `due` then says MoreToDo, and Resumed goes on.
    """
    step = _Step(definition, state, at)
    for event in events:
        step.happen(event)
    return Changes(
        frozenset(step.changed), frozenset(step.counted), frozenset(step.fields), tuple(step.past), tuple(step.told)
    )


@dataclass
class _Step:
    definition: Definition
    state: JobState
    at: int
    queue: deque[str] = field(default_factory=deque[str])
    changed: set[str] = field(default_factory=set[str])
    counted: set[str] = field(default_factory=set[str])
    fields: set[Field] = field(default_factory=set[Field])
    past: list[tuple[str, TaskState]] = field(default_factory=list[tuple[str, TaskState]])
    told: list[JsonObject] = field(default_factory=list[JsonObject])
    sizes: Sizes = field(default_factory=Sizes)
    budget: int = TASKS_IN_ONE_STEP

    def happen(self, event: Event) -> None:
        # What an earlier step left at its bound is still to be done, whatever the event is about.
        self.queue = deque(self.state.left_over)
        if self.take(event):
            self.run()

    def take(self, event: Event) -> bool:
        """Let the event happen; False when it is about something that is over."""
        match event:
            case Resumed():
                # Where the last step stopped at its bound the rest is known; else every task is looked at.
                if not self.state.stopped_early:
                    self.queue.extend(filter(self._may_start, self.state.tasks))
                return True
            case Woken():
                task = self._current(event)
                if task is None or task.wake_at is None:
                    return False
                slept = task.waits_for == "time"
                if self.state.status == "paused" and not slept:
                    return False  # another attempt is something new
                task.wake_at = None
                self._call(event.task_id, waited=slept)
                return True
            case Answered():
                task = self._current(event)
                if task is None or task.waits_for not in ("provider", "person", "children"):
                    return False
                self._finish(event.task_id, event.finish)
                return True
            case ChildEnded():
                return self._child_ended(event)
            case Retried() | Continued() | Reverted():
                return self._repair(event)
            case Paused() | Unpaused() | Canceled():
                return self._steer(event)
            case _:
                assert_never(event)

    def run(self) -> None:
        """Call what is ready until nothing is, or the step's bound is reached, or the job is over."""
        while self.state.status == "running" and self.budget > 0:
            if self.queue:
                id = self.queue.popleft()
                if self._may_start(id):
                    self._start(id)
            elif not self._next_elements():
                break
        self.state.stopped_early = self.state.status == "running" and self.budget <= 0
        self.state.left_over = list(self.queue)
        if self.state.status != "running" or self.state.stopped_early:
            return
        ended = settle(self.definition.graph, self.state, self.definition.rules, self.at)
        if ended is not None:
            self.changed.update(ended)
            self._note(ended)
            self.fields.update(("status", "error"))

    def _may_start(self, id: str) -> bool:
        task = self.state.tasks[id]
        if id == END or task.status != "incomplete" or task.never_runs:
            return False
        return task.asked_for or verdict(self.definition.graph, self.state, id) == "ready"

    def _start(self, id: str) -> None:
        task = self.state.tasks[id]
        task.iteration += 1
        task.attempt = 1
        task.asked_for = False
        task.status = "running"
        task.start_time, task.end_time = self.at, None
        self.state.running.add(id)
        self._call(id)

    def _call(self, id: str, *, waited: bool = False) -> None:
        self.budget -= 1
        self.changed.add(id)
        task = self.state.tasks[id]
        task.waits_for = None
        outcome = call(self.definition, self.state, self.sizes, id, self.at, waited=waited)
        self._take_outcome(id, task, outcome)
        if task.waits_for is not None:
            self._note([id])

    def _take_outcome(self, id: str, task: TaskState, outcome: Outcome) -> None:
        match outcome:
            case Finish():
                self._finish(id, outcome)
            case Sleep():
                task.waits_for, task.wake_at = "time", self.at + max(0, outcome.milliseconds)
            case AskPerson():
                task.waits_for = "person"
            case CallProvider():
                task.waits_for = "provider"
            case StartChildren():
                task.waits_for, task.spawn = "children", outcome
                task.finished_children, task.child_complete, task.answered_size = 0, False, 0
                if not outcome.variables:
                    self._call(id)
            case _:
                assert_never(outcome)

    def _finish(self, id: str, finish: Finish) -> None:
        self.changed.add(id)
        graph, task = self.definition.graph, self.state.tasks[id]
        task.waits_for = task.spawn = task.wake_at = None
        task.ended = {}
        task.outgoing, task.error = {}, None
        finish, written = self._held(id, finish)
        again_at = next_attempt_at(graph.tasks[id], task, finish, self.at)
        if again_at is not None:
            task.attempt += 1
            task.waits_for, task.wake_at = "retry", again_at
            self._note([id])
            return
        task.outgoing, task.error = outputs(finish), error_of(finish)
        self._write_variables(finish, written)
        if finish.state == "error" and not graph.leads_on(id, "error"):
            self.fields.add("error")
            self.state.errors.append({"task": id, "message": task.error, "timestamp": self.at})
        task.finish_state, task.chosen = finish.state, finish.chosen
        task.end_time = self.at
        if finish.state == "loop":
            self._note([id])
            self._open_body(id, task)
            return
        task.status = "error" if finish.state == "error" else "canceled" if finish.state == "canceled" else "complete"
        self._note([id])
        self.state.running.discard(id)
        self.state.looping.pop(id, None)
        self.state.resolved += 1
        resolve(graph, self.state, id)
        target = graph.revert_target(id, finish.state)
        if target is not None:
            self._reopen(graph.after(target))
        if self.state.tasks[id].resolved:  # it was not re-opened itself
            self._resolve_after(id)

    def _held(self, id: str, finish: Finish) -> tuple[Finish, JsonObject]:
        """The finish with the variables it writes, or an error in its place when the job would hold too much."""
        written = written_variables(self.definition.graph.tasks[id], finish)
        try:
            parts = weights(self.sizes, id, finish.outgoing, written, error_of(finish))
            hold(self.state, self.sizes, parts)
        except LanguageError as refusal:
            finish = Finish("error", error=refusal.message)
            written = written_variables(self.definition.graph.tasks[id], finish)
        return finish, written

    def _write_variables(self, finish: Finish, written: JsonObject) -> None:
        if written:
            self.state.variables.update(written)
            self.fields.add("variables")
        if finish.job_description is not None:
            self.state.description = finish.job_description
            self.fields.add("description")

    def _resolve_after(self, id: str) -> None:
        """Look at the successors of a task that is resolved; closed ways are followed until one is open or waits."""
        waiting = [id]
        while waiting:
            for edge in self.definition.graph.forward[waiting.pop()]:
                task = self.state.tasks[edge.target]
                if edge.target == END or task.resolved or task.status == "running":
                    continue
                match verdict(self.definition.graph, self.state, edge.target):
                    case "ready":
                        self.queue.append(edge.target)
                    case "never":
                        self._never(edge.target)
                        waiting.append(edge.target)
                    case "wait":
                        pass

    def _never(self, id: str) -> None:
        self.state.tasks[id].never_runs = True
        self.state.resolved += 1
        self.changed.add(id)
        resolve(self.definition.graph, self.state, id)

    def _reopen(self, ids: list[str]) -> None:
        """Iterations that this cuts off are canceled; those that are not stored yet will be (3.5)."""
        self.budget -= len(ids) // REOPENED_FOR_ONE
        for id in ids:
            task = self.state.tasks[id]
            if task.status == "running":
                cancel(self.state, id, self.at)
                self.past.append((id, task))
            elif task.iteration and id in self.changed:
                self.past.append((id, task))
        ran = [id for id in ids if self.state.tasks[id].iteration]
        reopen(self.definition.graph, self.state, ids)
        self._note(ran)
        self.changed.update(ids)
        self.queue.extend(ids)

    def _open_body(self, id: str, task: TaskState) -> None:
        """Start the body of a loop for the element that is due (execution facts, 3.6)."""
        task.element += 1
        self.state.looping[id] = None
        self._reopen(self.definition.graph.inside(id))

    def _next_elements(self) -> bool:
        """Run the loops again whose body has drained; True when there was one."""
        drained = [id for id in self.state.looping if is_drained(self.definition.graph, self.state, id)]
        for id in drained:
            task = self.state.tasks[id]
            if id in self.state.looping:  # unless another loop, which goes on first, has it in its body
                self.past.append((id, replace(task, status="complete")))
                del self.state.looping[id]
                task.finish_state = None
                self._start(id)
        return bool(drained)

    def _steer(self, command: Paused | Unpaused | Canceled) -> bool:
        """Pause, let go on, or end the job; False where its status does not allow it."""
        ended = steer(self.state, command, self.at)
        if ended is None:
            return False
        self.changed.update(ended)
        self._note(ended)
        self.fields.add("status")
        if isinstance(command, Unpaused):
            self.queue.extend(filter(self._may_start, self.state.tasks))
        return True

    def _repair(self, command: Retried | Continued | Reverted) -> bool:
        """The job runs again from the task on. Its errors stay: they tell what went wrong."""
        repair = repair_of(self.definition.graph, self.state, command)
        if isinstance(repair, NoRepair):
            return False
        self._reopen(list(repair.reset))
        for id in repair.skipped:
            self._never(id)
        first = self.state.tasks[repair.first]
        first.never_runs, first.asked_for = False, True
        self.state.status = "running"
        self.fields.add("status")
        if not isinstance(command, Reverted) and command.variables:
            self.state.variables.update(command.variables)
            self.fields.add("variables")
        return True

    def _note(self, ids: Iterable[str]) -> None:
        """Tell subscribers what the tasks do now."""
        for id in ids if len(self.told) < MOST_TOLD else ():
            self.told.append(told_of(self.definition.graph.tasks[id], id, self.state.tasks[id]))

    def _current(self, event: Woken | Answered) -> TaskState | None:
        task = self.state.tasks.get(event.task_id)
        if task is None or task.status != "running":
            return None
        return task if (task.iteration, task.attempt) == (event.iteration, event.attempt) else None

    def _child_ended(self, event: ChildEnded) -> bool:
        task = self.state.tasks.get(event.task_id)
        if task is None or task.spawn is None or event.element in task.ended:
            return False
        if (task.iteration, task.attempt) != (event.iteration, event.attempt):
            return False
        if task.spawn.sequential and event.element != len(task.ended):
            return False
        task.ended[event.element] = {"status": event.status, "variables": event.variables}
        task.finished_children = max(task.finished_children, len(task.ended))
        task.child_complete = task.child_complete or event.status == "complete"
        self.counted.add(event.task_id)
        task.answered_size += self.sizes.of(event.variables)
        if task.answered_size > LARGEST_VALUE:
            text = f"The child jobs answer more than the {LARGEST_VALUE:,} characters as JSON that may be."
            self._finish(event.task_id, Finish("error", error=text))
        elif len(task.ended) == len(task.spawn.variables):
            self._call(event.task_id)
        return True
