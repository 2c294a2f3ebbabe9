"""Pending effects: timers, provider calls and child starts that a job waits for. They follow from its state alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from .definition import effect_key
from .events import Effect, MoreToDo, PendingChildren, ProviderCall, Timer
from .graph import END, Graph
from .joins import is_drained, verdict
from .lifecycle import ACTIVE
from .state import JobState


def pending_effects(graph: Graph, state: JobState, task_ids: Iterable[str] | None = None) -> dict[str, Effect]:
    """The effects that running tasks, or these tasks, wait for, by key. Manual tasks have none."""
    effects: dict[str, Effect] = {}
    for id in state.running if task_ids is None else task_ids:
        task = state.tasks[id]
        if task.status != "running":
            continue
        key = effect_key(id, task.iteration, task.attempt)
        if task.wake_at is not None:
            effects[key] = Timer(id, task.iteration, task.attempt, task.wake_at)
        elif task.waits_for == "provider":
            effects[key] = ProviderCall(
                graph.name,
                state.job_id,
                id,
                task.iteration,
                task.attempt,
                graph.tasks[id],
                task.incoming,
                task.start_time or 0,
            )
        elif task.spawn is not None and state.status == "running":  # nothing new starts in a paused job
            effects[key] = PendingChildren(state.job_id, id, task.iteration, task.attempt, task.spawn, task.ended)
    if state.stopped_early:
        effects["more"] = MoreToDo()
    return effects


def sequences(state: JobState, task_ids: Iterable[str]) -> list[str]:
    """Those of the tasks whose children start one after the other: when one has ended, the next one starts."""
    return [id for id in task_ids if (spawn := state.tasks[id].spawn) is not None and spawn.sequential]


@dataclass(frozen=True, slots=True)
class Rest:
    """What a job waits for. `until` is the earliest moment (epoch milliseconds) at which one of its tasks goes on.

    `parents` are the tasks that wait for child jobs, which may run on other servers.
    """

    until: int | None = None
    parents: tuple[str, ...] = ()


def rest_of(graph: Graph, state: JobState) -> Rest | None:
    """What the job waits for, from the fields of its header; None if the job has work to do now."""
    if state.status not in ACTIVE or state.stopped_early:
        return None
    moments: list[int] = []
    parents: list[str] = []
    waiting = False
    for id in state.running:
        task = state.tasks[id]
        if task.looping:
            if is_drained(graph, state, id):
                return None
            continue
        waiting = True
        if task.wake_at is not None:
            moments.append(task.wake_at)
        elif task.waits_for == "children":
            parents.append(id)
        elif task.waits_for != "person":
            return None
    if state.status == "running" and (not waiting or _may_begin(graph, state)):
        return None
    return Rest(min(moments, default=None), tuple(sorted(parents)))


def _may_begin(graph: Graph, state: JobState) -> bool:
    return any(
        id != END
        and task.status == "incomplete"
        and not task.never_runs
        and (task.asked_for or verdict(graph, state, id) == "ready")
        for id, task in state.tasks.items()
    )
