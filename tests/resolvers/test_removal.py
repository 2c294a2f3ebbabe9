"""The removal of families: whole or not at all, and whatever the database does in the middle."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jobyard.models.settings import Settings
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.retention import duty
from jobyard.resolvers.store import removal
from jobyard.resolvers.store.removal import finish_removals, remove_families
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from ..families import COLLECTIONS, counts, plant_family
from ..mongo_proxy import MongoProxy, mongo_proxy

pytestmark = pytest.mark.anyio

AT = datetime(2026, 1, 1, tzinfo=UTC)
NONE = dict.fromkeys((*COLLECTIONS, "removals"), 0)
OF_REMOVAL = ("find", "aggregate", "update", "delete", "commitTransaction")


def is_of_removal(name: str, command: dict[str, Any]) -> bool:
    """A command of the removal, not of the server beside it."""
    if name == "commitTransaction":
        return True
    return name in OF_REMOVAL and command.get(name) in (*COLLECTIONS, "removals")


class Counted:
    """Matches the commands of a removal from number `first` to `last`."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last, self.seen = first, last, 0

    def __call__(self, name: str, command: dict[str, Any]) -> bool:
        if not is_of_removal(name, command):
            return False
        self.seen += 1
        return self.first <= self.seen <= self.last


@pytest.fixture(autouse=True)
def _no_duty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The duty would finish a removal that a test has begun: the families of a test have the same ids again."""
    monkeypatch.setattr(duty, "FIRST_SECONDS", 3600.0)


def quiet(proxy: MongoProxy, database: str) -> Settings:
    """Of a server that does nothing else with jobs while a test counts its commands."""
    return Settings(mongodb_uri=proxy.uri, database=database, lease=600_000, open=True)


@pytest.mark.parametrize("before", [True, False], ids=["lost", "answer-lost"])
async def test_a_removal_that_fails_at_any_command_leaves_no_half_of_a_family_and_is_finished_later(
    mongodb_uri: str, mongodb: MongoClient[dict[str, Any]], new_database: str, before: bool
) -> None:
    database = mongodb[new_database]
    async with mongo_proxy(mongodb_uri) as proxy, open_services(quiet(proxy, new_database)) as services:
        clean = Counted(1, 0)
        fault = proxy.lose(clean, before=before, times=1)
        root = plant_family(database, 1, 1, children=2)
        assert (await remove_families(services.store, [root], AT)).deleted.jobs == 3
        assert counts(database) == NONE
        proxy.faults.remove(fault)
        commands = clean.seen
        assert commands >= 9
        failed = 0
        for number in range(1, commands + 1):
            root = plant_family(database, 1, 1, children=2)
            # The driver sends a command again by itself, and a whole transaction, too.
            fault = proxy.lose(Counted(number, number + 3), before=before, times=4)
            try:
                await remove_families(services.store, [root], AT)
            except PyMongoError:
                failed += 1
            proxy.faults.remove(fault)
            jobs, tasks = database["jobs"].count_documents({}), database["tasks"].count_documents({})
            assert (jobs, tasks) in ((3, 3), (0, 0)), number
            if jobs:
                await remove_families(services.store, [root], AT)
            await finish_removals(services.store, AT + timedelta(seconds=1), 10)
            assert counts(database) == NONE, number
        assert failed >= commands // 2


async def test_a_removal_without_transactions_is_finished_later(
    mongodb_uri: str, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    database = mongodb[new_database]
    async with mongo_proxy(mongodb_uri) as proxy, open_services(quiet(proxy, new_database)) as services:
        alone = removal.Store(**{**vars(services.store), "transactions": False})
        for number in range(1, 12):
            root = plant_family(database, 1, 1, children=2)
            fault = proxy.lose(Counted(number, number + 1), before=True, times=2)
            try:
                await remove_families(alone, [root], AT)
            except PyMongoError:
                if database["jobs"].count_documents({}) == 3:
                    proxy.faults.remove(fault)
                    await remove_families(alone, [root], AT)
            proxy.faults.clear()
            await finish_removals(alone, AT + timedelta(seconds=1), 10)
            assert counts(database) == NONE, number


async def test_families_with_a_job_that_is_not_over_stay_and_others_go(
    kept: Settings, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    database = mongodb[new_database]
    async with open_services(kept) as services:
        roots = [plant_family(database, number, number) for number in range(1, 6)]
        child = database["jobs"].find_one({"ancestors.1": {"$exists": True}, "ancestors.0": roots[0]})
        assert child is not None
        database["jobs"].update_one({"_id": child["_id"]}, {"$set": {"status": "error"}})
        database["jobs"].update_one({"_id": roots[1]}, {"$set": {"lease": {"owner": "another", "epoch": 1}}})
        database["jobs"].update_one({"_id": roots[2]}, {"$set": {"state_version": 99}})
        removed = await remove_families(services.store, [*roots, child["_id"], "f" * 24], AT)
    assert removed.roots == roots[3:]
    assert removed.unfinished == [roots[0], child["_id"], "f" * 24]
    assert removed.leased == {roots[1]: [roots[1]]}
    assert list(removed.newer) == [roots[2]]
    assert removed.deleted == removal.Deleted(jobs=4, tasks=4, events=4, values=4, large_values=4)
    assert counts(database) == {**dict.fromkeys(COLLECTIONS, 6), "removals": 0}


async def test_families_that_are_too_many_together_are_read_in_parts(
    kept: Settings, mongodb: MongoClient[dict[str, Any]], new_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "MOST_READ", 7)
    monkeypatch.setattr(removal, "MOST_TOGETHER", 3)
    monkeypatch.setattr(removal, "IDS_OF_REMOVAL", 2)
    database = mongodb[new_database]
    async with open_services(kept) as services:
        roots = [plant_family(database, number, number, children=number) for number in range(1, 6)]
        removed = await remove_families(services.store, roots, AT)
    assert removed.roots == roots
    assert removed.deleted.jobs == removed.deleted.tasks == removed.deleted.large_values == 2 + 3 + 4 + 5 + 6
    assert counts(database) == NONE
