"""Guarded writes and leases: a job has one writer at a time."""

import asyncio
from typing import Any

import pytest
from beanie import init_beanie
from jobyard.models.documents.job import Job, TaskIteration
from jobyard.resolvers.store.connect import Store
from jobyard.resolvers.store.jobs import JobStore, LostLease

pytestmark = pytest.mark.anyio


@pytest.fixture
async def two(store: Store) -> tuple[JobStore, JobStore]:
    """Two processes on one database; a lease of theirs is over at once."""
    await init_beanie(database=store.database, document_models=[Job, TaskIteration])
    return JobStore("one", 0), JobStore("two", 0)


def new_job() -> dict[str, Any]:
    return {"_id": "a" * 24, "status": "running", "seq": 0, "workflow_version": "v", "tasks": {}}


async def test_every_write_names_the_sequence_it_expects(two: tuple[JobStore, JobStore]) -> None:
    one, _ = two
    await one.insert(new_job())
    await one.save("a" * 24, 0, 1, {"tasks.x": {"status": "complete"}}, [{"_id": "i", "job": {"task": "x"}}])
    with pytest.raises(LostLease):
        await one.save("a" * 24, 0, 1, {"tasks.x": {"status": "error"}}, [])
    found = await one.find("a" * 24)
    assert found is not None
    assert (found["seq"], found["tasks"]) == (1, {"x": {"status": "complete"}})
    assert await one.iterations(["i"]) == {"x": {"_id": "i", "job": {"task": "x"}}}


async def test_an_advance_that_is_repeated_writes_the_same_iteration_again(two: tuple[JobStore, JobStore]) -> None:
    one, _ = two
    await one.insert(new_job())
    for seq, status in enumerate(("running", "complete")):
        await one.save("a" * 24, seq, 1, {}, [{"_id": "i", "job": {"task": "x"}, "status": status}])
    assert await one.iterations(["i"]) == {"x": {"_id": "i", "job": {"task": "x"}, "status": "complete"}}


async def test_another_process_takes_over_and_the_stale_owner_writes_nothing(kept_store: Store) -> None:
    await init_beanie(database=kept_store.database, document_models=[Job, TaskIteration])
    one, other = JobStore("one", 0), JobStore("two", 0)
    await one.insert(new_job())
    adopted = await asyncio.wait_for(until_adopted(other), 5)
    assert adopted["lease"]["owner"] == "two"
    with pytest.raises(LostLease):
        await one.save("a" * 24, 0, 1, {"status": "complete"}, [])
    await other.save("a" * 24, 0, 2, {"status": "complete"}, [])
    found = await one.find("a" * 24)
    assert found is not None
    assert found["status"] == "complete"


async def until_adopted(store: JobStore) -> dict[str, Any]:
    while (adopted := await store.adopt()) is None:
        pass  # the database's clock has to move on by a millisecond
    return adopted


async def test_a_process_that_leaves_in_order_leaves_its_jobs_to_others(kept_store: Store) -> None:
    await init_beanie(database=kept_store.database, document_models=[Job, TaskIteration])
    one, later = JobStore("one", 60_000), JobStore("later", 60_000)
    await one.insert(new_job())
    assert await later.adopt() is None
    await one.close()
    adopted = await later.adopt()
    assert adopted is not None
    assert adopted["lease"]["owner"] == "later"
