"""Outages of the database: which errors mean one, and one log line at its begin and one at its end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError

from ...models.errors import DatabaseUnavailable
from ...models.json import Json, JsonObject, array_at, is_object
from ..log_facts import about
from .errors import brief

FIRST_RETRY_SECONDS = 0.05
RETRY_SECONDS = 1.0  # the longest pause between two tries
AGAIN_SECONDS = 5  # the Retry-After of callers: a local mongod restarts in this time

# MongoDB's codes: it is on its way down or up, has no majority, reaches no other member, has no room, or asks to be
# asked again (112, and 8000 of its proxies).
_AWAY = (6, 7, 64, 89, 91, 100, 112, 133, 134, 189, 262, 8000, 9001, 10107, 11600, 11602, 13435, 13436, 14031)
_UNKNOWN = 8
_NO_ROOM = "No space left on device"

Result = TypeVar("Result")

log = logging.getLogger("jobyard")


class Outage:
    """With a pulse (`watched`), the pulse alone begins and ends an outage: other failures concern one command only."""

    def __init__(self) -> None:
        self._noticed = False
        self.watched = False

    def notice(self, fault: Exception) -> None:
        if self.watched:
            log.info("a command to the database failed: %s", brief(fault), extra=about("command_failed"))
        else:
            self.begin(fault)

    def begin(self, fault: Exception) -> None:
        if not self._noticed:
            log.warning(
                "the database does not answer, and what it interrupts goes on when it does: %s",
                brief(fault),
                extra=about("database_away"),
            )
        self._noticed = True

    def end(self) -> None:
        """Note that the database has answered."""
        if not self.watched:
            self.finish()

    def finish(self) -> None:
        if self._noticed:
            log.warning("the database answers again", extra=about("database_back"))
        self._noticed = False


def is_away(fault: BaseException) -> bool:
    """Whether an error means that the database is away, not that it refuses the command.

    A search that takes too long is no such error: its own time limit ended it.
    """
    if isinstance(fault, DatabaseUnavailable | ConnectionFailure):
        return True
    if isinstance(fault, BulkWriteError):
        details: JsonObject = {**(fault.details or {})}
        refused = array_at(details, "writeErrors")
        if refused:
            return any(_says_away(one.get("code"), one.get("errmsg")) for one in refused if is_object(one))
        return bool(details.get("writeConcernErrors"))
    return isinstance(fault, OperationFailure) and _says_away(fault.code, str(fault))


def _says_away(code: Json, message: Json) -> bool:
    return code in _AWAY or (code == _UNKNOWN and _NO_ROOM in str(message or ""))


def unavailable(fault: BaseException, *, changes: bool = False) -> DatabaseUnavailable | None:
    """The error for a caller, if this error means that the database is away; else None.

    `changes`: the failed command was a write, and may have been carried out.
    """
    if isinstance(fault, DatabaseUnavailable):
        return fault
    return DatabaseUnavailable(AGAIN_SECONDS, done=None if changes else False) if is_away(fault) else None


async def retry_while_away(ask: Callable[[], Awaitable[Result]]) -> Result:
    """Repeat the call while the database is away. The call must be idempotent."""
    for pause in pauses():
        try:
            return await ask()
        except (PyMongoError, DatabaseUnavailable) as fault:
            if not is_away(fault):
                raise
        await asyncio.sleep(pause)
    raise AssertionError("the pauses have no end")


def pauses() -> Iterator[float]:
    """The seconds between one try and the next, without an end."""
    pause = FIRST_RETRY_SECONDS
    while True:
        yield pause
        pause = min(2 * pause, RETRY_SECONDS)
