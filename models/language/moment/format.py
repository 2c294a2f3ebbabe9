"""Times written in moment.js's formats, in English."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from .tokens import DAYS, ISO_WEEKS, LOCAL_WEEKS, MONTHS, tokens_of

_BRACKETED = re.compile(r"\[.", re.DOTALL)
_BRACKETS = re.compile(r"^\[|\]$(?!\n)")


def _ordinal(value: int) -> str:
    suffix = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{suffix}"


def _offset(when: datetime, between: str) -> str:
    seconds = int((when.utcoffset() or timedelta()).total_seconds())
    minutes = abs(seconds) // 60  # the seconds of old local times are cut off, on either side
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}{between}{minutes % 60:02}"


def _milliseconds(when: datetime) -> int:
    return (when - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)


def _day(when: datetime) -> int:
    return when.isoweekday() % 7


def _day_of_year(when: datetime) -> int:
    return when.timetuple().tm_yday


def _local_week(when: datetime) -> tuple[int, int]:
    return LOCAL_WEEKS.week_of(when.year, _day_of_year(when))


def _iso_week(when: datetime) -> tuple[int, int]:
    return ISO_WEEKS.week_of(when.year, _day_of_year(when))


def _hour(when: datetime) -> int:
    return when.hour % 12 or 12


def _zone(when: datetime) -> str | None:
    return when.tzname() if isinstance(when.tzinfo, ZoneInfo) else None


_WRITERS: dict[str, Callable[[datetime], str]] = {
    "M": lambda when: str(when.month),
    "MM": lambda when: f"{when.month:02}",
    "MMM": lambda when: MONTHS[when.month - 1][:3],
    "MMMM": lambda when: MONTHS[when.month - 1],
    "Mo": lambda when: _ordinal(when.month),
    "Q": lambda when: str((when.month + 2) // 3),
    "Qo": lambda when: _ordinal((when.month + 2) // 3),
    "D": lambda when: str(when.day),
    "DD": lambda when: f"{when.day:02}",
    "Do": lambda when: _ordinal(when.day),
    "DDD": lambda when: str(_day_of_year(when)),
    "DDDD": lambda when: f"{_day_of_year(when):03}",
    "DDDo": lambda when: _ordinal(_day_of_year(when)),
    "d": lambda when: str(_day(when)),
    "do": lambda when: _ordinal(_day(when)),
    "dd": lambda when: DAYS[_day(when)][:2],
    "ddd": lambda when: DAYS[_day(when)][:3],
    "dddd": lambda when: DAYS[_day(when)],
    "e": lambda when: str(_day(when)),
    "E": lambda when: str(when.isoweekday()),
    "w": lambda when: str(_local_week(when)[1]),
    "ww": lambda when: f"{_local_week(when)[1]:02}",
    "wo": lambda when: _ordinal(_local_week(when)[1]),
    "W": lambda when: str(_iso_week(when)[1]),
    "WW": lambda when: f"{_iso_week(when)[1]:02}",
    "Wo": lambda when: _ordinal(_iso_week(when)[1]),
    "gg": lambda when: f"{_local_week(when)[0] % 100:02}",
    "gggg": lambda when: f"{_local_week(when)[0]:04}",
    "ggggg": lambda when: f"{_local_week(when)[0]:05}",
    "GG": lambda when: f"{_iso_week(when)[0] % 100:02}",
    "GGGG": lambda when: f"{_iso_week(when)[0]:04}",
    "GGGGG": lambda when: f"{_iso_week(when)[0]:05}",
    "Y": lambda when: f"{when.year:04}",
    "YY": lambda when: f"{when.year % 100:02}",
    "YYYY": lambda when: f"{when.year:04}",
    "YYYYY": lambda when: f"{when.year:05}",
    "YYYYYY": lambda when: f"+{when.year:06}",
    # All years from 1 on are of the one era.
    "y": lambda when: str(when.year),
    "yy": lambda when: f"{when.year:02}",
    "yyy": lambda when: f"{when.year:03}",
    "yyyy": lambda when: f"{when.year:04}",
    "yo": lambda when: _ordinal(when.year),
    "N": lambda when: "AD",
    "NN": lambda when: "AD",
    "NNN": lambda when: "AD",
    "NNNN": lambda when: "Anno Domini",
    "NNNNN": lambda when: "AD",
    "a": lambda when: "am" if when.hour < 12 else "pm",
    "A": lambda when: "AM" if when.hour < 12 else "PM",
    "H": lambda when: str(when.hour),
    "HH": lambda when: f"{when.hour:02}",
    "h": lambda when: str(_hour(when)),
    "hh": lambda when: f"{_hour(when):02}",
    "k": lambda when: str(when.hour or 24),
    "kk": lambda when: f"{when.hour or 24:02}",
    "Hmm": lambda when: f"{when.hour}{when.minute:02}",
    "Hmmss": lambda when: f"{when.hour}{when.minute:02}{when.second:02}",
    "hmm": lambda when: f"{_hour(when)}{when.minute:02}",
    "hmmss": lambda when: f"{_hour(when)}{when.minute:02}{when.second:02}",
    "m": lambda when: str(when.minute),
    "mm": lambda when: f"{when.minute:02}",
    "s": lambda when: str(when.second),
    "ss": lambda when: f"{when.second:02}",
    "X": lambda when: str(_milliseconds(when) // 1000),
    "x": lambda when: str(_milliseconds(when)),
    "z": lambda when: _zone(when) or "UTC",
    "zz": lambda when: _zone(when) or "Coordinated Universal Time",
    "Z": lambda when: _offset(when, ":"),
    "ZZ": lambda when: _offset(when, ""),
}


def written(when: datetime, form: str) -> str:
    """The time in a format; the finest unit is the millisecond, which SSSSSS pads with zeros."""
    return "".join(_written(when, token) for token in tokens_of(form))


def _written(when: datetime, token: str) -> str:
    if write := _WRITERS.get(token):
        return write(when)
    if token.startswith("S"):
        return f"{when.microsecond // 1000:03}".ljust(len(token), "0")[: len(token)]
    return _BRACKETS.sub("", token) if _BRACKETED.search(token) else token.replace("\\", "")
