"""Batched reads of related documents: one command for many jobs."""

from collections.abc import Sequence

from ...models.documents.documented import is_ours
from ...models.documents.job import LOOKED_UP, Job
from ...models.documents.moments import milliseconds, stored_ids
from ...models.documents.project import Project
from ...models.documents.stored import from_stored
from ...models.documents.workflow import Workflow
from ...models.errors import AnswerTooLarge
from ...models.json import JsonObject, object_at
from ...models.secrets.sealing import SEALED
from ...models.visibility import Caller, Filter, visible, visible_of, visible_workflows
from ..services import Services
from ..store.collections import collection_of
from ..store.sealed_documents import mask_document
from . import tasks
from .collections import WAITING
from .conditions import Among
from .documented import documented_jobs, stored_fields, with_large_variables
from .paging import Window, read_all
from .projection import Fields

MOST_CHILDREN = 10_000


async def jobs_of(services: Services, caller: Caller, ids: Sequence[str], wanted: Fields) -> dict[str, JsonObject]:
    """The jobs of these ids that exist and that the caller may see."""
    found = await _read(services, caller, visible_of(caller, _stored(ids)), wanted, 2 * len(ids), LOOKED_UP)
    return {str(job["_id"]): job for job in found}


async def entries_of(services: Services, caller: Caller, ids: Sequence[str], wanted: Fields) -> dict[str, JsonObject]:
    """The stored task entries of these jobs, by job and task."""
    found = await read_all(collection_of(Job), visible_of(caller, _stored(ids)), wanted, 2 * len(ids), LOOKED_UP)
    return {str(one["_id"]): object_at(from_stored(one), "tasks") for one in found}


async def own_jobs_of(services: Services, caller: Caller, ids: Sequence[str], wanted: Fields) -> dict[str, bool]:
    """Whether jobyard stored these jobs, and no other program."""
    query = visible_of(caller, _stored(ids))
    found = await read_all(collection_of(Job), query, wanted, 2 * len(ids), LOOKED_UP)
    return {str(one["_id"]): is_ours(one) for one in found}


async def children_of(
    services: Services, caller: Caller, parents: Sequence[str], wanted: Fields
) -> dict[str, list[JsonObject]]:
    """The child jobs of these jobs, in the order of their start."""
    found = await _read(
        services,
        caller,
        {"parent.job": {"$in": _stored(parents)}, **visible(caller)},
        wanted.plus("parent", "metrics"),
        MOST_CHILDREN + 1,
    )
    if len(found) > MOST_CHILDREN:
        remedy = "Page through the children of one job with `jobs(filter: {parent: ID})`."
        raise AnswerTooLarge("child jobs", MOST_CHILDREN, remedy)
    children: dict[str, list[JsonObject]] = {}
    for job in found:
        children.setdefault(str(object_at(job, "parent").get("job")), []).append(job)
    for several in children.values():
        several.sort(key=lambda job: (milliseconds(object_at(job, "metrics").get("start_time")) or 0, str(job["_id"])))
    return children


async def workflows_of(
    services: Services, caller: Caller, names: Sequence[str], wanted: Fields
) -> dict[str, JsonObject]:
    """The current workflows of these names."""
    query: Filter = {"$and": [{"name": {"$in": list(names)}}, visible_workflows(caller)]}
    found = await read_all(collection_of(Workflow), query, wanted.plus("name", SEALED), len(names))
    return {str(one.get("name")): from_stored(mask_document("workflows", one)) for one in found}


async def workflows_by_id(
    services: Services, caller: Caller, ids: Sequence[str], wanted: Fields
) -> dict[str, JsonObject]:
    """The current workflows of these ids."""
    query: Filter = {"$and": [{"_id": {"$in": _stored(ids)}}, visible_workflows(caller)]}
    found = await read_all(collection_of(Workflow), query, wanted.plus(SEALED), 2 * len(ids))
    whole = [from_stored(mask_document("workflows", one)) for one in found]
    return {str(one["_id"]): {**one, "_id": str(one["_id"])} for one in whole}


async def projects_by_id(
    services: Services, caller: Caller, ids: Sequence[str], wanted: Fields
) -> dict[str, JsonObject]:
    """The projects of these ids whose member the caller is."""
    query: Filter = {"_id": {"$in": [one for id in ids if caller.role_in(id) for one in stored_ids(id)]}}
    found = await read_all(collection_of(Project), query, wanted, 2 * len(ids))
    return {str(one["_id"]): {**from_stored(one), "_id": str(one["_id"])} for one in found}


async def iterations_of(
    services: Services, caller: Caller, ids: Sequence[str], wanted: Fields
) -> dict[str, JsonObject]:
    """The iterations of these ids that exist and that the caller may see."""
    ids = list(dict.fromkeys(ids))
    found = await tasks.page(services, caller, (Among("_id", tuple(ids)),), WAITING, Window(len(ids)), wanted)
    return {str(one["_id"]): one for one in found.documents}


async def _read(
    services: Services, caller: Caller, query: Filter, wanted: Fields, most: int, index: str | None = None
) -> list[JsonObject]:
    jobs = await read_all(collection_of(Job), query, stored_fields(wanted), most, index)
    if "variables" in wanted:
        jobs = await with_large_variables(services, jobs)
    return await documented_jobs(services, caller, jobs, wanted)


def _stored(ids: Sequence[str]) -> list[object]:
    return [stored for id in ids for stored in stored_ids(id)]
