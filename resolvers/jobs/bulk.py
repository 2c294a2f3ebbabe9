"""One command to many jobs: each has a result of its own, and a refusal of one stops no other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ...models.errors import AnswerTooLarge, Fault, JobNotDeletable, JobNotFound, Problem, RequestInvalid
from ...models.json import JsonObject
from ...models.visibility import Caller
from ..search.projection import EVERYTHING, Fields
from ..services import Services
from ..store.deleting import Deleted, StillWritten, delete_tree
from . import members
from . import start as jobs
from .control import ANSWER_SECONDS, Control
from .control import command as command_one

MOST_JOBS = 100  # the documented system's limit of one request
AT_ONCE = 8
LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Result:
    """`problem` says why it was not done or, where it was, why the job is not shown.

    `job` is the job after that, where there still is one.
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
    """Pause, resume or cancel jobs. `wanted` is what the results have of each job."""

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
    """What is read of a job as soon as something was done: its values may be too much for the answer."""
    return wanted.minus("variables").plus("status")


async def _result_of(services: Services, caller: Caller, job: JsonObject, wanted: Fields) -> Result:
    """With its variables, if they are wanted; what was done is done, whether or not they can be shown."""
    job_id, status = str(job["_id"]), str(job["status"])
    if "variables" not in wanted:
        return Result(job_id, job=job, status=status)
    try:
        return Result(job_id, job=await jobs.find(services, caller, job_id, wanted.plus("status")), status=status)
    except AnswerTooLarge as problem:
        return Result(job_id, problem, status=status)


async def delete(services: Services, caller: Caller, job_ids: Sequence[str]) -> list[Result]:
    """Delete root jobs that are over, with everything below them."""

    async def one(job_id: str) -> Result:
        await jobs.check_visible(services, caller, job_id)
        deleted = await _delete_when_written(services, job_id)
        if deleted is None:
            found = await services.jobs.header(job_id)
            raise JobNotFound(job_id) if found is None else JobNotDeletable(job_id, str(found.get("status")))
        return Result(job_id, deleted=deleted)

    return await _for_each(job_ids, one)


async def _delete_when_written(services: Services, job_id: str) -> Deleted | None:
    """Once everything is written that follows from the end of the jobs; None where they are not over."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                try:
                    return await delete_tree(services.store.database, job_id)
                except StillWritten as writing:
                    await asyncio.gather(*map(services.runner.wait_stopped, writing.ids))
                    await asyncio.sleep(LOOK_SECONDS)  # what another server runs tells nobody when it is done
    except TimeoutError:
        raise JobNotDeletable(job_id, "over, and what follows from that is still being written") from None


async def _for_each(job_ids: Sequence[str], act: Callable[[str], Awaitable[Result]]) -> list[Result]:
    """In the order of the ids, each once; a few at a time."""
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
