"""A command to a family reaches each job below once, and the jobs that pass it on do so together."""

import asyncio
from typing import Any

import pytest
from beanie import init_beanie
from jobyard.models.documents.commands import inbox_entry
from jobyard.models.documents.job import Job
from jobyard.models.engine.events import Canceled
from jobyard.models.engine.lifecycle import ACTIONS
from jobyard.resolvers.store.collections import collection_of
from jobyard.resolvers.store.connect import Store
from jobyard.resolvers.store.family_commands import FamilyCommands

pytestmark = pytest.mark.anyio

ACTIVE = ACTIONS["cancel"].allowed
ENTRY = inbox_entry("canceled with root", Canceled(), "")


class Commands:
    """The jobs collection, which counts the commands of each kind."""

    def __init__(self) -> None:
        self._jobs = collection_of(Job)
        self.updates = 0
        self.finds = 0

    async def update_many(self, *arguments: Any) -> Any:
        self.updates += 1
        return await self._jobs.update_many(*arguments)

    def find(self, *arguments: Any) -> Any:
        self.finds += 1
        return self._jobs.find(*arguments)


@pytest.fixture
async def jobs(store: Store) -> Commands:
    await init_beanie(database=store.database, document_models=[Job])
    return Commands()


def job(id: str, *above: str, status: str = "running", owner: str = "this") -> dict[str, Any]:
    return {"_id": id, "ancestors": [*above, id], "status": status, "inbox": [], "lease": {"owner": owner, "epoch": 1}}


async def put(store: Store, *documents: dict[str, Any]) -> None:
    await store.database["jobs"].insert_many(list(documents))


async def inboxes(store: Store) -> dict[str, list[str]]:
    found = store.database["jobs"].find({})
    return {one["_id"]: [entry["id"] for entry in one["inbox"]] async for one in found}


async def test_each_unfinished_job_below_gets_the_entry_once(store: Store, jobs: Commands) -> None:
    await put(store, job("root"), job("a", "root"), job("b", "root", "a"), job("c", "root", status="complete"))
    await put(store, job("other"), job("child of other", "other"))
    commands = FamilyCommands(jobs, "this")  # type: ignore[arg-type]
    assert sorted(await commands.store_below("root", ENTRY, ACTIVE)) == ["a", "b"]
    assert await commands.store_below("a", ENTRY, ACTIVE) == []
    got = await inboxes(store)
    assert {id for id, entries in got.items() if entries} == {"a", "b"}
    assert all(len(entries) <= 1 for entries in got.values())


async def test_jobs_of_a_family_that_pass_a_command_on_at_once_share_the_write(store: Store, jobs: Commands) -> None:
    parents = [f"parent {number}" for number in range(80)]
    await put(store, job("root"), *(job(id, "root") for id in parents))
    commands = FamilyCommands(jobs, "this")  # type: ignore[arg-type]
    await commands.store_below("root", ENTRY, ACTIVE)
    await put(store, job("late", "root", "parent 7"))  # its start was in progress
    jobs.updates = jobs.finds = 0
    found = await asyncio.gather(*(commands.store_below(id, ENTRY, ACTIVE) for id in parents))
    assert [id for one in found for id in one] == ["late"]
    assert (await inboxes(store))["late"] == [ENTRY["id"]]
    assert jobs.updates <= 2
    assert jobs.finds <= 1


async def test_commands_to_two_families_are_kept_apart(store: Store, jobs: Commands) -> None:
    await put(store, job("one"), job("child of one", "one"), job("two"), job("child of two", "two"))
    commands = FamilyCommands(jobs, "this")  # type: ignore[arg-type]
    second = inbox_entry("canceled with two", Canceled(), "")
    found = await asyncio.gather(
        commands.store_below("one", ENTRY, ACTIVE), commands.store_below("two", second, ACTIVE)
    )
    assert found == [["child of one"], ["child of two"]]
    assert (await inboxes(store))["child of two"] == ["canceled with two"]


async def test_only_jobs_of_others_that_still_have_the_entry_are_found_elsewhere(store: Store, jobs: Commands) -> None:
    await put(store, job("root"), job("mine", "root"), job("theirs", "root", owner="gone"), job("over", "root"))
    commands = FamilyCommands(jobs, "this")  # type: ignore[arg-type]
    ids = await commands.store_below("root", ENTRY, ACTIVE)
    await store.database["jobs"].update_one(
        {"_id": "over"}, {"$set": {"inbox": [], "status": "canceled"}, "$unset": {"lease": ""}}
    )
    assert await commands.find_elsewhere(ids, ENTRY["id"]) == ["theirs"]
