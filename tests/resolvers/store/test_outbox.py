"""Iterations follow from the header: from its outbox, after it, and as often as somebody writes them."""

from typing import Any

import pytest
from beanie import init_beanie
from jobyard.models.documents.event import JobEvent
from jobyard.models.documents.job import Job, Server, TaskIteration
from jobyard.resolvers.store import outbox
from jobyard.resolvers.store.connect import Store
from jobyard.resolvers.store.jobs import JobStore
from jobyard.resolvers.store.large_values import LargeValues

pytestmark = pytest.mark.anyio

JOB = "a" * 24


@pytest.fixture
async def jobs(store: Store) -> JobStore:
    await init_beanie(database=store.database, document_models=[Job, JobEvent, TaskIteration, Server])
    jobs = JobStore("one", 60_000, LargeValues(store.database, gridfs=store.durable))
    header: Any = {"_id": JOB, "status": "running", "seq": 0, "workflow_version": "v", "variables": {}, "tasks": {}}
    await jobs.insert(header)
    return jobs


def iteration(id: str, seq: int, **more: Any) -> Any:
    values = {"incoming": {}, "outgoing": {}}
    return {"_id": id, "seq": seq, "job": {"_id": JOB, "task": id}, "variables": values, **more}


async def stored(store: Store, id: str) -> dict[str, Any] | None:
    return await store.database["tasks"].find_one({"_id": id})


async def test_what_was_committed_is_written_by_whoever_comes_next(store: Store, jobs: JobStore) -> None:
    await jobs.commit(JOB, 0, 1, {}, [iteration("x", 1, status="complete")])
    assert await stored(store, "x") is None
    for _ in range(2):
        await jobs.deliver(JOB)
        assert await stored(store, "x") == iteration("x", 1, status="complete")


async def test_who_writes_late_replaces_nothing_newer(store: Store, jobs: JobStore) -> None:
    late = iteration("x", 1, status="running", waits_for="person")
    await jobs.outbox.write([iteration("x", 2, status="complete")], [])
    await jobs.outbox.write([late, iteration("y", 1, status="running")], [])
    assert await stored(store, "x") == iteration("x", 2, status="complete")
    assert await stored(store, "y") == iteration("y", 1, status="running")


async def test_an_answer_stays_until_the_iteration_waits_for_nobody(store: Store, jobs: JobStore) -> None:
    waiting = iteration("x", 1, status="running", waits_for="person")
    await jobs.outbox.write([waiting], [])
    await store.database["tasks"].update_one({"_id": "x"}, {"$set": {"answer": {"at": 1}}})
    await jobs.outbox.write([waiting], [])
    assert (await stored(store, "x") or {}).get("answer") == {"at": 1}
    await jobs.commit(JOB, 0, 1, {}, [iteration("x", 2, status="complete", waits_for=None)])
    assert (await stored(store, "x") or {}).get("answer") == {"at": 1}
    await jobs.deliver(JOB)
    assert "answer" not in (await stored(store, "x") or {})


async def test_iterations_carry_the_groups_that_the_job_has_now(store: Store, jobs: JobStore) -> None:
    await jobs.amend(JOB, {"$set": {"groups": ["g"]}})
    committed = await jobs.commit(JOB, 0, 1, {}, [iteration("x", 1, access={"groups": [], "starter": "ada"})])
    await jobs.outbox.write([iteration("x", 1, access={"groups": [], "starter": "ada"})], committed.groups)
    assert (await stored(store, "x") or {})["access"] == {"groups": ["g"], "starter": "ada"}


async def test_a_large_outbox_lies_beside_the_header_until_it_is_discarded(
    store: Store, jobs: JobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LARGEST_PART", 100_000)
    several = [iteration(f"x{number}", 1, text="x" * 40_000) for number in range(8)]
    committed = await jobs.commit(JOB, 0, 1, {}, several)
    header = await store.database["jobs"].find_one({"_id": JOB})
    assert len(str(header)) < 2000
    assert len(committed.parts) == 4
    await jobs.deliver(JOB)
    assert [await stored(store, one["_id"]) for one in several] == several
    await jobs.outbox.discard(committed.parts)
    assert await store.database["job_data"].count_documents({}) == 0


async def test_what_an_owner_left_that_was_killed_before_its_header_was_stored_goes_with_the_job(
    store: Store, jobs: JobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LARGEST_INLINE", 0)
    await jobs.outbox.prepare(JOB, 1, 1, [iteration("x", 1)])
    await store.database["job_data"].insert_one({"_id": "a value", "job_id": JOB, "key": "x", "value": 1})
    await jobs.outbox.clear(JOB)
    assert [one["_id"] async for one in store.database["job_data"].find({})] == ["a value"]


async def test_a_job_that_is_over_keeps_no_outbox(store: Store, jobs: JobStore) -> None:
    await jobs.commit(JOB, 0, 1, {"status": "complete"}, [iteration("x", 1)])
    assert await jobs.release(JOB, 1)
    header = await store.database["jobs"].find_one({"_id": JOB})
    assert header is not None
    assert {"outbox", "lease"}.isdisjoint(header)
