"""Pages of tasks' iterations, newest first; those that wait for a person, oldest first."""

from ...models.documents.job import LOOKED_UP, Job
from ...models.documents.state_version import VERSION_KEY
from ...models.json import JsonObject
from ...models.secrets.marks import SECRETS
from ...models.secrets.sealing import SEALED
from ...models.visibility import Caller, visible_of
from ..services import Services
from ..store.collections import collection_of
from ..store.tasks import UNCLAIMED
from .collections import resolve_conditions, task_finder
from .conditions import Among, Condition, Exists
from .documented import documented_iterations
from .paging import Listed, Window, listed, read_all
from .planner import Order
from .projection import Fields, fields


async def page(
    services: Services, caller: Caller, conditions: tuple[Condition, ...], order: Order, window: Window, wanted: Fields
) -> Listed:
    """A page of iterations; `wanted` are the documented keys to read."""
    finder = task_finder(caller)
    await services.jobs.outbox.wait_all_delivered()  # a caller who saw a job finds its tasks
    conditions = await limit_to_visible_jobs(caller, await resolve_conditions(finder, conditions))
    if "variables" in wanted:
        wanted = wanted.plus(SECRETS, SEALED)  # they say what of them is shown
    found = await finder.page(conditions, order, window, wanted.plus(VERSION_KEY))
    documents: list[JsonObject] = await documented_iterations(services, found.documents)
    return listed(finder, found, documents, conditions, order)


async def limit_to_visible_jobs(caller: Caller, conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """The conditions without jobs that the caller may not see, so that the database does not scan their iterations."""
    named = [one for one in conditions if isinstance(one, Among) and one.path == "job._id"]
    if caller.administrator or not named:
        return conditions
    ids = [id for one in named for id in one.values]
    found = await read_all(collection_of(Job), visible_of(caller, ids), fields(), len(ids), LOOKED_UP)
    seen = {str(one["_id"]) for one in found}
    rest = tuple(one for one in conditions if one not in named)
    return (*rest, *(Among(one.path, tuple(id for id in one.values if str(id) in seen)) for one in named))


def waiting_for(user: str) -> tuple[Condition, ...]:
    """The conditions for iterations that wait for a person and that no other account has claimed."""
    return (
        Among("metrics.owner", (*UNCLAIMED, user)),
        Among("waits_for", ("person",)),
        Exists("answer", False),
    )
