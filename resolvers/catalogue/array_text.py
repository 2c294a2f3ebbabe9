"""Tasks from an array to something else: to text, and with another array to an object."""

from ...models.json import Json, JsonObject, is_array, is_object
from ...models.language.javascript import text
from .arguments import array
from .methods import method, optional
from .task import TaskFailed, returning


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
    keys, given = array(items, "arr"), array(values, "map")
    result: JsonObject = {}
    for at, key in enumerate(keys):
        if key is None or is_array(key) or is_object(key):
            raise TaskFailed(f"'arr' must hold texts and numbers: element {at} cannot be a key.")
        result[text(key)] = given[at] if at < len(given) else None
    return result


TASKS = (array_to_string, join, map_to)
