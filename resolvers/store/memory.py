"""The in-memory store: mongomock-motor with the few calls that PyMongo's asyncio client spells differently.

The store has no durable data, no transactions, no change streams and no indexes: it is for unit tests and a first try.
See reference/storage.md#the-in-memory-store for what it cannot do.
"""

import warnings
from typing import Any

from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from ...models.json import JsonObject
from .errors import DUPLICATE_KEY

with warnings.catch_warnings():
    # mongomock still imports names that newer libraries deprecate; our code does not use them.
    warnings.simplefilter("ignore", DeprecationWarning)
    from mongomock_motor import AsyncMongoMockClient  # pyright: ignore[reportMissingTypeStubs] -- it ships none


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
            self._collections[name] = _Collection(self._database[name])
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
