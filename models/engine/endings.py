"""How a job ends: complete at workflow_end, or in error when workflow_end can no longer be reached."""

from .graph import END, START, Graph
from .joins import verdict
from .state import JobState


def settle(graph: Graph, state: JobState, *, busy: bool, at: int) -> bool:
    """Decide whether the running job is over; True when its status changed.

    The end waits for every task that still runs, in dead-end branches too (execution facts, 3.2), and so does the
    error: what runs beside a closed way is not cut off, and the order in which branches finish decides nothing. An
    error is not final: the job keeps no end time, and an operator may repair it (3.4).
    """
    if state.status != "running" or busy:
        return False
    if verdict(graph, state, END) == "ready":
        task = state.tasks[END]
        task.status, task.finish_state = "complete", "success"
        task.start_time = task.end_time = state.end_time = at
        state.resolved += 1
        state.status = "complete"
    else:
        state.status = "error"
        state.errors.append({"task": "job", "message": no_transitions(graph), "timestamp": at})
    return True


def no_transitions(graph: Graph) -> str:
    """The documented sentence; it names the tasks that are drawn before workflow_end, not the culprit."""
    before = [edge.source for edge in graph.backward[END] if edge.source != START]
    if not before:
        return "Job has no available transitions. No task leads to the workflow end task."
    return (
        f"Job has no available transitions. {', '.join(before)} could have led to the workflow end task, but did not. "
        "These tasks performed in a way that the end of the workflow could not be reached."
    )
