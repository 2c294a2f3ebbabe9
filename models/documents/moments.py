"""Moments in the three forms of the documented API: epoch milliseconds, ISO-8601 text, database dates."""

from datetime import UTC, datetime
from typing import overload


@overload
def iso(at: int) -> str: ...
@overload
def iso(at: None) -> None: ...
def iso(at: int | None) -> str | None:
    """ISO-8601 with milliseconds and Z, of epoch milliseconds."""
    if at is None:
        return None
    return moment(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(at: int) -> datetime:
    """The database date of epoch milliseconds."""
    return datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)
