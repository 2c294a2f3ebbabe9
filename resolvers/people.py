"""The people of a job: who follows it, and the groups whose members may see and work it."""

import re
from collections.abc import Sequence

from ..models.errors import Fault, JobNotFound, RequestInvalid
from ..models.json import JsonObject
from . import jobs
from .yard import Yard

UNRESTRICTED = "default"  # the documented way to say: no group restricts this job

_ID = re.compile(r"[0-9a-f]{24}")


async def add_watchers(yard: Yard, job_id: str, users: Sequence[str]) -> JsonObject:
    return await _amended(yard, job_id, {"$addToSet": {"watchers": {"$each": list(users)}}})


async def remove_watcher(yard: Yard, job_id: str, user: str) -> JsonObject:
    return await _amended(yard, job_id, {"$pull": {"watchers": user}})


async def add_groups(yard: Yard, job_id: str, groups: Sequence[str]) -> JsonObject:
    """Let these groups see and work the job too; the first one restricts it to its members."""
    _check(groups)
    await _amended(yard, job_id, {"$pull": {"groups": UNRESTRICTED}})
    return await _amended(yard, job_id, {"$addToSet": {"groups": {"$each": list(groups)}}})


async def replace_groups(yard: Yard, job_id: str, groups: Sequence[str]) -> JsonObject:
    """Let these groups alone see and work the job; without any, everybody may."""
    _check(groups)
    return await _amended(yard, job_id, {"$set": {"groups": list(groups)}})


async def delete_groups(yard: Yard, job_id: str, groups: Sequence[str] | None = None) -> JsonObject:
    """Take these groups, or all, from the job; once none is left, everybody may see and work it."""
    change: JsonObject = {"$set": {"groups": []}} if groups is None else {"$pull": {"groups": {"$in": list(groups)}}}
    return await _amended(yard, job_id, change)


async def _amended(yard: Yard, job_id: str, change: JsonObject) -> JsonObject:
    if not await yard.jobs.amend(job_id, change):
        raise JobNotFound(job_id)
    return await jobs.find(yard, job_id)


def _check(groups: Sequence[str]) -> None:
    faults = [
        Fault("pattern", f"/groups/{index}", "#/properties/groups/items/pattern", f"must be a group id, not '{group}'")
        for index, group in enumerate(groups)
        if not _ID.fullmatch(group)
    ]
    if faults:
        raise RequestInvalid(faults)
