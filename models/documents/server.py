"""The server processes that share a database: who of them is alive."""

from typing import ClassVar

from beanie import Document
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, IndexModel

FORGOTTEN_SECONDS = 24 * 3600


class Server(Document):
    """`_id` is the process as leases name it; `seen` is the database's own moment, since hosts' clocks differ."""

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- text, as said

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "servers"
        indexes: ClassVar = [IndexModel([("seen", ASCENDING)], name="seen", expireAfterSeconds=FORGOTTEN_SECONDS)]
