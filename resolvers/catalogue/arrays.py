"""Tasks on arrays. Each gives a new array and leaves the incoming one alone."""

from ...models.engine.outcomes import Outcome, TaskCall
from ...models.json import Json, is_array
from ...models.language.javascript import strictly_equal, text
from ...models.language.undefined import UNDEFINED
from .arguments import array, whole
from .task import built_in, finish, returning


@built_in("arrayPush", ("arr", "elementN"), ("pushedArray",))
def array_push(call: TaskCall) -> Outcome:
    """Append one element; an array too is appended as one, unless the rules say that its elements are."""
    items, element = array(call.incoming.get("arr", UNDEFINED), "arr"), call.incoming.get("elementN", UNDEFINED)
    if is_array(element) and call.rules.array_push_array == "spread":
        return finish("pushedArray", [*items, *element])
    return finish("pushedArray", [*items, None if element is UNDEFINED else element])


@returning("combinedArray", "arrayConcat", ("arr", "arrayN"))
def array_concat(items: Json, others: Json) -> Json:
    """Append the elements of another array."""
    return [*array(items, "arr"), *array(others, "arrayN")]


@returning("length", "arrayLength", ("arr",))
def array_length(items: Json) -> Json:
    """Count the elements."""
    return len(array(items, "arr"))


@returning("result", "arrayIncludes", ("arr", "searchElement", "fromIndex"))
def array_includes(items: Json, wanted: Json, start: Json) -> Json:
    """Say whether an element is there, compared as JavaScript's === does."""
    return _index(items, wanted, start) >= 0


@returning("index", "arrayIndexOf", ("arr", "searchElement", "fromIndex"))
def array_index_of(items: Json, wanted: Json, start: Json) -> Json:
    """Find the first place of an element; -1 if it is not there."""
    return _index(items, wanted, start)


@returning("arrayString", "arrayToString", ("arr",))
def array_to_string(items: Json) -> Json:
    """Join the elements with commas."""
    return text(array(items, "arr"))


@returning("joinedElements", "join", ("arr", "separator"))
def join(items: Json, separator: Json) -> Json:
    """Join the elements with a separator, which is a comma when it is left out."""
    between = "," if separator is UNDEFINED or separator is None else text(separator)
    return between.join("" if item is None else text(item) for item in array(items, "arr"))


def _index(items: Json, wanted: Json, start: Json) -> int:
    elements = array(items, "arr")
    first = whole(start, "fromIndex", default=0)
    first = max(0, len(elements) + first) if first < 0 else first
    return next((at for at in range(first, len(elements)) if strictly_equal(elements[at], wanted)), -1)


TASKS = (array_push, array_concat, array_length, array_includes, array_index_of, array_to_string, join)
