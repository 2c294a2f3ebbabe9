"""Foreign JSON as the database can hold it, and back.

Keys that begin with `$` mean something to MongoDB and its drivers (a sub-document with `$ref` is read as a DBRef), so
they are stored under the documented system's own escape: one more `°` (U+00B0) in front, taken off again when read.
"""

import base64
import math
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from bson import Binary, Decimal128, ObjectId

from ..json import Json, is_array, is_object

DEEPEST = 90  # levels; the database refuses documents of more than 100
LARGEST_INTEGER = 2**63 - 1
ESCAPE = "°"

Value = TypeVar("Value")


class NotStorable(Exception):
    """`reason` says what about `what` the database cannot hold."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"{what} cannot be stored: {reason}")
        self.what = what
        self.reason = reason


def to_stored(value: Value, *, what: str) -> Value:
    """The same object where nothing has to change; integers beyond 64 bits become floats, NaN and infinities null."""
    return _to_stored(value, what, 0)


def _to_stored(value: Json, what: str, depth: int) -> Json:
    if depth > DEEPEST:
        raise NotStorable(what, f"it is nested more than {DEEPEST} levels deep")
    if is_object(value):
        items = {_stored_key(key, what): _to_stored(item, what, depth + 1) for key, item in value.items()}
        return value if _same(items, value) else items
    if is_array(value):
        stored = [_to_stored(item, what, depth + 1) for item in value]
        return value if all(one is other for one, other in zip(stored, value, strict=True)) else stored
    if isinstance(value, str):
        _check_text(value, what)
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) <= LARGEST_INTEGER else float(value) if abs(value) < 2**1023 else None
    return value


def _stored_key(key: object, what: str) -> str:
    if not isinstance(key, str):
        raise NotStorable(what, f"the key {key!r} is not text")
    if "\0" in key:
        raise NotStorable(what, f"the key {key!r} holds a NUL character")
    _check_text(key, what)
    return ESCAPE + key if key.lstrip(ESCAPE).startswith("$") else key


def _check_text(text: str, what: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        raise NotStorable(what, f"a text in it is not Unicode: {fault.reason}") from fault


def from_stored(value: Value) -> Value:
    """Plain JSON again: dates as ISO-8601 with milliseconds and Z, ids of the database as text."""
    return _from_stored(value)


def _from_stored(value: Json) -> Json:
    if is_object(value):
        items = {_plain_key(key): _from_stored(item) for key, item in value.items()}
        return value if type(value) is dict and _same(items, value) else items
    if is_array(value):
        plain = [_from_stored(item) for item in value]
        return value if all(one is other for one, other in zip(plain, value, strict=True)) else plain
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, (ObjectId, UUID)):
        return str(value)
    if isinstance(value, Decimal128):
        return float(value.to_decimal())
    if isinstance(value, (Binary, bytes)):
        return base64.b64encode(value).decode()
    return value


def _plain_key(key: str) -> str:
    return key[1:] if key.startswith(ESCAPE) and key.lstrip(ESCAPE).startswith("$") else key


def _same(items: dict[str, Json], value: dict[str, Json]) -> bool:
    return len(items) == len(value) and all(key in items and items[key] is item for key, item in value.items())
