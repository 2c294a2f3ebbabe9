"""Date's methods. A text or number in a date's place is read as `new Date` reads it."""

import math
from collections.abc import Callable, Mapping

from ..errors import LanguageError
from ..javascript import coercion as javascript
from .calls import Call, Method
from .date_text import parse_date
from .moments import Moment, Parts, date_text, iso_text, moment, put_together, taken_apart, time_text, utc_text
from .value import Value, is_array, is_object


def new_date(call: Call) -> Moment:
    """The form 0 is now; otherwise a text or time value, or year, month, day, hours, minutes, seconds, milliseconds."""
    if not call.arguments or (call.polymorph == 0 and len(call.arguments) < 1):
        return moment(call.world.now)
    if len(call.arguments) == 1 and call.polymorph != 3:
        return _moment(call)
    numbers = [call.number(index) for index in range(min(len(call.arguments), 7))]
    if any(not math.isfinite(value) for value in numbers):
        return Moment(math.nan)
    year = int(numbers[0])
    return moment(put_together(year + 1900 if 0 <= year <= 99 else year, *numbers[1:]))


def _moment(call: Call) -> Moment:
    value = call[0]
    if isinstance(value, Moment):
        return value
    if isinstance(value, str) or is_array(value) or is_object(value):
        return moment(parse_date(call.text(0)))
    return moment(call.number(0))


def _written(write: Callable[[Parts], str]) -> Method:
    def method(call: Call) -> str:
        parts = _moment(call).parts
        return write(parts) if parts else "Invalid Date"

    return method


def _to_iso_string(call: Call) -> str:
    parts = _moment(call).parts
    if parts is None:
        raise LanguageError("Invalid time value")
    return iso_text(parts)


def _part(name: str) -> Method:
    def method(call: Call) -> Value:
        parts = _moment(call).parts
        return getattr(parts, name) if parts else math.nan

    return method


def _utc(call: Call) -> int | float:
    if not call.has(0):
        return math.nan
    return new_date(Call(call.name, call.arguments, call.world, polymorph=3)).at


def _setting(first: int) -> Method:
    """Set parts of a date, the first given and those after it as far as they are given; the new date is the answer.

    Parts are year, month, day, hours, minutes, seconds and milliseconds; values beyond their range carry over.
    """
    most = 3 - first if first < 3 else 7 - first

    def method(call: Call) -> Moment:
        parts = _moment(call).parts
        if parts is None and first > 0:
            return Moment(math.nan)
        known = parts or taken_apart(0)
        values: list[int | float] = [known.year, known.month, known.day, *known[4:]]
        for at in range(max(1, min(len(call.arguments) - 1, most))):
            values[first + at] = call.number(at + 1)
        if not all(math.isfinite(value) for value in values):
            return Moment(math.nan)
        return moment(put_together(*values))

    return method


_SETTERS = {"FullYear": 0, "Month": 1, "Date": 2, "Hours": 3, "Minutes": 4, "Seconds": 5, "Milliseconds": 6}
_PARTS = {
    "FullYear": "year", "Month": "month", "Date": "day", "Day": "weekday", "Hours": "hours", "Minutes": "minutes",
    "Seconds": "seconds", "Milliseconds": "milliseconds",
}  # fmt: skip

METHODS: Mapping[str, Method] = {
    **{f"Date.get{zone}{name}": _part(part) for name, part in _PARTS.items() for zone in ("", "UTC")},
    **{f"Date.set{zone}{name}": _setting(first) for name, first in _SETTERS.items() for zone in ("", "UTC")},
    "Date.UTC": _utc,
    "Date.getTime": lambda call: _moment(call).at,
    "Date.getTimezoneOffset": lambda call: 0 if _moment(call).parts else math.nan,
    "Date.now": lambda call: call.world.now,
    "Date.parse": lambda call: moment(parse_date(call.text(0))).at,
    "Date.setTime": lambda call: moment(call.number(1)),
    "Date.toDateString": _written(date_text),
    "Date.toISOString": _to_iso_string,
    "Date.toJSON": lambda call: _moment(call).plain(),
    "Date.toString": lambda call: javascript.text(_moment(call)),
    "Date.toTimeString": _written(time_text),
    "Date.toUTCString": _written(utc_text),
    "Date.valueOf": lambda call: _moment(call).at,
}
