"""JavaScript's time value: milliseconds since 1970, taken apart and put together. The time zone is UTC."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from ..javascript import coercion as javascript

DAY = 86_400_000
LAST_MOMENT = 8_640_000_000_000_000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


class Parts(NamedTuple):
    year: int
    month: int  # January is 0
    day: int
    weekday: int  # Sunday is 0
    hours: int
    minutes: int
    seconds: int
    milliseconds: int


@dataclass(frozen=True)
class Moment(javascript.Exotic):
    """A Date. `at` is NaN for an invalid one."""

    at: int | float

    @property
    def parts(self) -> Parts | None:
        return None if math.isnan(self.at) else taken_apart(int(self.at))

    def text(self) -> str:
        parts = self.parts
        return f"{date_text(parts)} {time_text(parts)}" if parts else "Invalid Date"

    def primitive(self) -> int | float:
        return self.at

    def plain(self) -> str | None:
        parts = self.parts
        return iso_text(parts) if parts else None


def date_text(parts: Parts) -> str:
    return f"{WEEKDAYS[parts.weekday]} {MONTHS[parts.month]} {parts.day:02} {_year(parts.year)}"


def time_text(parts: Parts) -> str:
    return f"{parts.hours:02}:{parts.minutes:02}:{parts.seconds:02} GMT+0000 (Coordinated Universal Time)"


def utc_text(parts: Parts) -> str:
    date = f"{WEEKDAYS[parts.weekday]}, {parts.day:02} {MONTHS[parts.month]} {_year(parts.year)}"
    return f"{date} {parts.hours:02}:{parts.minutes:02}:{parts.seconds:02} GMT"


def iso_text(parts: Parts) -> str:
    year = f"{parts.year:04}" if 0 <= parts.year <= 9999 else f"{'-' if parts.year < 0 else '+'}{abs(parts.year):06}"
    time = f"{parts.hours:02}:{parts.minutes:02}:{parts.seconds:02}.{parts.milliseconds:03}"
    return f"{year}-{parts.month + 1:02}-{parts.day:02}T{time}Z"


def _year(year: int) -> str:
    return f"-{-year:04}" if year < 0 else f"{year:04}"


def moment(at: int | float) -> Moment:
    """The Date of so many milliseconds; invalid beyond 275 760 years."""
    return Moment(int(at) if math.isfinite(at) and abs(at) <= LAST_MOMENT else math.nan)


def taken_apart(at: int) -> Parts:
    days, rest = divmod(at, DAY)
    year, month, day = _civil(days)
    hours, rest = divmod(rest, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return Parts(year, month, day, (days + 4) % 7, hours, minutes, *divmod(rest, 1000))


def put_together(
    year: float,
    month: float = 0,
    day: float = 1,
    hours: float = 0,
    minutes: float = 0,
    seconds: float = 0,
    ms: float = 0,
) -> int | float:
    """The milliseconds of a date; values beyond their range carry over, as month 12 is the next January."""
    values = (year, month, day, hours, minutes, seconds, ms)
    if not all(math.isfinite(value) and abs(value) <= LAST_MOMENT for value in values):
        return math.nan
    years, months, days, *clock = (int(value) for value in values)
    years, months = years + months // 12, months % 12
    if abs(years) > 400_000:
        return math.nan
    at = (_days(years, months) + days - 1) * DAY
    for value, unit in zip(clock, (3_600_000, 60_000, 1000, 1), strict=True):
        at += value * unit
    return at


def _days(year: int, month: int) -> int:
    """Days from 1970 to the first of the month, by the proleptic Gregorian calendar in eras of 400 years."""
    shifted = year - (month < 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 10) % 12) + 2) // 5
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def _civil(days: int) -> tuple[int, int, int]:
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = (shifted + 2) % 12
    return era * 400 + year_of_era + (month < 2), month, day_of_year - (153 * shifted + 2) // 5 + 1
