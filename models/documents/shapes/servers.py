"""The heartbeats of server processes."""

from datetime import datetime

from typing_extensions import TypedDict


class ServerDocument(TypedDict, closed=True):
    """`seen` is the database's own moment."""

    _id: str
    seen: datetime
