"""One step of a job: call the tasks that are ready, take their outcomes, and make their successors ready."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import assert_never

from ..json import JsonObject
from ..language.errors import LanguageError
from ..language.patterns import searching
from .budget import excess
from .calls import call, error_of, outputs, weights, written_variables
from .changes import MOST_TASK_CHANGES, Changes, Field, TaskChange, task_change
from .definition import Definition
from .endings import cancel, complete_if_done
from .graph import END
from .joins import is_drained, reopen, resolve, verdict
from .outcomes import AskPerson, CallProvider, Finish, Outcome, Sleep, StartChildren
from .retries import next_attempt_at
from .reverts import reopened_by
from .sizes import Sizes, hold
from .state import JobState, TaskState

TASKS_IN_ONE_STEP = 1000
REOPENED_FOR_ONE = 20  # so many re-opened tasks cost about as much as one call
BYTES_OF_ONE = 64 * 1024  # of stored values: they cost about as much as one call
SEARCHES_OF_ONE = 0.001  # seconds of slow regular expressions that count as one call


@dataclass
class Step:
    """A job's state during a step, its queue of ready tasks, and the changes to store and to publish."""

    definition: Definition
    state: JobState
    at: int
    queue: deque[str] = field(default_factory=deque[str])
    changed: set[str] = field(default_factory=set[str])
    counted: set[str] = field(default_factory=set[str])
    fields: set[Field] = field(default_factory=set[Field])
    past: list[tuple[str, TaskState]] = field(default_factory=list[tuple[str, TaskState]])
    task_changes: list[TaskChange] = field(default_factory=list[TaskChange])
    sizes: Sizes = field(default_factory=Sizes)
    budget: int = TASKS_IN_ONE_STEP

    @property
    def changes(self) -> Changes:
        """The changes of the step so far."""
        return Changes(
            frozenset(self.changed),
            frozenset(self.counted),
            frozenset(self.fields),
            tuple(self.past),
            tuple(self.task_changes),
        )

    def run(self) -> None:
        """Call ready tasks until there are none, or the step's bound is reached, or the job is over."""
        while self.state.status == "running" and self.budget > 0:
            if self.queue:
                id = self.queue.popleft()
                if not self.may_start(id):
                    continue
                if self._is_used_up():
                    self.queue.appendleft(id)
                else:
                    self._start(id)
            elif not self._next_elements():
                break
        self.state.stopped_early = self.state.status == "running" and self.budget <= 0
        self.state.left_over = list(self.queue)
        if self.state.status != "running" or self.state.stopped_early:
            return
        ended = complete_if_done(self.definition.graph, self.state, self.definition.rules, self.at)
        if ended is not None:
            self.changed.update(ended)
            self.record_task_changes(ended)
            self.fields.update(("status", "error"))

    def may_start(self, id: str) -> bool:
        task = self.state.tasks[id]
        if id == END or task.status != "incomplete" or task.never_runs:
            return False
        return task.asked_for or verdict(self.definition.graph, self.state, id) == "ready"

    def _is_used_up(self) -> bool:
        """Whether the job's budget is used up. It sets the job to error; waiting tasks stay, for a repair."""
        reason = excess(self.state.spent, self.definition.budget)
        if reason is not None and self.state.status != "error":
            self.state.status = "error"
            self.state.errors.append({"task": "job", "message": reason, "timestamp": self.at})
            self.fields.update(("status", "error"))
        return reason is not None

    def _start(self, id: str) -> None:
        task = self.state.tasks[id]
        task.iteration += 1
        self.state.spent.iterations += 1
        task.attempt = 1
        task.asked_for = False
        task.status = "running"
        task.start_time, task.end_time = self.at, None
        self.state.running.add(id)
        self.call(id)

    def call(self, id: str, *, waited: bool = False) -> None:
        self.budget -= 1
        self.changed.add(id)
        task = self.state.tasks[id]
        task.waits_for = None
        with searching() as time:
            outcome = call(self.definition, self.state, self.sizes, id, self.at, waited=waited)
        if not waited and task.spawn is None:
            self._spend(self.sizes.measure(task.incoming))
        self.budget -= int(time.spent / SEARCHES_OF_ONE)
        self._take_outcome(id, task, outcome)
        if task.waits_for is not None:
            self.record_task_changes([id])

    def _spend(self, size: int) -> None:
        """Count the size of an iteration, which is read and written again for each change."""
        self.state.spent.stored += size
        self.budget -= size // BYTES_OF_ONE

    def _take_outcome(self, id: str, task: TaskState, outcome: Outcome) -> None:
        match outcome:
            case Finish():
                self.finish(id, outcome)
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
                    self.call(id)
            case _:
                assert_never(outcome)

    def finish(self, id: str, finish: Finish) -> None:
        self.changed.add(id)
        graph, task = self.definition.graph, self.state.tasks[id]
        task.waits_for = task.spawn = task.wake_at = None
        if finish.state == "error":
            finish = replace(finish, error=self.definition.mask(self.state, error_of(finish)))
        task.ended = {}
        task.outgoing, task.error = {}, None
        finish, written = self._fit_into_job(id, finish)
        again_at = next_attempt_at(graph.tasks[id], task, finish, self.at)
        if again_at is not None and not self._is_used_up():
            task.attempt += 1
            self.state.spent.attempts += 1
            task.waits_for, task.wake_at = "retry", again_at
            self.record_task_changes([id])
            return
        task.outgoing, task.error = outputs(finish), error_of(finish)
        self._write_variables(finish, written)
        if finish.state == "error" and not graph.leads_on(id, "error"):
            self.fields.add("error")
            self.state.errors.append({"task": id, "message": task.error, "timestamp": self.at})
        task.finish_state, task.chosen = finish.state, finish.chosen
        task.end_time = self.at
        if finish.state == "loop":
            self.record_task_changes([id])
            self._open_body(id, task)
            return
        task.status = "error" if finish.state == "error" else "canceled" if finish.state == "canceled" else "complete"
        self.record_task_changes([id])
        self.state.running.discard(id)
        self.state.looping.pop(id, None)
        self.state.resolved += 1
        resolve(graph, self.state, id)
        if reopened := reopened_by(graph, id, finish.state):
            self.reopen(reopened)
        if self.state.tasks[id].resolved:  # it was not re-opened itself
            self._resolve_after(id)

    def _fit_into_job(self, id: str, finish: Finish) -> tuple[Finish, JsonObject]:
        """The finish with the variables that it sets, or an error in its place if the job would become too large."""
        written = written_variables(self.definition.graph.tasks[id], finish)
        try:
            parts = weights(self.sizes, id, finish.outgoing, written, error_of(finish))
            hold(self.state, self.sizes, parts)
            self._spend(sum(parts.values()))
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
        """Queue ready successors of a resolved task, and close those that never run, with their successors."""
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
                        self.close_way(edge.target)
                        waiting.append(edge.target)
                    case "wait":
                        pass

    def close_way(self, id: str) -> None:
        self.state.tasks[id].never_runs = True
        self.state.resolved += 1
        self.changed.add(id)
        resolve(self.definition.graph, self.state, id)

    def reopen(self, ids: list[str]) -> None:
        """Re-open tasks. Their running iterations are canceled; unstored iterations are stored later (3.5)."""
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
        self.record_task_changes(ran)
        self.changed.update(ids)
        self.queue.extend(ids)

    def _open_body(self, id: str, task: TaskState) -> None:
        """Start the body of a loop for its next element (reference/execution.md#loops)."""
        task.element += 1
        self.state.looping[id] = None
        self.reopen(self.definition.graph.inside(id))

    def _next_elements(self) -> bool:
        """Run the loops again whose body has drained; whether there was one."""
        drained = [id for id in self.state.looping if is_drained(self.definition.graph, self.state, id)]
        for id in drained:
            task = self.state.tasks[id]
            if self._is_used_up():
                break
            if id in self.state.looping:  # unless another loop, which goes on first, has it in its body
                self.past.append((id, replace(task, status="complete")))
                del self.state.looping[id]
                task.finish_state = None
                self._start(id)
        return bool(drained)

    def record_task_changes(self, ids: Iterable[str]) -> None:
        """Record the current status of the tasks for subscribers."""
        for id in ids if len(self.task_changes) < MOST_TASK_CHANGES else ():
            self.task_changes.append(task_change(self.definition.graph.tasks[id], id, self.state.tasks[id]))
