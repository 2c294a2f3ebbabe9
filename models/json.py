"""Foreign JSON: documents that other programs wrote, whose shape is checked where it matters and not before.

`Json` is `Any` on purpose. These are the values of workflow authors; the functions here narrow them without leaving
unknown types behind.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeGuard

Json: TypeAlias = Any
JsonObject: TypeAlias = dict[str, Json]


def is_object(value: object) -> TypeGuard[JsonObject]:
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Json]]:
    return isinstance(value, list)


def is_number(value: object) -> TypeGuard[int | float]:
    """True for JSON numbers; Python's booleans are ints, JSON's are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def object_at(document: Mapping[str, Json], key: str) -> JsonObject:
    """The object under `key`, or an empty one: authors write null, "" or nothing where they mean {}."""
    value = document.get(key)
    return value if is_object(value) else {}


def array_at(document: Mapping[str, Json], key: str) -> list[Json]:
    """The array under `key`, or an empty one."""
    value = document.get(key)
    return value if is_array(value) else []


def text_at(document: Mapping[str, Json], key: str) -> str:
    """The text under `key`, or the empty text."""
    value = document.get(key)
    return value if isinstance(value, str) else ""
