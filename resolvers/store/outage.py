"""The database is away: which errors say so, said once, and once when it is back, whoever noticed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError

from ...models.errors import DatabaseUnavailable
from ...models.json import JsonObject

RETRY_SECONDS = 1  # between two tries of who waits for the database
AGAIN_SECONDS = 5  # what a caller is told to wait: as long as a local mongod takes to be started again

# MongoDB's codes: it is on its way down or up, has no majority, reaches no other member, or has no room.
_AWAY = (6, 7, 64, 89, 91, 100, 133, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436, 14031)

Result = TypeVar("Result")

log = logging.getLogger("jobyard")


class Outage:
    """Where a pulse is kept (`watched`), that alone says when it begins and ends: what fails else is one command."""

    def __init__(self) -> None:
        self._noticed = False
        self.watched = False

    def notice(self, fault: Exception) -> None:
        if self.watched:
            log.info("a command to the database failed: %s", brief(fault))
        else:
            self.begin(fault)

    def begin(self, fault: Exception) -> None:
        if not self._noticed:
            log.warning("the database does not answer, and what it interrupts goes on when it does: %s", brief(fault))
        self._noticed = True

    def end(self) -> None:
        """To be told whenever the database has answered."""
        if not self.watched:
            self.finish()

    def finish(self) -> None:
        if self._noticed:
            log.warning("the database answers again")
        self._noticed = False


def brief(fault: Exception) -> str:
    """What a driver's error says, without its picture of all servers and settings."""
    told = str(fault)
    for picture in (" (configured timeouts", ", Timeout: ", ", Topology Description: "):
        told = told.partition(picture)[0]
    return told or type(fault).__name__


def is_away(fault: BaseException) -> bool:
    """Whether an error says that the database is away, and not that it refuses what it was asked.

    A search that takes too long is no such error: only a limit of its own ends it.
    """
    if isinstance(fault, DatabaseUnavailable | ConnectionFailure):
        return True
    if isinstance(fault, BulkWriteError):
        details: JsonObject = {**(fault.details or {})}
        return bool(details.get("writeConcernErrors")) and not details.get("writeErrors")
    return isinstance(fault, OperationFailure) and fault.code in _AWAY


def unavailable(fault: BaseException, *, changes: bool = False) -> DatabaseUnavailable | None:
    """What a caller is told of an error, if it says that the database is away.

    With `changes`, what failed was to change something: whether it did is not known.
    """
    if isinstance(fault, DatabaseUnavailable):
        return fault
    return DatabaseUnavailable(AGAIN_SECONDS, done=None if changes else False) if is_away(fault) else None


async def insist(ask: Callable[[], Awaitable[Result]]) -> Result:
    """Ask again for as long as the database is away: for who is in no hurry, and for questions alone."""
    while True:
        try:
            return await ask()
        except (PyMongoError, DatabaseUnavailable) as fault:
            if not is_away(fault):
                raise
        await asyncio.sleep(RETRY_SECONDS)
