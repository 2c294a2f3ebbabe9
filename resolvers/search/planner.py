"""Query plans: the index and the order of a search, and the split of a search into several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import takewhile
from typing import TypeAlias

from bson import DatetimeMS, DBRef, Decimal128, MaxKey, MinKey, ObjectId, Regex, Timestamp

from ...models.documents.stored import from_stored
from ...models.json import JsonObject, is_object
from .conditions import NOTHING, Among, Condition, Stored, Within, query_of

Position: TypeAlias = tuple[Stored, ...]

# The kinds of values in the database's own order, each with its least; a comparison there stays within one kind.
_KINDS: tuple[tuple[type | tuple[type, ...], Stored], ...] = (
    (type(None), None),
    ((int, float), float("-inf")),
    (str, ""),
    (ObjectId, ObjectId(bytes(12))),
    ((datetime, DatetimeMS), datetime(1, 1, 1, tzinfo=UTC)),  # what is before, the database has and Python has not
)

# Kinds that no value of ours is of, with their places between those. In a position a number stands for such a value (a
# Timestamp, which no other position has): who pages past it goes on with the next kind.
_ODD: tuple[tuple[type | tuple[type, ...], float], ...] = (
    (MinKey, -0.5),
    ((dict, DBRef), 2.2),
    (list, 2.4),
    (bytes, 2.6),
    (bool, 3.5),
    ((Timestamp, Regex, MaxKey), 4.5),
)


@dataclass(frozen=True)
class Order:
    """`name` is what cursors call it, `index` walks it, and `paths` are those of the index with 1 or -1 as there.

    `serves` are the paths of conditions that the index serves in this order.
    """

    name: str
    index: str
    paths: tuple[tuple[str, int], ...]
    serves: frozenset[str]
    turned: bool = False

    def reverse(self) -> "Order":
        """The order in the other direction."""
        return replace(self, turned=not self.turned)

    def towards(self, way: int) -> "Order":
        """Its first path ascending (1) or descending (-1)."""
        return replace(self, turned=way != self.paths[0][1])

    @property
    def sort(self) -> list[tuple[str, int]]:
        return [(path, -way if self.turned else way) for path, way in self.paths]

    @property
    def keys(self) -> tuple[str, ...]:
        """The top-level keys of the order's paths."""
        return tuple(path.partition(".")[0] for path, _ in self.paths)

    def position(self, document: Mapping[str, object]) -> Position:
        return tuple(_value_at(document, path) for path, _ in self.paths)

    def has(self, position: list[Stored]) -> bool:
        """Whether values of a caller's cursor can be a position of this order."""
        return len(position) == len(self.paths) and all(_place(value) is not None for value in position)

    def beyond(self, position: Position) -> list[tuple[tuple[Condition, ...], "Order"]]:
        """The searches for documents after the position, in their order, each within one range of the index.

        Each has the order of the paths whose value is not fixed: otherwise the database would sort in memory.
        """
        searches: list[tuple[tuple[Condition, ...], Order]] = []
        sort = self.sort
        for count in reversed(range(len(sort))):
            if any(_kind(value) is None for value in position[:count]):
                continue  # it only stands for a value
            same = tuple(Among(path, (value,)) for (path, _), value in zip(sort[:count], position, strict=False))
            path, way = sort[count]
            for beyond in _beyond(path, position[count], way):
                said = count + 1 if isinstance(beyond, Among) else count
                searches.append(((*same, beyond), replace(self, paths=self.paths[said:] or self.paths[-1:])))
        return searches

    def until(self, position: Position, documents: list[JsonObject]) -> list[JsonObject]:
        """Those of the documents, which must be in this order, that come before the position."""
        ways = [way for _, way in self.sort]

        def before(document: Mapping[str, object]) -> bool:
            for way, one, bound in zip(ways, self.position(document), position, strict=True):
                if (its := _rank(one)) != (limit := _rank(bound)):
                    return (its < limit) is (way > 0)
            return False

        return list(takewhile(before, documents))

    def sort_documents(self, documents: list[JsonObject]) -> list[JsonObject]:
        """Documents of several searches, in this order."""
        for path, way in reversed(self.sort):
            documents = sorted(documents, key=lambda one: _rank(_value_at(one, path)), reverse=way < 0)
        return documents


