"""What people see in place of secrets: values under a decorator of the type `encryption` (execution facts, 4.5).

The engine and the database hold the values themselves; they are masked where a job or a task is shown.
"""

from collections.abc import Iterable

from ..json import Json, JsonObject, is_array, is_object, text_at

MASK = "********"


def masked(values: JsonObject, decorators: Iterable[Json], root: str = "") -> JsonObject:
    """A copy with a mask in place of every secret that is there; the very same object where there is none.

    The decorators' JSON pointers begin at `values`, or at the object that has them under the key `root`.
    """
    for pointer in _secrets(decorators):
        first, *rest = pointer
        path = rest if rest and first == root and root not in values else pointer
        values = _with_mask(values, path)
    return values


def _secrets(decorators: Iterable[Json]) -> list[list[str]]:
    return [
        [part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/")]
        for decorator in decorators
        if is_object(decorator) and decorator.get("type") == "encryption"
        if (pointer := text_at(decorator, "pointer")).startswith("/")
    ]


def _with_mask(value: Json, path: list[str]) -> Json:
    if not path:
        return MASK
    key, *rest = path
    if is_object(value) and key in value:
        return {**value, key: _with_mask(value[key], rest)}
    if is_array(value) and key.isdecimal() and int(key) < len(value):
        return [*value[: int(key)], _with_mask(value[int(key)], rest), *value[int(key) + 1 :]]
    return value
