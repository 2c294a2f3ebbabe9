"""Going back: a revert edge re-opens its target and everything after it (execution facts, 3.5)."""

from collections.abc import Iterable

from .graph import Graph
from .state import JobState, TaskState


def reopen(graph: Graph, state: JobState, task_ids: Iterable[str]) -> None:
    """Make the tasks incomplete again. Their outputs no longer count; job variables keep what they hold.

    An iteration that was still running there is over: whatever it answers later names an old iteration.
    """
    for id in task_ids:
        task = state.tasks[id]
        state.resolved -= task.resolved
        state.running.discard(id)
        state.tasks[id] = TaskState(iteration=task.iteration, never_runs=id in graph.lost)
        state.resolved += state.tasks[id].resolved
