"""Lists of computed rows, which are searched, sorted and paged like stored documents."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias, assert_never

from ...models.documents.documented import select_paths
from ...models.json import Json, JsonObject, is_array, is_object
from .conditions import AllOf, Among, AnyOf, Condition, Exists, Matching, NoneOf, Stored, Within
from .documented_fields import Kind
from .documented_query import ListDescription, read_page
from .lists import DocumentedList, metadata
from .paired_query import conditions_of
from .planner import Order

RowFields: TypeAlias = Mapping[str, Kind]


def list_rows(rows: list[JsonObject], given: JsonObject, fields: RowFields, first: str) -> DocumentedList:
    """Those of the rows that fulfil the conditions of `given`, by `first` unless sorted otherwise.

    As in the database, a row fulfils a condition if one of several values under the path does.
    """
    of = ListDescription(fields, {path: _order_by(path, first) for path in fields}, first=_order_by(first, first))
    query = read_page(given, of, conditions_of(given, fields))
    found = query.order.sort_documents([row for row in rows if all(holds(one, row) for one in query.conditions)])
    page = found[query.skip : query.skip + query.limit]
    shown = [select_paths(row, query.view.include, query.view.exclude) for row in page]
    return DocumentedList(shown, metadata(query.skip, query.limit, len(shown), len(found)))


def holds(condition: Condition, row: JsonObject) -> bool:
    match condition:
        case Among(path, values):
            return any(value in values for value in _values(row, path))
        case Within(path):
            return any(_within(condition, value) for value in _values(row, path))
        case Matching(path):
            return any(condition.holds(value) for value in _values(row, path))
        case Exists(path, present):
            return any(True for _ in _values(row, path)) is present
        case AllOf(parts):
            return all(holds(part, row) for part in parts)
        case AnyOf(parts):
            return any(holds(part, row) for part in parts)
        case NoneOf(parts):
            return not any(holds(part, row) for part in parts)
        case _:
            assert_never(condition)


def _within(bounds: Within, value: Stored) -> bool:
    """Whether the value lies within the bounds; a value of another type does not."""
    told = [bound for bound in (bounds.since, bounds.after, bounds.until, bounds.before) if bound is not None]
    if any(isinstance(bound, str) != isinstance(value, str) for bound in told) or value is None:
        return False
    return (
        (bounds.since is None or value >= bounds.since)
        and (bounds.after is None or value > bounds.after)
        and (bounds.until is None or value <= bounds.until)
        and (bounds.before is None or value < bounds.before)
    )


def _values(value: Json, path: str) -> Iterable[Json]:
    """The values under a dotted path, in every element of arrays."""
    if is_array(value):
        for one in value:
            yield from _values(one, path)
    elif not path:
        yield value
    elif is_object(value):
        key, _, rest = path.partition(".")
        if key in value:
            yield from _values(value[key], rest)


def _order_by(path: str, last: str) -> Order:
    paths = ((path, 1),) if path == last else ((path, 1), (last, 1))
    return Order(path, path, paths, frozenset())
