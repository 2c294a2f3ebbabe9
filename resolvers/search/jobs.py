"""Pages of jobs, newest first by default. lists.py has the documented list of REST."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ...models.json import JsonObject
from ...models.visibility import Caller
from ..services import Services
from .collections import job_finder, resolve_conditions
from .conditions import Condition
from .documented import documented_jobs, stored_fields, with_large_variables
from .paging import Page, Window
from .planner import Order
from .projection import Fields


@dataclass(frozen=True)
class Listed:
    """A page of documents in their documented form; `total` counts all documents that the search finds."""

    page: Page
    documents: list[JsonObject]
    total: Callable[[], Awaitable[int]]


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
    return Listed(found, await documented_jobs(services, caller, jobs, wanted), lambda: finder.count(conditions, order))
