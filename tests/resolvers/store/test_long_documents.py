"""A long document is the same whether it is decoded in one go or in parts, and no part of it is long."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import bson
import pytest
from beanie import init_beanie
from bson.codec_options import CodecOptions
from jobyard.models.documents.job import Job
from jobyard.models.documents.workflow import Workflow
from jobyard.models.json import object_at
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.projects import names
from jobyard.resolvers.search import lists
from jobyard.resolvers.store import long_documents
from jobyard.resolvers.store.collections import collection_of
from jobyard.resolvers.store.connect import Store

pytestmark = pytest.mark.anyio

TASK = {"status": "complete", "at": datetime(2024, 12, 4, tzinfo=UTC), "times": [1, 2.5, None, {"deep": ["ü"]}]}
LONG: dict[str, Any] = {
    "_id": "long",
    "tasks": {f"{number:x}": TASK for number in range(10_000)},
    "nodes": [{"id": number, "within": [TASK]} for number in range(2_000)],
    "text": "x" * 500_000,
}


@pytest.fixture
async def jobs(store: Store) -> Any:
    await init_beanie(database=store.database, document_models=[Job])
    return collection_of(Job)


async def test_long_and_short_documents_are_read_as_the_driver_reads_them(jobs: Any) -> None:
    await jobs.insert_many([{"_id": "short", "a": 1}, LONG, {"_id": "last", "a": 2}])
    expected = [one async for one in jobs.find({})]
    assert [one async for one in long_documents.read(jobs, {})] == expected
    assert [one async for one in long_documents.read(jobs, {"_id": "long"}, {"text": 0}, most=1)] == [
        {key: value for key, value in expected[1].items() if key != "text"}
    ]
    assert [one["_id"] async for one in long_documents.read(jobs, {"a": {"$gt": 0}}, {"_id": 1})] == ["short", "last"]


async def test_a_page_in_an_order_is_the_one_that_the_driver_reads(jobs: Any) -> None:
    await jobs.insert_many([LONG, *({"_id": str(number), "a": number} for number in range(5))])
    order = [("a", -1), ("_id", 1)]
    for skip, most in ((0, 2), (2, 3), (4, 0), (0, 0)):
        expected = [one async for one in jobs.find({}).sort(order).skip(skip).limit(most)]
        page = long_documents.read(jobs, {}, order=order, skip=skip, most=most, patience=10_000)
        assert [one async for one in page] == expected


async def test_no_part_that_is_decoded_at_once_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def decode(raw: bytes, options: Any) -> Any:
        sizes.append(len(raw))
        return bson.decode(raw, options)

    monkeypatch.setattr(long_documents, "decode", decode)
    options = CodecOptions[dict[str, Any]](tz_aware=True)
    raw = bson.encode(LONG)
    assert long_documents.decode_in_parts(raw, options) == bson.decode(raw, options)
    assert max(sizes) <= long_documents.AT_ONCE < len(raw)


async def test_a_long_workflow_is_decoded_in_parts_by_its_name_and_in_lists(
    kept_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def decode(raw: bytes, options: Any) -> Any:
        sizes.append(len(raw))
        return bson.decode(raw, options)

    await init_beanie(database=kept_store.database, document_models=[Workflow])
    await collection_of(Workflow).insert_one({"_id": "w", "name": "long", "tasks": LONG["tasks"]})
    monkeypatch.setattr(long_documents, "decode", decode)
    found = await names.find("workflow", "long")
    assert found is not None and len(object_at(found, "tasks")) == len(LONG["tasks"])
    (listed,) = (await lists.workflows(SYSTEM, {})).documents
    assert listed == found
    assert 0 < max(sizes) <= long_documents.AT_ONCE


async def test_others_have_a_turn_between_many_short_documents(store: Store, jobs: Any) -> None:
    number, turns = 2_000, 0
    await jobs.insert_many([{"_id": str(at), "task": TASK, "text": "x" * 1000} for at in range(number)])

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    read = [one async for one in long_documents.read(jobs, {})]
    counting.cancel()
    assert len(read) == number
    assert turns > number * 1000 // long_documents.AT_ONCE or not store.durable
