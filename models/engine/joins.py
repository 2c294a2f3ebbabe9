"""Joins with dead-path elimination, loops, and reverts: when a task may run, and when it runs again."""

from collections.abc import Collection, Iterable
from typing import Literal

from .graph import LOOP, Edge, Graph
from .state import JobState, Joins, TaskState

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


def is_drained(graph: Graph, state: JobState, id: str) -> bool:
    """Whether every task of the loop's body is resolved. One that is not is remembered, and looked at first."""
    open_task = state.looping[id]
    if open_task is not None and not state.tasks[open_task].resolved:
        return False
    state.looping[id] = next((inner for inner in graph.body(id) if not state.tasks[inner].resolved), None)
    return state.looping[id] is None


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
