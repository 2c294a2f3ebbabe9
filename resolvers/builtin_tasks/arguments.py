"""Incoming values in the type that a task needs, or a sentence about the fault; JavaScript's own methods."""

import math
from typing import Final, cast

from ...models.json import Json, JsonObject, is_array, is_object
from ...models.language.javascript.coercion import UNDEFINED, text, to_number, type_of
from ...models.language.javascript.values import join_units, well_formed
from ...models.language.transformation.budget import Budget
from ...models.language.transformation.calls import ABSENT, Absent, Call, World
from ...models.language.transformation.methods import METHODS
from ...models.language.transformation.value import Value
from .task import TaskFailed

_UNDEFINED: Final = cast(Json, UNDEFINED)  # tasks without a result have it in place of one


def unset(value: object) -> bool:
    """True for the three ways in which documents leave a value out."""
    return value is None or value is UNDEFINED or value == ""


def array(value: object, name: str) -> list[Json]:
    if is_array(value):
        return value
    raise TaskFailed(f"'{name}' must be an array, not {_kind(value)}.")


def json_object(value: object, name: str) -> JsonObject:
    if is_object(value):
        return value
    raise TaskFailed(f"'{name}' must be an object, not {_kind(value)}.")


def string(value: object, name: str) -> str:
    if isinstance(value, str):
        return value
    raise TaskFailed(f"'{name}' must be a text, not {_kind(value)}.")


def boolean(value: object, name: str, *, default: bool) -> bool:
    """A boolean, which may be spelled in text; `default` is for a missing value."""
    if unset(value):
        return default
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise TaskFailed(f"'{name}' must be true or false, not {_kind(value)}.")


def variable_name(value: object, name: str) -> str:
    if isinstance(value, str) and value:
        return value
    raise TaskFailed(f"'{name}' must name a job variable, not {_kind(value)}.")


def number(value: object, name: str, default: int | float | None = None) -> int | float:
    """A finite number, which may be spelled in text; `default` is for a missing value."""
    if default is not None and unset(value):
        return default
    found = math.nan if unset(value) or is_array(value) or is_object(value) else to_number(value)
    if math.isfinite(found):
        return found
    raise TaskFailed(f"'{name}' must be a number, not {_kind(value)}.")


def whole(value: object, name: str, default: int | None = None) -> int:
    """The number without its fraction."""
    return int(number(value, name, default))


def milliseconds(amount: int | float, unit: int, name: str) -> int:
    """`amount` units of so many milliseconds; a negative time is none."""
    total = round(amount * unit) if abs(amount) < 2**53 else 2**53
    if total >= 2**53:
        raise TaskFailed(f"'{name}' is too long a time: {text(amount)}.")
    return max(0, total)


def _kind(value: object) -> str:
    if value is None or value is UNDEFINED or value == "":
        return "the empty text" if value == "" else text(value)
    if isinstance(value, str):
        return f"the text '{value[:80]}'"
    if is_array(value):
        return "an array"
    return {"boolean": f"the boolean {text(value)}", "number": f"the number {text(value)}"}.get(
        type_of(value), "an object"
    )


def method(name: str, *arguments: Json | Value | Absent) -> Json:
    """The result of the method "Library.name": a JSON value, NaN or UNDEFINED. Too much work is a LanguageError.

    Values inside of the arguments are not copied, and not looked at where the method does not.
    """
    world = World(draw=_no_random, now=0, query=None, budget=Budget())
    # What is JSON is such a value too; and of JSON the methods that tasks use make JSON, or undefined.
    found = cast(Json, METHODS[name](Call(name, cast(tuple[Value | Absent, ...], arguments), world)))
    return [_plain(item) for item in found] if is_array(found) else _plain(found, absent=_UNDEFINED)


def position(value: Json, name: str) -> int | Absent:
    """A whole number, or no argument at all where the document leaves it out."""
    return ABSENT if unset(value) else whole(value, name)


def optional(value: Json) -> Json | Absent:
    """The value, or no argument at all where it is null or undefined."""
    return ABSENT if value is None or value is UNDEFINED else value


def _plain(value: Json, absent: Json = None) -> Json:
    if value is UNDEFINED:
        return absent
    return well_formed(join_units(value)) if isinstance(value, str) else value


def _no_random() -> float:
    raise AssertionError("No task draws lots.")
