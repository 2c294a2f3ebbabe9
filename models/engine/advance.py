"""The engine's step: apply what happened, and run every task that needs nothing from outside.

A job advances as far as it goes without a person, a clock, a provider or a child job, so that the whole advance is
stored at once.
"""

from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, assert_never

from ..json import JsonObject, array_at, is_number, object_at, text_at
from ..language.errors import LanguageError
from ..language.undefined import UNDEFINED
from .definition import Definition
from .endings import settle
from .events import Answered, ChildEnded, Event, Resumed, Woken
from .graph import END
from .joins import verdict
from .outcomes import AskPerson, CallProvider, Finish, Outcome, Sleep, StartChildren, TaskCall
from .references import Scope, resolve_child_variables, resolve_incoming
from .revert import reopen
from .state import JobState, TaskState

TASKS_IN_ONE_STEP = 1000

Field = Literal["status", "variables", "description", "error"]


@dataclass(frozen=True)
class Changes:
    """What an event changed, and what therefore must be stored: nothing for an event that came too late."""

    tasks: frozenset[str] = frozenset()
    fields: frozenset[Field] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.tasks) or bool(self.fields)

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(self.tasks | other.tasks, self.fields | other.fields)


def apply(definition: Definition, state: JobState, event: Event, at: int) -> Changes:
    """Change `state` by the event.

    At most TASKS_IN_ONE_STEP tasks are called, so that a workflow that goes in circles without waiting leaves room for
    other jobs; `due` then says MoreToDo, and Resumed goes on.
    """
    step = _Step(definition, state, at)
    if not step.take(event):
        return Changes()
    step.run()
    return Changes(frozenset(step.changed), frozenset(step.fields))


