"""Durations added to times, by moment's rules."""

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
        rest = timedelta(milliseconds=sum(amount * MILLISECONDS[unit] for unit, amount in units.items()))
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
        if unit not in MILLISECONDS and unit not in ("years", "quarters", "months"):
            raise LanguageError(f"'offsetDuration' has the unknown unit '{name}'.")
        units[unit] = units.get(unit, 0) + number(amount, name)
    return units
