"""Foreign JSON as the database can hold it, and back.

Keys that begin with `$` mean something to MongoDB and its drivers (a sub-document with `$ref` is read as a DBRef), so
they are stored under the documented system's own escape: one more `°` (U+00B0) in front, taken off again when read.
"""

import base64
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar, cast, overload
from uuid import UUID

from bson import Binary, Code, DatetimeMS, DBRef, Decimal128, MaxKey, MinKey, ObjectId, Regex, Timestamp

from ..json import JsonObject, is_array, is_object
from .moments import iso

DEEPEST = 90  # levels; the database refuses documents of more than 100
LARGEST_INTEGER = 2**63 - 1
ESCAPE = "°"

_LOOKED_INTO = 3  # levels: documents, their variables, the values of each kind, each value
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "u": re.UNICODE, "x": re.VERBOSE}

_OBJECT: Any = dict  # of whatever
_SCALARS = frozenset((str, int, bool, type(None)))  # which are the same in the database; no classes of its driver

_HALF = re.compile("[\ud800-\udfff]")  # of a surrogate pair

Value = TypeVar("Value")


class NotStorable(Exception):
    """`reason` says what about `what` the database cannot hold."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"{what} cannot be stored: {reason}")
        self.what = what
        self.reason = reason


def to_stored(value: Value, *, what: str) -> Value:
    """The same object where nothing has to change; integers beyond 64 bits become floats, NaN and infinities null."""
    if (is_object(value) or is_array(value)) and _is_storable(value):
        return value
    return cast(Value, _to_stored(value, what, 0))  # of the same type but for numbers that the database lacks


def _to_stored(value: object, what: str, depth: int) -> object:
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


def _is_storable(value: object) -> bool:
    """Whether surely nothing in it has to be changed or refused: seen in a tenth of the time that looking at each value
    alone takes, and so for most of all values.
    """
    levels: list[Any] = [value]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for part in levels:
            items: Any = part
            if isinstance(part, _OBJECT):
                try:
                    keys = "".join(part)
                except TypeError:
                    return False
                if "$" in keys or "\0" in keys or not _is_text(keys):
                    return False
                items = part.values()
            for item in items:
                kind: Any = type(item)  # pyright: ignore[reportUnknownVariableType] -- of whatever item
                if kind is str:
                    if not _is_text(item):
                        return False
                elif kind is int:
                    if not -LARGEST_INTEGER <= item <= LARGEST_INTEGER:
                        return False
                elif kind is dict or kind is list:
                    inner.append(item)
                elif kind is float:
                    if not math.isfinite(item):
                        return False
                elif kind is not bool and item is not None:
                    return False
        if not inner:
            return True
        levels = inner
    return False


def _is_text(text: str) -> bool:
    return text.isascii() or not _HALF.search(text)


def _is_plain(value: object) -> bool:
    """Whether surely nothing in it differs from JSON, seen as soon."""
    waiting: list[Any] = [value]
    for part in waiting:
        items: Any = part
        if isinstance(part, _OBJECT):
            if ESCAPE in "".join(part):
                return False
            items = part.values()
        for item in items:
            kind: Any = type(item)  # pyright: ignore[reportUnknownVariableType] -- of whatever item
            if kind is dict or kind is list:
                waiting.append(item)
            elif kind not in _SCALARS and not (kind is float and math.isfinite(item)):
                return False
    return True


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


@overload
def from_stored(value: dict[str, object]) -> JsonObject: ...
@overload
def from_stored(value: Value) -> Value: ...
def from_stored(value: object) -> object:
    """Plain JSON again, whatever another program stored: dates as ISO-8601 with milliseconds and Z, ids and what else
    JSON lacks as text, and null for what is no value there (NaN, infinities, the least and the greatest key)."""
    return _from_stored(value, 0)


def _from_stored(value: object, level: int) -> object:
    if value is None or isinstance(value, (str, bool, int)):
        return str(value) if isinstance(value, Code) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    # Where a document has what is no JSON, the date of a write for example, most of its values are plain all the same.
    if level <= _LOOKED_INTO and type(value) in (dict, list) and (not value or _is_plain(value)):
        return value
    if is_object(value):
        items = {
            _plain_key(key) if key.startswith(ESCAPE) else key: item
            if type(item) in _SCALARS
            else _from_stored(item, level + 1)
            for key, item in value.items()
        }
        return value if type(value) is dict and _same(items, value) else items
    if is_array(value):
        plain = [_from_stored(item, level + 1) for item in value]
        return value if all(one is other for one, other in zip(plain, value, strict=True)) else plain
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, Decimal128):
        number = value.to_decimal()
        return float(number) if number.is_finite() and math.isfinite(float(number)) else None
    if isinstance(value, (Binary, bytes)):
        return base64.b64encode(value).decode()
    return _from_foreign(value)


def _from_foreign(value: object) -> object:
    """What only other programs store."""
    match value:
        case DatetimeMS():
            return iso(int(value))
        case Timestamp():
            return iso(value.time * 1000)
        case Regex(pattern=str(pattern), flags=int(flags)):
            return f"/{pattern}/{''.join(letter for letter, flag in _FLAGS.items() if flags & flag)}"
        case DBRef():
            return _from_stored(dict(value.as_doc()), 0)
        case MinKey() | MaxKey():
            return None
        case ObjectId() | UUID():
            return str(value)
        case _:
            return value  # nothing that the database has


def _plain_key(key: str) -> str:
    return key[1:] if key.startswith(ESCAPE) and key.lstrip(ESCAPE).startswith("$") else key


def _same(items: Mapping[str, object], value: Mapping[str, object]) -> bool:
    return len(items) == len(value) and all(key in items and items[key] is item for key, item in value.items())
