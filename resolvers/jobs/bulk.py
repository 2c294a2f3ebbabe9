"""One command to many jobs: each job has its own result, and a refusal for one stops no other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ...models.documents.moments import moment
from ...models.errors import AnswerTooLarge, Fault, JobNotDeletable, JobNotFound, Problem, RequestInvalid
from ...models.json import JsonObject
from ...models.visibility import Caller
from ..metrics import JOBS_REMOVED
from ..search.projection import EVERYTHING, Fields
from ..services import Services
from ..store.removal import Deleted, StillWritten, delete_tree
from . import members
from . import start as jobs
from .control import ANSWER_SECONDS, Control
from .control import command as command_one

MOST_JOBS = 100  # the documented system's limit of one request
AT_ONCE = 8
LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Result:
    """The result for one job. `problem` says why the command was refused or, if `done`, why the answer leaves the job
    out. `job` is the job after the command; a deleted job has none.
    """

    job_id: str
    problem: Problem | None = None
    job: JsonObject | None = None
    deleted: Deleted | None = None
    done: bool = True
    status: str | None = None


async def command(
    services: Services, caller: Caller, job_ids: Sequence[str], order: Control, wanted: Fields = EVERYTHING
) -> list[Result]:
    """Pause, resume or cancel jobs. `wanted` are the fields of the jobs in the results."""

    async def one(job_id: str) -> Result:
        job = await command_one(services, caller, job_id, order, _fields_to_read_first(wanted))
        return await _result_of(services, caller, job, wanted)

    return await _for_each(job_ids, one)


async def watch(
    services: Services, caller: Caller, job_ids: Sequence[str], wanted: Fields = EVERYTHING
) -> list[Result]:
    async def one(job_id: str) -> Result:
        job = await members.add_watchers(services, caller, job_id, [caller.account_id], _fields_to_read_first(wanted))
        return await _result_of(services, caller, job, wanted)

    return await _for_each(job_ids, one)


async def unwatch(
    services: Services, caller: Caller, job_ids: Sequence[str], wanted: Fields = EVERYTHING
) -> list[Result]:
    async def one(job_id: str) -> Result:
        job = await members.remove_watcher(services, caller, job_id, caller.account_id, _fields_to_read_first(wanted))
        return await _result_of(services, caller, job, wanted)

    return await _for_each(job_ids, one)


def _fields_to_read_first(wanted: Fields) -> Fields:
    """The fields to read right after a command: the variables may be too large for the answer."""
    return wanted.minus("variables").plus("status")


async def _result_of(services: Services, caller: Caller, job: JsonObject, wanted: Fields) -> Result:
    """The result of a command that was carried out, with the variables of the job if they are wanted and fit."""
    job_id, status = str(job["_id"]), str(job["status"])
    if "variables" not in wanted:
        return Result(job_id, job=job, status=status)
    try:
        return Result(job_id, job=await jobs.find(services, caller, job_id, wanted.plus("status")), status=status)
    except AnswerTooLarge as problem:
        return Result(job_id, problem, status=status)


async def delete(services: Services, caller: Caller, job_ids: Sequence[str]) -> list[Result]:
    """Delete root jobs that are over, with all jobs below them."""

    async def one(job_id: str) -> Result:
        await jobs.check_visible(services, caller, job_id)
        deleted = await _delete_when_written(services, job_id)
        if deleted is None:
            found = await services.jobs.header(job_id)
            raise JobNotFound(job_id) if found is None else JobNotDeletable(job_id, str(found.get("status")))
        JOBS_REMOVED.labels("delete").inc(deleted.jobs)
        return Result(job_id, deleted=deleted)

    return await _for_each(job_ids, one)


async def _delete_when_written(services: Services, job_id: str) -> Deleted | None:
    """Delete the job once all writes of its end are done; None if the job is not over."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                try:
                    return await delete_tree(services.store, job_id, moment(services.clock.now()))
                except StillWritten as writing:
                    await asyncio.gather(*map(services.runner.wait_stopped, writing.ids))
                    await asyncio.sleep(LOOK_SECONDS)  # another server does not announce the end of its writes
    except TimeoutError:
        raise JobNotDeletable(job_id, "over, and what follows from that is still being written") from None


async def _for_each(job_ids: Sequence[str], act: Callable[[str], Awaitable[Result]]) -> list[Result]:
    """Results in the order of the ids; each id counts once, and a few jobs are worked at a time."""
    if len(job_ids) > MOST_JOBS:
        message = f"must NOT have more than {MOST_JOBS} items; name the rest in another request"
        raise RequestInvalid([Fault("maxItems", "/jobIds", "#/properties/jobIds/maxItems", message)])
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(job_id: str) -> Result:
        async with turn:
            try:
                return await act(job_id)
            except Problem as problem:
                return Result(job_id, problem, done=False)

    return await asyncio.gather(*map(one, dict.fromkeys(job_ids)))
