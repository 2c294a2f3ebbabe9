"""Tasks that look for an element of an array, or put its elements in order."""

import math
from collections.abc import Callable
from itertools import chain
from typing import Any

from ...models.json import Json, is_array, is_number, is_object
from ...models.language.javascript import text
from ...models.language.properties import property_of
from ...models.language.undefined import UNDEFINED
from .arguments import array, boolean, json_object, unset, whole
from .methods import method, position
from .task import TaskFailed, returning

PIECE = 10_000

_SEARCH = {"arr": "array", "searchElement": "any: compared as JavaScript's === does"}
_FROM = "number: the position to begin at; negative counts from the end"


@returning("result", "arrayIncludes", {**_SEARCH, "fromIndex": _FROM})
def array_includes(items: Json, wanted: Json, start: Json) -> Json:
    """Say whether an element is there; NaN is found, too."""
    return method("Array.includes", array(items, "arr"), wanted, position(start, "fromIndex"))


@returning("index", "arrayIndexOf", {**_SEARCH, "fromIndex": _FROM})
def array_index_of(items: Json, wanted: Json, start: Json) -> Json:
    """Find the first place of an element; -1 if it is not there."""
    return method("Array.indexOf", array(items, "arr"), wanted, position(start, "fromIndex"))


@returning("index", "arrayLastIndexOf", {**_SEARCH, "fromIndex": f"{_FROM}, and the search goes backwards"})
def array_last_index_of(items: Json, wanted: Json, start: Json) -> Json:
    """Find the last place of an element; -1 if it is not there."""
    return method("Array.lastIndexOf", array(items, "arr"), wanted, position(start, "fromIndex"))


@returning(
    "response",
    "sort",
    {
        "arr": "array",
        "key": "string: of objects, the property to sort by",
        "limit": "number: give at most so many elements; 0 is no limit",
        "reverse": "boolean: the largest first",
    },
)
def sort(items: Json, key: Json, limit: Json, backwards: Json) -> Json:
    """Put the elements in ascending order: numbers by size, else by their texts, where capitals come first.

    Elements of one value keep their order; null, and objects without the key, come last in either direction.
    """
    elements = array(items, "arr")
    keys: list[Any] = [item if unset(key) else property_of(json_object(item, "arr"), key) for item in elements]
    known = [at for at, value in enumerate(keys) if value is not None and value is not UNDEFINED]
    descending = boolean(backwards, "reverse", default=False)
    if all(is_number(keys[at]) for at in known):
        nans = [at for at in known if math.isnan(keys[at])]  # larger than any other
        numbers = _sorted([at for at in known if not math.isnan(keys[at])], keys.__getitem__, descending)
        known = nans + numbers if descending else numbers + nans
    else:
        spelled = dict(zip(known, map(_by_text, (keys[at] for at in known)), strict=True))
        known = _sorted(known, spelled.__getitem__, descending)
    rest = [at for at, value in enumerate(keys) if value is None or value is UNDEFINED]
    most = whole(limit, "limit", default=0)
    if most < 0:
        raise TaskFailed(f"'limit' must not be negative, as {most} is.")
    return [elements[at] for at in known + rest][: most or None]


def _sorted(places: list[int], key: Callable[[int], Any], backwards: bool) -> list[int]:
    """The places, as `sorted` has them, in pieces, between which other threads have their turn: to merge
    two of them is quick.
    """
    pieces: list[list[int]] = [
        sorted(places[at : at + PIECE], key=key, reverse=backwards) for at in range(0, max(1, len(places)), PIECE)
    ]
    while len(pieces) > 1:
        pieces = [sorted(chain(*pieces[at : at + 2]), key=key, reverse=backwards) for at in range(0, len(pieces), 2)]
    return pieces[0]


def _by_text(value: Json) -> bytes:
    if is_array(value) or is_object(value):
        raise TaskFailed("'arr' can be sorted by numbers and texts, not by arrays or objects: name a 'key'.")
    return text(value).encode("utf-16-be", "surrogatepass")


TASKS = (array_includes, array_index_of, array_last_index_of, sort)
