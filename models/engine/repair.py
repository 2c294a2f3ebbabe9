"""Repairs of jobs by an operator: retry a task, continue from a task, revert to a task.

A repair is planned first and carried out then, so that a dry run can return the plan. reverts.py decides reverts.
"""

from .events import Continued, Retried, Reverted
from .graph import END, Graph
from .lifecycle import FINAL
from .reverts import NoRepair, Repair, reversion_to, status_of, why_unfit
from .state import JobState


def retry_of(graph: Graph, state: JobState, task_id: str) -> Repair | NoRepair:
    """Run a task that did not succeed again. Finished tasks stay; tasks after it that were closed are open again."""
    unfit = why_unfit(graph, task_id)
    if unfit:
        return unfit
    task = state.tasks[task_id]
    if task.finish_state not in ("error", "failure", "canceled"):
        return NoRepair(
            f"it is {status_of(state, task_id)}; only a task that finished with error or failure is retried"
        )
    if graph.leads_on(task_id, task.finish_state):
        return NoRepair(f"its {task.finish_state} was handled by the workflow; continue or revert the job instead")
    after = [id for id in graph.after(task_id) if not state.tasks[id].iteration and id != task_id]
    return Repair(task_id, (task_id, *after))


def continuation_from(graph: Graph, state: JobState, task_id: str) -> Repair | NoRepair:
    """Continue from a task: this task and all tasks after it run, and open tasks before it are skipped."""
    unfit = why_unfit(graph, task_id)
    if unfit:
        return unfit
    reset = tuple(graph.after(task_id))
    running = [id for id in state.running if id not in reset]
    if running:
        return NoRepair(f"{', '.join(sorted(running))} still runs before it")
    left = tuple(id for id, task in state.tasks.items() if not task.resolved and id not in (*reset, END))
    return Repair(task_id, reset, left)


def repair_of(graph: Graph, state: JobState, command: Retried | Continued | Reverted) -> Repair | NoRepair:
    """The plan of the command for the current state of the job."""
    if state.status in FINAL:
        return NoRepair(f"the job is {state.status}")
    match command:
        case Retried():
            return retry_of(graph, state, command.task_id)
        case Continued():
            return continuation_from(graph, state, command.task_id)
        case Reverted():
            return reversion_to(graph, state, command.task_id)
