"""The end of a job: complete at workflow_end, or in error if workflow_end can no longer be reached."""

from .events import Canceled, Paused, Unpaused
from .graph import END, START, Graph
from .joins import verdict
from .lifecycle import ENDED, FINAL, JobEnd, allows
from .rules import Rules
from .state import JobState

MOST_NAMED = 100
JOB_ITSELF = "job"  # in place of a task id, for an error of the job itself


def complete_if_done(graph: Graph, state: JobState, rules: Rules, at: int) -> list[str] | None:
    """Complete the job, or set it to error, if it cannot go on; the tasks that this changes. None: the job goes on.

    Both wait for every waiting task, also in dead-end branches (reference/execution.md#joins): tasks beside a closed
    way are not cut off, and the order in which branches finish does not matter. An error is not final: the job has no
    end time, and an operator may repair it (reference/execution.md#job-errors).
    """
    # A loop whose body cannot go on does not count as waiting.
    busy = len(state.running) > len(state.looping)
    if verdict(graph, state, END) == "ready":
        if not busy or rules.dead_ends == "ignore":
            return _complete(state, at)
        return None
    if busy or rules.missing_transition == "hang":
        return None
    state.status = "error"
    state.errors.append({"task": JOB_ITSELF, "message": no_transitions(graph), "timestamp": at})
    return []


def _complete(state: JobState, at: int) -> list[str]:
    canceled = list(state.running)
    for id in canceled:
        cancel(state, id, at)
    task = state.tasks[END]
    task.status, task.finish_state = "complete", "success"
    task.start_time = task.end_time = state.end_time = at
    state.resolved += 1
    state.status = "complete"
    return [*canceled, END]


def apply_command(state: JobState, command: Paused | Unpaused | Canceled, at: int) -> list[str] | None:
    """Carry out an operator's command; the tasks that it ends. None if the status does not allow it."""
    match command:
        case Paused() if allows(state.status, "pause"):
            state.status = "paused"
            return []
        case Unpaused() if allows(state.status, "resume"):
            state.status = "running"
            return []
        case Canceled() if allows(state.status, "cancel"):
            canceled = list(state.running)
            for id in canceled:
                cancel(state, id, at)
            state.status, state.end_time = "canceled", at
            return canceled
        case _:
            return None


def cancel(state: JobState, task_id: str, at: int) -> None:
    """End a running task. A later answer to it has no effect."""
    task = state.tasks[task_id]
    task.status, task.finish_state, task.end_time = "canceled", "canceled", at
    task.waits_for = task.wake_at = task.spawn = None
    task.ended = {}
    state.running.discard(task_id)
    state.looping.pop(task_id, None)
    state.resolved += 1


def child_ends(rules: Rules) -> tuple[JobEnd, ...]:
    """The statuses of a child job for which its parent does not wait any more (reference/execution.md#child-jobs)."""
    return ENDED if rules.child_error == "propagate" else FINAL


def child_end(state: JobState, rules: Rules) -> JobEnd | None:
    """The status with which a child job has ended for its parent; None while the parent waits."""
    return next((status for status in child_ends(rules) if status == state.status), None)


def no_transitions(graph: Graph) -> str:
    """The documented sentence. It names the tasks before workflow_end, which need not be the reason."""
    before = [edge.source for edge in graph.backward[END] if edge.source != START]
    more = f" and {len(before) - MOST_NAMED} more" if len(before) > MOST_NAMED else ""
    named = ", ".join(before[:MOST_NAMED]) + more
    if not before:
        return "Job has no available transitions. No task leads to the workflow end task."
    return (
        f"Job has no available transitions. {named} could have led to the workflow end task, but did not. "
        "These tasks performed in a way that the end of the workflow could not be reached."
    )
