"""Durations added to times, by moment's rules."""

import math
from calendar import monthrange
from datetime import UTC, datetime, timedelta

from ...models.json import Json, is_object
from ...models.language.errors import LanguageError
from ...models.language.json_text import from_json
from .arguments import number, unset
from .task import TaskFailed

MILLISECONDS = {
    "weeks": 604_800_000, "days": 86_400_000, "hours": 3_600_000, "minutes": 60_000, "seconds": 1000, "milliseconds": 1,
}  # fmt: skip
_SHORT = {
    "y": "years", "Q": "quarters", "M": "months", "w": "weeks", "d": "days", "h": "hours", "m": "minutes",
    "s": "seconds", "ms": "milliseconds",
}  # fmt: skip


def moved(when: datetime, duration: Json) -> datetime:
    """Add milliseconds, or an object of units, as moment does.

    Months and years come first and stay within the month; fractions of months and of days are rounded, half a one away
    from zero. With days or months in it, all of the duration is time on the calendar and the clock of the zone, whose
    offset may change on the way; without, it is time that passes.
    """
    if unset(duration):
        return when
    units = _units(duration)
    months = _rounded(12 * units.pop("years", 0) + 3 * units.pop("quarters", 0) + units.pop("months", 0))
    try:
        days = _rounded(7 * units.pop("weeks", 0) + units.pop("days", 0))
        rest = sum(amount * MILLISECONDS[unit] for unit, amount in units.items())
        if not months and not days:
            return (when.astimezone(UTC) + _whole(when.replace(tzinfo=None), rest)).astimezone(when.tzinfo)
        year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
        day = min(when.day, monthrange(year, month + 1)[1])
        there = when.replace(year=year, month=month + 1, day=day, tzinfo=None) + timedelta(days=days)
        return _at(there + _whole(there, rest), when)
    except (ValueError, OverflowError):
        raise TaskFailed("The duration leads out of the years 1 to 9999.") from None


def _at(local: datetime, before: datetime) -> datetime:
    """The local time in the zone, with the offset that holds where it would be with the offset from before."""
    offset = (local.replace(tzinfo=UTC) - (before.utcoffset() or timedelta())).astimezone(before.tzinfo).utcoffset()
    both = (local.replace(tzinfo=before.tzinfo, fold=fold) for fold in (0, 1))
    fits = next((one for one in both if one.utcoffset() == offset), local.replace(tzinfo=before.tzinfo))
    fits.astimezone(UTC)  # which fails outside of the years 1 to 9999
    return fits


def _whole(local: datetime, milliseconds: float) -> timedelta:
    """What leads to the millisecond that the sum is cut off to, towards the start of 1970 on the zone's clock."""
    before = (local - datetime(1970, 1, 1)) // timedelta(milliseconds=1)
    return timedelta(milliseconds=math.trunc(before + milliseconds) - before)


def _rounded(amount: float) -> int:
    return math.floor(abs(amount) + 0.5) * (-1 if amount < 0 else 1)


def _units(duration: Json) -> dict[str, int | float]:
    if isinstance(duration, str) and duration.strip().startswith("{"):
        duration = from_json(duration)
    if not is_object(duration):
        return {"milliseconds": number(duration, "offsetDuration")}
    units: dict[str, int | float] = {}
    for name, amount in duration.items():
        unit = _SHORT.get(name) or f"{name.lower().rstrip('s')}s"
        if unit not in MILLISECONDS and unit not in ("years", "quarters", "months"):
            raise LanguageError(f"'offsetDuration' has the unknown unit '{name}'.")
        units[unit] = units.get(unit, 0) + number(amount, name)
    return units
