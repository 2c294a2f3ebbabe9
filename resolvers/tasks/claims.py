"""Claims of tasks: a claim ends when its account may not work the task any more."""

from bson import ObjectId

from ...models.documents.account import Account
from ...models.errors import TaskNotAssignable
from ...models.json import object_at, text_at
from ...models.visibility import Caller, in_groups, visible_tasks
from ..accounts.callers import resolve_caller
from ..accounts.directory import check_all, name_of
from ..services import Services
from ..store.tasks import UNCLAIMED

NO_JOB = "0" * 24  # no job has this id


async def is_visible(services: Services, caller: Caller, iteration: str) -> bool:
    """Whether the caller may see the iteration, by the groups of its job and by its own."""
    job_id = await services.jobs.tasks.find_job_id(iteration)
    # The answer for a missing iteration takes as long.
    is_visible_job = await services.jobs.exists(job_id or NO_JOB, caller)
    return job_id is not None and is_visible_job and await services.jobs.tasks.exists(iteration, in_groups(caller))


async def check_assignable(services: Services, iteration: str, account_id: str) -> None:
    """AccountNotFound, or TaskNotAssignable if its state, its roles or its groups do not allow the task."""
    await check_all(Account, [account_id])
    caller = await resolve_caller(ObjectId(account_id))
    if caller is None:
        why = "the account is closed"
    elif not caller.works_tasks:
        why = "none of its roles lets it finish tasks"
    elif not await is_visible(services, caller, iteration):
        why = "it is in none of the groups that may work it"
    else:
        return
    job = object_at(await services.jobs.tasks.find(iteration) or {}, "job")
    name = await name_of(account_id)
    raise TaskNotAssignable(text_at(job, "task"), text_at(job, "_id"), account_id, name, why)


async def release_if_invalid(services: Services, iteration: str) -> bool:
    """Release the claim of an account that may not work the task any more; whether there was one."""
    owner = object_at(await services.jobs.tasks.find(iteration) or {}, "metrics").get("owner")
    if owner in UNCLAIMED or not isinstance(owner, str) or not ObjectId.is_valid(owner):
        return False
    caller = await resolve_caller(ObjectId(owner))
    if caller is not None and caller.works_tasks and await is_visible(services, caller, iteration):
        return False
    return await services.jobs.tasks.release(iteration, str(owner)) is not None


async def release_invalid(services: Services) -> None:
    """Release all claims of accounts that may not work their tasks any more. Call it after a change of accounts, roles,
    groups, or the groups of a job.

    A concurrent claim is checked when another account claims the task.
    """
    for owner in await services.jobs.tasks.owners():
        if not ObjectId.is_valid(owner):
            continue
        caller = await resolve_caller(ObjectId(owner))
        if caller is None or not caller.works_tasks:
            await services.jobs.tasks.release_all(owner, {})
        elif visible := visible_tasks(caller):
            await services.jobs.tasks.release_all(owner, {"$nor": [visible]})
