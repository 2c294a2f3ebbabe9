"""Tasks that wait for a person: claiming, releasing, assigning and finishing them."""

from dataclasses import dataclass
from typing import Literal

from ..models.access import Caller, in_groups, may_see
from ..models.documents.account import Account
from ..models.documents.documented import documented_iteration, is_ours
from ..models.documents.moments import iso
from ..models.documents.progress import finish_of
from ..models.documents.stored import NotStorable, from_stored, to_stored
from ..models.engine.events import Answered
from ..models.engine.ids import iteration_id
from ..models.errors import AnswerInvalid, Fault, RequestInvalid, TaskClaimed, TaskNotFound, TaskNotWaiting
from ..models.json import JsonObject, object_at, text_at
from . import jobs
from .access.directory import check_all, name_of
from .forms import answer_faults, form_of
from .store.tasks import UNCLAIMED
from .yard import Yard

NO_JOB = "0" * 24  # no job has this id


@dataclass(frozen=True)
class Answer:
    """What a person answers: one of the two buttons, and the task's outputs by name."""

    finish_state: Literal["success", "failure"]
    variables: JsonObject


async def find(yard: Yard, caller: Caller, iteration: str) -> JsonObject:
    """A task's iteration with its resolved values, as documented.

    Here and below TaskNotFound, too, for one whose job or whose own groups do not let the caller in.
    """
    await _check_visible(yard, caller, iteration)
    found = await yard.jobs.tasks.find(iteration)
    if found is None:
        raise TaskNotFound(iteration)
    return documented_iteration(found)


async def latest(yard: Yard, caller: Caller, job_id: str, task_id: str) -> JsonObject:
    """The latest iteration of a task, as documented."""
    entry = await _entry(yard, caller, job_id, task_id)
    return await find(yard, caller, iteration_id(job_id, task_id, entry["iteration"]))


async def claim(yard: Yard, caller: Caller, iteration: str) -> JsonObject:
    """Let the caller alone work it; once more changes nothing."""
    await _check_visible(yard, caller, iteration)
    claimed = await yard.jobs.tasks.claim(iteration, caller.account_id, _now(yard))
    return documented_iteration(claimed or await _refuse(yard, iteration, caller.account_id))


async def release(yard: Yard, caller: Caller, iteration: str) -> JsonObject:
    """Let anybody work it again; only who claimed it may."""
    await _check_visible(yard, caller, iteration)
    released = await yard.jobs.tasks.release(iteration, caller.account_id)
    return documented_iteration(released or await _refuse(yard, iteration, caller.account_id))


async def assign(yard: Yard, caller: Caller, iteration: str, account_id: str) -> JsonObject:
    """Let this account alone work it, whoever claimed it before."""
    await _check_visible(yard, caller, iteration)
    await check_all(Account, [account_id])
    assigned = await yard.jobs.tasks.assign(iteration, account_id, _now(yard))
    return documented_iteration(assigned or await _refuse(yard, iteration, account_id))


async def finish(yard: Yard, caller: Caller, job_id: str, task_id: str, answer: Answer) -> JsonObject:
    """Finish the task's latest iteration; the job, in its documented form, as it goes on from there.

    A task that nobody claimed is claimed by the same act. The first answer counts.
    """
    user = caller.account_id
    entry = await _entry(yard, caller, job_id, task_id)
    iteration = iteration_id(job_id, task_id, entry.get("iteration", 0))
    if answer.finish_state == "success":
        await _check_form(yard, iteration, task_id, job_id, answer)
    kept: JsonObject = {"finish_state": answer.finish_state, "variables": _stored(answer), "at": yard.clock.now()}
    if await yard.jobs.tasks.answer(iteration, job_id, user, kept) is None:
        await _refuse(yard, iteration, user)
    await yard.runner.send(job_id, Answered(task_id, entry["iteration"], entry["attempt"], finish_of(kept)))
    return await jobs.find(yard, caller, job_id)


async def form(iteration: JsonObject) -> JsonObject | None:
    """What a front end needs to show the form of this iteration; None where the task shows none."""
    return await form_of(iteration, object_at(object_at(iteration, "variables"), "incoming"))


async def _check_form(yard: Yard, iteration: str, task_id: str, job_id: str, answer: Answer) -> None:
    found = await yard.jobs.tasks.find(iteration)
    shown = None if found is None else await form(from_stored(found))
    faults = [] if shown is None else answer_faults(shown, answer.variables)
    if faults:
        raise AnswerInvalid(task_id, job_id, faults)


async def _check_visible(yard: Yard, caller: Caller, iteration: str) -> None:
    """The job's own document says who may see it. An iteration that there is not takes as long to refuse."""
    job_id = await yard.jobs.tasks.job_of(iteration)
    in_sight = await yard.jobs.exists(job_id or NO_JOB, caller)
    if job_id is None or not in_sight or not await yard.jobs.tasks.exists(iteration, in_groups(caller)):
        raise TaskNotFound(iteration)


async def _entry(yard: Yard, caller: Caller, job_id: str, task_id: str) -> JsonObject:
    """What the job's header knows of the task."""
    job = await jobs.stored(yard, caller, job_id)
    pinned = await yard.definitions.find(job["workflow_version"]) if is_ours(job) else None
    task = None if pinned is None else pinned.graph.tasks.get(task_id)
    if task is None or not may_see(caller, task.get("groups")):
        raise TaskNotFound(task_id, job_id)
    entry = object_at(object_at(job, "tasks"), task_id)
    if not entry.get("iteration"):
        raise TaskNotWaiting(task_id, job_id, "it has not been reached")
    return entry


def _stored(answer: Answer) -> JsonObject:
    try:
        return to_stored(answer.variables, what="the answer")
    except NotStorable as refusal:
        raise RequestInvalid([Fault("storable", "/variables", "#/variables", str(refusal))]) from refusal


async def _refuse(yard: Yard, iteration: str, user: str) -> JsonObject:
    """Say why the iteration could not be worked by this user."""
    found = await yard.jobs.tasks.find(iteration)
    if found is None:
        raise TaskNotFound(iteration)
    job, owner = object_at(found, "job"), object_at(found, "metrics").get("owner")
    task, job_id = text_at(job, "task"), text_at(job, "_id")
    if found.get("waits_for") != "person":
        raise TaskNotWaiting(task, job_id, f"it is {text_at(found, 'status')}")
    if "answer" in found:
        raise TaskNotWaiting(task, job_id, f"'{await name_of(owner)}' has finished it")
    if owner not in (*UNCLAIMED, user):
        raise TaskClaimed(task, job_id, str(owner), await name_of(owner))
    raise TaskNotWaiting(task, job_id, "it changed meanwhile; look again")


def _now(yard: Yard) -> str:
    return str(iso(yard.clock.now()))
