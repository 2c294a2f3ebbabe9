"""The query parameters of the documented lists as conditions: objects such as `{equals: {name: "x"}}`, and pairs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import orjson

from ...models.documents.search_terms import FOUND_BY, LONGEST_TEXT, words_of
from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject, is_array, is_object
from . import conditions
from . import conditions as search_conditions
from .collections import JOB_ORDERS, START_TIME, TASK_ORDERS
from .conditions import AllOf, Among, AnyOf, Condition, Exists, Matching, NoneOf, Within
from .documented_fields import DATE, ID, JOB_FIELDS, NUMBER, TASK_FIELDS, TEXT, Kind, variable_kind
from .planner import Order
from .views import View, view_of

DEEPEST = 10  # and, or, not inside of each other
MOST_CONDITIONS = 100
LONGEST_QUERY = 64 * 1024
MOST_SKIPPED = 2**31 - 1
_VARIABLES = "variables."


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


def read_page(given: JsonObject, of: ListDescription, conditions: Iterable[Condition]) -> Query:
    """The query of these conditions: its order, page and view."""
    return Query(
        tuple(conditions),
        _order(given, of),
        _whole(given.get("skip"), "/skip", 0),
        min(_whole(given.get("limit"), "/limit", search_conditions.DEFAULT_AT_ONCE), search_conditions.MOST_AT_ONCE),
        view_of(*(_texts_of(given.get(name)) for name in ("include", "exclude", "dereference"))),
    )


class _Reader:
    def __init__(self, of: ListDescription) -> None:
        self._of = of
        self._left = MOST_CONDITIONS

    def conditions(self, given: Mapping[str, object], pointer: str, depth: int) -> Iterator[Condition]:
        """Operators, and groups of them."""
        if depth > DEEPEST:
            raise search_conditions.invalid("depth", "/q", f"must NOT be more than {DEEPEST} levels deep")
        yield from self.operators(given, pointer)
        for name, group in (("and", AllOf), ("or", AnyOf), ("not", NoneOf)):
            inner = given.get(name)
            several = inner if is_array(inner) else [inner]
            search_conditions.at_most(several, MOST_CONDITIONS, f"{pointer}/{name}")
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
                    raise search_conditions.invalid("maxItems", pointer or "/q", message)
                if kind := self._kind(path):
                    yield condition_of(_Field(path, kind, f"{pointer}/{operator}/{path}"), value)

    def pairs(self, given: JsonObject) -> Iterator[Condition]:
        """Operators whose field is a parameter of its own."""
        for name, operator in _PAIRS.items():
            value, path = given.get(name), given.get(f"{name}Field")
            if (path is None and (is_object(value) or self._of.lenient)) or (value is None and self._of.lenient):
                continue
            if _pair_of(given, name, f", or be written '{operator}[field]=value'") is None:
                continue
            if (kind := self._kind(path) if isinstance(path, str) else None) is not None:
                yield OPERATORS[operator](_Field(str(path), kind, f"/{name}"), value)
            elif not self._of.lenient:
                raise _unknown_field(name, self._of.fields)

    def _kind(self, path: str) -> Kind | None:
        if self._of.variables and path.startswith(_VARIABLES) and len(path) <= LONGEST_TEXT:
            return variable_kind(path.removeprefix(_VARIABLES))
        return self._of.fields.get(path)


@dataclass(frozen=True)
class _Field:
    path: str
    kind: Kind
    pointer: str

    def among(self, values: Iterable[Json]) -> Among:
        several = list(values)
        search_conditions.at_most(several, search_conditions.MOST_VALUES, self.pointer)
        read = tuple(dict.fromkeys(one for value in several for one in self.kind.read(value, self.pointer)))
        return Among(FOUND_BY if self.kind.is_token else self.path, read)

    def one(self, value: Json) -> Json:
        """A value to compare with."""
        self.compared()
        return self.kind.read(value, self.pointer)[0]

    def compared(self) -> None:
        if self.kind.is_token:
            raise search_conditions.invalid("enum", self.pointer, "can be asked for with equals, in and not-in alone")


def _equals(field: _Field, value: Json) -> Condition:
    return field.among(value if is_array(value) else [value])


def _in(field: _Field, value: Json) -> Condition:
    # A text has commas between its values; in an array each element is one.
    return field.among([one for one in value if one is not None] if is_array(value) else _texts_of(value))


def _not_in(field: _Field, value: Json) -> Condition:
    return NoneOf((_in(field, value),))


def _matching(where: Literal["contains", "starts", "ends"]) -> Callable[[_Field, Json], Condition]:
    def condition_of(field: _Field, value: Json) -> Condition:
        if not field.kind.is_text:
            raise search_conditions.invalid("enum", field.pointer, "is not text: it is compared as a whole")
        text = search_conditions.text(value, field.pointer)
        if field.path == "description" and where == "contains":
            return _description(text, field.pointer)
        return Matching(field.path, where, text)

    return condition_of


def _description(text: str, pointer: str) -> Condition:
    """Its words, as in the documented system; an index has those of the name and the description together."""
    words = tuple(Matching("description", "contains", word) for word in words_of(text))
    return AllOf((*search_conditions.words(text, pointer), *words))


def _bound(side: Literal["after", "since", "before", "until"]) -> Callable[[_Field, Json], Condition]:
    def condition_of(field: _Field, value: Json) -> Condition:
        bounds: dict[str, Json] = {side: field.one(value)}
        return Within(field.path, **bounds)

    return condition_of


def _exists(field: _Field, value: Json) -> Condition:
    field.compared()
    if value not in (True, False, "true", "false", "1", "0"):
        raise search_conditions.invalid("type", field.pointer, "must be true or false")
    return Exists(field.path, value in (True, "true", "1"))


OPERATORS: Final[Mapping[str, Callable[[_Field, Json], Condition]]] = {
    "equals": _equals,
    "contains": _matching("contains"),
    "starts-with": _matching("starts"),
    "ends-with": _matching("ends"),
    "in": _in,
    "not-in": _not_in,
    "gt": _bound("after"),
    "gte": _bound("since"),
    "lt": _bound("before"),
    "lte": _bound("until"),
    "exists": _exists,
}

_PAIRS: Final[Mapping[str, str]] = {
    **{name: name for name in OPERATORS},
    "startsWith": "starts-with",
    "endsWith": "ends-with",
    "greaterThan": "gt",
    "greaterThanEquals": "gte",
    "lessThan": "lt",
    "lessThanEquals": "lte",
}


def _pair_of(given: JsonObject, name: str, otherwise: str = "") -> tuple[Json, Json] | None:
    """The field and the value of a pair of parameters; RequestInvalid for half a pair."""
    value, path = given.get(name), given.get(f"{name}Field")
    for alone, this, other in ((value, name, f"{name}Field"), (path, f"{name}Field", name)):
        if given.get(other) is None and alone is not None:
            message = f"Parameter '{this}' must be used in conjunction with '{other}'{otherwise}"
            raise RequestInvalid([Fault("dependentRequired", f"/{this}", f"#/{this}", message)])
    return None if value is None else (path, value)


def _unknown_field(name: str, fields: Iterable[str]) -> RequestInvalid:
    return search_conditions.invalid("enum", f"/{name}Field", f"must be one of {', '.join(sorted(fields))}")


def _order(given: Mapping[str, object], of: ListDescription) -> Order:
    way = given.get("order")
    if way not in (None, "", 1, -1, "1", "-1"):
        raise search_conditions.invalid("enum", "/order", "must be 1 (ascending) or -1")
    path = given.get("sort")
    order = of.orders.get(path) if isinstance(path, str) else None
    if order is None and isinstance(path, str) and path in of.fields:
        raise search_conditions.invalid("enum", "/sort", f"must be one of {', '.join(of.orders)}")
    return (order or of.first).towards(-1 if way in (-1, "-1") else 1)


def _whole(value: Json, pointer: str, otherwise: int) -> int:
    if value in (None, ""):
        return otherwise
    if isinstance(value, str) and value.isdecimal() and len(value) <= 10:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_SKIPPED:
        raise search_conditions.invalid("type", pointer, f"must be a whole number from 0 to {MOST_SKIPPED}")
    return value


def _texts_of(value: Json) -> list[Json]:
    """Texts with commas between, or an array of such texts."""
    several = value if is_array(value) else [] if value is None else [value]
    parts = [part for one in several for part in (one.split(",") if isinstance(one, str) else [one])]
    return [part for part in parts if part not in ("", None)]


def _parse_q(q: Json) -> JsonObject:
    if isinstance(q, str):
        if len(q) > LONGEST_QUERY:
            raise search_conditions.invalid("maxLength", "/q", f"must NOT have more than {LONGEST_QUERY} characters")
        try:
            q = orjson.loads(q)
        except orjson.JSONDecodeError as fault:
            raise search_conditions.invalid("json", "/q", f"is not JSON: {fault}") from fault
    if not is_object(q):
        raise search_conditions.invalid("type", "/q", "must be a JSON object")
    return q


_OWN: Final = {
    "_id": ID,
    "created": DATE,
    "lastUpdated": DATE,
    **dict.fromkeys(("name", "description", "createdBy", "lastUpdatedBy"), TEXT),
}
AUTOMATION_FIELDS: Final[Mapping[str, Kind]] = {
    **_OWN,
    **dict.fromkeys(("componentType", "componentId", "componentName"), TEXT),
}
TRIGGER_FIELDS: Final[Mapping[str, Kind]] = {
    **_OWN,
    "actionId": ID,
    "lastExecuted": NUMBER,
    **dict.fromkeys(("type", "actionType", "routeName", "verb", "jst", "formId"), TEXT),
}


def conditions_of(given: JsonObject, fields: Mapping[str, Kind]) -> Iterator[Condition]:
    """The conditions of pairs of parameters; RequestInvalid for half a pair or an unknown field."""
    for name, condition_of in _OPERATORS.items():
        if (pair := _pair_of(given, name)) is None:
            continue
        path, value = pair
        kind = fields.get(path) if isinstance(path, str) else None
        if kind is None:
            raise _unknown_field(name, fields)
        yield condition_of(str(path), kind, value, f"/{name}")


def boolean_condition(given: Mapping[str, object], name: str) -> Iterator[Condition]:
    """The condition of `name=true` or `name=false`."""
    value = given.get(name)
    if value is None:
        return
    if value not in (True, False, "true", "false"):
        raise conditions.invalid("type", f"/{name}", "must be true or false")
    yield Among(name, (value in (True, "true"),))


def _pair_equals(path: str, kind: Kind, value: Json, pointer: str) -> Condition:
    return Among(path, kind.read(value, pointer))


def _pair_bound(side: Literal["after", "since", "before", "until"]) -> Callable[[str, Kind, Json, str], Condition]:
    def condition_of(path: str, kind: Kind, value: Json, pointer: str) -> Condition:
        bounds: dict[str, Json] = {side: kind.read(value, pointer)[0]}
        return Within(path, **bounds)

    return condition_of


def _pair_matching(where: Literal["contains", "starts"]) -> Callable[[str, Kind, Json, str], Condition]:
    def condition_of(path: str, kind: Kind, value: Json, pointer: str) -> Condition:
        if not kind.is_text:
            raise conditions.invalid("enum", f"{pointer}Field", "is not text: it is compared as a whole, with equals")
        return Matching(path, where, conditions.text(value, pointer))

    return condition_of


_OPERATORS: Final[Mapping[str, Callable[[str, Kind, Json, str], Condition]]] = {
    "equals": _pair_equals,
    "contains": _pair_matching("contains"),
    "startsWith": _pair_matching("starts"),
    "greaterThan": _pair_bound("after"),
    "greaterThanEquals": _pair_bound("since"),
    "lessThan": _pair_bound("before"),
    "lessThanEquals": _pair_bound("until"),
}
