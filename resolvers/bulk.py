"""One thing done to many jobs: each has a result of its own, and what one refuses stops no other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from ..models.access import Caller
from ..models.errors import Fault, JobNotDeletable, JobNotFound, Problem, RequestInvalid
from ..models.json import JsonObject
from . import jobs, people
from .steering import ANSWER_SECONDS, Order
from .steering import steer as steer_one
from .store.deleting import Deleted, StillWritten, delete_tree
from .yard import Yard

MOST_JOBS = 100  # the documented system's limit of one request
AT_ONCE = 8
LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Result:
    """`problem` is None where it was done. `job` is the job after that, where there still is one."""

    job_id: str
    problem: Problem | None = None
    job: JsonObject | None = None
    deleted: Deleted | None = None


async def steer(yard: Yard, caller: Caller, job_ids: Sequence[str], order: Order) -> list[Result]:
    """Pause, resume or cancel jobs."""

    async def one(job_id: str) -> Result:
        return Result(job_id, job=await steer_one(yard, caller, job_id, order))

    return await _each(job_ids, one)


async def watch(yard: Yard, caller: Caller, job_ids: Sequence[str]) -> list[Result]:
    async def one(job_id: str) -> Result:
        return Result(job_id, job=await people.add_watchers(yard, caller, job_id, [caller.account_id]))

    return await _each(job_ids, one)


async def unwatch(yard: Yard, caller: Caller, job_ids: Sequence[str]) -> list[Result]:
    async def one(job_id: str) -> Result:
        return Result(job_id, job=await people.remove_watcher(yard, caller, job_id, caller.account_id))

    return await _each(job_ids, one)


async def delete(yard: Yard, caller: Caller, job_ids: Sequence[str]) -> list[Result]:
    """Delete root jobs that are over, with everything below them."""

    async def one(job_id: str) -> Result:
        await jobs.check_visible(yard, caller, job_id)
        deleted = await _deleted(yard, job_id)
        if deleted is None:
            found = await yard.jobs.find(job_id)
            raise JobNotFound(job_id) if found is None else JobNotDeletable(job_id, str(found.get("status")))
        return Result(job_id, deleted=deleted)

    return await _each(job_ids, one)


async def _deleted(yard: Yard, job_id: str) -> Deleted | None:
    """Once everything is written that follows from the end of the jobs; None where they are not over."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                try:
                    return await delete_tree(yard.store.database, job_id)
                except StillWritten as writing:
                    await asyncio.gather(*map(yard.runner.settled, writing.ids))
                    await asyncio.sleep(LOOK_SECONDS)  # what another server runs tells nobody when it is done
    except TimeoutError:
        raise JobNotDeletable(job_id, "over, and what follows from that is still being written") from None


async def _each(job_ids: Sequence[str], act: Callable[[str], Awaitable[Result]]) -> list[Result]:
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
                return Result(job_id, problem=problem)

    return await asyncio.gather(*map(one, dict.fromkeys(job_ids)))
