"""Query parameters of the documented routes: declarations, and the parsing of query strings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject, is_array, is_object, object_at
from ...models.json_schema import JsonSchema

MOST_PARAMETERS = 1000

# name, name[field], and the brackets that some clients append to the name of a list
_NAME = re.compile(r"([\w-]+)(?:\[([^\]]+)\])?(?:\[\d{0,4}\])?")


@dataclass(frozen=True)
class QueryParameter:
    """`schema` is the JSON Schema of the value. A deep parameter has the form `name[field]=value`: an object by field.

    It may also be a text, whose field is a parameter of its own. A `paired` parameter has this form alone.
    """

    name: str
    description: str
    schema: JsonSchema
    deep: bool = False
    paired: bool = False


def query_of(pairs: Iterable[tuple[str, str]], parameters: Iterable[QueryParameter]) -> JsonObject:
    """The values of the documented parameters as texts, of repeated parameters as lists; without other parameters."""
    parameters = tuple(parameters)
    deep = {parameter.name: parameter.deep for parameter in parameters}
    paired = {parameter.name for parameter in parameters if parameter.paired}
    query: JsonObject = {}
    for key, value in list(pairs)[:MOST_PARAMETERS]:
        found = _NAME.fullmatch(key)
        if found is None or found[1] not in deep:
            continue
        name, field = found[1], found[2]
        if deep[name]:
            if name in query and is_object(query[name]) is (field is None):
                message = f"Parameter '{name}' has two forms here: use '{name}[field]=value' for each field"
                raise RequestInvalid([Fault("pattern", f"/{name}", f"#/parameters/{name}", message)])
            fields = query if field is None else query.setdefault(name, {})
            if is_object(fields):
                _add(fields, field or name, value)
        elif name in paired and field is not None:
            message = f"Parameter '{name}[{field}]' is not supported: use '{name}' in conjunction with '{name}Field'"
            raise RequestInvalid([Fault("pattern", f"/{name}", f"#/parameters/{name}", message)])
        elif field is None or field.isdecimal():
            _add(query, name, value)
    return query


def _add(query: JsonObject, key: str, value: str) -> None:
    if key not in query:
        query[key] = value
        return
    earlier: Json = query[key]
    query[key] = [*earlier, value] if is_array(earlier) else [earlier, value]


def projection_variables(query: JsonObject) -> JsonObject:
    """The variables include, exclude and dereference of an operation that returns a document."""
    return {parameter.name: _split_commas(query.get(parameter.name)) for parameter in PROJECTION}


def _split_commas(value: Json) -> list[Json] | None:
    texts = value if is_array(value) else [] if value is None else [value]
    return [part for text in texts for part in str(text).split(",") if part] or None


def merge_query(query: JsonObject, body: JsonObject) -> JsonObject:
    """The query of a list, merged from the query string and the body."""
    body_query = object_at(body, "queryParameters") if "queryParameters" in body else body
    merged = {**body_query, **query}
    for name, fields in body_query.items():
        if is_object(fields) and is_object(own := query.get(name)):
            merged[name] = {**fields, **own}
    return merged


_TEXT: Final[JsonSchema] = {"type": "string"}
_COMMA_LIST: Final[JsonSchema] = {"type": "string", "description": "Texts, separated by commas."}
_BY_FIELD: Final[JsonSchema] = {"type": "object", "additionalProperties": {"type": "string"}}

PROJECTION: Final = (
    QueryParameter("include", "Dotted paths to include; `_id` is always included.", _COMMA_LIST),
    QueryParameter("exclude", "Dotted paths to leave out.", _COMMA_LIST),
    QueryParameter("dereference", "References to replace by the named documents: tasks, parent, job.", _COMMA_LIST),
)
PAGE: Final = (
    QueryParameter(
        "limit", "The largest number of entries.", {"type": "integer", "minimum": 0, "maximum": 1000, "default": 25}
    ),
    QueryParameter("skip", "The number of entries to skip.", {"type": "integer", "minimum": 0, "default": 0}),
)
_PAGED: Final = (
    QueryParameter("sort", "The sort field.", _TEXT),
    QueryParameter("order", "1: ascending, -1: descending.", {"type": "integer", "enum": [1, -1], "default": 1}),
    *PAGE,
    *PROJECTION,
)
_BY_FIELDS: Final = (
    QueryParameter("equals", "The value of the field.", _BY_FIELD, deep=True),
    QueryParameter(
        "contains",
        "A text that the field must contain; for a description, words that the field must contain.",
        _BY_FIELD,
        deep=True,
    ),
    QueryParameter("starts-with", "The beginning of the field's text.", _BY_FIELD, deep=True),
    QueryParameter("ends-with", "The end of the field's text.", _BY_FIELD, deep=True),
    QueryParameter("in", "Values, separated by commas, one of which the field must have.", _BY_FIELD, deep=True),
    QueryParameter("not-in", "Values, separated by commas, none of which the field may have.", _BY_FIELD, deep=True),
    QueryParameter(
        "gt", "A value that the field must exceed; a time that the field must be after.", _BY_FIELD, deep=True
    ),
    QueryParameter("gte", "The least value, or the earliest time, of the field.", _BY_FIELD, deep=True),
    QueryParameter(
        "lt", "A value that the field must stay below; a time that the field must be before.", _BY_FIELD, deep=True
    ),
    QueryParameter("lte", "The greatest value, or the latest time, of the field.", _BY_FIELD, deep=True),
    QueryParameter("exists", "Whether the document must have the field.", _BY_FIELD, deep=True),
)
_PAIRS: Final = (
    QueryParameter("equals", "The value of the field named by `equalsField`.", _TEXT, paired=True),
    QueryParameter("equalsField", "The name of the field for `equals`.", _TEXT),
    QueryParameter("contains", "A text that the field named by `containsField` must contain.", _TEXT, paired=True),
    QueryParameter("containsField", "The name of the field for `contains`.", _TEXT),
    QueryParameter("startsWith", "The beginning of the field named by `startsWithField`.", _TEXT, paired=True),
    QueryParameter("startsWithField", "The name of the field for `startsWith`.", _TEXT),
    *(
        parameter
        for name, meaning in (
            ("greaterThan", "must be greater, or later"),
            ("greaterThanEquals", "must be greater or equal, or not earlier"),
            ("lessThan", "must be less, or earlier"),
            ("lessThanEquals", "must be less or equal, or not later"),
        )
        for parameter in (
            QueryParameter(
                name, f"The field named by `{name}Field` {meaning}, compared to the value.", _TEXT, paired=True
            ),
            QueryParameter(f"{name}Field", f"The name of the field for `{name}`.", _TEXT),
        )
    ),
)
FILTERS: Final = (
    *_BY_FIELDS,
    *(
        QueryParameter(f"{one.name}Field", f"The name of the field for `{one.name}`, if that is no object.", _TEXT)
        for one in _BY_FIELDS
    ),
    *(one for one in _PAIRS if one.name.removesuffix("Field") not in ("equals", "contains")),
    QueryParameter("q", "A JSON object of these operators, with `and`, `or` and `not` of such objects.", _TEXT),
    *_PAGED,
)
PAIRED: Final = (*_PAIRS, *_PAGED)
# The body of a GET, which some clients send instead of a query string.
LIST_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "properties": {"queryParameters": {"type": "object"}},
    "description": "The query parameters as an object, under `queryParameters` or bare.",
}
