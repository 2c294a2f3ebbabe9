"""Claiming, releasing, assigning and finishing tasks that wait for a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ...models.documents.documented import documented_iteration, is_ours
from ...models.documents.moments import iso
from ...models.documents.progress import finish_of
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.shapes.tasks import Answer as StoredAnswer
from ...models.documents.shapes.tasks import IterationDocument, TaskEntry
from ...models.documents.stored import NotStorable, from_stored, to_stored
from ...models.engine.definition import iteration_id
from ...models.engine.events import Answered
from ...models.errors import (
    AnswerInvalid,
    Fault,
    FormNotFound,
    NameAmbiguous,
    RequestInvalid,
    TaskClaimed,
    TaskNotFound,
    TaskNotWaiting,
)
from ...models.json import JsonObject, object_at, text_at
from ...models.visibility import Caller, may_see
from ..accounts.directory import name_of
from ..jobs import start as jobs
from ..services import Services
from ..store.tasks import UNCLAIMED
from . import claims
from .forms import answer_faults, form_of_iteration


@dataclass(frozen=True)
class Answer:
    """A person's answer to a task: its finish state, and the task's outputs by name."""

    finish_state: Literal["success", "failure"]
    variables: JsonObject


async def find(services: Services, caller: Caller, iteration: str) -> JsonObject:
    """A task's iteration with its resolved values, in its documented form.

    All functions of this module raise TaskNotFound also for an iteration that the caller may not see.
    """
    await _check_visible(services, caller, iteration)
    found = await services.jobs.tasks.find(iteration)
    if found is None:
        raise TaskNotFound(iteration)
    return documented_iteration(found)


async def latest(services: Services, caller: Caller, job_id: str, task_id: str) -> JsonObject:
    """The latest iteration of a task, in its documented form."""
    _, entry = await _entry(services, caller, job_id, task_id)
    return await find(services, caller, iteration_id(job_id, task_id, entry.get("iteration", 0)))


async def claim(services: Services, caller: Caller, iteration: str) -> JsonObject:
    """Claim the task for the caller; a second claim changes nothing."""
    await _check_visible(services, caller, iteration)
    store, user = services.jobs.tasks, caller.account_id
    claimed = await store.claim(iteration, user, _now(services))
    if claimed is None and await claims.release_if_invalid(services, iteration):
        claimed = await store.claim(iteration, user, _now(services))
    return documented_iteration(claimed or await _refuse(services, iteration, caller.account_id))


async def release(services: Services, caller: Caller, iteration: str) -> JsonObject:
    """Release the caller's claim of the task."""
    await _check_visible(services, caller, iteration)
    store, user = services.jobs.tasks, caller.account_id
    released = await store.release(iteration, user)
    if released is None and await claims.release_if_invalid(services, iteration):
        released = await store.release(iteration, user)
    return documented_iteration(released or await _refuse(services, iteration, caller.account_id))


async def assign(services: Services, caller: Caller, iteration: str, account_id: str) -> JsonObject:
    """Assign the task to this account, also if another one claimed it; TaskNotAssignable if it may not work it."""
    await _check_visible(services, caller, iteration)
    await claims.check_assignable(services, iteration, account_id)
    assigned = await services.jobs.tasks.assign(iteration, account_id, _now(services))
    return documented_iteration(assigned or await _refuse(services, iteration, account_id))


