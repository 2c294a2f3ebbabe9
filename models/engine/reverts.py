"""Reverts: going back to a task, by an author's transition or by an operator's command; and the plan of a repair."""

from dataclasses import dataclass

from .graph import END, START, Graph
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


def reopened_by(graph: Graph, task_id: str, finish_state: str) -> list[str]:
    """The tasks that an author's revert re-opens after a task has finished in this state: its target and all after it.

    None without such a transition.
    """
    target = graph.revert_target(task_id, finish_state)
    return [] if target is None else graph.after(target)


def reversion_to(graph: Graph, state: JobState, task_id: str) -> Repair | NoRepair:
    """Go back to a complete task, as a revert transition does."""
    unfit = why_unfit(graph, task_id)
    if unfit:
        return unfit
    if state.tasks[task_id].status != "complete":
        return NoRepair(f"it is {status_of(state, task_id)}; a job goes back to a complete task only")
    return Repair(task_id, tuple(graph.after(task_id)))


def why_unfit(graph: Graph, task_id: str) -> NoRepair | None:
    if task_id in (START, END):
        return NoRepair("it is no task that runs")
    if task_id not in graph.tasks:
        return NoRepair("the workflow has no such task")
    return NoRepair("nothing leads to it") if task_id in graph.unreachable else None


def status_of(state: JobState, task_id: str) -> str:
    task = state.tasks[task_id]
    return "never run" if task.never_runs else task.status
