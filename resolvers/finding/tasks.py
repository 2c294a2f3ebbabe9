"""Pages of tasks' iterations, newest first; those that wait for a person, oldest first."""

from ...models.access import Caller
from ...models.documents.secrets import SECRETS
from ...models.json import JsonObject
from ..store.tasks import UNCLAIMED
from ..yard import Yard
from .conditions import Among, Condition, Exists
from .documented import documented_iterations
from .fields import Fields
from .indexed import resolved, task_finder
from .jobs import Listed
from .orders import Order
from .pages import Window


async def page(
    yard: Yard, caller: Caller, conditions: tuple[Condition, ...], order: Order, window: Window, wanted: Fields
) -> Listed:
    """`wanted` are the documented keys that are read."""
    finder = task_finder(caller)
    conditions = await resolved(finder, conditions)
    if "variables" in wanted:
        wanted = wanted.plus(SECRETS)  # they say what of them is shown
    found = await finder.page(conditions, order, window, wanted)
    documents: list[JsonObject] = await documented_iterations(yard, found.documents)
    return Listed(found, documents, lambda: finder.count(conditions, order))


def waiting_for(user: str) -> tuple[Condition, ...]:
    """Iterations that wait for a person and that nobody else works."""
    return (
        Among("metrics.owner", (*UNCLAIMED, user)),
        Among("waits_for", ("person",)),
        Exists("answer", False),
    )
