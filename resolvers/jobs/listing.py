"""Pages of jobs, newest first by default. search/lists.py has the documented list of REST."""

from ...models.visibility import Caller
from ..search.collections import job_finder, resolve_conditions
from ..search.conditions import Condition
from ..search.documented import documented_jobs, stored_fields, with_large_variables
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
