"""Advances and the ends of leases in group commit: each of a batch has its own outcome."""

import asyncio
from typing import Any

import pytest
from beanie import init_beanie
from jobyard.models.documents.job import Job, Server, TaskIteration
from jobyard.resolvers.store.advances import Advance, Advances, LostLease
from jobyard.resolvers.store.connect import Store

pytestmark = pytest.mark.anyio
UNSET = {"$unset": {"lease": ""}}


class Watched:
    """The collection, and which commands were sent to it."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection
        self.sent: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.sent.append(name)
        return getattr(self._collection, name)


@pytest.fixture
async def jobs(store: Store) -> Any:
    await init_beanie(database=store.database, document_models=[Job, TaskIteration, Server])
    documents = [{"_id": id, "seq": 0, "groups": [id], "lease": {"owner": "one", "epoch": 1}} for id in "abcdef"]
    await store.database["jobs"].insert_many(documents)
    return Watched(store.database["jobs"])


def advance(id: str, seq: int = 0, epoch: int = 1, **fields: Any) -> Advance:
    return Advance(id, seq, epoch, {"$set": {"status": "complete", **fields}, "$inc": {"seq": 1}})


async def test_an_advance_alone_is_one_command(jobs: Any) -> None:
    assert (await Advances(jobs).commit(advance("a")))["groups"] == ["a"]
    assert jobs.sent == ["find_one_and_update"]


async def test_advances_that_come_together_are_written_and_looked_at_together(jobs: Any) -> None:
    advances = Advances(jobs)
    given = [advance("a"), advance("b"), advance("c"), advance("d", seq=7), advance("e", epoch=2), advance("gone")]
    found = await asyncio.gather(*map(advances.commit, given), return_exceptions=True)
    assert [one["groups"] for one in found[:3] if not isinstance(one, BaseException)] == [["a"], ["b"], ["c"]]
    assert [type(one) for one in found[3:]] == [LostLease] * 3
    assert jobs.sent == ["bulk_write", "find"]
    stored = {one["_id"]: one["seq"] async for one in jobs.find({})}
    assert stored == {"a": 1, "b": 1, "c": 1, "d": 0, "e": 0, "f": 0}


@pytest.mark.parametrize("store", ["mongod"], indirect=True)  # in memory everything can be stored, or nothing
async def test_what_one_advance_cannot_store_is_no_fault_of_the_others(jobs: Any) -> None:
    broken = Advance("b", 0, 1, {"$set": {"groups.x": 1}, "$inc": {"seq": 1}})
    found = await asyncio.gather(*map(Advances(jobs).commit, (advance("a"), broken)), return_exceptions=True)
    assert not isinstance(found[0], BaseException)
    assert "groups" in str(found[1])


async def test_a_large_change_is_a_command_of_its_own(jobs: Any) -> None:
    advances = Advances(jobs)
    await asyncio.gather(advances.commit(advance("a", text="x" * 300_000)), advances.commit(advance("b")))
    assert jobs.sent == ["find_one_and_update"] * 2


async def test_leases_end_together_but_for_those_whose_inbox_holds_something(jobs: Any) -> None:
    await jobs.update_one({"_id": "b"}, {"$set": {"inbox": [{"id": "1"}]}})
    await jobs.update_one({"_id": "c"}, {"$set": {"lease": {"owner": "two", "epoch": 2}}})
    jobs.sent.clear()
    advances = Advances(jobs)
    assert await asyncio.gather(*(advances.release(id, 1, UNSET) for id in "abc")) == [True, False, True]
    assert jobs.sent == ["bulk_write", "find"]
    leases = {one["_id"]: one.get("lease") async for one in jobs.find({"_id": {"$in": ["a", "b", "c"]}})}
    assert leases == {"a": None, "b": {"owner": "one", "epoch": 1}, "c": {"owner": "two", "epoch": 2}}


@pytest.mark.parametrize(("id", "ended"), [("a", True), ("b", False)])
async def test_a_lease_alone_ends_by_one_command(jobs: Any, id: str, ended: bool) -> None:
    await jobs.update_one({"_id": "b"}, {"$set": {"inbox": [{"id": "1"}]}})
    jobs.sent.clear()
    assert await Advances(jobs).release(id, 1, UNSET) is ended
    assert jobs.sent == ["update_one"]


async def test_leases_that_end_soon_after_another_end_together_and_before_the_process_does(jobs: Any) -> None:
    advances = Advances(jobs, release_pause=3600)
    assert await advances.release("a", 1, UNSET), "the first one is not delayed"
    late = [asyncio.create_task(advances.release(id, 1, UNSET)) for id in "bc"]
    await asyncio.sleep(0)
    await advances.close()
    assert [one.result() for one in late] == [True, True]
    assert jobs.sent == ["update_one", "bulk_write", "find"]
