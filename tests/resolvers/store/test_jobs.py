"""Guarded writes and leases: a job has one writer at a time."""

import asyncio
from typing import Any

import pytest
from beanie import init_beanie
from jobyard.models.documents.event import JobEvent
from jobyard.models.documents.job import Job, Server, TaskIteration
from jobyard.models.documents.shapes.jobs import JobHeader
from jobyard.models.documents.shapes.tasks import IterationDocument
from jobyard.models.documents.stored import to_stored
from jobyard.resolvers.store.advances import LostLease
from jobyard.resolvers.store.connect import Store
from jobyard.resolvers.store.jobs import JobStore
from jobyard.resolvers.store.large_values import LargeValues

pytestmark = pytest.mark.anyio


@pytest.fixture
async def two(store: Store) -> tuple[JobStore, JobStore]:
    """Two processes on one database; a lease of theirs is over at once."""
    await init_beanie(database=store.database, document_models=[Job, TaskIteration, Server, JobEvent])
    return job_store("one", 0, store), job_store("two", 0, store)


def job_store(owner: str, lease: int, store: Store) -> JobStore:
    return JobStore(owner, lease, LargeValues(store.database, gridfs=store.durable))


def new_job(**variables: Any) -> Any:
    return {
        "_id": "a" * 24,
        "status": "running",
        "seq": 0,
        "workflow_version": "v",
        "variables": variables,
        "tasks": {},
    }


def iteration(seq: int = 1, **outgoing: Any) -> Any:
    return {
        "_id": "i",
        "seq": seq,
        "job": {"_id": "a" * 24, "task": "x"},
        "variables": {"incoming": {}, "outgoing": outgoing},
    }


async def save(store: JobStore, seq: int, epoch: int, fields: dict[str, Any], *iterations: IterationDocument) -> None:
    """Commit an advance, and write what follows from it."""
    committed = await store.commit("a" * 24, seq, epoch, fields, list(iterations))
    await store.outbox.write(iterations, committed.groups)


async def test_every_write_names_the_sequence_it_expects(two: tuple[JobStore, JobStore]) -> None:
    one, _ = two
    await one.insert(new_job())
    await save(one, 0, 1, {"tasks.x": {"status": "complete"}}, iteration())
    with pytest.raises(LostLease):
        await save(one, 0, 1, {"tasks.x": {"status": "error"}})
    found = await one.find("a" * 24)
    assert found is not None
    assert (found["seq"], found["tasks"]) == (1, {"x": {"status": "complete"}})
    assert await one.iterations(["i"]) == {"x": iteration()}


async def test_an_advance_that_is_repeated_writes_the_same_iteration_again(two: tuple[JobStore, JobStore]) -> None:
    one, _ = two
    await one.insert(new_job())
    for seq, status in enumerate(("running", "complete")):
        await save(one, seq, 1, {}, iteration(seq + 1, status=status))
    assert await one.iterations(["i"]) == {"x": iteration(2, status="complete")}


async def test_another_process_takes_over_and_the_stale_owner_writes_nothing(kept_store: Store) -> None:
    await init_beanie(database=kept_store.database, document_models=[Job, TaskIteration, Server, JobEvent])
    one, other = job_store("one", 0, kept_store), job_store("two", 0, kept_store)
    await one.insert(new_job())
    adopted = await asyncio.wait_for(until_adopted(other), 5)
    assert adopted["lease"]["owner"] == "two"
    with pytest.raises(LostLease):
        await save(one, 0, 1, {"status": "complete"})
    await save(other, 0, 2, {"status": "complete"})
    found = await one.find("a" * 24)
    assert found is not None
    assert found["status"] == "complete"


async def until_adopted(store: JobStore) -> JobHeader:
    while not (adopted := await adopted_by(store)):
        pass  # the database's clock has to move on by a millisecond
    return adopted[0]


async def adopted_by(store: JobStore) -> list[JobHeader]:
    found = await store.orphans.find(10)
    return await store.orphans.take(found.mine, found.silent)


async def test_a_process_that_leaves_in_order_leaves_its_jobs_to_others(kept_store: Store) -> None:
    await init_beanie(database=kept_store.database, document_models=[Job, TaskIteration, Server, JobEvent])
    one, later = job_store("one", 60_000, kept_store), job_store("later", 60_000, kept_store)
    await one.servers.beat()
    await one.insert(new_job())
    assert await adopted_by(later) == []
    await one.close()
    (adopted,) = await adopted_by(later)
    assert adopted["lease"]["owner"] == "later"


@pytest.mark.parametrize("size", [100, 100_000, 10_000_000, 40_000_000])
async def test_values_of_any_size_come_back_and_the_job_stays_small(
    store: Store, two: tuple[JobStore, JobStore], size: int
) -> None:
    one, _ = two
    large = ["x" * size, {"$ref": 1}]
    await one.insert(new_job(large=to_stored(large, what="it"), small=1))
    found = await one.find("a" * 24)
    assert found is not None
    assert found["variables"] == {"large": ["x" * size, {"°$ref": 1}], "small": 1}
    await save(one, 0, 1, {"variables": {"large": large[0]}}, iteration(large=large[0]))
    assert await one.iterations(["i"]) == {"x": iteration(large="x" * size)}
    raw = await store.database["jobs"].find_one({"_id": "a" * 24})
    assert len(str(raw)) < 2000


async def test_many_small_values_that_are_too_much_together_come_back_too(
    store: Store, two: tuple[JobStore, JobStore]
) -> None:
    one, _ = two
    variables = {f"v{number}": str(number) * 10_000 for number in range(500)}
    await one.insert(new_job(**variables))
    found = await one.find("a" * 24)
    assert found is not None
    assert found["variables"] == variables


@pytest.mark.parametrize("variables", [{"v": [0] * 1_500_000}, {f"v{number}": [0] * 30_000 for number in range(50)}])
async def test_values_that_are_far_larger_in_the_database_than_as_json_come_back_too(
    two: tuple[JobStore, JobStore], variables: dict[str, Any]
) -> None:
    one, _ = two
    await one.insert(new_job(**variables))
    found = await one.find("a" * 24)
    assert found is not None
    assert found["variables"] == variables


async def test_the_variables_of_child_jobs_are_kept_beside_the_iteration(
    store: Store, two: tuple[JobStore, JobStore]
) -> None:
    one, _ = two
    children = {"workflow": "child", "variables": [{"text": "x" * 1000} for _ in range(20_000)]}
    await one.insert(new_job())
    started = iteration()
    started["children"] = dict(children)
    await save(one, 0, 1, {}, started)
    raw = await store.database["tasks"].find_one({"_id": "i"})
    assert len(str(raw)) < 2000
    assert (await one.iterations(["i"]))["x"]["children"] == children
