"""The in-memory store: mongomock-motor with the few calls that PyMongo's asyncio client spells differently.

The store has no durable data, no transactions, no change streams and no indexes: it is for unit tests and a first try.
See reference/storage.md#the-in-memory-store for what it cannot do.
"""

import asyncio
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any, cast

from bson import ObjectId
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError
from pymongo.results import UpdateResult

from ...models.json import JsonObject
from .errors import DUPLICATE_KEY

with warnings.catch_warnings():
    # mongomock still imports names that newer libraries deprecate; our code does not use them.
    warnings.simplefilter("ignore", DeprecationWarning)
    from mongomock.filtering import filter_applies  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType] -- it ships none
    from mongomock_motor import AsyncMongoMockClient  # pyright: ignore[reportMissingTypeStubs] -- nor does this

UPDATED_AT_ONCE = 50
EXPIRE_EVERY_SECONDS = 60  # as mongod does; mongomock would look at every document of a collection at every command


def memory_database(name: str) -> Any:
    """A new, empty database with the interface that Beanie and our stores use."""
    return _Database(AsyncMongoMockClient()[name])


class _Database:
    def __init__(self, database: Any) -> None:
        self._database = database
        self._collections: dict[str, _Collection] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def __getitem__(self, name: str) -> Any:
        if name not in self._collections:
            collection = self._database[name]
            _make_quick(collection._AsyncMongoMockCollection__collection)
            self._collections[name] = _Collection(collection)
        return self._collections[name]

    async def list_collection_names(self, **options: Any) -> list[str]:
        # mongomock knows neither authorizedCollections nor nameOnly.
        return await self._database.list_collection_names()


class _Collection:
    def __init__(self, collection: Any) -> None:
        self._collection = collection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._collection, name)

    async def aggregate(self, *arguments: Any, **options: Any) -> Any:
        # A coroutine in PyMongo, a plain call in Motor.
        return self._collection.aggregate(*arguments, **options)

    async def update_many(self, query: JsonObject, change: JsonObject) -> UpdateResult:
        """In parts, as a database that is not in this process leaves time to others."""
        ids = [one["_id"] async for one in self._collection.find(query, {"_id": 1})]
        matched = modified = 0
        for first in range(0, len(ids), UPDATED_AT_ONCE):
            some = {"$and": [query, {"_id": {"$in": ids[first : first + UPDATED_AT_ONCE]}}]}
            done = await self._collection.update_many(some, change)
            matched, modified = matched + done.matched_count, modified + done.modified_count
            await asyncio.sleep(0)
        return UpdateResult({"n": matched, "nModified": modified}, acknowledged=True)

    async def bulk_write(self, requests: list[InsertOne[Any] | UpdateOne], *, ordered: bool = True) -> None:
        # mongomock does not know the newer options that PyMongo's requests carry; there is no network to save here.
        errors: list[JsonObject] = []
        for index, request in enumerate(requests):
            try:
                if isinstance(request, InsertOne):
                    await self._collection.insert_one(request._doc)  # pyright: ignore[reportPrivateUsage]
                else:
                    await self._collection.update_one(request._filter, request._doc, upsert=bool(request._upsert))  # pyright: ignore[reportPrivateUsage]
            except DuplicateKeyError as fault:
                errors.append({"index": index, "code": DUPLICATE_KEY, "errmsg": str(fault)})
                if ordered:
                    break
        if errors:
            raise BulkWriteError({"writeErrors": errors})


def _make_quick(collection: Any) -> None:
    """Have a collection of mongomock find documents by their ids without a look at all others."""
    store, scan = collection._store, collection._iter_documents

    def find(query: JsonObject) -> Iterator[JsonObject]:
        ids = _ids_in(query)
        if ids is None:
            return scan(query)
        found = [store._documents[id] for id in ids if id in store._documents]
        return (document for document in found if filter_applies(query, document))

    collection._iter_documents = find
    store._remove_expired_documents = _now_and_then(store._remove_expired_documents)


def _ids_in(query: dict[str, Any]) -> list[str | ObjectId] | None:
    """The ids that the query names, if it names some that mongomock uses as keys as they are."""
    for part in query.get("$and", ()):
        if (ids := _ids_in(part)) is not None:
            return ids
    named = query.get("_id")
    ids: Any = [named]
    if isinstance(named, dict):
        ids = cast("dict[str, Any]", named).get("$in")
    if isinstance(ids, list) and all(isinstance(id, str | ObjectId) for id in cast("list[Any]", ids)):
        return list(dict.fromkeys(cast("list[str | ObjectId]", ids)))
    return None


def _now_and_then(work: Callable[[], None]) -> Callable[[], None]:
    last = time.monotonic()

    def work_if_long_ago() -> None:
        nonlocal last
        if time.monotonic() - last > EXPIRE_EVERY_SECONDS:
            last = time.monotonic()
            work()

    return work_if_long_ago
