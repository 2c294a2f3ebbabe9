"""Tasks that put an array together or take it apart. Each gives a new array and leaves the incoming one alone."""

from ...models.engine.outcomes import Outcome, TaskCall
from ...models.json import Json, is_array
from ...models.language.integers import clamped, relative
from ...models.language.undefined import UNDEFINED
from .arguments import array, unset, whole
from .methods import method, position
from .task import built_in, finish, returning

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
    """Give the array without its last element; an empty one stays empty."""
    return method("Array.slice", array(items, "arr"), 0, -1)


@returning("shiftedArray", "arrayShift", {"arr": _ARRAY})
def array_shift(items: Json) -> Json:
    """Give the array without its first element; an empty one stays empty."""
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
    """Give the elements in the opposite order."""
    return method("Array.reverse", array(items, "arr"))


@returning("length", "arrayLength", {"arr": _ARRAY})
def array_length(items: Json) -> Json:
    """Count the elements."""
    return len(array(items, "arr"))


@returning("isAnArray", "isArray", {"arr": "any"})
def is_an_array(value: Json) -> Json:
    """Say whether a value is an array."""
    return is_array(value)


def _element(value: Json) -> Json:
    return None if value is UNDEFINED else value


TASKS = (
    array_push, unshift, array_pop, array_shift, array_concat, array_slice, fill, copy_within, reverse, array_length,
    is_an_array,
)  # fmt: skip
