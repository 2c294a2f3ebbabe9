"""Jobs of other programs get the tokens that they are found by."""

from typing import Any

import pytest
from beanie import init_beanie
from jobyard.models.documents.job import Job, TaskIteration
from jobyard.models.documents.search_terms import variable_token, word_token
from jobyard.resolvers.search import backfill
from jobyard.resolvers.search.backfill import backfill_batch
from jobyard.resolvers.store.connect import Store

from .planted import job, number

pytestmark = pytest.mark.anyio


@pytest.fixture
async def jobs(store: Store) -> Any:
    await init_beanie(database=store.database, document_models=[Job, TaskIteration])
    return store.database["jobs"]


async def test_they_get_them_batch_by_batch_and_keep_everything_else(jobs: Any) -> None:
    stored = [{"_id": number(count), "name": "A", "variables": {"°$n": count}} for count in range(backfill.BATCH + 1)]
    await jobs.insert_many(stored)
    assert [await backfill_batch() for _ in range(3)] == [backfill.BATCH, 1, 0]
    found = [one async for one in jobs.find({}).sort("_id", 1)]
    assert found == [
        {**one, "found_by": [word_token("a"), variable_token("$n", count)]} for count, one in enumerate(stored)
    ]


async def test_tokens_that_are_there_stay(jobs: Any) -> None:
    await jobs.insert_many([job(number(1), name="new name"), {**job(number(2)), "found_by": []}])
    before = [one async for one in jobs.find({}).sort("_id", 1)]
    assert await backfill_batch() == 0
    assert [one async for one in jobs.find({}).sort("_id", 1)] == before


async def test_a_reference_to_a_large_value_is_no_value(jobs: Any) -> None:
    await jobs.insert_one({"_id": number(1), "variables": {"large": {"$job_data": "x", "size": 9}, "small": 1}})
    assert await backfill_batch() == 1
    assert (await jobs.find_one({}))["found_by"] == [variable_token("small", 1)]
