"""Masks in place of secrets: values under a decorator of the type `encryption`.

See reference/execution.md#secret-marks.

The engine and the database hold the values themselves; they are masked where a job or a task is shown.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias, TypeVar, cast

from ..json import Json, JsonObject, is_array, is_object, text_at
from ..json_pointers import keys_of, pointer_to

MASK = "********"
ENCRYPTION = "encryption"
EVERY = "*"  # in place of an index: all elements

Path: TypeAlias = list[str]
Values = TypeVar("Values", bound=Mapping[str, object])


def masked(values: Values, decorators: Iterable[Json], root: str = "") -> Values:
    """A copy with a mask in place of every secret that is there; the very same object where there is none.

    The decorators' JSON pointers begin at `values`, or at the object that has them under the key `root`.
    """
    masked_values: object = values
    for path in secret_paths(decorators, values, root):
        masked_values = _with_mask(masked_values, path)
    return cast(Values, masked_values)  # a mask may replace a value of any type


def secret_paths(decorators: Iterable[Json], values: Mapping[str, object] | None = None, root: str = "") -> list[Path]:
    """The ways to the secrets in `values`, whether they are there or not."""
    paths = [
        keys_of(pointer)
        for decorator in decorators
        if is_object(decorator) and decorator.get("type") == ENCRYPTION
        if (pointer := text_at(decorator, "pointer")).startswith("/")
    ]
    return [path[1:] if path[1:] and path[0] == root and root not in (values or {}) else path for path in paths]


def values_at(value: Json, path: Path) -> list[Json]:
    """What the way leads to: several values where it goes through all elements of an array, none where it ends."""
    for index, key in enumerate(path):
        if is_array(value) and key == EVERY:
            return [found for one in value for found in values_at(one, path[index + 1 :])]
        if is_object(value) and key in value:
            value = value[key]
        elif is_array(value) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return []
    return [value]


def mark_of(path: Path) -> JsonObject:
    """The decorator that marks what the way leads to."""
    return {"type": ENCRYPTION, "pointer": pointer_to(path)}


def _with_mask(value: object, path: Path) -> object:
    if not path:
        return MASK
    key, *rest = path
    if is_object(value) and key in value:
        return {**value, key: _with_mask(value[key], rest)}
    if is_array(value) and key == EVERY:
        return [_with_mask(one, rest) for one in value]
    if is_array(value) and key.isdecimal() and int(key) < len(value):
        return [*value[: int(key)], _with_mask(value[int(key)], rest), *value[int(key) + 1 :]]
    return value
