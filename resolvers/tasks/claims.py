"""Claims of tasks, and whether they still count: who may not work a task any more does not keep it from the others."""

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
    """Whether the groups of the iteration's job, and its own, let the caller in."""
    job_id = await services.jobs.tasks.find_job_id(iteration)
    # An iteration that there is not takes as long to refuse.
    in_sight = await services.jobs.exists(job_id or NO_JOB, caller)
    return job_id is not None and in_sight and await services.jobs.tasks.exists(iteration, in_groups(caller))


async def check_assignable(services: Services, iteration: str, account_id: str) -> None:
    """AccountNotFound, or TaskNotAssignable for one that is closed, or that its roles or groups keep from the task."""
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
    """Take a claim away that counts no more; whether there was one."""
    owner = object_at(await services.jobs.tasks.find(iteration) or {}, "metrics").get("owner")
    if owner in UNCLAIMED or not ObjectId.is_valid(owner):
        return False
    caller = await resolve_caller(ObjectId(owner))
    if caller is not None and caller.works_tasks and await is_visible(services, caller, iteration):
        return False
    return await services.jobs.tasks.release(iteration, str(owner)) is not None


async def release_invalid(services: Services) -> None:
    """Take away all claims that count no more, after accounts, roles, groups or the groups of a job have changed.

    A claim that is made meanwhile is looked at again when somebody else wants the task.
    """
    for owner in await services.jobs.tasks.owners():
        if not ObjectId.is_valid(owner):
            continue
        caller = await resolve_caller(ObjectId(owner))
        if caller is None or not caller.works_tasks:
            await services.jobs.tasks.release_all(owner, {})
        elif sight := visible_tasks(caller):
            await services.jobs.tasks.release_all(owner, {"$nor": [sight]})