@dataclass
class _Step:
    definition: Definition
    state: JobState
    at: int
    changed: set[str] = field(default_factory=set[str])
    fields: set[Field] = field(default_factory=set[Field])
    queue: deque[str] = field(default_factory=deque[str])
    budget: int = TASKS_IN_ONE_STEP

    def take(self, event: Event) -> bool:
        """Let the event happen; False when it is about something that is over."""
        match event:
            case Resumed():
                # Where the last step stopped at its bound the rest of its queue is known; else every task is looked at.
                ready = (
                    self.state.left_over
                    if self.state.stopped_early
                    else list(filter(self._may_start, self.state.tasks))
                )
                self.queue.extend(ready)
                return True
            case Woken():
                task = self._current(event)
                if task is None or task.wake_at is None:
                    return False
                slept = task.waits_for == "time"
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
        busy = bool(self.state.running) or self.state.stopped_early
        if settle(self.definition.graph, self.state, busy=busy, at=self.at):
            self.changed.add(END)
            self.fields.update(("status", "error"))

    def _may_start(self, id: str) -> bool:
        task = self.state.tasks[id]
        if id == END or task.status != "incomplete" or task.never_runs:
            return False
        return verdict(self.definition.graph, self.state, id) == "ready"

    def _start(self, id: str) -> None:
        task = self.state.tasks[id]
        task.iteration += 1
        task.attempt = 1
        task.status = "running"
        task.start_time = self.at
        self.state.running.add(id)
        self._call(id)

    def _call(self, id: str, *, waited: bool = False) -> None:
        self.budget -= 1
        self.changed.add(id)
        task = self.state.tasks[id]
        definition = self.definition.graph.tasks[id]
        task.waits_for = None
        try:
            outcome = self._outcome(id, task, definition, waited)
        except LanguageError as refusal:
            outcome = Finish("error", error=refusal.message)
        except Exception as fault:  # the edge of a task attempt: whatever goes wrong inside is the task's error
            outcome = Finish("error", error=f"{text_at(definition, 'name')} failed: {type(fault).__name__}: {fault}")
        self._take_outcome(id, task, outcome)

    def _outcome(self, id: str, task: TaskState, definition: JsonObject, waited: bool) -> Outcome:
        app = text_at(definition, "app")
        scope = Scope(self.state, app)
        if not waited and task.spawn is None:
            task.incoming = resolve_incoming(id, definition, scope)
        spawn = task.spawn
        call = TaskCall(
            job_id=self.state.job_id,
            task_id=id,
            app=app,
            name=text_at(definition, "name"),
            iteration=task.iteration,
            attempt=task.attempt,
            incoming=task.incoming,
            definition=definition,
            variables=self.state.variables,
            at=self.at,
            element=task.element,
            waited=waited,
            children=tuple(task.ended[index] for index in range(len(spawn.variables))) if spawn else None,
            resolved_variables=resolve_child_variables(task.incoming, scope),
            transform=partial(self.definition.transform, self.at),
        )
        return self.definition.function(id, definition)(call)

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
            case _:
                assert_never(outcome)

    def _finish(self, id: str, finish: Finish) -> None:
        self.changed.add(id)
        task = self.state.tasks[id]
        definition = self.definition.graph.tasks[id]
        task.waits_for = task.spawn = task.wake_at = None
        task.outgoing = {key: value for key, value in finish.outgoing.items() if value is not UNDEFINED}
        task.error = finish.error if finish.state == "error" else None
        if self._retries(id, finish):
            return
        self._write_variables(definition, task, finish)
        if finish.state == "error" and not self.definition.graph.leads_on(id, "error"):
            self.fields.add("error")
            self.state.errors.append({"task": id, "message": finish.error, "timestamp": self.at})
        task.finish_state = finish.state
        task.end_time = self.at
        if finish.state == "loop":
            self._open_body(id, task)
            return
        task.status = "error" if finish.state == "error" else "canceled" if finish.state == "canceled" else "complete"
        self.state.running.discard(id)
        self.state.resolved += 1
        target = self.definition.graph.reverts.get((id, finish.state))
        if target is None:
            self._resolve_after(id)
        else:
            self._reopen(self.definition.graph.after(target))

    def _retries(self, id: str, finish: Finish) -> bool:
        """An automatic retry comes before any transition, in the same iteration (execution facts, 7)."""
        settings = object_at(self.definition.graph.tasks[id], "retrySettings")
        limit, delay = settings.get("limit"), settings.get("delay")
        task = self.state.tasks[id]
        if not settings.get("autoRetry") or finish.state not in array_at(settings, "state"):
            return False
        if not is_number(limit) or task.attempt > limit:
            return False
        task.attempt += 1
        task.waits_for = "retry"
        task.wake_at = self.at + (int(delay) if is_number(delay) else 0)
        return True

    def _write_variables(self, definition: JsonObject, task: TaskState, finish: Finish) -> None:
        """Copy outputs to the job variables that the author named; only `$var.job.` targets occur."""
        variables = object_at(definition, "variables")
        written = dict(finish.writes)
        if finish.mapped:
            for name, target in object_at(variables, "outgoing").items():
                if name in task.outgoing and isinstance(target, str) and target.startswith("$var.job."):
                    written[target.removeprefix("$var.job.")] = task.outgoing[name]
        target = text_at(variables, "error")
        if finish.state == "error" and target.startswith("$var.job."):
            written[target.removeprefix("$var.job.")] = finish.error
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

    def _reopen(self, ids: list[str]) -> None:
        reopen(self.definition.graph, self.state, ids)
        self.changed.update(ids)
        self.queue.extend(ids)

    def _open_body(self, id: str, task: TaskState) -> None:
        """Start the body of a loop for the element that is due (execution facts, 3.6)."""
        task.element += 1
        self._reopen([inner for inner in self.definition.graph.bodies.get(id, ()) if inner != id])

    def _next_elements(self) -> bool:
        """Run the loops again whose body has drained; True when there was one."""
        drained = [
            id
            for id, body in self.definition.graph.bodies.items()
            if self.state.tasks[id].looping and all(self.state.tasks[inner].resolved for inner in body if inner != id)
        ]
        for id in drained:
            self.state.tasks[id].finish_state = None
            self._start(id)
        return bool(drained)

    def _current(self, event: Woken | Answered) -> TaskState | None:
        task = self.state.tasks.get(event.task_id)
        if task is None or task.status != "running":
            return None
        return task if (task.iteration, task.attempt) == (event.iteration, event.attempt) else None

    def _child_ended(self, event: ChildEnded) -> bool:
        task = self.state.tasks.get(event.task_id)
        if task is None or task.spawn is None or task.iteration != event.iteration or event.element in task.ended:
            return False
        task.ended[event.element] = {"status": event.status, "variables": event.variables}
        if len(task.ended) == len(task.spawn.variables):
            self._call(event.task_id)
        return True
