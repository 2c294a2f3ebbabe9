"""Tasks on times, which are objects {time, formatString}: a text and moment's format of it."""

import math
import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ....models.engine.outcomes import Outcome, TaskCall
from ....models.json import Json, is_object, text_at
from ....models.language.errors import LanguageError
from ....models.language.javascript.coercion import UNDEFINED, text
from ....models.language.javascript.coercion import number as javascript_number
from ....models.language.javascript.json_text import from_json
from ....models.language.moment.format import written
from ....models.language.moment.reading import LONGEST_TIME, read
from ....models.language.moment.tokens import LONGEST_FORMAT
from ..arguments import number, string, unset
from ..task import TaskFailed, built_in, finish, returning

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


DEFAULT_FORMAT = "YYYY-MM-DDTHH:mm:ss.SSSSSSZZ"
MONTHS_PER_DAY = 4800 / 146097  # moment's: the 146 097 days of 400 years are 4800 months

_TIME = "object {time, formatString}, or string in ISO 8601"
_FORM = "string: moment's format tokens"
_ZONE = "string: an offset such as -05:00, or a name such as Europe/Berlin; UTC when left out"
_DURATION = 'object such as {"days": 7}, or number of milliseconds'
_UNIT = "string: Seconds or Milliseconds"

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?)[:.]?(\d\d)?", re.IGNORECASE)
_EPOCH = datetime.fromtimestamp(0, UTC)


@built_in(
    "getTime",
    {"timezone": _ZONE, "offsetDuration": _DURATION, "format": f"{_FORM}; else {DEFAULT_FORMAT}"},
    ("time",),
)
def get_time(call: TaskCall) -> Outcome:
    """Return the current time in a time zone, with a duration added, in a format."""
    form = _format(call.incoming.get("format"))
    now = _EPOCH + timedelta(milliseconds=call.at)
    when = moved(now.astimezone(_zone(call.incoming.get("timezone"))), call.incoming.get("offsetDuration"))
    return finish("time", {"time": written(when, form), "formatString": form})


@built_in("addDuration", {"inputTime": _TIME, "offsetDuration": _DURATION}, ("newTime",))
def add_duration(call: TaskCall) -> Outcome:
    """Add a duration to a time."""
    time, duration = _incoming(call, "inputTime", "offsetDuration")
    form = _format(text_at(time, "formatString") if is_object(time) else "")
    return finish("newTime", {"time": written(moved(_valid(call, time), duration), form), "formatString": form})


@built_in("convertTimeFormat", {"inputTime": _TIME, "newFormatString": _FORM}, ("convertedTime",))
def convert_time_format(call: TaskCall) -> Outcome:
    """Write a time in another format."""
    time, form = _incoming(call, "inputTime", "newFormatString")
    wanted = _format(form)
    return finish("convertedTime", {"time": written(_valid(call, time), wanted), "formatString": wanted})


@built_in("convertTimezone", {"inputTime": _TIME, "NewTimezone": _ZONE}, ("convertedTime",))
def convert_timezone(call: TaskCall) -> Outcome:
    """Move a time by a zone's offset, in the format it has: 03:00 becomes 04:00 in +01:00.

    The offset that the time itself may say is not taken into account, as on the vendor's page.
    """
    time, zone = _incoming(call, "inputTime", "NewTimezone")
    form = _format(text_at(time, "formatString") if is_object(time) else "")
    try:
        there = _valid(call, time).replace(tzinfo=UTC).astimezone(_zone(zone))
    except OverflowError:
        raise TaskFailed("The offset leads out of the years 1 to 9999.") from None
    return finish("convertedTime", {"time": written(there, form), "formatString": form})


