"""The collections of duties and of removals in progress."""

from typing import ClassVar

from beanie import Document
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, IndexModel


class Duty(Document):
    """A duty that one server at a time does for all. `until` is a moment of the database's clock."""

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- a name

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "duties"
        indexes: ClassVar[list[IndexModel]] = []


class Removal(Document):
    """Jobs of families that are removed, with everything that belongs to the jobs."""

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- text

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "removals"
        indexes: ClassVar = [IndexModel([("at", ASCENDING)], name="at")]
