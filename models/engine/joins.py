"""Joins with dead-path elimination, loops, and reverts: when a task may run, and when it runs again."""

from collections.abc import Collection, Iterable
from typing import Literal

from .graph import LOOP, Edge, Graph
from .state import JobState, Joins, TaskState

Verdict = Literal["wait", "ready", "never"]


def verdict(graph: Graph, state: JobState, task_id: str) -> Verdict:
    """Whether a task that has not run yet is ready, by its predecessors. An unreachable task never becomes ready.

    The first task of a body is ready when any loop that leads to it has an element: loops may share a body.
    """
    joins = joins_of(graph, state)
    if joins.open[task_id] or not graph.backward[task_id]:
        return "wait"
    if task_id in graph.loops_into:
        loops = [state.tasks[id] for id in graph.loops_into[task_id]]
        if any(loop.looping for loop in loops):
            return "ready"
        if not all(loop.resolved for loop in loops):
            return "wait"
    return "ready" if joins.taken[task_id] else "never"


def joins_of(graph: Graph, state: JobState) -> Joins:
    """The counts of the joins, made for a new or just read state; each resolution and revert updates them."""
    if state.joins is None:
        state.joins = Joins({}, {})
        count(graph, state, graph.tasks)
    return state.joins


def count(graph: Graph, state: JobState, task_ids: Iterable[str]) -> None:
    """Count the predecessors of these tasks again."""
    joins = joins_of(graph, state)
    for id in task_ids:
        unresolved = taken = 0
        for edge in graph.backward[id]:
            if edge.state == LOOP:
                continue
            if not state.tasks[edge.source].resolved:
                unresolved += 1
            elif takes(state, edge):
                taken += 1
        joins.open[id], joins.taken[id] = unresolved, taken


def resolve(graph: Graph, state: JobState, task_id: str) -> None:
    """Update the counts of the successors of a task that has just been resolved."""
    joins = joins_of(graph, state)
    for edge in graph.forward[task_id]:
        if edge.state != LOOP:
            joins.open[edge.target] -= 1
            joins.taken[edge.target] += takes(state, edge)


def takes(state: JobState, edge: Edge) -> bool:
    """Whether a standard edge is taken: its source finished in its state and, as a decision, chose this edge."""
    source = state.tasks[edge.source]
    if not source.resolved or source.never_runs or source.finish_state != edge.state:
        return False
    return source.chosen is None or edge.state != "success" or source.chosen == edge.target


def is_drained(graph: Graph, state: JobState, id: str) -> bool:
    """Whether every task of the loop's body is resolved. The next call first checks the open task found last."""
    open_task = state.looping[id]
    if open_task is not None and not state.tasks[open_task].resolved:
        return False
    state.looping[id] = next((inner for inner in graph.body(id) if not state.tasks[inner].resolved), None)
    return state.looping[id] is None


def reopen(graph: Graph, state: JobState, task_ids: Collection[str]) -> None:
    """Make the tasks incomplete again. Their outputs do not count any more; job variables keep their values.

    An iteration that was still running is over: a later answer names an old iteration.
    """
    for id in task_ids:
        task = state.tasks[id]
        state.resolved -= task.resolved
        state.running.discard(id)
        state.looping.pop(id, None)
        state.tasks[id] = TaskState(iteration=task.iteration, never_runs=id in graph.unreachable)
        state.resolved += state.tasks[id].resolved
    after = {edge.target for id in task_ids for edge in graph.forward[id]}
    count(graph, state, after.union(task_ids))
