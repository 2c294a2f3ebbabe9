"""Hooks of schemathesis: names of fields as no client writes them, in the query and the body of every request."""

import zlib
from typing import Any

import schemathesis

NAMES = (
    "$a",
    ".a",
    "a.",
    "a..b",
    "$$ROOT",
    "\0",
    "__proto__",
    "a.$b",
    "",
    "°$a",
    "$where",
    "_id.$",
    "a" * 300,
    "ä\u202e",
    "0",
)
NAMING = (
    "include",
    "exclude",
    "sort",
    "containsField",
    "equalsField",
    "startsWithField",
    "endsWithField",
    "in",
    "order",
)
NAMED = (
    "contains",
    "equals",
    "starts-with",
    "startsWith",
    "in",
    "not-in",
    "gt",
    "gte",
    "lt",
    "lte",
    "exists",
    "q",
    "not",
)


@schemathesis.hook
def map_query(context: Any, query: Any) -> Any:
    drawn = _drawn(query)
    name, naming, named = (_one_of(one, drawn >> shift) for one, shift in ((NAMES, 0), (NAMING, 8), (NAMED, 16)))
    odd = (
        {naming: name},
        {f"{named}[{name}]": "1"},
        {naming: f"name,{name}"},
        {f"{named}[{name}][{name}]": "1"},
        {name: "1"},
    )
    return {**(query or {}), **_one_of(odd, drawn >> 24)}


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    drawn = _drawn(body)
    odd = {_one_of(NAMES, drawn): _one_of((1, None, {}, [], "$a", {"$gt": ""}), drawn >> 8)}
    inner = [key for key, value in body.items() if isinstance(value, dict)]
    if inner and drawn >> 16 & 1:
        key = _one_of(tuple(inner), drawn >> 17)
        return {**body, key: {**body[key], **odd}}
    return {**body, **odd}


def _drawn(value: object) -> int:
    """The same for the same value, so that a case can be shrunk."""
    return zlib.crc32(repr(value).encode("utf-8", "backslashreplace"))


def _one_of(choices: Any, number: int) -> Any:
    return choices[number % len(choices)]
