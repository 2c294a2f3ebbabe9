"""moment.js's format tokens, in English: times written in a format, and read back from it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from .patterns import Pattern

LONGEST_FORMAT = 200  # characters

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONG = {
    "LTS": "h:mm:ss A", "LT": "h:mm A", "LLLL": "dddd, MMMM D, YYYY h:mm A", "LLL": "MMMM D, YYYY h:mm A",
    "LL": "MMMM D, YYYY", "L": "MM/DD/YYYY", "llll": "ddd, MMM D, YYYY h:mm A", "lll": "MMM D, YYYY h:mm A",
    "ll": "MMM D, YYYY", "l": "M/D/YYYY",
}  # fmt: skip
_ESCAPED = r"\[[^\[]*?\]|\\."
_LONG_TOKEN = re.compile(rf"({_ESCAPED})|(LTS|LT|L{{1,4}}|l{{1,4}})", re.DOTALL)
_TOKEN = re.compile(
    rf"({_ESCAPED})|(Mo|M{{1,4}}|Qo?|DDDo|Do|D{{1,4}}|do|d{{1,4}}|YYYY|YY|Y|Wo|WW?|e|E|a|A|hh?|HH?|kk?|mm?|ss?"
    r"|S{1,9}|X|x|ZZ?)",
    re.DOTALL,
)


def _ordinal(value: int) -> str:
    suffix = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{suffix}"


def _offset(when: datetime, between: str) -> str:
    minutes = int((when.utcoffset() or timedelta()).total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{between}{abs(minutes) % 60:02}"


def _milliseconds(when: datetime) -> int:
    return (when - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)


def _day_of_year(when: datetime) -> int:
    return when.timetuple().tm_yday


_WRITERS: dict[str, Callable[[datetime], str]] = {
    "M": lambda when: str(when.month),
    "MM": lambda when: f"{when.month:02}",
    "MMM": lambda when: _MONTHS[when.month - 1][:3],
    "MMMM": lambda when: _MONTHS[when.month - 1],
    "Mo": lambda when: _ordinal(when.month),
    "Q": lambda when: str((when.month + 2) // 3),
    "Qo": lambda when: _ordinal((when.month + 2) // 3),
    "D": lambda when: str(when.day),
    "DD": lambda when: f"{when.day:02}",
    "Do": lambda when: _ordinal(when.day),
    "DDD": lambda when: str(_day_of_year(when)),
    "DDDD": lambda when: f"{_day_of_year(when):03}",
    "DDDo": lambda when: _ordinal(_day_of_year(when)),
    "d": lambda when: str(when.isoweekday() % 7),
    "do": lambda when: _ordinal(when.isoweekday() % 7),
    "dd": lambda when: _DAYS[when.weekday()][:2],
    "ddd": lambda when: _DAYS[when.weekday()][:3],
    "dddd": lambda when: _DAYS[when.weekday()],
    "e": lambda when: str(when.isoweekday() % 7),
    "E": lambda when: str(when.isoweekday()),
    "W": lambda when: str(when.isocalendar().week),
    "WW": lambda when: f"{when.isocalendar().week:02}",
    "Wo": lambda when: _ordinal(when.isocalendar().week),
    "Y": lambda when: str(when.year),
    "YY": lambda when: f"{when.year % 100:02}",
    "YYYY": lambda when: f"{when.year:04}",
    "a": lambda when: "am" if when.hour < 12 else "pm",
    "A": lambda when: "AM" if when.hour < 12 else "PM",
    "H": lambda when: str(when.hour),
    "HH": lambda when: f"{when.hour:02}",
    "h": lambda when: str((when.hour + 11) % 12 + 1),
    "hh": lambda when: f"{(when.hour + 11) % 12 + 1:02}",
    "k": lambda when: str(when.hour or 24),
    "kk": lambda when: f"{when.hour or 24:02}",
    "m": lambda when: str(when.minute),
    "mm": lambda when: f"{when.minute:02}",
    "s": lambda when: str(when.second),
    "ss": lambda when: f"{when.second:02}",
    "X": lambda when: str(_milliseconds(when) // 1000),
    "x": lambda when: str(_milliseconds(when)),
    "Z": lambda when: _offset(when, ":"),
    "ZZ": lambda when: _offset(when, ""),
}


def written(when: datetime, form: str) -> str:
    """The time in a format; the finest unit is the millisecond, which SSSSSS pads with zeros."""

    def write(found: re.Match[str]) -> str:
        escaped, token = found[1], found[2]
        if escaped:
            return escaped[1:-1] if escaped.startswith("[") else escaped[1:]
        if token.startswith("S"):
            return f"{when.microsecond // 1000:03}".ljust(len(token), "0")[: len(token)]
        return _WRITERS[token](when)

    return _TOKEN.sub(write, _expanded(form))


def read(text: str, form: str) -> datetime | None:
    """The time that a text gives in a format, in UTC unless it says an offset; None when it does not fit."""
    names: list[str] = []
    pattern: list[str] = []
    position = 0
    form = _expanded(form)[:LONGEST_FORMAT]
    for found in _TOKEN.finditer(form):
        pattern.append(re.escape(form[position : found.start()]))
        position = found.end()
        escaped, token = found[1], found[2]
        if escaped:
            pattern.append(re.escape(escaped[1:-1] if escaped.startswith("[") else escaped[1:]))
        elif token in _READERS:
            pattern.append(f"({_READERS[token]})")
            names.append(token)
        elif token.startswith("S"):
            pattern.append(r"(\d{1,9})")
            names.append("S")
        else:
            return None
    pattern.append(re.escape(form[position:]))
    fits = Pattern(f"^(?:{''.join(pattern)})$", "i").search(text.strip())
    return _assembled(dict(zip(names, fits.groups(), strict=True))) if fits else None


_TWO, _NAME = r"\d{1,2}", "[a-z]+"
_READERS = {
    "YYYY": r"\d{4}", "YY": r"\d{2}", "Y": r"\d{1,4}", "M": _TWO, "MM": _TWO, "MMM": _NAME, "MMMM": _NAME,
    "D": _TWO, "DD": _TWO, "Do": r"\d{1,2}[a-z]{2}", "d": r"\d", "dd": _NAME, "ddd": _NAME, "dddd": _NAME,
    "H": _TWO, "HH": _TWO, "h": _TWO, "hh": _TWO, "k": _TWO, "kk": _TWO, "m": _TWO, "mm": _TWO, "s": _TWO, "ss": _TWO,
    "a": "am|pm", "A": "am|pm", "X": r"\d{1,11}", "x": r"-?\d{1,14}",
    "Z": r"z|[+-]\d\d:?\d\d", "ZZ": r"z|[+-]\d\d:?\d\d",
}  # fmt: skip


def _assembled(parts: dict[str, str]) -> datetime | None:
    if "x" in parts or "X" in parts:
        milliseconds = int(parts["x"]) if "x" in parts else int(parts["X"]) * 1000
        return _from_milliseconds(milliseconds)
    year = parts.get("YYYY") or parts.get("Y") or ""
    if "YY" in parts:
        year = f"{19 if int(parts['YY']) > 68 else 20}{parts['YY']}"
    hour = int(next((parts[token] for token in ("HH", "H", "hh", "h", "kk", "k") if token in parts), "0")) % 24
    half = (parts.get("A") or parts.get("a") or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    day = next((parts[token] for token in ("DD", "D", "Do") if token in parts), "1")
    try:
        return datetime(
            int(year or 1970),
            _month(parts),
            int(re.sub(r"\D", "", day)),
            hour,
            int(parts.get("mm") or parts.get("m") or 0),
            int(parts.get("ss") or parts.get("s") or 0),
            int(parts.get("S", "0").ljust(3, "0")[:3]) * 1000,
            _zone(parts.get("Z") or parts.get("ZZ") or "z"),
        )
    except ValueError:
        return None


def _month(parts: dict[str, str]) -> int:
    name = parts.get("MMMM") or parts.get("MMM")
    if name is None:
        return int(parts.get("MM") or parts.get("M") or 1)
    return next((at for at, month in enumerate(_MONTHS, 1) if month.lower().startswith(name.lower()[:3])), 0)


def _zone(offset: str) -> timezone:
    if offset.lower() == "z":
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return timezone(timedelta(minutes=-minutes if offset.startswith("-") else minutes))


def _from_milliseconds(milliseconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def _expanded(form: str) -> str:
    return _LONG_TOKEN.sub(lambda found: found[1] or _LONG[found[2]], form)
