"""When a task may run: joins with dead-path elimination (execution facts, 3.2).

A task runs when every predecessor is resolved and at least one edge to it was taken; if none was, it never runs, and
that closes the way for its successors too.
"""

from typing import Literal

from .graph import Edge, Graph
from .state import JobState

Verdict = Literal["wait", "ready", "never"]


def verdict(graph: Graph, state: JobState, task_id: str) -> Verdict:
    """What the predecessors say about a task that has not run yet; a task that nothing leads to waits for ever."""
    taken = False
    edges = graph.backward[task_id]
    for edge in edges:
        if _taken(state, edge):
            taken = True
        elif not state.tasks[edge.source].resolved:
            return "wait"
    if not edges:
        return "wait"
    return "ready" if taken else "never"


def _taken(state: JobState, edge: Edge) -> bool:
    source = state.tasks[edge.source]
    if edge.state == "loop":
        return source.looping
    return source.resolved and not source.never_runs and source.finish_state == edge.state
