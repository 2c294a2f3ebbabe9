"""Commands to jobs: pause, resume, cancel, retry a task, continue from a task, revert to a task; and permissions."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from ...models.documents.commands import inbox_entry
from ...models.documents.documented import is_ours
from ...models.documents.progress import read_state
from ...models.documents.search_terms import OWN
from ...models.documents.stored import NotStorable, from_stored, to_stored
from ...models.documents.warnings import warnings_left, warnings_of
from ...models.engine.events import Canceled, Command, Continued, Paused, Retried, Reverted, Unpaused
from ...models.engine.lifecycle import ACTIONS, Action, ActionName, allows
from ...models.engine.repair import repair_of
from ...models.engine.reverts import NoRepair, Repair
from ...models.errors import (
    Fault,
    JobIsForeign,
    JobNotFound,
    JobStatusForbids,
    RequestInvalid,
    TaskCannot,
    TaskNotFound,
)
from ...models.json import JsonObject, object_at, text_at
from ...models.permissions import granted_by
from ...models.visibility import Caller, may_see
from ..search.projection import EVERYTHING, Fields
from ..services import Services
from ..tasks import forms
from . import start as jobs

ANSWER_SECONDS = 5  # to wait for another process; it carries the command out later, too


@dataclass(frozen=True)
class Control:
    """A command to a job as a whole, and the statuses that allow it."""

    command: Command
    action: Action


PAUSE = Control(Paused(), ACTIONS["pause"])
RESUME = Control(Unpaused(), ACTIONS["resume"])
CANCEL = Control(Canceled(), ACTIONS["cancel"])


@dataclass(frozen=True)
class RepairResult:
    """The outcome of a command to continue a job. Tasks in `reset` are open again, and those in `again` had run before.
    After a dry run `job` is unchanged.
    """

    job: JsonObject
    reset: tuple[str, ...]
    again: tuple[str, ...]
    skipped: tuple[str, ...]


async def command(
    services: Services, caller: Caller, job_id: str, order: Control, wanted: Fields = EVERYTHING
) -> JsonObject:
    """Carry out the command; the job afterwards, in its documented form."""
    action = order.action
    job = await _send_command(services, caller, job_id, order.command, action, wanted.plus("status"))
    if order is not RESUME and job["status"] not in (action.becomes, *action.allowed):
        # The job ended before the command was taken. While another process has not taken it, the status is allowed.
        raise JobStatusForbids(job_id, text_at(job, "status"), action.allowed, action.done)
    return job


async def retry_task(
    services: Services, caller: Caller, job_id: str, task_id: str, variables: JsonObject
) -> JsonObject:
    """Run a task that did not succeed again, with these job variables changed."""
    command = Retried(task_id, _without_own(variables))
    await _plan_repair(services, caller, job_id, task_id, command, "be retried")
    return await _send_command(services, caller, job_id, command, ACTIONS["retry"])


async def continue_job(
    services: Services, caller: Caller, job_id: str, from_task: str, variables: JsonObject, *, dry_run: bool
) -> RepairResult:
    """Continue a job from a task: this task and all tasks behind it run, and open tasks before it are skipped.

    A dry run only returns the plan.
    """
    command = Continued(from_task, _without_own(variables))
    plan, again = await _plan_repair(services, caller, job_id, from_task, command, "be continued from")
    if dry_run:
        job = await jobs.find(services, caller, job_id)
    else:
        job = await _send_command(services, caller, job_id, command, ACTIONS["continue"])
    return RepairResult(job, plan.reset, again, plan.skipped)


async def revert_job(services: Services, caller: Caller, job_id: str, from_task: str, to_task: str) -> JsonObject:
    """Go back from a task to a complete task before it, as a revert transition does."""
    command = Reverted(to_task)
    plan, _ = await _plan_repair(services, caller, job_id, to_task, command, "be reverted to")
    if from_task not in plan.reset:
        raise TaskCannot(to_task, job_id, "be reverted to", f"it does not lead to task '{from_task}'")
    return await _send_command(services, caller, job_id, command, ACTIONS["revert"])


async def fix_job(services: Services, caller: Caller, job_id: str, errored_task: str, revert_task: str) -> JsonObject:
    """Revert a job from a task that is in error; TaskCannot if the task is not in error."""
    job = await jobs.find_stored(services, caller, job_id)
    entry = job["tasks"].get(errored_task, {}) if is_ours(job) else object_at(object_at(job, "tasks"), errored_task)
    status = "incomplete"
    if "status" in entry:
        status = entry["status"] or status
    if status != "error":
        raise TaskCannot(errored_task, job_id, "be fixed", f"it is {status}, not in error")
    return await revert_job(services, caller, job_id, errored_task, revert_task)


def _without_own(variables: JsonObject) -> JsonObject:
    """The variables without those that the server sets, such as the initiator: no command may change them."""
    return {name: value for name, value in variables.items() if name not in OWN}


async def _plan_repair(
    services: Services, caller: Caller, job_id: str, task_id: str, command: Retried | Continued | Reverted, done: str
) -> tuple[Repair, tuple[str, ...]]:
    """The effect of the command on the stored job, and the tasks that run again."""
    job = await jobs.find_stored(services, caller, job_id)
    if not is_ours(job):
        raise JobIsForeign(job_id)
    jobs.check_known(job)
    pinned = await services.definitions.find(job["workflow_version"])
    if task_id not in pinned.graph.tasks or not may_see(caller, pinned.graph.tasks[task_id].get("groups")):
        raise TaskNotFound(task_id, job_id)
    state = read_state(pinned.graph, job, {})
    plan = repair_of(pinned.graph, state, command)
    if isinstance(plan, NoRepair):
        raise TaskCannot(task_id, job_id, done, plan.reason)
    return plan, plan.repeated(state)


async def _update_warnings(services: Services, job_id: str) -> None:
    """Remove warnings that do not apply any more: a missing provider or form may exist now."""
    job = await services.jobs.header(job_id)
    if job is not None and is_ours(job) and (stored_warnings := job.get("warnings")):
        pinned = await services.definitions.find(job["workflow_version"])
        now = warnings_of(pinned.workflow, pinned.graph, services.provides, await forms.find_missing(pinned.graph))
        left = warnings_left(from_stored(stored_warnings), now, pinned.workflow, pinned.graph)
        if len(left) < len(stored_warnings):
            await services.jobs.amend(job_id, {"$set": {"warnings": to_stored(left, what="the warnings")}})


async def _send_command(
    services: Services,
    caller: Caller,
    job_id: str,
    command: Command,
    action: Action,
    wanted: Fields = EVERYTHING,
) -> JsonObject:
    """Put the command into the job's inbox; the job once the command was carried out, or after ANSWER_SECONDS."""
    await jobs.check_visible(services, caller, job_id)
    await services.jobs.check_openable(job_id)
    try:
        entry = inbox_entry(uuid4().hex, command, caller.account_id)
        header = await services.jobs.store_command(job_id, entry, action.allowed)
    except NotStorable as refusal:
        raise RequestInvalid([Fault("storable", "/variables", "#/variables", str(refusal))]) from refusal
    if header is None:
        raise await _refusal(services, job_id, action)
    if isinstance(command, Retried | Continued | Reverted):
        await _update_warnings(services, job_id)
    await services.runner.deliver_command(job_id, entry)
    if await services.jobs.is_in_inbox(job_id, entry["id"]):
        await _wait_for_change(services, job_id, header["seq"])
    return await jobs.find(services, caller, job_id, wanted)


