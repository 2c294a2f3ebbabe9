"""The engine's step: apply events, and run every task that needs nothing from outside.

A job advances as far as it goes without a person, a clock, a provider or a child job, so that the whole advance is
stored at once.
"""

from collections import deque
from collections.abc import Iterable
from typing import assert_never

from ..json import Json
from .changes import Changes
from .definition import Definition
from .endings import JOB_ITSELF, apply_command
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
from .graph import Graph
from .joins import joins_of
from .outcomes import Finish
from .repair import repair_of
from .reverts import NoRepair
from .sizes import LARGEST_VALUE, is_within
from .state import JobState, TaskState
from .step import Step


def apply(definition: Definition, state: JobState, event: Event, at: int) -> Changes:
    """Change `state` by one event; see apply_all."""
    return apply_all(definition, state, (event,), at)


def apply_all(definition: Definition, state: JobState, events: Iterable[Event], at: int) -> Changes:
    """Change `state` by the events, in order; all is stored together.

    A step calls at most about TASKS_IN_ONE_STEP tasks, so that a workflow with a circle without a wait leaves room for
    other jobs; `pending_effects` has MoreToDo then, and the event Resumed goes on.
    """
    # The counts of a state that was read back are made before anything changes, so that each resolution counts once.
    joins_of(definition.graph, state)
    step = Step(definition, state, at)
    for event in events:
        _apply_event(step, event)
    return step.changes


def _apply_event(step: Step, event: Event) -> None:
    # The tasks that an earlier step left at its bound are still to be called, whatever the event is about.
    step.queue = deque(step.state.left_over)
    if _take(step, event):
        step.run()


def _take(step: Step, event: Event) -> bool:
    """Apply the event; False if it is about an iteration or attempt that is over."""
    match event:
        case Resumed():
            # If the last step stopped at its bound, the queue is known; otherwise every task is checked.
            if not step.state.stopped_early:
                step.queue.extend(filter(step.may_start, step.state.tasks))
            return True
        case Woken():
            task = _current(step, event)
            if task is None or task.wake_at is None:
                return False
            slept = task.waits_for == "time"
            if step.state.status == "paused" and not slept:
                return False  # the task has a newer attempt
            task.wake_at = None
            step.call(event.task_id, waited=slept)
            return True
        case Answered():
            task = _current(step, event)
            if task is None or task.waits_for not in ("provider", "person", "children"):
                return False
            step.finish(event.task_id, event.finish)
            return True
        case ChildEnded():
            return _child_ended(step, event)
        case Retried() | Continued() | Reverted():
            return _repair(step, event)
        case Paused() | Unpaused() | Canceled():
            return _apply_command(step, event)
        case _:
            assert_never(event)


def _apply_command(step: Step, command: Paused | Unpaused | Canceled) -> bool:
    """Pause, resume or cancel the job; False if its status does not allow it."""
    ended = apply_command(step.state, command, step.at)
    if ended is None:
        return False
    step.changed.update(ended)
    step.record_task_changes(ended)
    step.fields.add("status")
    if isinstance(command, Unpaused):
        step.queue.extend(filter(step.may_start, step.state.tasks))
    return True


def _repair(step: Step, command: Retried | Continued | Reverted) -> bool:
    """Run the job again from the task on, and remove the errors of the tasks that run again."""
    repair = repair_of(step.definition.graph, step.state, command)
    if isinstance(repair, NoRepair):
        return False
    step.reopen(list(repair.reset))
    for id in repair.skipped:
        step.close_way(id)
    first = step.state.tasks[repair.first]
    first.never_runs, first.asked_for = False, True
    step.state.status = "running"
    step.fields.add("status")
    repaired = {*repair.reset, *repair.skipped, JOB_ITSELF}
    left = [error for error in step.state.errors if error["task"] not in repaired]
    if len(left) < len(step.state.errors):
        step.state.errors = left
        step.fields.add("error")
    if not isinstance(command, Reverted) and command.variables:
        step.state.variables.update(command.variables)
        step.fields.add("variables")
    return True


def _current(step: Step, event: Woken | Answered) -> TaskState | None:
    task = step.state.tasks.get(event.task_id)
    if task is None or task.status != "running":
        return None
    return task if (task.iteration, task.attempt) == (event.iteration, event.attempt) else None


def _child_ended(step: Step, event: ChildEnded) -> bool:
    task = step.state.tasks.get(event.task_id)
    if task is None or task.spawn is None or event.element in task.ended:
        return False
    if (task.iteration, task.attempt) != (event.iteration, event.attempt):
        return False
    if task.spawn.sequential and event.element != len(task.ended):
        return False
    task.ended[event.element] = {"status": event.status, "variables": event.variables}
    task.finished_children = max(task.finished_children, len(task.ended))
    task.child_complete = task.child_complete or event.status == "complete"
    step.counted.add(event.task_id)
    task.answered_size += step.sizes.measure(event.variables)
    if task.answered_size > LARGEST_VALUE:
        text = f"The child jobs answer more than the {LARGEST_VALUE:,} characters as JSON that may be."
        step.finish(event.task_id, Finish("error", error=text))
    elif len(task.ended) == len(task.spawn.variables):
        step.call(event.task_id)
    return True


FEW_TASKS = 12  # even if each task doubles its value, a few milliseconds are enough
SMALL = 16 * 1024  # about so many characters as JSON


def has_few_tasks(graph: Graph) -> bool:
    """Whether a step runs few tasks, each once, with short definitions."""
    once = not graph.loops_into and not any(graph.reverts.values())
    return once and len(graph.tasks) <= FEW_TASKS + 2 and is_within(graph.tasks.values(), SMALL)


def is_brief(definition: Definition, state: JobState, events: Iterable[Event]) -> bool:
    """Whether the step that applies the events is brief; a step with tasks that may take long never is."""
    if not definition.brief:
        return False
    outputs = (task.outgoing for task in state.tasks.values())
    return is_within([state.variables, *outputs, *map(_values_of, events)], SMALL)


def _values_of(event: Event) -> Json:
    match event:
        case Answered():
            return [event.finish.outgoing, event.finish.error]
        case ChildEnded() | Retried() | Continued():
            return event.variables
        case _:
            return None
