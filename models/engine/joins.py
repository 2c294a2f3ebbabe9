"""When a task may run: joins with dead-path elimination (execution facts, 3.2).

A task runs when every predecessor is resolved and at least one edge to it was taken; if none was, it never runs, and
that closes the way for its successors too.
"""

from collections.abc import Iterable
from typing import Literal

from .graph import LOOP, Edge, Graph
from .state import JobState, Joins

Verdict = Literal["wait", "ready", "never"]


def verdict(graph: Graph, state: JobState, task_id: str) -> Verdict:
    """What the predecessors say about a task that has not run yet; a task that nothing leads to waits for ever.

    The first task of a body runs when any loop that leads to it has an element: loops may share a body.
    """
    joins = joins_of(graph, state)
    if joins.open[task_id] or not graph.backward[task_id]:
        return "wait"
    loops = [state.tasks[id] for id in graph.loops_into.get(task_id, ())]
    if any(loop.looping for loop in loops):
        return "ready"
    if not all(loop.resolved for loop in loops):
        return "wait"
    return "ready" if joins.taken[task_id] else "never"


def joins_of(graph: Graph, state: JobState) -> Joins:
    """The counts of a state that was just begun or read are made here; then each resolution and revert keeps them."""
    if state.joins is None:
        state.joins = Joins({}, {})
        count(graph, state, graph.tasks)
    return state.joins


def count(graph: Graph, state: JobState, task_ids: Iterable[str]) -> None:
    """Count anew what the predecessors of these tasks say."""
    joins = joins_of(graph, state)
    for id in task_ids:
        edges = [edge for edge in graph.backward[id] if edge.state != LOOP]
        joins.open[id] = sum(not state.tasks[edge.source].resolved for edge in edges)
        joins.taken[id] = sum(takes(state, edge) for edge in edges)


def resolve(graph: Graph, state: JobState, task_id: str) -> None:
    """Tell the successors of a task that has just been resolved."""
    joins = joins_of(graph, state)
    for edge in graph.forward[task_id]:
        if edge.state != LOOP:
            joins.open[edge.target] -= 1
            joins.taken[edge.target] += takes(state, edge)


def takes(state: JobState, edge: Edge) -> bool:
    """Whether a standard edge is taken: its source finished in its state, and did not choose another (decision)."""
    source = state.tasks[edge.source]
    if not source.resolved or source.never_runs or source.finish_state != edge.state:
        return False
    return source.chosen is None or edge.state != "success" or source.chosen == edge.target
