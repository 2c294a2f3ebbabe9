"""What a step of a transformation may hold: JSON, undefined, and objects that JSON does not have."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from typing_extensions import TypeIs

from ...json import Json
from ..javascript.coercion import Exotic, Undefined

if TYPE_CHECKING:
    Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | Undefined | Exotic | None"
else:
    Value = Any
Members: TypeAlias = dict[str, Value]


def is_object(value: object) -> TypeIs[Members]:
    return isinstance(value, dict)


def is_array(value: object) -> TypeIs[list[Value]]:
    return isinstance(value, list)


def from_json(value: Json) -> Value:
    """The same value: no step writes into what came in, so its arrays and objects are used as they are."""
    return cast(Value, value)


def members_of(document: Mapping[str, Json]) -> Mapping[str, Value]:
    """The same values by key."""
    return cast(Mapping[str, Value], document)
