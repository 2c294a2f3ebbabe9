"""Query parameters of the documented routes: declared as data, read without trust."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject, is_array, is_object

MOST_PARAMETERS = 1000

# name, name[field], and the brackets that some clients put behind the name of a list
_NAME = re.compile(r"([\w-]+)(?:\[([^\]]+)\])?(?:\[\d{0,4}\])?")


@dataclass(frozen=True)
class QueryParameter:
    """`schema` is a JSON Schema of its value. A deep one is written `name[field]=value`: an object by field.

    A `paired` one is refused in that spelling, rather than left aside: its field is a parameter of its own.
    """

    name: str
    description: str
    schema: JsonObject
    deep: bool = False
    paired: bool = False


def query_of(given: Iterable[tuple[str, str]], parameters: Iterable[QueryParameter]) -> JsonObject:
    """The values of the documented parameters, as text, a repeated one as a list; others are left aside."""
    parameters = tuple(parameters)
    deep = {parameter.name: parameter.deep for parameter in parameters}
    paired = {parameter.name for parameter in parameters if parameter.paired}
    query: JsonObject = {}
    for written, value in list(given)[:MOST_PARAMETERS]:
        found = _NAME.fullmatch(written)
        if found is None or found[1] not in deep:
            continue
        name, field = found[1], found[2]
        if deep[name] and field is not None:
            _put(query.setdefault(name, {}), field, value)
        elif name in paired and field is not None:
            message = f"Parameter '{name}[{field}]' is not read here: use '{name}' in conjunction with '{name}Field'"
            raise RequestInvalid([Fault("pattern", f"/{name}", f"#/parameters/{name}", message)])
        elif not deep[name] and (field is None or field.isdecimal()):
            _put(query, name, value)
    return query


def _put(into: JsonObject, key: str, value: str) -> None:
    if key not in into:
        into[key] = value
        return
    earlier: Json = into[key]
    into[key] = [*earlier, value] if is_array(earlier) else [earlier, value]


def shown(query: JsonObject) -> JsonObject:
    """The variables of an operation that shows a document."""
    return {parameter.name: _split(query.get(parameter.name)) for parameter in SHOWN}


def _split(value: Json) -> list[str] | None:
    several: list[str] = value if is_array(value) else [] if value is None else [value]
    return [part for one in several for part in one.split(",") if part] or None


def listed(query: JsonObject, body: JsonObject) -> JsonObject:
    """The query of a list, in the query string, in the body, or in both."""
    inside: JsonObject = body.get("queryParameters", body)
    merged = {**inside, **query}
    for name, fields in inside.items():
        if is_object(fields) and is_object(query.get(name)):
            merged[name] = {**fields, **query[name]}
    return merged


_TEXT: Final[JsonObject] = {"type": "string"}
_COMMA_LIST: Final[JsonObject] = {"type": "string", "description": "Texts with commas between."}
_BY_FIELD: Final[JsonObject] = {"type": "object", "additionalProperties": {"type": "string"}}

SHOWN: Final = (
    QueryParameter("include", "Dotted paths of what is shown; `_id` always is.", _COMMA_LIST),
    QueryParameter("exclude", "Dotted paths of what is not shown.", _COMMA_LIST),
    QueryParameter("dereference", "References in whose place stands what they name: tasks, parent, job.", _COMMA_LIST),
)
PAGE: Final = (
    QueryParameter("limit", "How many at most.", {"type": "integer", "minimum": 0, "maximum": 1000, "default": 25}),
    QueryParameter("skip", "How many are left out before them.", {"type": "integer", "minimum": 0, "default": 0}),
)
_PAGED: Final = (
    QueryParameter("sort", "The field that decides the order.", _TEXT),
    QueryParameter("order", "1: ascending, -1: descending.", {"type": "integer", "enum": [1, -1], "default": 1}),
    *PAGE,
    *SHOWN,
)
LISTED: Final = (
    QueryParameter("equals", "The field has this value.", _BY_FIELD, deep=True),
    QueryParameter("contains", "The text has this in it; of a description: these words.", _BY_FIELD, deep=True),
    QueryParameter("starts-with", "The text begins with this.", _BY_FIELD, deep=True),
    QueryParameter("ends-with", "The text ends with this.", _BY_FIELD, deep=True),
    QueryParameter("in", "The field has one of these values, commas between.", _BY_FIELD, deep=True),
    QueryParameter("not-in", "The field has none of these values, commas between.", _BY_FIELD, deep=True),
    QueryParameter("gt", "The field is greater, or later.", _BY_FIELD, deep=True),
    QueryParameter("gte", "The field is greater or the same, or not earlier.", _BY_FIELD, deep=True),
    QueryParameter("lt", "The field is less, or earlier.", _BY_FIELD, deep=True),
    QueryParameter("lte", "The field is less or the same, or not later.", _BY_FIELD, deep=True),
    QueryParameter("exists", "Whether the document has the field.", _BY_FIELD, deep=True),
    QueryParameter("q", "A JSON object of all these operators, and of `and`, `or` and `not` of such objects.", _TEXT),
    *_PAGED,
)
PAIRED: Final = (
    QueryParameter("equals", "The field that `equalsField` names has this value.", _TEXT, paired=True),
    QueryParameter("equalsField", "The field of `equals`.", _TEXT),
    QueryParameter("contains", "The text that `containsField` names has this in it.", _TEXT, paired=True),
    QueryParameter("containsField", "The field of `contains`.", _TEXT),
    QueryParameter("startsWith", "The text that `startsWithField` names begins with this.", _TEXT, paired=True),
    QueryParameter("startsWithField", "The field of `startsWith`.", _TEXT),
    *(
        parameter
        for name, meaning in (
            ("greaterThan", "is greater, or later"),
            ("greaterThanEquals", "is greater or the same, or not earlier"),
            ("lessThan", "is less, or earlier"),
            ("lessThanEquals", "is less or the same, or not later"),
        )
        for parameter in (
            QueryParameter(name, f"The field that `{name}Field` names {meaning}.", _TEXT, paired=True),
            QueryParameter(f"{name}Field", f"The field of `{name}`.", _TEXT),
        )
    ),
    *_PAGED,
)
# The body of a GET, which some clients send instead of a query string.
LIST_REQUEST: Final[JsonObject] = {
    "type": "object",
    "properties": {"queryParameters": {"type": "object"}},
    "description": "The query parameters as an object, under `queryParameters` or bare.",
}