@built_in("convertTimeToEpoch", {"inputTime": _TIME, "EpochFormat": _UNIT}, ("epochTime",))
def convert_time_to_epoch(call: TaskCall) -> Outcome:
    """Count the seconds or milliseconds since the start of 1970."""
    time, unit = _incoming(call, "inputTime", "EpochFormat")
    return finish("epochTime", (_valid(call, time) - _EPOCH) // timedelta(milliseconds=_epoch_unit(unit)))


@returning(
    "convertedTime",
    "convertEpochToObject",
    {
        "epoch": "number: counted from the start of 1970",
        "epochFormat": _UNIT,
        "newFormatString": f"{_FORM}; else {DEFAULT_FORMAT}",
    },
)
def convert_epoch_to_object(epoch: Json, unit: Json, form: Json) -> Json:
    """Make a time, in UTC, of the seconds or milliseconds since the start of 1970."""
    wanted = _format(form)
    try:
        when = _EPOCH + timedelta(milliseconds=number(epoch, "epoch") * _epoch_unit(unit))
    except OverflowError:
        raise TaskFailed(f"'epoch' is no time in the years 1 to 9999: {text(epoch)[:80]}.") from None
    return {"time": written(when, wanted), "formatString": wanted}


@built_in("calculateTimeDiff", {"firstTime": _TIME, "secondTime": _TIME}, ("timeDiff",))
def calculate_time_diff(call: TaskCall) -> Outcome:
    """Subtract the second time from the first; the whole difference in each unit, NaN for an unreadable time."""
    one, other = (_time(call, value) for value in _incoming(call, "firstTime", "secondTime"))
    total = math.nan if one is None or other is None else (one - other) / timedelta(milliseconds=1)
    days = total / MILLISECONDS["days"]
    amounts = {
        "milliseconds": total,
        "seconds": total / 1000,
        "minutes": total / 60_000,
        "hours": total / 3_600_000,
        "days": days,
        "months": days * MONTHS_PER_DAY,
        "years": days * MONTHS_PER_DAY / 12,
    }
    return finish("timeDiff", {unit: javascript_number(amount) for unit, amount in amounts.items()})


def _incoming(call: TaskCall, *names: str) -> tuple[Json, ...]:
    return tuple(cast(Json, call.incoming.get(name, UNDEFINED)) for name in names)


def _format(value: Json) -> str:
    form = DEFAULT_FORMAT if unset(value) else string(value, "format")
    if len(form) > LONGEST_FORMAT:
        raise TaskFailed(f"A format of {len(form)} characters is over the limit of {LONGEST_FORMAT}.")
    return form


def _epoch_unit(unit: Json) -> int:
    """In milliseconds: 1, or 1000 for seconds, which is also what an empty unit means."""
    name = "seconds" if unset(unit) else string(unit, "EpochFormat").lower()
    if name not in ("seconds", "milliseconds"):
        raise TaskFailed(f"The epoch is counted in Seconds or Milliseconds, not '{name[:80]}'.")
    return 1 if name == "milliseconds" else 1000


def _valid(call: TaskCall, value: Json) -> datetime:
    time = _time(call, value)
    if time is None:
        raise TaskFailed("This is no time: it must be {time, formatString}, with a time in that format.")
    return time


def _time(call: TaskCall, value: Json) -> datetime | None:
    if is_object(value):
        written_time, now = text_at(value, "time"), _EPOCH + timedelta(milliseconds=call.at)
        if len(written_time) > LONGEST_TIME:
            raise TaskFailed(f"A time of {len(written_time)} characters is over the limit of {LONGEST_TIME}.")
        form = _format(value.get("formatString"))
        return read(written_time, form, now, strict=call.rules.time_reading == "strict")
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _zone(value: Json) -> tzinfo:
    name = "" if unset(value) else string(value, "timezone").strip()
    if name.upper() in ("", "UTC", "Z", "GMT"):
        return UTC
    offset = _OFFSET.fullmatch(name)
    try:
        if offset is None:
            return ZoneInfo(name)
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise TaskFailed(f"'timezone' must be an offset such as -05:00 or a name, not '{name}'.") from None


TASKS = (
    get_time, add_duration, convert_time_format, convert_timezone, convert_time_to_epoch, convert_epoch_to_object,
    calculate_time_diff,
)  # fmt: skip
