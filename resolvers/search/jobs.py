"""Pages of jobs, newest first by default. lists.py has the documented list of REST."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ...models.json import JsonObject
from ...models.visibility import Caller
from ..services import Services
from .collections import job_finder, resolve_conditions
from .conditions import Condition
from .documented import documented_jobs, stored_fields, with_large_variables
from .paging import Finder, Page, Window
from .planner import Order
from .projection import Fields


@dataclass(frozen=True)
class Listed:
    """A page of documents in their documented form; `total` counts all documents that the search finds.

    `total_up_to` counts no further than to a number; None if that takes long.
    """

    page: Page
    documents: list[JsonObject]
    total: Callable[[], Awaitable[int]]
    total_up_to: Callable[[int], Awaitable[int | None]]


def listed(
    finder: Finder, page: Page, documents: list[JsonObject], conditions: tuple[Condition, ...], order: Order
) -> Listed:
    return Listed(
        page,
        documents,
        lambda: finder.count(conditions, order),
        lambda most: finder.count_up_to(most, conditions, order),
    )


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
