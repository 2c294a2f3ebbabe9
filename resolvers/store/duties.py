"""Duties that one server at a time does for all servers on a database: a guard in the database says which one."""

import time
from contextlib import suppress
from math import inf
from typing import Any, Final

from pymongo.errors import DuplicateKeyError

from ...models.documents.duty import Duty
from .collections import collection_of
from .connect import Store

GUARD_MILLISECONDS: Final = 60_000  # after which another server takes the duty of a silent one
_AGAIN_SECONDS: Final = GUARD_MILLISECONDS / 4000


class Guard:
    """The guard of the duty `name` for the server `owner`."""

    def __init__(self, store: Store, name: str, owner: str) -> None:
        self._store = store
        self._name = name
        self._owner = owner
        self._held_at = -inf

    async def hold(self) -> bool:
        """Take or renew the guard; False while another server has it. Cheap to call often."""
        if not self._store.durable or time.monotonic() - self._held_at < _AGAIN_SECONDS:
            return True
        began = time.monotonic()
        free = {"$or": [{"$eq": ["$owner", self._owner]}, {"$lt": ["$until", "$$NOW"]}]}
        until = {"$add": ["$$NOW", GUARD_MILLISECONDS]}
        duties: Any = collection_of(Duty)
        take = [{"$set": {"owner": self._owner, "until": until}}]
        taken = await duties.update_one({"_id": self._name, "$expr": free}, take)
        if not taken.matched_count:
            with suppress(DuplicateKeyError):  # another server makes the first document of the duty, too
                await duties.update_one({"_id": self._name}, {"$setOnInsert": {"owner": ""}}, upsert=True)
            taken = await duties.update_one({"_id": self._name, "$expr": free}, take)
        if taken.matched_count:
            self._held_at = began
        return taken.matched_count > 0

    async def release(self) -> None:
        """Let another server take the duty at once."""
        self._held_at = -inf
        duties: Any = collection_of(Duty)
        await duties.update_one({"_id": self._name, "owner": self._owner}, {"$unset": {"owner": "", "until": ""}})
