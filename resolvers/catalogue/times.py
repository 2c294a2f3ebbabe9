"""Tasks on times, which are objects {time, formatString}: a text and moment's format of it."""

import math
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ...models.engine.outcomes import Outcome, TaskCall
from ...models.json import Json, is_object, text_at
from ...models.language.javascript import number as javascript_number
from ...models.language.javascript import text
from ...models.language.moment_format import LONGEST_FORMAT, read, written
from .arguments import number, string, unset
from .durations import MILLISECONDS, moved
from .task import TaskFailed, built_in, finish, returning

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
    """Give the current time in a time zone, with a duration added, in a format."""
    form = _format(call.incoming.get("format"))
    now = _EPOCH + timedelta(milliseconds=call.at)
    when = moved(now.astimezone(_zone(call.incoming.get("timezone"))), call.incoming.get("offsetDuration"))
    return finish("time", {"time": written(when, form), "formatString": form})


@returning("newTime", "addDuration", {"inputTime": _TIME, "offsetDuration": _DURATION})
def add_duration(time: Json, duration: Json) -> Json:
    """Add a duration to a time."""
    form = _format(text_at(time, "formatString") if is_object(time) else "")
    return {"time": written(moved(_valid(time), duration), form), "formatString": form}


@returning("convertedTime", "convertTimeFormat", {"inputTime": _TIME, "newFormatString": _FORM})
def convert_time_format(time: Json, form: Json) -> Json:
    """Write a time in another format."""
    wanted = _format(form)
    return {"time": written(_valid(time), wanted), "formatString": wanted}


@returning("convertedTime", "convertTimezone", {"inputTime": _TIME, "NewTimezone": _ZONE})
def convert_timezone(time: Json, zone: Json) -> Json:
    """Move a time by a zone's offset, in the format it has: 03:00 becomes 04:00 in +01:00.

    The offset that the time itself may say is not taken into account, as on the vendor's page.
    """
    form = _format(text_at(time, "formatString") if is_object(time) else "")
    try:
        there = _valid(time).replace(tzinfo=UTC).astimezone(_zone(zone))
    except OverflowError:
        raise TaskFailed("The offset leads out of the years 1 to 9999.") from None
    return {"time": written(there, form), "formatString": form}


@returning("epochTime", "convertTimeToEpoch", {"inputTime": _TIME, "EpochFormat": _UNIT})
def convert_time_to_epoch(time: Json, unit: Json) -> Json:
    """Count the seconds or milliseconds since the start of 1970."""
    return (_valid(time) - _EPOCH) // timedelta(milliseconds=_epoch_unit(unit))


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


@returning("timeDiff", "calculateTimeDiff", {"firstTime": _TIME, "secondTime": _TIME})
def calculate_time_diff(first: Json, second: Json) -> Json:
    """Subtract the second time from the first; the whole difference in each unit, NaN for an unreadable time."""
    one, other = _time(first), _time(second)
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
    return {unit: javascript_number(amount) for unit, amount in amounts.items()}


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


def _valid(value: Json) -> datetime:
    time = _time(value)
    if time is None:
        raise TaskFailed("This is no time: it must be {time, formatString}, with a time in that format.")
    return time


def _time(value: Json) -> datetime | None:
    if is_object(value):
        return read(text_at(value, "time"), text_at(value, "formatString") or DEFAULT_FORMAT)
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