def _beyond(path: str, value: Stored, way: int) -> list[Condition]:
    place = _place(value) or 0
    searches: list[Condition] = []
    if value is not None and _kind(value) is not None:
        searches.append(Within(path, after=value) if way > 0 else Within(path, before=value))
    others = [other for other in range(len(_KINDS))[::way] if (other - place) * way > 0]
    for other in others:
        searches.extend(_of_kind(path, _KINDS[other][1], way))
    return [search for search in searches if search != NOTHING]


def _of_kind(path: str, least: Stored, way: int) -> Sequence[Condition]:
    if path == "_id" and not isinstance(least, (str, ObjectId)):
        return []  # ids are text or the database's own
    if least is None:
        return [Among(path, (None,))]
    if isinstance(least, datetime):
        return [Within(path, before=least), Within(path, since=least)][::way]
    return [Within(path, since=least)]


def _kind(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    return next((number for number, (types, _) in enumerate(_KINDS) if isinstance(value, types)), None)


def _place(value: object) -> float | None:
    """Of a value of a position among all kinds."""
    if isinstance(value, Timestamp):
        return _ODD[value.time][1] if value.time < len(_ODD) else None
    return _kind(value)


def _rank(value: Stored) -> tuple[float, Stored]:
    place = _place(value) or 0
    if isinstance(value, (datetime, DatetimeMS)):
        return (place, int(value if isinstance(value, DatetimeMS) else DatetimeMS(value)))
    return (place, 0 if value is None or _kind(value) is None else value)


def _value_at(document: Mapping[str, object], path: str) -> Stored:
    value: Stored = document
    for key in path.split("."):
        value = value.get(key) if is_object(value) else None
    if isinstance(value, Decimal128):
        return from_stored(value)
    if _kind(value) is not None:
        return value
    odd = next((number for number, (types, _) in enumerate(_ODD) if isinstance(value, types)), None)
    return None if odd is None else Timestamp(odd, 0)


# A list of more values is searched in parts: the database merges about this many ranges of an index, and sorts
# everything in memory when there are more.
MOST_RANGES = 100
MOST_PARTS = 10
BY_ID = "_id_"


@dataclass(frozen=True)
class Collection:
    """The indexes of a collection: by path, those that continue with `newest`."""

    newest: Order
    indexes: dict[str, str]
    many_valued: frozenset[str] = frozenset()  # paths of arrays: their values may belong to the same document
    partial: frozenset[str] = frozenset()  # paths whose index leaves out the documents without a value


@dataclass(frozen=True)
class Search:
    """A search in an order; `index` None lets the database choose."""

    conditions: tuple[Condition, ...]
    order: Order
    index: str | None
    plain: bool = False  # whether nothing is asked for but the order of the start, or a part of it

    @property
    def query(self) -> dict[str, object]:
        return query_of(self.conditions)


def searches(
    collection: Collection, conditions: tuple[Condition, ...], order: Order, start: tuple[Condition, ...] = ()
) -> list[Search]:
    """The conditions, which must all hold, as one search or as several that share no document.

    `start` are the conditions of the position in the order.
    """
    if any(isinstance(condition, Among) and not condition.values for condition in conditions):
        return []
    ranges = {condition.path for condition in conditions if isinstance(condition, Within)}
    if any(isinstance(one, Among) and one.values == (None,) and one.path in ranges for one in start):
        return []  # nothing that is missing lies in a range
    every = (*start, *conditions)
    leading = _leading_conditions(collection, conditions)
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


def _leading_conditions(collection: Collection, conditions: tuple[Condition, ...]) -> list[tuple[Among, str]]:
    """The conditions on paths that an index begins with, each with the index."""
    return [
        (condition, index)
        for condition in conditions
        if isinstance(condition, Among)
        and (None not in condition.values or condition.path not in collection.partial)
        and (index := BY_ID if condition.path == "_id" else collection.indexes.get(condition.path))
    ]
