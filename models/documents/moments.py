"""Moments in the three forms of the documented API, and the two stored forms of ids."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import overload

from bson import ObjectId

from ..json import Json, is_number

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = ((at.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1) for at in (datetime.min, datetime.max))
_CYCLE_YEARS, _CYCLE = 400, 146_097 * 24 * 3600 * 1000  # after which the calendar repeats, in milliseconds
_MIDNIGHT = re.compile(
    r"(.+[T ])24(:?00(?::?00(?:[.,]0+)?)?)?((?:Z|[+-]\d\d:?\d\d)?)", re.IGNORECASE
)  # of the next day
_LATEST = 8_640_000_000_000_000  # of JavaScript, in milliseconds
_FAR = re.compile(r"([+-]\d{6,9}|0000)(-\d\d-\d\dT.{1,40})", re.DOTALL)


@overload
def iso(at: int) -> str: ...
@overload
def iso(at: None) -> None: ...
def iso(at: int | None) -> str | None:
    """ISO-8601 with milliseconds and Z, of epoch milliseconds."""
    if at is None:
        return None
    if not _FIRST <= at <= _LAST:
        cycles, at = divmod(at, _CYCLE)
        year = moment(at).year + cycles * _CYCLE_YEARS
        return f"{year:+07}{iso(at)[4:]}" if year else f"0000{iso(at)[4:]}"
    return moment(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(at: int) -> datetime:
    """The database date of epoch milliseconds."""
    return datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)


def epoch(text: str) -> int | None:
    """Epoch milliseconds of ISO-8601 text, in UTC if the text has no zone; None for other text."""
    if far := _FAR.fullmatch(text):
        year = int(far[1])
        near = epoch(f"{2000 + year % _CYCLE_YEARS}{far[2]}")
        return None if near is None else near + (year - 2000) // _CYCLE_YEARS * _CYCLE
    if midnight := _MIDNIGHT.fullmatch(text):
        day = epoch(f"{midnight[1]}00{midnight[2] or ''}{midnight[3]}")
        return None if day is None else day + 24 * 3600 * 1000
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return (at - _EPOCH) // timedelta(milliseconds=1)


def text_of(value: Json) -> str | None:
    """ISO-8601 text of a stored moment in any of its forms; None for other values."""
    at = milliseconds(value)
    return iso(math.floor(at)) if at is not None and abs(at) <= _LATEST else None


def milliseconds(value: Json) -> float | None:
    """Epoch milliseconds of a stored moment in any of its forms, as a JSON number; None for other values."""
    at = epoch(value) if isinstance(value, str) else value
    return float(at) if is_number(at) and math.isfinite(at) else None


def stored_ids(id: str) -> list[str | ObjectId]:
    """The values of `_id` that a document of this id may have."""
    return [id, ObjectId(id)] if len(id) == 24 and ObjectId.is_valid(id) else [id]


def object_id(id: object) -> ObjectId | None:
    """The ObjectId that the value is or spells; None for any other value."""
    return ObjectId(id) if isinstance(id, str | bytes | ObjectId) and ObjectId.is_valid(id) else None


def object_ids(ids: Iterable[object]) -> list[ObjectId]:
    """The ObjectIds among the values."""
    return [found for id in ids if (found := object_id(id)) is not None]
