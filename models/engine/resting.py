"""Whether a job merely waits: nothing is to be done for it until a moment of its own, or until it is told something."""

from dataclasses import dataclass

from .graph import END, Graph
from .joins import verdict
from .lifecycle import ACTIVE
from .loops import is_drained
from .state import JobState


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
