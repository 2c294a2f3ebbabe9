"""Times read in moment.js's formats, in English, forgiving or strict as moment does either.

Forgiving reading looks for each token in what is left of the text, passes over what stands before it, and leaves out
tokens that are not there. Strict reading wants the text to be as the format says, to its end.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from .tokens import DAYS, ISO_WEEKS, LOCAL_WEEKS, MONTHS, days_in_year, tokens_of

LONGEST_TIME = 1000  # characters
_LONGEST_NUMBER = 400  # digits: JavaScript's numbers are infinite beyond

_YEAR, _MONTH, _DATE, _HOUR, _MINUTE, _SECOND, _MILLISECOND = range(7)
_LATEST = 8.64e15  # milliseconds: JavaScript's last moment


def _pattern(source: str) -> "re.Pattern[str]":
    return re.compile(source, re.ASCII | re.IGNORECASE)


_WORD = (
    r"[0-9]{0,256}['a-z\u00A0-\u05FF\u0700-\uD7FF\uF900-\uFDCF\uFDF0-\uFF07\uFF10-\uFFEF]{1,256}"
    r"|[\u0600-\u06FF/]{1,256}(?:\s*?[\u0600-\u06FF]{1,256}){1,2}"
)
_TWO, _SIX, _SIGNED, _DIGITS = r"\d\d?", r"[+-]?\d{1,6}", r"[+-]?\d+", r"\d+"
_FROM_ONE, _FROM_ZERO = r"^[1-9]\d?", r"^([1-9]\d|\d)"
_ERA = "^(Anno Domini|AD|Before Christ|BC)"
_AS_WRITTEN = {
    **dict.fromkeys(["w", "W", "M", "D", "h", "k"], (_TWO, _FROM_ONE)),
    **dict.fromkeys(["H", "m", "s"], (_TWO, _FROM_ZERO)),
    **dict.fromkeys(["MM", "ww", "WW", "HH", "hh", "kk", "DD", "mm", "ss", "YY", "GG", "gg"], (_TWO, r"\d\d")),
    **dict.fromkeys(["YYYY", "GGGG", "gggg"], (r"\d{1,4}", r"\d{4}")),
    **dict.fromkeys(["YYYYY", "YYYYYY", "GGGGG", "ggggg"], (_SIX, r"[+-]?\d{6}")),
    **dict.fromkeys(["d", "e", "E"], (_TWO, _TWO)),
    **dict.fromkeys(["Y", "G", "g", "x"], (_SIGNED, _SIGNED)),
    **dict.fromkeys(["y", "yy", "yyy", "yyyy", "yo"], (_DIGITS, _DIGITS)),
    **dict.fromkeys(["MMM", "MMMM", "dd", "ddd", "dddd"], (_WORD, _WORD)),
    **dict.fromkeys(["a", "A"], (r"[ap]\.?m?\.?", r"[ap]\.?m?\.?")),
    **dict.fromkeys(["hmm", "Hmm"], (r"\d{3,4}", r"\d{3,4}")),
    **dict.fromkeys(["hmmss", "Hmmss"], (r"\d{5,6}", r"\d{5,6}")),
    **dict.fromkeys(["Z", "ZZ"], (r"Z|[+-]\d\d(?::?\d\d)?", r"Z|[+-]\d\d(?::?\d\d)?")),
    **dict.fromkeys(["N", "NN", "NNN", "NNNNN"], (_ERA, "^(AD|BC)")),
    "NNNN": (_ERA, "^(Anno Domini|Before Christ)"),
    "Q": (r"\d", r"\d"),
    "DDD": (r"\d{1,3}", r"\d{1,3}"),
    "DDDD": (r"\d{3}", r"\d{3}"),
    "X": (r"[+-]?\d+(\.\d{1,3})?", r"[+-]?\d+(\.\d{1,3})?"),
    "S": (r"\d{1,3}", r"\d"),
    "SS": (r"\d{1,3}", r"\d\d"),
    "SSS": (r"\d{1,3}", r"\d{3}"),
    **{"S" * count: (_DIGITS, _DIGITS) for count in range(4, 10)},
}
_PATTERNS = {token: (_pattern(forgiving), _pattern(strict)) for token, (forgiving, strict) in _AS_WRITTEN.items()}
# Tokens that are known but have nothing to read: they are looked for as letters, and strict reading misses them.
_ONLY_WRITTEN = {"Mo", "Qo", "DDDo", "do", "wo", "Wo", "z", "zz"}
_PATTERNS["Do"] = (re.compile(r"\d{1,2}(th|st|nd|rd)|\d{1,2}", re.ASCII), re.compile(r"\d{1,2}(th|st|nd|rd)", re.ASCII))
_NOT_TOKENS = {"G", "g"}  # moment has patterns for them, but a format has no such token
_ESCAPES = re.compile(r"\\(\[)|\\(\])|\[([^\]\[]*)\]|\\(.)")


@dataclass
class _Parts:
    """What the tokens said so far."""

    strict: bool
    fields: dict[int, int] = field(default_factory=dict[int, int])
    week: dict[str, int] = field(default_factory=dict[str, int])
    day_of_year: int | None = None
    offset: int | None = None  # minutes
    milliseconds: float | None = None
    meridiem: str | None = None
    before_christ: bool | None = None
    invalid: bool = False
    twelve_hours: bool = False


def read(text: str, form: str, now: datetime, *, strict: bool = False) -> datetime | None:
    """The time that a text gives in a format, in UTC unless it says an offset; None when it does not fit.

    What neither the text nor the format says is that of `now` down to the first thing they say, and zero below it.
    """
    if len(text) > LONGEST_TIME:
        return None
    parts = _Parts(strict)
    left, length = text, 0
    found_any = False
    missed = False
    for token in tokens_of(form):
        patterns = _PATTERNS.get(token)
        found = patterns[strict].search(left) if patterns else None
        value = found[0] if found else "" if patterns else _letters(token)
        if value and (at := left.find(value)) >= 0:
            left = left[at + len(value) :]
            length += len(value)
        else:
            value = ""
        known = (patterns is not None and token not in _NOT_TOKENS) or token in _ONLY_WRITTEN
        found_any = found_any or (known and value != "")
        missed = missed or (value == "" and (known or strict))
        if value and token in _READERS:
            _READERS[token](parts, token, value)
    if not found_any or parts.invalid or (parts.meridiem and not parts.fields):
        return None
    if strict:
        # 13 on a clock of twelve hours is none; moment looks at 0 in the same way.
        hour = parts.fields.get(_HOUR)
        if missed or length < len(text) or (parts.twelve_hours and not (hour is not None and 0 < hour <= 12)):
            return None
    return _assembled(parts, now)


def _letters(token: str) -> str:
    """What a piece between tokens stands for. Empty brackets are, in moment, this word."""

    def unescape(found: "re.Match[str]") -> str:
        return found[1] or found[2] or found[3] or found[4] or "undefined"

    return _ESCAPES.sub(unescape, token.replace("\\", "", 1))


def _assembled(parts: _Parts, now: datetime) -> datetime | None:
    fields = parts.fields
    hour = fields.get(_HOUR)
    if parts.meridiem and hour is not None:
        if parts.meridiem[0] in "pP":
            fields[_HOUR] = hour + 12 if hour < 12 else hour
        elif hour == 12:
            fields[_HOUR] = 0
    if parts.before_christ is not None:
        year = fields.get(_YEAR)
        fields[_YEAR] = (0 if year is None else 1 - year) if parts.before_christ else (1 if year is None else year)
    if parts.milliseconds is not None:
        return None if _overflows(fields, whole=False) else _from_milliseconds(parts)
    today = (now.year, now.month - 1, now.day)
    if parts.week and _DATE not in fields and _MONTH not in fields and not _day_of_week(parts, now):
        return None
    if parts.day_of_year is not None:
        year = fields.get(_YEAR, today[_YEAR])
        if not 0 < parts.day_of_year <= days_in_year(year) or not 1 <= year <= 9999:
            return None
        day = datetime(year, 1, 1) + timedelta(days=parts.day_of_year - 1)
        fields[_MONTH], fields[_DATE] = day.month - 1, day.day
    for at in (_YEAR, _MONTH, _DATE):
        if at in fields:
            break
        fields[at] = today[at]
    fields = {at: fields.get(at, 1 if at == _DATE else 0) for at in range(7)}
    return None if _overflows(fields, whole=True) else _moment(parts, fields)


def _moment(parts: _Parts, fields: dict[int, int]) -> datetime | None:
    year, month, day, hour, minute, second, millisecond = (fields[at] for at in range(7))
    try:
        when = datetime(year, month + 1, day, hour % 24, minute, second, millisecond * 1000)
        if "d" in parts.week and parts.week["d"] != when.isoweekday() % 7:
            return None
        zone = UTC if not parts.offset else timezone(timedelta(minutes=parts.offset))
        when = when.replace(tzinfo=zone) + timedelta(days=hour // 24)
        when.astimezone(UTC)  # which fails outside of the years 1 to 9999
    except (ValueError, OverflowError):
        return None
    return when


def _from_milliseconds(parts: _Parts) -> datetime | None:
    milliseconds = parts.milliseconds or 0
    if abs(milliseconds) > _LATEST:
        return None
    try:
        when = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(milliseconds))
        return when.astimezone(timezone(timedelta(minutes=parts.offset))) if parts.offset else when
    except (OverflowError, ValueError):
        return None


def _overflows(fields: dict[int, int], *, whole: bool) -> bool:
    month, hour = fields.get(_MONTH, 0), fields.get(_HOUR, 0)
    if not 0 <= month <= 11:
        return True
    if _DATE in fields:
        year = fields.get(_YEAR)
        if fields[_DATE] < 1:
            return True
        if (whole or (year is not None and _MONTH in fields)) and fields[_DATE] > monthrange(
            2000 + (year or 0) % 400, month + 1
        )[1]:
            return True
    below = [fields.get(at, 0) for at in (_MINUTE, _SECOND, _MILLISECOND)]
    # Where nothing is filled in, what is not said is not zero either.
    on_the_hour = not any(below) and (whole or all(at in fields for at in (_MINUTE, _SECOND, _MILLISECOND)))
    return hour > 24 or (hour == 24 and not on_the_hour) or below[0] > 59 or below[1] > 59


def _day_of_week(parts: _Parts, now: datetime) -> bool:
    """Find the day of the year that a week and its day mean; False where there is no such week or day."""
    week, today = parts.week, now.timetuple().tm_yday
    if any(name in week for name in ("GG", "W", "E")):
        weeks, day = ISO_WEEKS, week.get("E", 1)
        in_week = 1 <= day <= 7
        year = week.get("GG", parts.fields.get(_YEAR, ISO_WEEKS.week_of(now.year, today)[0]))
        number = week.get("W", 1)
    else:
        weeks, day = LOCAL_WEEKS, week.get("d", week.get("e", 0))
        in_week = 0 <= day <= 6
        current = LOCAL_WEEKS.week_of(now.year, today)
        year = week.get("gg", parts.fields.get(_YEAR, current[0]))
        number = week.get("w", current[1])
    if not 1 <= number <= weeks.count(year) or not in_week:
        return False
    parts.fields[_YEAR], parts.day_of_year = weeks.day_of(year, number, day)
    return True


def _integer(value: str) -> int:
    return int(value[:_LONGEST_NUMBER])


def _two_digit_year(value: str) -> int:
    year = int(value)
    return year + (1900 if year > 68 else 2000)


def _field(at: int) -> "Callable[[_Parts, str, str], None]":
    def put(parts: _Parts, token: str, value: str) -> None:
        parts.fields[at] = _integer(value)

    return put


def _year(parts: _Parts, token: str, value: str) -> None:
    parts.fields[_YEAR] = _two_digit_year(value) if token == "YY" or len(value) == 2 else int(value)


def _month(parts: _Parts, token: str, value: str) -> None:
    parts.fields[_MONTH] = int(value) - 1


def _month_name(parts: _Parts, token: str, value: str) -> None:
    month = _named(value, MONTHS, {"MMM": 3, "MMMM": 9}[token], 3, parts.strict)
    if month is None:
        parts.invalid = True
    else:
        parts.fields[_MONTH] = month


def _day_name(parts: _Parts, token: str, value: str) -> None:
    day = _named(value, DAYS, {"dd": 2, "ddd": 3, "dddd": 9}[token], 2, parts.strict)
    if day is None:
        parts.invalid = True
    else:
        parts.week["d"] = day


def _named(value: str, names: tuple[str, ...], length: int, least: int, strict: bool) -> int | None:
    lower = value.lower()
    for at, name in enumerate(names):
        if lower == name[:length].lower() if strict else lower.startswith(name[:least].lower()):
            return at
    return None


def _quarter(parts: _Parts, token: str, value: str) -> None:
    parts.fields[_MONTH] = (int(value) - 1) * 3


def _ordinal_day(parts: _Parts, token: str, value: str) -> None:
    parts.fields[_DATE] = int(value.rstrip("thsndr"))


def _nth_day(parts: _Parts, token: str, value: str) -> None:
    parts.day_of_year = int(value)


def _clock(parts: _Parts, token: str, value: str) -> None:
    """An hour, with minutes and seconds when the token has them; `h` is a clock of twelve, `k` has 24 for 0."""
    digits = len(value) - 2 * (len(token) // 2) if "m" in token else len(value)
    hour = int(value[:digits])
    parts.fields[_HOUR] = 0 if token.startswith("k") and hour == 24 else hour
    if "m" in token:
        parts.fields[_MINUTE] = int(value[digits : digits + 2])
    if "s" in token:
        parts.fields[_SECOND] = int(value[digits + 2 :])
    parts.twelve_hours = parts.twelve_hours or token.startswith("h")


def _meridiem(parts: _Parts, token: str, value: str) -> None:
    parts.meridiem = value


def _fraction(parts: _Parts, token: str, value: str) -> None:
    parts.fields[_MILLISECOND] = int(float(f"0.{value}") * 1000)


def _offset(parts: _Parts, token: str, value: str) -> None:
    digits = re.sub(r"\D", "", value)
    minutes = int(digits[:2] or 0) * 60 + int(digits[2:] or 0)
    parts.offset = -minutes if value.startswith("-") else minutes


def _epoch(parts: _Parts, token: str, value: str) -> None:
    parts.milliseconds = float(value) * (1000 if token == "X" else 1)


def _week(parts: _Parts, token: str, value: str) -> None:
    parts.week[token[0]] = int(value)


def _week_year(parts: _Parts, token: str, value: str) -> None:
    parts.week[token[:2]] = _two_digit_year(value) if len(token) == 2 else int(value)


def _era(parts: _Parts, token: str, value: str) -> None:
    parts.before_christ = value[0] in "bB"


_READERS: "dict[str, Callable[[_Parts, str, str], None]]" = {
    **dict.fromkeys(["YYYYY", "YYYYYY", "Y", "y", "yy", "yyy", "yyyy", "yo"], _field(_YEAR)),
    **dict.fromkeys(["YYYY", "YY"], _year),
    **dict.fromkeys(["M", "MM"], _month),
    **dict.fromkeys(["MMM", "MMMM"], _month_name),
    **dict.fromkeys(["dd", "ddd", "dddd"], _day_name),
    **dict.fromkeys(["D", "DD"], _field(_DATE)),
    **dict.fromkeys(["DDD", "DDDD"], _nth_day),
    **dict.fromkeys(["H", "HH", "h", "hh", "k", "kk", "hmm", "hmmss", "Hmm", "Hmmss"], _clock),
    **dict.fromkeys(["m", "mm"], _field(_MINUTE)),
    **dict.fromkeys(["s", "ss"], _field(_SECOND)),
    **dict.fromkeys(["a", "A"], _meridiem),
    **dict.fromkeys(["Z", "ZZ"], _offset),
    **dict.fromkeys(["w", "ww", "W", "WW", "d", "e", "E"], _week),
    **dict.fromkeys(["gg", "gggg", "ggggg", "GG", "GGGG", "GGGGG"], _week_year),
    **dict.fromkeys(["N", "NN", "NNN", "NNNN", "NNNNN"], _era),
    **dict.fromkeys(["x", "X"], _epoch),
    **{"S" * count: _fraction for count in range(1, 10)},
    "Q": _quarter,
    "Do": _ordinal_day,
}
