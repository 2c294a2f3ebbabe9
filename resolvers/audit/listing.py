"""Pages of audit events."""

from typing import Final

from ...models.documents.audit import NEWEST, AuditEvent
from ...models.json import JsonObject
from ..search.conditions import Condition
from ..search.paging import Finder, Listed, Window, listed
from ..search.planner import Collection, Order
from ..search.projection import EVERYTHING
from ..search.visibility import VisibleSet
from ..store.audit import copy_acts
from ..store.collections import collection_of

AT: Final = Order("AT", "newest", NEWEST, frozenset(["at"]))
_AUDIT: Final = Collection(
    AT,
    {path: f"{path}_newest" for path in ("account", "action", "targets")},
    many_valued=frozenset(["targets"]),
)
MOST_BATCHES: Final = 4  # of acts that a reader waits for; a duty copies the rest


async def page(conditions: tuple[Condition, ...], order: Order, window: Window) -> Listed:
    """A page of all audit events, with the acts of the last moments."""
    for _ in range(MOST_BATCHES):
        if not await copy_acts():
            break
    finder = Finder(collection_of(AuditEvent), _AUDIT, VisibleSet())
    found = await finder.page(conditions, order, window, EVERYTHING)
    documents: list[JsonObject] = found.documents
    return listed(finder, found, documents, conditions, order)
