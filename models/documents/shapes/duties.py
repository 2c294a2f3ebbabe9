"""Duties that one server does for all servers on a database, and removals of jobs in progress."""

from datetime import datetime

from typing_extensions import TypedDict


class DutyDocument(TypedDict, total=False, closed=True):
    """`_id` is the name of the duty; `until` is a moment of the database's clock."""

    _id: str
    owner: str
    until: datetime
    keys_until: int


class RemovalDocument(TypedDict, closed=True):
    """Jobs that are removed: whoever reads this removes what is left of them, and then this. `_id` has a root."""

    _id: str
    jobs: list[str]
    at: datetime
