"""A search as the database runs it: which index serves it, and when it is split into several.

In the order of the start every search by one field walks an index that has that field and then the order, so it costs
what it answers, whatever it matches. For searches by several fields, and for other orders, the database tries the
indexes there are against each other.
"""

from dataclasses import dataclass

from ...models.json import JsonObject
from .conditions import Among, Condition, Within, query_of
from .orders import Order

# A list of more values is searched in parts: the database merges about this many ranges of an index, and sorts
# everything in memory when there are more.
MOST_RANGES = 100
MOST_PARTS = 10
BY_ID = "_id_"


@dataclass(frozen=True)
class Collection:
    """What is indexed in a collection: by path, the indexes that go on with `newest`."""

    newest: Order
    indexes: dict[str, str]
    many_valued: frozenset[str] = frozenset()  # paths of arrays: their values may belong to the same document
    partial: frozenset[str] = frozenset()  # paths whose index leaves out the documents without a value


@dataclass(frozen=True)
class Search:
    """`index` is None where the database chooses."""

    conditions: tuple[Condition, ...]
    order: Order
    index: str | None
    plain: bool = False  # whether nothing is asked for but the order of the start, or a part of it

    @property
    def query(self) -> JsonObject:
        return query_of(self.conditions)


def searches(
    collection: Collection, conditions: tuple[Condition, ...], order: Order, start: tuple[Condition, ...] = ()
) -> list[Search]:
    """The conditions that must all hold, as one search or as several that share no document.

    `start` are those that say where in the order to begin.
    """
    if any(isinstance(condition, Among) and not condition.values for condition in conditions):
        return []
    ranges = {condition.path for condition in conditions if isinstance(condition, Within)}
    if any(isinstance(one, Among) and one.values == (None,) and one.path in ranges for one in start):
        return []  # nothing that is missing lies in a range
    every = (*start, *conditions)
    leading = _leading(collection, conditions)
    indexes = {index for _, index in leading}
    if BY_ID in indexes or "_id" in ranges:
        return [Search(every, order, BY_ID)]
    if order.name != collection.newest.name:
        served = all(getattr(condition, "path", None) in order.serves for condition in conditions)
        return [Search(every, order, order.index if served else None)]
    if not leading:
        plain = all(isinstance(one, Within) and one.path == collection.newest.paths[0][0] for one in conditions)
        return [Search(every, order, order.index, plain)]
    condition, index = leading[0]
    if len(leading) > 1 or len(condition.values) <= MOST_RANGES:
        return [Search(every, order, index if len(indexes) == 1 else None)]
    if condition.path in collection.many_valued or len(condition.values) > MOST_RANGES * MOST_PARTS:
        return [Search(every, order, order.index)]
    others = tuple(one for one in every if one is not condition)
    parts = [condition.values[first : first + MOST_RANGES] for first in range(0, len(condition.values), MOST_RANGES)]
    return [Search((Among(condition.path, part), *others), order, index) for part in parts]


def _leading(collection: Collection, conditions: tuple[Condition, ...]) -> list[tuple[Among, str]]:
    """The conditions that an index begins with, each with the index."""
    return [
        (condition, index)
        for condition in conditions
        if isinstance(condition, Among)
        and (None not in condition.values or condition.path not in collection.partial)
        and (index := BY_ID if condition.path == "_id" else collection.indexes.get(condition.path))
    ]
