"""Audit events: who did what to what, and when. Nothing changes them but the outcome, which is written once."""

from typing import ClassVar, Final

from beanie import Document
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

BEGUN: Final = "begun"  # the outcome until it is known; it stays if the server ended meanwhile
DONE: Final = "done"
FOREVER_SECONDS: Final = 2**31 - 1  # the longest age that the database takes
KEPT: Final = "kept"
NEWEST: Final = (("at", DESCENDING), ("_id", DESCENDING))


class AuditEvent(Document):
    """One act of an account, or one start of a server."""

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- text

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "audit_events"
        indexes: ClassVar = [
            IndexModel(NEWEST, name="newest"),
            *(
                IndexModel([(path, ASCENDING), *NEWEST], name=f"{path}_newest")
                for path in ("account", "action", "targets")
            ),
            IndexModel([("at", ASCENDING)], name=KEPT, expireAfterSeconds=FOREVER_SECONDS),
        ]
