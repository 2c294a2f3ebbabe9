"""The documented lists of jobs and tasks: any query, a page by skip and limit, and how many there are exactly."""

from dataclasses import dataclass, replace

from ...models.access import Caller
from ...models.json import JsonObject, is_object, object_at
from ..yard import Yard
from . import views
from .conditions import flattened
from .documented import documented_iterations, documented_jobs, stored_fields
from .documented_query import JOBS, TASKS, Query, read_query
from .fields import Fields
from .indexed import job_finder, resolved, task_finder
from .pages import Finder
from .tasks import of_jobs_in_sight


@dataclass(frozen=True)
class DocumentedList:
    documents: list[JsonObject]
    metadata: JsonObject


async def jobs(yard: Yard, caller: Caller, given: JsonObject) -> DocumentedList:
    """Never with variables, the job's or a task's, whoever wrote it (rest-api facts, 3.1)."""
    query, finder = read_query(given, JOBS), job_finder(caller)
    wanted = query.view.fields.minus("variables")
    stored = stored_fields(wanted)
    found, total = await _page(finder, query, stored)
    documents = await documented_jobs(yard, caller, found, wanted)
    shown = await views.of_jobs(yard, caller, [_without_variables(job) for job in documents], query.view)
    return DocumentedList(shown, metadata(query.skip, query.limit, len(shown), total))


async def tasks(yard: Yard, caller: Caller, given: JsonObject) -> DocumentedList:
    """Never with variables."""
    query, finder = read_query(given, TASKS), task_finder(caller)
    await yard.jobs.outbox.all_delivered()  # who saw a job here finds its tasks
    query = replace(query, conditions=await of_jobs_in_sight(caller, flattened(query.conditions)))
    found, total = await _page(finder, query, query.view.fields.minus("variables"))
    shown = await views.of_iterations(yard, caller, await documented_iterations(yard, found), query.view)
    return DocumentedList(shown, metadata(query.skip, query.limit, len(shown), total))


async def _page(finder: Finder, query: Query, stored: Fields) -> tuple[list[JsonObject], int]:
    conditions = await resolved(finder, query.conditions)
    found = await finder.skipped(conditions, query.order, query.skip, query.limit, stored) if query.limit else []
    if 0 < len(found) < query.limit or (query.limit and not found and not query.skip):
        return found, query.skip + len(found)  # the end of the list: there is nothing to count
    return found, await finder.count(conditions, query.order)


def _without_variables(job: JsonObject) -> JsonObject:
    tasks = object_at(job, "tasks")
    bare = {
        id: {key: value for key, value in task.items() if key != "variables"} if is_object(task) else task
        for id, task in tasks.items()
    }
    shown = {key: value for key, value in job.items() if key != "variables"}
    return {**shown, "tasks": bare} if "tasks" in job else shown


def metadata(skip: int, limit: int, size: int, total: int) -> JsonObject:
    """Where a page of `size` documents stands, as documented."""
    after = skip + limit
    return {
        "skip": skip,
        "limit": limit,
        "total": total,
        "nextPageSkip": after if limit and after < total else None,
        "previousPageSkip": max(0, skip - limit) if skip else None,
        "currentPageSize": size,
        "hints": [],
    }
