"""When a loop goes on: once every task of its body is resolved (execution facts, 3.6)."""

from .graph import Graph
from .state import JobState


def is_drained(graph: Graph, state: JobState, id: str) -> bool:
    """Whether every task of the loop's body is resolved. One that is not is remembered, and looked at first."""
    open_task = state.looping[id]
    if open_task is not None and not state.tasks[open_task].resolved:
        return False
    state.looping[id] = next((inner for inner in graph.body(id) if not state.tasks[inner].resolved), None)
    return state.looping[id] is None
