"""Tasks on times, which are objects {time, formatString}: a text and moment's format of it."""

import math
import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ...models.engine.outcomes import Outcome, TaskCall
from ...models.json import Json, is_object, text_at
from ...models.language.errors import LanguageError
from ...models.language.javascript import number as javascript_number
from ...models.language.javascript import text
from ...models.language.json_text import from_json
from ...models.language.moment_format import LONGEST_FORMAT, read, written
from .arguments import number, string, unset
from .task import TaskFailed, built_in, finish, returning

DEFAULT_FORMAT = "YYYY-MM-DDTHH:mm:ss.SSSSSSZZ"
MONTHS_PER_DAY = 4800 / 146097  # moment's: the 146 097 days of 400 years are 4800 months

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?):?(\d\d)?", re.IGNORECASE)
_EPOCH = datetime.fromtimestamp(0, UTC)
_MILLISECONDS = {
    "weeks": 604_800_000, "days": 86_400_000, "hours": 3_600_000, "minutes": 60_000, "seconds": 1000, "milliseconds": 1,
}  # fmt: skip
_SHORT = {
    "y": "years", "Q": "quarters", "M": "months", "w": "weeks", "d": "days", "h": "hours", "m": "minutes",
    "s": "seconds", "ms": "milliseconds",
}  # fmt: skip


@built_in("getTime", ("timezone", "offsetDuration", "format"), ("time",))
def get_time(call: TaskCall) -> Outcome:
    """Give the current time in a time zone, with a duration added, in a format."""
    form = _format(call.incoming.get("format"))
    now = _EPOCH + timedelta(milliseconds=call.at)
    when = _moved(now.astimezone(_zone(call.incoming.get("timezone"))), call.incoming.get("offsetDuration"))
    return finish("time", {"time": written(when, form), "formatString": form})


@returning("newTime", "addDuration", ("inputTime", "offsetDuration"))
def add_duration(time: Json, duration: Json) -> Json:
    """Add a duration to a time."""
    form = _format(text_at(time, "formatString") if is_object(time) else "")
    return {"time": written(_moved(_valid(time), duration), form), "formatString": form}


@returning("convertedTime", "convertTimeFormat", ("inputTime", "newFormatString"))
def convert_time_format(time: Json, form: Json) -> Json:
    """Write a time in another format."""
    wanted = _format(form)
    return {"time": written(_valid(time), wanted), "formatString": wanted}


@returning("epochTime", "convertTimeToEpoch", ("inputTime", "EpochFormat"))
def convert_time_to_epoch(time: Json, unit: Json) -> Json:
    """Count the seconds or milliseconds since the start of 1970."""
    milliseconds = (_valid(time) - _EPOCH) // timedelta(milliseconds=1)
    return milliseconds if text(unit).lower() == "milliseconds" else milliseconds // 1000


@returning("timeDiff", "calculateTimeDiff", ("firstTime", "secondTime"))
def calculate_time_diff(first: Json, second: Json) -> Json:
    """Subtract the second time from the first; the whole difference in each unit, NaN for an unreadable time."""
    one, other = _time(first), _time(second)
    total = math.nan if one is None or other is None else (one - other) / timedelta(milliseconds=1)
    days = total / _MILLISECONDS["days"]
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


def _moved(when: datetime, duration: Json) -> datetime:
    """Add milliseconds, or an object of units: months and years first, kept within the month, as moment does."""
    if unset(duration):
        return when
    units = _units(duration)
    months = 12 * units.pop("years", 0) + 3 * units.pop("quarters", 0) + units.pop("months", 0)
    try:
        year, month = divmod(when.year * 12 + when.month - 1 + round(months), 12)
        day = min(when.day, monthrange(year, month + 1)[1])
        days = timedelta(weeks=units.pop("weeks", 0), days=units.pop("days", 0))
        moved = when.replace(year=year, month=month + 1, day=day) + days
        # Days are those of the calendar, hours those of the clock: they differ where the zone's offset changes.
        rest = timedelta(milliseconds=sum(amount * _MILLISECONDS[unit] for unit, amount in units.items()))
        return (moved.astimezone(UTC) + rest).astimezone(when.tzinfo)
    except (ValueError, OverflowError):
        raise TaskFailed("The duration leads out of the years 1 to 9999.") from None


def _units(duration: Json) -> dict[str, int | float]:
    if isinstance(duration, str) and duration.strip().startswith("{"):
        duration = from_json(duration)
    if not is_object(duration):
        return {"milliseconds": number(duration, "offsetDuration")}
    units: dict[str, int | float] = {}
    for name, amount in duration.items():
        unit = _SHORT.get(name) or f"{name.lower().rstrip('s')}s"
        if unit not in _MILLISECONDS and unit not in ("years", "quarters", "months"):
            raise LanguageError(f"'offsetDuration' has the unknown unit '{name}'.")
        units[unit] = units.get(unit, 0) + number(amount, name)
    return units


TASKS = (get_time, add_duration, convert_time_format, convert_time_to_epoch, calculate_time_diff)