async def finish(services: Services, caller: Caller, job_id: str, task_id: str, answer: Answer) -> JsonObject:
    """Finish the task's latest iteration; the job afterwards, in its documented form.

    The answer claims an unclaimed task. The first answer counts.
    """
    user = caller.account_id
    job, entry = await _entry(services, caller, job_id, task_id)
    jobs.check_known(job)
    await services.jobs.check_openable(job_id)
    number = entry.get("iteration", 0)
    iteration = iteration_id(job_id, task_id, number)
    found = await _find_written(services, job_id, iteration)
    if answer.finish_state == "success" and found is not None:
        await _check_form(services, found, task_id, job_id, answer)
    kept: StoredAnswer = {"finish_state": answer.finish_state, "variables": _stored(answer), "at": services.clock.now()}
    if found is not None and found.get("metrics", {}).get("owner") not in (*UNCLAIMED, user):
        await claims.release_if_invalid(services, iteration)
    if await services.jobs.tasks.answer(iteration, job_id, user, kept) is None:
        # It may be a later attempt, whose iteration the process that runs the job has not written yet.
        await services.jobs.deliver(job_id)
        if await services.jobs.tasks.answer(iteration, job_id, user, kept) is None:
            await _refuse(services, iteration, user)
    await services.runner.send(job_id, Answered(task_id, number, entry.get("attempt", 0), finish_of(kept), user))
    return await jobs.find(services, caller, job_id)


async def _find_written(services: Services, job_id: str, iteration: str) -> IterationDocument | None:
    """The iteration, written first if it is still in the outbox: it has the form and the claim."""
    await services.jobs.outbox.wait_delivered([iteration])
    found = await services.jobs.tasks.find(iteration, opened=True)
    if found is not None:
        return found
    await services.jobs.deliver(job_id)
    return await services.jobs.tasks.find(iteration, opened=True)


async def form(iteration: Mapping[str, object]) -> JsonObject | None:
    """The form of this iteration for a front end; None if the task has none."""
    return await form_of_iteration(iteration)


async def _check_form(services: Services, found: IterationDocument, task_id: str, job_id: str, answer: Answer) -> None:
    try:
        view = await form(from_stored(found))
    except (FormNotFound, NameAmbiguous):
        return  # a missing form does not refuse an answer
    faults = [] if view is None else await answer_faults(services.schemas, view, answer.variables)
    if faults:
        raise AnswerInvalid(task_id, job_id, faults)


async def _check_visible(services: Services, caller: Caller, iteration: str) -> None:
    """TaskNotFound if the caller may not see the job. The answer for a missing iteration takes as long."""
    await services.jobs.outbox.wait_delivered([iteration])
    if not await claims.is_visible(services, caller, iteration):
        raise TaskNotFound(iteration)


async def _entry(services: Services, caller: Caller, job_id: str, task_id: str) -> tuple[JobHeader, TaskEntry]:
    """The job's header, and its entry of the task."""
    job = await jobs.find_stored(services, caller, job_id)
    pinned = await services.definitions.find(job["workflow_version"]) if is_ours(job) else None
    task = None if pinned is None else pinned.graph.tasks.get(task_id)
    if task is None or not may_see(caller, task.get("groups")):
        raise TaskNotFound(task_id, job_id)
    entry = job["tasks"].get(task_id, {})
    if not entry.get("iteration"):
        raise TaskNotWaiting(task_id, job_id, "it has not been reached")
    return job, entry


def _stored(answer: Answer) -> JsonObject:
    try:
        return to_stored(answer.variables, what="the answer")
    except NotStorable as refusal:
        raise RequestInvalid([Fault("storable", "/variables", "#/variables", str(refusal))]) from refusal


async def _refuse(services: Services, iteration: str, user: str) -> JsonObject:
    """Raise the reason why this user cannot work the iteration."""
    found = await services.jobs.tasks.find(iteration)
    if found is None:
        raise TaskNotFound(iteration)
    job, owner = object_at(found, "job"), object_at(found, "metrics").get("owner")
    task, job_id = text_at(job, "task"), text_at(job, "_id")
    jobs.check_known({**found, "_id": job_id})
    if found.get("waits_for") != "person":
        raise TaskNotWaiting(task, job_id, f"it is {text_at(found, 'status')}")
    if "answer" in found:
        raise TaskNotWaiting(task, job_id, f"'{await name_of(owner)}' has finished it")
    if owner not in (*UNCLAIMED, user):
        raise TaskClaimed(task, job_id, str(owner), await name_of(owner))
    raise TaskNotWaiting(task, job_id, "it changed meanwhile; look again")


def _now(services: Services) -> str:
    return str(iso(services.clock.now()))
