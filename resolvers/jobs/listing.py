"""Lists of jobs: the pages of GraphQL, newest first by default, and the documented list of REST."""

from ...models.json import JsonObject, is_object, object_at
from ...models.visibility import Caller
from ..search import views
from ..search.collections import job_finder, resolve_conditions
from ..search.conditions import Condition
from ..search.documented import documented_jobs, stored_fields, with_large_variables
from ..search.documented_query import JOBS, read_query
from ..search.lists import DocumentedList, metadata, page_of
from ..search.paging import Listed, Window, listed
from ..search.planner import Order
from ..search.projection import Fields
from ..services import Services


async def page(
    services: Services, caller: Caller, conditions: tuple[Condition, ...], order: Order, window: Window, wanted: Fields
) -> Listed:
    """A page of jobs; `wanted` are the documented keys to read."""
    finder = job_finder(caller)
    conditions = await resolve_conditions(finder, conditions)
    found = await finder.page(conditions, order, window, stored_fields(wanted))
    jobs = found.documents
    if "variables" in wanted:
        jobs = await with_large_variables(services, jobs)
    return listed(finder, found, await documented_jobs(services, caller, jobs, wanted), conditions, order)


async def documented(services: Services, caller: Caller, parameters: JsonObject) -> DocumentedList:
    """A list of jobs, without the variables of jobs and tasks (reference/rest-api.md#jobs)."""
    query, finder = read_query(parameters, JOBS), job_finder(caller)
    wanted = query.view.fields.minus("variables")
    stored = stored_fields(wanted)
    found, total = await page_of(finder, query, stored)
    documents = await documented_jobs(services, caller, found, wanted)
    viewed = await views.view_jobs(services, caller, [_without_variables(job) for job in documents], query.view)
    return DocumentedList(viewed, metadata(query.skip, query.limit, len(viewed), total))


def _without_variables(job: JsonObject) -> JsonObject:
    tasks = object_at(job, "tasks")
    bare: JsonObject = {
        id: {key: value for key, value in task.items() if key != "variables"} if is_object(task) else task
        for id, task in tasks.items()
    }
    bare_job = {key: value for key, value in job.items() if key != "variables"}
    return {**bare_job, "tasks": bare} if "tasks" in job else bare_job
