"""Group commit."""

import asyncio
from typing import Any, cast

import pytest
from jobyard.models.documents.stored import NotStorable
from jobyard.resolvers.store.connect import Store
from jobyard.resolvers.store.errors import AlreadyStored
from jobyard.resolvers.store.group_commit import Writer
from pymongo import ASCENDING

pytestmark = pytest.mark.anyio


class Counting:
    """The collection, and how many documents each of its writes carried."""

    def __init__(self, collection: object) -> None:
        self._collection = collection
        self.batches: list[int] = []

    async def insert_many(self, documents: list[object], *, ordered: bool) -> None:
        self.batches.append(len(documents))
        await self._collection.insert_many(documents, ordered=ordered)  # type: ignore[attr-defined]


async def test_inserts_that_come_together_are_written_together(store: Store) -> None:
    collection = Counting(store.database["things"])
    writer = Writer(cast(Any, collection))
    await asyncio.gather(*(writer.insert({"_id": number}) for number in range(250)))
    assert await store.database["things"].count_documents({}) == 250
    assert max(collection.batches) == 100
    assert sum(collection.batches) == 250


async def test_a_pause_between_two_writes_ends_for_who_waits(store: Store) -> None:
    collection = Counting(store.database["things"])
    writer = Writer(cast(Any, collection), pause=3600)
    async with asyncio.timeout(30):
        await writer.insert({"_id": 0})  # the first one never waits
        later = [asyncio.create_task(writer.insert({"_id": number})) for number in (1, 2)]
        for _ in range(3):  # the tasks begin
            await asyncio.sleep(0)
        assert collection.batches == [1]
        writer.hasten()
        await asyncio.gather(*later)
    assert collection.batches == [1, 2]


async def test_what_belongs_together_is_never_in_two_commands(store: Store) -> None:
    """Of two commands the first one may be lost on its way, and the second one carried out."""
    collection = Counting(store.database["things"])
    writer = Writer(cast(Any, collection))
    await writer.insert({"_id": "stored"})
    singles = [writer.insert({"_id": number}) for number in range(99)]
    *_, faults = await asyncio.gather(*singles, writer.insert_together({"_id": "stored"}, {"_id": "later"}))
    assert [type(fault) for fault in faults or ()] == [AlreadyStored, type(None)]
    assert collection.batches == [1, 101]


async def test_a_duplicate_is_the_fault_of_its_own_caller_alone(store: Store) -> None:
    await store.database["things"].create_index([("key", ASCENDING)], unique=True, name="by_key")
    writer = Writer(store.database["things"])
    await writer.insert({"_id": 1, "key": "a"})
    documents = [{"_id": 2, "key": "b"}, {"_id": 3, "key": "a"}, {"_id": 1, "key": "c"}, {"_id": 4, "key": "d"}]
    results = await asyncio.gather(*(writer.insert(one) for one in documents), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), AlreadyStored, AlreadyStored, type(None)]
    assert sorted([found["_id"] async for found in store.database["things"].find({})]) == [1, 2, 4]


@pytest.mark.parametrize("store", ["mongod"], indirect=True)  # memory has no limit
async def test_what_is_too_large_is_the_fault_of_its_own_caller_alone(store: Store) -> None:
    writer = Writer(store.database["things"])
    many = {f"k{number}": [0] * 250 for number in range(8000)}  # 17 MB, of which no value is large
    documents = [{"_id": 1}, {"_id": 2, **many}, {"_id": 3}]
    results = await asyncio.gather(*(writer.insert(one) for one in documents), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), NotStorable, type(None)]
    assert sorted([found["_id"] async for found in store.database["things"].find({})]) == [1, 3]


async def test_a_caller_that_gives_up_takes_nothing_from_the_others(store: Store) -> None:
    writer = Writer(store.database["things"])
    first, second = (asyncio.create_task(writer.insert({"_id": number})) for number in (1, 2))
    await asyncio.sleep(0)
    first.cancel()
    await second
    await writer.close()
    assert await store.database["things"].count_documents({}) == 2


async def test_a_document_that_cannot_be_written_fails_and_the_writer_goes_on(store: Store) -> None:
    writer = Writer(store.database["things"])
    if store.durable:
        with pytest.raises(Exception, match="cannot encode object"):
            await writer.insert({"_id": 1, "odd": object()})
    await writer.insert({"_id": 2})
    assert await store.database["things"].count_documents({}) == 1
