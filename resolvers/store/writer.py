"""Group commit: inserts that come while one is on its way go together in the next.

There is no timer, so a lone insert is not delayed; under load one durable write carries up to LARGEST_BATCH documents.
"""

import asyncio
import re
from typing import Any

from pymongo.errors import BulkWriteError

from ...models.json import JsonObject
from .errors import DUPLICATE_KEY, AlreadyStored

LARGEST_BATCH = 100
_INDEX_NAME = re.compile(r"index: (\S+)")

_Waiting = tuple[JsonObject, "asyncio.Future[None]"]


class Writer:
    def __init__(self, collection: Any) -> None:
        self._collection = collection
        self._waiting: list[_Waiting] = []
        self._work: asyncio.Task[None] | None = None

    async def insert(self, document: JsonObject) -> None:
        """Return once the document is durable; AlreadyStored is the fault of its own caller alone."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((document, stored))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._write(), name="group commit")
        # A caller that gives up takes back nothing: its document may be on its way.
        await asyncio.shield(stored)

    async def close(self) -> None:
        """Return once everything that was handed in is stored or refused."""
        if self._work is not None:
            await asyncio.gather(self._work, return_exceptions=True)

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
            try:
                await self._collection.insert_many([document for document, _ in batch], ordered=False)
                faults: dict[int, Exception] = {}
            except BulkWriteError as error:
                faults = {fault["index"]: _fault(fault) for fault in (error.details or {}).get("writeErrors", ())}
            except Exception as error:  # an edge: whatever stops the whole batch belongs to each of its callers
                faults = dict.fromkeys(range(len(batch)), error)
            for index, (_, stored) in enumerate(batch):
                if stored.cancelled():
                    continue
                if index in faults:
                    stored.set_exception(faults[index])
                else:
                    stored.set_result(None)


def _fault(write_error: JsonObject) -> Exception:
    message = str(write_error.get("errmsg"))
    if write_error.get("code") == DUPLICATE_KEY:
        found = _INDEX_NAME.search(message)
        return AlreadyStored(found[1] if found else "key")
    return BulkWriteError({"writeErrors": [write_error]})
