"""Pending effects: what a job waits for that a runner starts; they follow from the job's state alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from .definition import child_job_id, effect_key
from .events import ChildStart, Effect, MoreToDo, ProviderCall, Timer
from .graph import END, Graph
from .joins import is_drained, verdict
from .lifecycle import ACTIVE
from .state import JobState, TaskState


def pending_effects(graph: Graph, state: JobState, task_ids: Iterable[str] | None = None) -> dict[str, Effect]:
    """The effects by key, of all running tasks or of the given ones; people come by themselves."""
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
            effects.update({f"{key}/{start.element}": start for start in _pending_child_starts(state.job_id, id, task)})
    if state.stopped_early:
        effects["more"] = MoreToDo()
    return effects


def _pending_child_starts(job_id: str, task_id: str, task: TaskState) -> list[ChildStart]:
    """Children of a sequence end one after the other, so that the next is the one after those that have ended."""
    spawn = task.spawn
    assert spawn is not None
    if spawn.sequential:
        elements = range(len(task.ended), min(len(task.ended) + 1, len(spawn.variables)))
    else:
        elements = [index for index in range(len(spawn.variables)) if index not in task.ended]
    return [
        ChildStart(
            task_id,
            task.iteration,
            task.attempt,
            index,
            child_job_id(job_id, task_id, task.iteration, task.attempt, index),
            spawn.workflow,
            spawn.variables[index],
            spawn.looped,
        )
        for index in elements
    ]


def sequences(state: JobState, task_ids: Iterable[str]) -> list[str]:
    """Those of the tasks whose children start one after the other: when one has ended, the next is due."""
    return [id for id in task_ids if (spawn := state.tasks[id].spawn) is not None and spawn.sequential]


@dataclass(frozen=True, slots=True)
class Rest:
    """`until` is the moment (epoch milliseconds) at which the first of its tasks goes on by itself, if one does.

    `parents` are the tasks that wait for child jobs, which somebody else runs.
    """

    until: int | None = None
    parents: tuple[str, ...] = ()


def rest_of(graph: Graph, state: JobState) -> Rest | None:
    """None where something is to be done now. It follows from what the job's header stores."""
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
