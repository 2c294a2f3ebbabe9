"""The members of a job: its watchers, and the groups whose members may see and work it."""

from collections.abc import Sequence

from ...models.errors import Fault, JobNotFound, RequestInvalid
from ...models.hex_ids import is_hex_id
from ...models.json import JsonObject, array_at, is_object
from ...models.visibility import UNRESTRICTED, Caller
from ..accounts.directory import LONGEST_NAME
from ..search.projection import EVERYTHING, Fields
from ..services import Services
from ..tasks import claims
from . import start as jobs
from .start_refusals import MOST_GROUPS

MOST = MOST_GROUPS  # and so many watchers of a job


async def add_watchers(
    services: Services, caller: Caller, job_id: str, account_ids: Sequence[str], wanted: Fields = EVERYTHING
) -> JsonObject:
    await _check_room(services, caller, job_id, "watchers", account_ids)
    return await _change_job(
        services, caller, job_id, {"$addToSet": {"watchers": {"$each": list(account_ids)}}}, wanted
    )


async def remove_watcher(
    services: Services, caller: Caller, job_id: str, account_id: str, wanted: Fields = EVERYTHING
) -> JsonObject:
    return await _change_job(services, caller, job_id, {"$pull": {"watchers": account_id}}, wanted)


async def add_groups(services: Services, caller: Caller, job_id: str, groups: Sequence[str]) -> JsonObject:
    """Add groups whose members may see and work the job. The first group restricts the job to its members."""
    check_groups(groups)
    await _check_room(services, caller, job_id, "groups", groups)
    await _change_job(services, caller, job_id, {"$pull": {"groups": UNRESTRICTED}})
    return await _change_job(services, caller, job_id, {"$addToSet": {"groups": {"$each": list(groups)}}})


async def replace_groups(services: Services, caller: Caller, job_id: str, groups: Sequence[str]) -> JsonObject:
    """Restrict the job to the members of these groups; an empty list lifts the restriction."""
    check_groups(groups)
    return await _change_job(services, caller, job_id, {"$set": {"groups": list(groups)}})


async def delete_groups(
    services: Services, caller: Caller, job_id: str, groups: Sequence[str] | None = None
) -> JsonObject:
    """Remove these groups, or all, from the job. A job without groups is not restricted."""
    change: dict[str, object] = (
        {"$set": {"groups": []}} if groups is None else {"$pull": {"groups": {"$in": list(groups)}}}
    )
    return await _change_job(services, caller, job_id, change)


async def _change_job(
    services: Services, caller: Caller, job_id: str, change: dict[str, object], wanted: Fields = EVERYTHING
) -> JsonObject:
    await jobs.check_visible(services, caller, job_id)
    if not await services.jobs.amend(job_id, change):
        if (job := await services.jobs.header(job_id)) is not None:
            jobs.check_known(job)
        raise JobNotFound(job_id)
    found = await services.jobs.header(job_id)
    if found is None:
        raise JobNotFound(job_id)
    if any(is_object(fields) and "groups" in fields for fields in change.values()):
        await services.jobs.tasks.regroup(job_id, array_at(found, "groups"))
        await services.runner.look(job_id)  # the server that runs the job may have written iterations meanwhile
        await claims.release_invalid(services)
    return await jobs.to_documented(services, caller, found, wanted)


async def _check_room(services: Services, caller: Caller, job_id: str, key: str, more: Sequence[str]) -> None:
    """Bound the number of members: every read of the job reads them all. Concurrent calls may exceed it a little."""
    job = await jobs.find_stored(services, caller, job_id)
    _check_number(key, len({*map(str, array_at(job, key)), *more}))
    long = [index for index, one in enumerate(more) if len(one) > LONGEST_NAME]
    if long:
        message = f"must NOT have more than {LONGEST_NAME} characters"
        raise RequestInvalid([Fault("maxLength", f"/{key}/{long[0]}", f"#/{key}/items/maxLength", message)])


def _check_number(key: str, number: int) -> None:
    if number > MOST:
        message = f"must NOT have more than {MOST} items in one job"
        raise RequestInvalid([Fault("maxItems", f"/{key}", f"#/{key}/maxItems", message)])


def check_groups(groups: Sequence[str]) -> None:
    """RequestInvalid, with all faults, if some are no ids of groups or if there are too many."""
    _check_number("groups", len(groups))
    faults = [
        Fault("pattern", f"/groups/{index}", "#/properties/groups/items/pattern", f"must be a group id, not '{group}'")
        for index, group in enumerate(groups)
        if not is_hex_id(group)
    ]
    if faults:
        raise RequestInvalid(faults)