async def _wait_for_change(services: Services, job_id: str, seq: int) -> None:
    """Return once the process that runs the job has stored an advance, or after ANSWER_SECONDS."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS), aclosing(services.feed.follow_job(job_id, seq)) as events:
            await anext(events)
    except TimeoutError:
        return


async def _refusal(services: Services, job_id: str, action: Action) -> Exception:
    found = await services.jobs.header(job_id)
    if found is None:
        return JobNotFound(job_id)
    if not is_ours(found):
        return JobIsForeign(job_id)
    jobs.check_known(found)
    return JobStatusForbids(job_id, found["status"], action.allowed, action.done)


# The documented method that each action requires.
METHODS: Final[dict[ActionName, str]] = {
    "pause": "pauseJobs",
    "resume": "resumeJobs",
    "cancel": "cancelJobs",
    "delete": "deleteJobs",
    "retry": "retryTask",
    "continue": "continueJobFrom",
    "revert": "revertJob",
    "finish": "finishManualTask",
    "watch": "watchJobs",
}
_OF_OTHERS_TOO = ("watch", "delete")  # also allowed for a job that another program stored


def permitted_actions(caller: Caller, job: JsonObject, *, ours: bool) -> list[JsonObject]:
    """`{action, allowed, reason}` of every action on a job that the caller sees; `ours`: jobyard stored the job."""
    return [_permission(action, _denial(caller, job, action, ours=ours)) for action in METHODS]


def _permission(action: str, reason: str | None) -> JsonObject:
    return {"action": action, "allowed": reason is None, "reason": reason}


def _denial(caller: Caller, job: JsonObject, action: ActionName, *, ours: bool) -> str | None:
    method = METHODS[action]
    if method not in caller.methods:
        roles = ", ".join(granted_by(method))
        return f"Your roles do not allow {method}. Ask an administrator for one that does: {roles}."
    if not ours and action not in _OF_OTHERS_TOO:
        return "Another program stored this job: it cannot be changed here."
    status = text_at(job, "status")
    if not allows(status, action):
        return f"The job's status is {status}; it must be {' or '.join(ACTIONS[action].allowed)}."
    if action == "delete" and object_at(job, "parent"):
        return "A job above it started it: it is deleted with that one."
    return None
