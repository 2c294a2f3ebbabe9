"""Tasks on arrays. None changes the incoming array."""

import math
from collections.abc import Callable
from itertools import chain
from typing import Any

from ....models.engine.outcomes import Outcome, TaskCall
from ....models.json import Json, JsonObject, is_array, is_number, is_object
from ....models.language.javascript.coercion import UNDEFINED, Undefined, text
from ....models.language.javascript.values import clamped, property_of, relative
from ..arguments import array, boolean, json_object, method, optional, position, unset, whole
from ..task import TaskFailed, built_in, finish, returning

_FROM_END = "number: a position; negative counts from the end"
_ARRAY = "array"


@built_in("arrayPush", {"arr": _ARRAY, "elementN": "any: the one element to append"}, ("pushedArray",))
def array_push(call: TaskCall) -> Outcome:
    """Append one element; an array too is appended as one, unless the rules say that its elements are."""
    items, element = array(call.incoming.get("arr", UNDEFINED), "arr"), call.incoming.get("elementN", UNDEFINED)
    if is_array(element) and call.rules.array_push_array == "spread":
        return finish("pushedArray", method("Array.concat", items, element))
    return finish("pushedArray", method("Array.push", items, _element(element)))


@returning("unshiftedArray", "unshift", {"arr": _ARRAY, "elementN": "any: the one element to prepend"})
def unshift(items: Json, element: Json) -> Json:
    """Put one element before all others; an array too is put there as one."""
    return method("Array.unshift", array(items, "arr"), _element(element))


@returning("poppedArray", "arrayPop", {"arr": _ARRAY})
def array_pop(items: Json) -> Json:
    """Return the array without its last element; an empty one stays empty."""
    return method("Array.slice", array(items, "arr"), 0, -1)


@returning("shiftedArray", "arrayShift", {"arr": _ARRAY})
def array_shift(items: Json) -> Json:
    """Return the array without its first element; an empty one stays empty."""
    return method("Array.slice", array(items, "arr"), 1)


@returning("combinedArray", "arrayConcat", {"arr": _ARRAY, "arrayN": "array: the elements to append"})
def array_concat(items: Json, others: Json) -> Json:
    """Append the elements of another array."""
    return method("Array.concat", array(items, "arr"), array(others, "arrayN"))


@returning("slicedArray", "arraySlice", {"arr": _ARRAY, "begin": _FROM_END, "end": _FROM_END})
def array_slice(items: Json, begin: Json, end: Json) -> Json:
    """Cut out the elements from `begin` up to, but not including, `end`, or to the end."""
    return method("Array.slice", array(items, "arr"), whole(begin, "begin", default=0), position(end, "end"))


@returning(
    "filledArray", "fill", {"arr": _ARRAY, "value": "any: what to fill with", "start": _FROM_END, "end": _FROM_END}
)
def fill(items: Json, value: Json, start: Json, end: Json) -> Json:
    """Replace the elements from `start` up to, but not including, `end` by one value; all of them without the two."""
    filler = _element(value)
    return method("Array.fill", array(items, "arr"), filler, position(start, "start"), position(end, "end"))


@returning("copiedArray", "copyWithin", {"arr": _ARRAY, "target": _FROM_END, "start": _FROM_END, "end": _FROM_END})
def copy_within(items: Json, target: Json, start: Json, end: Json) -> Json:
    """Copy the elements from `start` up to `end` over those from `target` on; the array keeps its length."""
    elements = array(items, "arr")
    length = len(elements)
    to = relative(whole(target, "target"), length, 0)
    first = relative(whole(start, "start", default=0), length, 0)
    last = length if unset(end) else relative(whole(end, "end"), length, length)
    count = clamped(last - first, 0, length - to)
    return [*elements[:to], *elements[first : first + count], *elements[to + count :]]


@returning("reversedArray", "reverse", {"arr": _ARRAY})
def reverse(items: Json) -> Json:
    """Return the elements in the opposite order."""
    return method("Array.reverse", array(items, "arr"))


@returning("length", "arrayLength", {"arr": _ARRAY})
def array_length(items: Json) -> Json:
    """Count the elements."""
    return len(array(items, "arr"))


@returning("isAnArray", "isArray", {"arr": "any"})
def is_an_array(value: Json) -> Json:
    """Return whether a value is an array."""
    return is_array(value)


def _element(value: Json | Undefined) -> Json:
    return None if value is UNDEFINED else value


PIECE = 10_000

_SEARCH = {"arr": "array", "searchElement": "any: compared as JavaScript's === does"}
_FROM = "number: the position to begin at; negative counts from the end"


@returning("result", "arrayIncludes", {**_SEARCH, "fromIndex": _FROM})
def array_includes(items: Json, wanted: Json, start: Json) -> Json:
    """Return whether an element is there; NaN is found, too."""
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


@returning("arrayString", "arrayToString", {"arr": "array"})
def array_to_string(items: Json) -> Json:
    """Join the elements with commas; null is nothing, an object is "[object Object]"."""
    return method("Array.toString", array(items, "arr"))


@returning("joinedElements", "join", {"arr": "array", "separator": "string: a comma when it is left out"})
def join(items: Json, separator: Json) -> Json:
    """Join the elements with a separator; null is nothing, an object is "[object Object]"."""
    return method("Array.join", array(items, "arr"), optional(separator))


@returning("result", "map", {"arr": "array: the keys", "map": "array: the value of each key, in the same order"})
def map_to(items: Json, values: Json) -> Json:
    """Make an object of keys and their values: ["a", "b"] and [1, 2] give {"a": 1, "b": 2}.

    Values beyond the keys are dropped; a key without a value gets null.
    """
    keys, elements = array(items, "arr"), array(values, "map")
    result: JsonObject = {}
    for at, key in enumerate(keys):
        if key is None or is_array(key) or is_object(key):
            raise TaskFailed(f"'arr' must hold texts and numbers: element {at} cannot be a key.")
        result[text(key)] = elements[at] if at < len(elements) else None
    return result


TASKS = (
    array_push, unshift, array_pop, array_shift, array_concat, array_slice, fill, copy_within, reverse,
    array_length, is_an_array, array_includes, array_index_of, array_last_index_of, sort, array_to_string, join,
    map_to,
)  # fmt: skip
