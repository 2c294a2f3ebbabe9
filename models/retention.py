"""Retention: how long ended jobs, events, audit events and idempotency keys are kept, as settings write it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from .engine.lifecycle import FINAL, JobEnd

_AGE: Final = re.compile(r"([1-9][0-9]{0,5})([smhd])", re.ASCII)
_UNITS: Final = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_OLDEST: Final = 36_500 * _UNITS["d"]
MOST_FAMILIES: Final = 1_000_000  # that a number of jobs to keep may name


class RetentionRefused(ValueError):
    """A text is no age, or no retention of jobs; the message says how these are written."""


@dataclass(frozen=True)
class Keep:
    """How long, in milliseconds, and how many root jobs of a status are kept; None: without a limit."""

    age: int | None = None
    most: int | None = None


Retention = Mapping[JobEnd, Keep]


def final_status(text: str) -> JobEnd | None:
    """The status, if nothing ever happens in a job of this status; else None."""
    return text if text in FINAL else None


def read_age(text: str) -> int:
    """The milliseconds of an age such as `30d`; RetentionRefused for other text."""
    written = _AGE.fullmatch(text)
    age = int(written[1]) * _UNITS[written[2]] if written else 0
    if not 0 < age <= _OLDEST:
        raise RetentionRefused(f"'{text}' is no age: write a number and s, m, h or d, as 30d; 100 years at most.")
    return age


def write_age(age: int) -> str:
    """The shortest text that `read_age` reads as this age."""
    unit = next(name for name in ("d", "h", "m", "s") if age % _UNITS[name] == 0)
    return f"{age // _UNITS[unit]}{unit}"


def read_retention(texts: Iterable[str]) -> dict[JobEnd, Keep]:
    """The retention of entries STATUS=AGE, STATUS=NUMBER or STATUS=AGE,NUMBER; RetentionRefused for other text."""
    found: dict[JobEnd, Keep] = {}
    for entry in texts:
        name, equals, limits = entry.partition("=")
        status = final_status(name)
        if not equals or status is None:
            raise RetentionRefused(
                f"'{entry}': write STATUS=AGE, STATUS=NUMBER or STATUS=AGE,NUMBER; the status is "
                f"{' or '.join(FINAL)}, as in complete=30d,10000."
            )
        ages = [one for one in limits.split(",") if not one.isdigit()]
        numbers = [int(one) for one in limits.split(",") if one.isascii() and one.isdigit()]
        if len(ages) > 1 or len(numbers) > 1:
            raise RetentionRefused(f"'{entry}' has two ages or two numbers: write one of each.")
        if any(not 0 < number <= MOST_FAMILIES for number in numbers):
            raise RetentionRefused(f"'{entry}': the number of jobs is from 1 to {MOST_FAMILIES}.")
        found[status] = Keep(read_age(ages[0]) if ages else None, numbers[0] if numbers else None)
    return found


def write_retention(retention: Retention) -> list[str]:
    """The entries that `read_retention` reads as this retention."""
    return [
        f"{status}="
        + ",".join([write_age(age) for age in (keep.age,) if age] + [str(most) for most in (keep.most,) if most])
        for status, keep in retention.items()
    ]
