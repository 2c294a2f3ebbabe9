"""Going back: a revert edge re-opens its target and everything after it (execution facts, 3.5)."""

from collections.abc import Collection

from .graph import Graph
from .joins import count
from .state import JobState, TaskState


def reopen(graph: Graph, state: JobState, task_ids: Collection[str]) -> None:
    """Make the tasks incomplete again. Their outputs no longer count; job variables keep what they hold.

    An iteration that was still running there is over: whatever it answers later names an old iteration.
    """
    for id in task_ids:
        task = state.tasks[id]
        state.resolved -= task.resolved
        state.running.discard(id)
        state.looping.pop(id, None)
        state.tasks[id] = TaskState(iteration=task.iteration, never_runs=id in graph.lost)
        state.resolved += state.tasks[id].resolved
    after = {edge.target for id in task_ids for edge in graph.forward[id]}
    count(graph, state, after.union(task_ids))
