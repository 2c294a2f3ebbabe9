"""A long document is the same whether it is decoded in one go or in parts, and no part of it is long."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import bson
import pytest
from beanie import init_beanie
from bson.codec_options import CodecOptions
from jobyard.models.documents.job import Job
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
