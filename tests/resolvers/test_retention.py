"""The background duty of retention, on a real database."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from jobyard.models.retention import read_retention
from jobyard.models.settings import Settings
from jobyard.resolvers.jobs.admission import Arrival
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.retention import duty, prune
from jobyard.resolvers.retention.duty import RoundResult, do_round
from jobyard.resolvers.retention.pacing import FEW
from jobyard.resolvers.services import Services
from jobyard.resolvers.store.duties import Guard
from pymongo import MongoClient

from ..families import DAY, counts, plant_family
from ..log_lines import collected

pytestmark = pytest.mark.anyio


def keeping(kept: Settings, *entries: str, **others: Any) -> Settings:
    return replace(kept, keep_jobs=read_retention(entries), **others)


async def a_round(services: Services) -> RoundResult:
    return await do_round(services, Guard(services.store, duty.NAME, services.jobs.owner), asyncio.Event())


async def test_nothing_is_removed_unless_settings_say_so(
    kept: Settings, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    plant_family(mongodb[new_database], 1, 1)
    async with open_services(kept) as services:
        assert await a_round(services) == RoundResult()
    assert counts(mongodb[new_database])["jobs"] == 2


async def test_a_round_removes_by_status_age_and_number_and_says_so_once(
    kept: Settings, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    database = mongodb[new_database]
    async with open_services(keeping(kept, "complete=30d,3", "canceled=7d")) as services:
        now = services.clock.now()
        old = [plant_family(database, 1, now - 31 * DAY), plant_family(database, 2, now - 8 * DAY, status="canceled")]
        beyond = [plant_family(database, number, now - 20 * DAY + number) for number in (3, 4)]
        stays = [plant_family(database, number, now - DAY + number) for number in (5, 6, 7)]
        stays += [
            plant_family(database, 8, now - 6 * DAY, status="canceled"),
            plant_family(database, 9, now - 99 * DAY, status="running"),
        ]
        foreign = {"_id": "foreign", "status": "complete", "metrics": {"start_time": 1, "end_time": 2}}
        database["jobs"].insert_one(foreign)
        with collected() as lines:
            done = await a_round(services)
            assert await a_round(services) == RoundResult()
    assert (done.families, done.deleted.jobs, done.deleted.tasks) == (4, 8, 8)
    roots = {one["_id"] for one in database["jobs"].find({"ancestors.1": {"$exists": False}})}
    assert roots == {*stays, "foreign"}
    assert not roots & {*old, *beyond}
    (line,) = lines.of("jobs_removed")
    assert {key: line[key] for key in ("level", "jobs", "families", "keys", "finished")} == {
        "level": "info", "jobs": 8, "families": 4, "keys": 0, "finished": 0,
    }  # fmt: skip


async def test_a_request_ends_in_its_time_beside_starts_and_the_next_one_goes_on(
    kept: Settings, mongodb: MongoClient[dict[str, Any]], new_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = mongodb[new_database]
    monkeypatch.setattr(prune, "SECONDS", 0.0)
    for number in range(1, 7):
        plant_family(database, number, number)
    async with open_services(kept) as services:
        arrival = Arrival()
        await arrival.reserve_place(services.admission)
        arrival.release_place()  # a start a moment ago: removals take few families at a time
        first = await prune.prune(services, prune.PruneRequest(older_than="1d"))
        assert (first.deleted.jobs, counts(database)["jobs"]) == (2 * FEW, 12 - 2 * FEW)
        assert first.after is not None
        rest = await prune.prune(services, prune.PruneRequest(older_than="1d", after=first.after))
    assert rest.deleted.jobs == 12 - 2 * FEW
    assert counts(database)["jobs"] == 0


async def test_one_server_of_several_has_the_duty(
    kept: Settings, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    database = mongodb[new_database]
    settings = keeping(kept, "complete=1d")
    async with open_services(settings) as one, open_services(settings) as other:
        mine, others = (Guard(services.store, duty.NAME, services.jobs.owner) for services in (one, other))
        assert await mine.hold()
        plant_family(database, 1, 1)
        assert await do_round(other, others, asyncio.Event()) == RoundResult()
        assert (await do_round(one, mine, asyncio.Event())).families == 1
        plant_family(database, 2, 2)
        await mine.release()
        assert (await do_round(other, others, asyncio.Event())).families == 1
        # A server that is gone does not release: the guard ends by the clock of the database.
        database["duties"].update_one({"_id": duty.NAME}, {"$set": {"until": datetime(2020, 1, 1, tzinfo=UTC)}})
        assert await Guard(one.store, duty.NAME, "a third").hold()


async def test_keys_of_jobs_that_ended_long_ago_are_removed_alone(
    kept: Settings, mongodb: MongoClient[dict[str, Any]], new_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duty, "KEYS_AT_ONCE", 2)
    database = mongodb[new_database]
    async with open_services(replace(kept, keep_keys=2 * DAY)) as services:
        now = services.clock.now()
        ends = [now - 5 * DAY, now - 5 * DAY, now - 3 * DAY, now - DAY]
        roots = [plant_family(database, number, end) for number, end in enumerate(ends, 1)]
        unfinished = plant_family(database, 9, now - 5 * DAY, status="running")
        assert (await a_round(services)).keys == 3
        assert (await a_round(services)).keys == 0
    with_keys = {one["_id"] for one in database["jobs"].find({"idempotency": {"$exists": True}})}
    assert with_keys == {roots[3], unfinished}
    assert database["jobs"].count_documents({}) == 10


async def test_the_age_of_events_follows_the_setting_at_each_start(
    kept: Settings, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    database = mongodb[new_database]
    for age in (30 * DAY, 2 * DAY, 90 * DAY):
        with collected() as lines:
            async with open_services(replace(kept, keep_events=age)):
                found = database["job_events"].index_information()["kept"]["expireAfterSeconds"]
        assert found == age // 1000
        assert lines.of("index_refused") == []


async def test_a_server_that_closes_ends_its_round(
    kept: Settings, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    plant_family(mongodb[new_database], 1, 1)
    async with open_services(keeping(kept, "complete=1d")) as services:
        closing = asyncio.Event()
        closing.set()
        guard = Guard(services.store, duty.NAME, services.jobs.owner)
        assert await do_round(services, guard, closing) == RoundResult()
