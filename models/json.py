"""Foreign JSON: documents that other programs wrote, whose shape is checked where it matters and not before.

These are the values of workflow authors. The functions here narrow them; a value is nothing else before.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeGuard

from typing_extensions import TypeIs

# pyright takes this for False over the tests: they say what JSON is by reading it, and fail where it is not so.
JSON_IS_CHECKED: Final = True

if TYPE_CHECKING and JSON_IS_CHECKED:
    Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
else:
    Json = Any  # who reads annotations at run time, as pydantic does, looks no further
JsonObject: TypeAlias = dict[str, Json]


def is_object(value: object) -> TypeIs[JsonObject]:
    return isinstance(value, dict)


def is_array(value: object) -> TypeIs[list[Json]]:
    return isinstance(value, list)


def is_number(value: object) -> TypeGuard[int | float]:
    """True for JSON numbers; Python's booleans are ints, JSON's are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def object_at(document: Mapping[str, object], key: str) -> JsonObject:
    """The object under `key`, or an empty one: authors write null, "" or nothing where they mean {}."""
    value = document.get(key)
    return value if is_object(value) else {}


def array_at(document: Mapping[str, object], key: str) -> list[Json]:
    """The array under `key`, or an empty one."""
    value = document.get(key)
    return value if is_array(value) else []


def text_at(document: Mapping[str, object], key: str) -> str:
    """The text under `key`, or the empty text."""
    value = document.get(key)
    return value if isinstance(value, str) else ""


def integer_at(document: Mapping[str, object], key: str, otherwise: int = 0) -> int:
    """The integer under `key`, or `otherwise`."""
    value = document.get(key)
    return value if isinstance(value, int) else otherwise
