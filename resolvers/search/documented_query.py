"""The query parameters of the documented lists as conditions: objects such as `{equals: {name: "x"}}`, and pairs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from ...models.documents.search_terms import LONGEST_TEXT
from ...models.json import Json, JsonObject, is_array, is_object
from . import conditions
from .collections import JOB_ORDERS, START_TIME, TASK_ORDERS
from .conditions import AllOf, AnyOf, Condition, NoneOf
from .documented_fields import JOB_FIELDS, TASK_FIELDS, Kind, variable_kind
from .paired_query import pair_of, unknown_field
from .planner import Order
from .query_operators import OPERATORS, OperandField, texts_of
from .views import View, view_of

DEEPEST = 10  # and, or, not inside of each other
MOST_CONDITIONS = 100
LONGEST_QUERY = 64 * 1024
MOST_SKIPPED = 2**31 - 1
_VARIABLES = "variables."


_PAIRS: Final[Mapping[str, str]] = {
    **{name: name for name in OPERATORS},
    "startsWith": "starts-with",
    "endsWith": "ends-with",
    "greaterThan": "gt",
    "greaterThanEquals": "gte",
    "lessThan": "lt",
    "lessThanEquals": "lte",
}


@dataclass(frozen=True)
class ListDescription:
    """The fields and the orders of a documented list."""

    fields: Mapping[str, Kind]
    orders: Mapping[str, Order]
    variables: bool = False  # whether variables are fields, too
    first: Order = START_TIME  # the default order
    lenient: bool = False  # whether half a pair and a pair of an unknown field are ignored, as documented


JOBS: Final = ListDescription(JOB_FIELDS, JOB_ORDERS, variables=True, lenient=True)
TASKS: Final = ListDescription(TASK_FIELDS, TASK_ORDERS, lenient=True)


@dataclass(frozen=True)
class Query:
    conditions: tuple[Condition, ...]
    order: Order
    skip: int
    limit: int
    view: View


def read_query(given: JsonObject, of: ListDescription) -> Query:
    """The query of the parameters; RequestInvalid names a wrong parameter."""
    reader = _Reader(of)
    conditions = [*reader.operators(given, ""), *reader.pairs(given)]
    if (q := given.get("q")) not in (None, ""):
        conditions += reader.conditions(_parse_q(q), "/q", 0)
    return read_page(given, of, conditions)


def read_page(given: JsonObject, of: ListDescription, found: Iterable[Condition]) -> Query:
    """The query of these conditions: its order, page and view."""
    return Query(
        tuple(found),
        _order(given, of),
        _whole(given.get("skip"), "/skip", 0),
        min(_whole(given.get("limit"), "/limit", conditions.DEFAULT_AT_ONCE), conditions.MOST_AT_ONCE),
        view_of(*(texts_of(given.get(name)) for name in ("include", "exclude", "dereference"))),
    )


class _Reader:
    def __init__(self, of: ListDescription) -> None:
        self._of = of
        self._left = MOST_CONDITIONS

    def conditions(self, given: Mapping[str, object], pointer: str, depth: int) -> Iterator[Condition]:
        """Operators, and groups of them."""
        if depth > DEEPEST:
            raise conditions.invalid("depth", "/q", f"must NOT be more than {DEEPEST} levels deep")
        yield from self.operators(given, pointer)
        for name, group in (("and", AllOf), ("or", AnyOf), ("not", NoneOf)):
            inner = given.get(name)
            several = inner if is_array(inner) else [inner]
            conditions.at_most(several, MOST_CONDITIONS, f"{pointer}/{name}")
            parts = [tuple(self.conditions(one, f"{pointer}/{name}", depth + 1)) for one in several if is_object(one)]
            # A part without a documented operator is ignored.
            if said := tuple(part[0] if len(part) == 1 else AllOf(part) for part in parts if part):
                yield group(said)

    def operators(self, given: Mapping[str, object], pointer: str) -> Iterator[Condition]:
        for operator, condition_of in OPERATORS.items():
            fields = given.get(operator)
            for path, value in fields.items() if is_object(fields) else ():
                self._left -= 1
                if self._left < 0:
                    message = f"must NOT have more than {MOST_CONDITIONS} conditions"
                    raise conditions.invalid("maxItems", pointer or "/q", message)
                if kind := self._kind(path):
                    yield condition_of(OperandField(path, kind, f"{pointer}/{operator}/{path}"), value)

    def pairs(self, given: JsonObject) -> Iterator[Condition]:
        """Operators whose field is a parameter of its own."""
        for name, operator in _PAIRS.items():
            value, path = given.get(name), given.get(f"{name}Field")
            if (path is None and (is_object(value) or self._of.lenient)) or (value is None and self._of.lenient):
                continue
            if pair_of(given, name, f", or be written '{operator}[field]=value'") is None:
                continue
            if (kind := self._kind(path) if isinstance(path, str) else None) is not None:
                yield OPERATORS[operator](OperandField(str(path), kind, f"/{name}"), value)
            elif not self._of.lenient:
                raise unknown_field(name, self._of.fields)

    def _kind(self, path: str) -> Kind | None:
        if self._of.variables and path.startswith(_VARIABLES) and len(path) <= LONGEST_TEXT:
            return variable_kind(path.removeprefix(_VARIABLES))
        return self._of.fields.get(path)


def _order(given: Mapping[str, object], of: ListDescription) -> Order:
    way = given.get("order")
    if way not in (None, "", 1, -1, "1", "-1"):
        raise conditions.invalid("enum", "/order", "must be 1 (ascending) or -1")
    path = given.get("sort")
    order = of.orders.get(path) if isinstance(path, str) else None
    if order is None and isinstance(path, str) and path in of.fields:
        raise conditions.invalid("enum", "/sort", f"must be one of {', '.join(of.orders)}")
    return (order or of.first).towards(-1 if way in (-1, "-1") else 1)


def _whole(value: Json, pointer: str, otherwise: int) -> int:
    if value in (None, ""):
        return otherwise
    if isinstance(value, str) and value.isdecimal() and len(value) <= 10:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_SKIPPED:
        raise conditions.invalid("type", pointer, f"must be a whole number from 0 to {MOST_SKIPPED}")
    return value


def _parse_q(q: Json) -> JsonObject:
    if isinstance(q, str):
        if len(q) > LONGEST_QUERY:
            raise conditions.invalid("maxLength", "/q", f"must NOT have more than {LONGEST_QUERY} characters")
        try:
            q = orjson.loads(q)
        except orjson.JSONDecodeError as fault:
            raise conditions.invalid("json", "/q", f"is not JSON: {fault}") from fault
    if not is_object(q):
        raise conditions.invalid("type", "/q", "must be a JSON object")
    return q
