"""Repairs of jobs by an operator: retry a task, continue from a task, revert to a task.

A repair is planned first and carried out then, so that a dry run can return the plan. The revert transitions of authors
are decided in step.py.
"""

from dataclasses import dataclass

from .events import Continued, Retried, Reverted
from .graph import END, START, Graph
from .lifecycle import FINAL
from .state import JobState


@dataclass(frozen=True)
class Repair:
    """`first` runs next, whatever leads to it. `skipped` are the tasks before it that will not run any more."""

    first: str
    reset: tuple[str, ...]  # become incomplete: `first`, and tasks after it
    skipped: tuple[str, ...] = ()

    def repeated(self, state: JobState) -> tuple[str, ...]:
        """Those of the reset tasks that ran before and may run again."""
        return tuple(id for id in self.reset if state.tasks[id].iteration)


@dataclass(frozen=True)
class NoRepair:
    """The reason why a repair is impossible, as the end of the sentence "Task 'x' of job ...: "."""

    reason: str


def retry_of(graph: Graph, state: JobState, task_id: str) -> Repair | NoRepair:
    """Run a task that did not succeed again. Finished tasks stay; tasks after it that were closed are open again."""
    unfit = _unfit(graph, task_id)
    if unfit:
        return unfit
    task = state.tasks[task_id]
    if task.finish_state not in ("error", "failure", "canceled"):
        return NoRepair(f"it is {_spoken(state, task_id)}; only a task that finished with error or failure is retried")
    if graph.leads_on(task_id, task.finish_state):
        return NoRepair(f"its {task.finish_state} was handled by the workflow; continue or revert the job instead")
    after = [id for id in graph.after(task_id) if not state.tasks[id].iteration and id != task_id]
    return Repair(task_id, (task_id, *after))


def continuation_from(graph: Graph, state: JobState, task_id: str) -> Repair | NoRepair:
    """Continue from a task: this task and all tasks after it run, and open tasks before it are skipped."""
    unfit = _unfit(graph, task_id)
    if unfit:
        return unfit
    reset = tuple(graph.after(task_id))
    running = [id for id in state.running if id not in reset]
    if running:
        return NoRepair(f"{', '.join(sorted(running))} still runs before it")
    left = tuple(id for id, task in state.tasks.items() if not task.resolved and id not in (*reset, END))
    return Repair(task_id, reset, left)


def reversion_to(graph: Graph, state: JobState, task_id: str) -> Repair | NoRepair:
    """Go back to a complete task, as a revert transition does."""
    unfit = _unfit(graph, task_id)
    if unfit:
        return unfit
    if state.tasks[task_id].status != "complete":
        return NoRepair(f"it is {_spoken(state, task_id)}; a job goes back to a complete task only")
    return Repair(task_id, tuple(graph.after(task_id)))


def repair_of(graph: Graph, state: JobState, command: Retried | Continued | Reverted) -> Repair | NoRepair:
    """The plan of the command for the current state of the job."""
    if state.status in FINAL:
        return NoRepair(f"the job is {state.status}")
    match command:
        case Retried():
            return retry_of(graph, state, command.task_id)
        case Continued():
            return continuation_from(graph, state, command.task_id)
        case Reverted():
            return reversion_to(graph, state, command.task_id)


def _unfit(graph: Graph, task_id: str) -> NoRepair | None:
    if task_id in (START, END):
        return NoRepair("it is no task that runs")
    if task_id not in graph.tasks:
        return NoRepair("the workflow has no such task")
    return NoRepair("nothing leads to it") if task_id in graph.unreachable else None


def _spoken(state: JobState, task_id: str) -> str:
    task = state.tasks[task_id]
    return "never run" if task.never_runs else task.status
