"""Servers of different versions on one database: a newer one goes on, an older one leaves alone what it cannot know."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from jobyard.models.documents import state_version
from jobyard.models.documents.new_job import JobRequest
from jobyard.models.documents.state_version import STATE_VERSION, STEPS, VERSION_KEY, upgrade_of, upgraded
from jobyard.models.errors import JobIsNewer
from jobyard.models.json import JsonObject
from jobyard.models.settings import Settings
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.jobs import bulk, control, follow, members
from jobyard.resolvers.jobs import start as jobs
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.services import Services
from jobyard.resolvers.tasks import work as tasks
from jobyard.resolvers.tasks.work import Answer
from jobyard.resolvers.workflows import imports as workflows
from pymongo import MongoClient
from pymongo.database import Database

from ..documents import chain
from ..doors import JumpingClock
from .cases import ask, doubtful, note, wait

pytestmark = pytest.mark.anyio

PATIENCE = 30
NEWER = STATE_VERSION + 1

Act = Callable[[Services, str, str], Awaitable[Any]]


def test_a_document_takes_each_step_in_turn() -> None:
    def adding(text: str) -> Callable[[JsonObject], JsonObject]:
        return lambda document: {**document, "told": document.get("told", "") + text}

    steps: Any = {**STEPS, "header": (adding("a"), adding("b"), adding("c"))}
    assert upgraded("header", {}, steps) == {"told": "abc"}
    assert upgraded("header", {VERSION_KEY: 2, "told": "ab"}, steps) == {VERSION_KEY: 2, "told": "abc"}
    newer = {VERSION_KEY: 4}
    assert upgraded("header", newer, steps) is newer


def test_each_kind_of_document_has_a_step_for_each_version() -> None:
    assert {len(steps) for steps in STEPS.values()} == {STATE_VERSION}


def test_the_update_of_an_upgrade_changes_what_the_step_changed() -> None:
    before = {"_id": 1, "a": 1, "b": 2, "c": 3}
    assert upgrade_of(before, before) == {}
    assert upgrade_of(before, {"_id": 1, "a": 1, "b": 3, "d": 4}) == {
        "$set": {"b": 3, "d": 4, VERSION_KEY: STATE_VERSION},
        "$unset": {"c": ""},
    }


async def left_by_a_newer_server(
    kept: Settings, database: Database[dict[str, Any]], document: JsonObject, status: str, **variables: Any
) -> tuple[str, list[JsonObject]]:
    """A job that a newer server ran until it ended; its id, and what is stored of it."""
    async with asyncio.timeout(PATIENCE), open_services(kept, JumpingClock()) as services:
        await workflows.import_documents([document])
        job: Any = await jobs.start_or_find(services, SYSTEM, JobRequest(document["name"], "ada", variables=variables))
        await services.runner.wait_first_save(job["_id"])
        while database["jobs"].find_one({"_id": job["_id"], "status": status}) is None:  # noqa: ASYNC110
            await asyncio.sleep(0)
    newer = {"$set": {VERSION_KEY: NEWER}}
    database["jobs"].update_one({"_id": job["_id"]}, {**newer, "$inc": {"lease.epoch": 1}})
    database["jobs"].update_one({"_id": job["_id"]}, {"$set": {"lease.owner": "newer/1/1"}})
    database["tasks"].update_many({"job._id": job["_id"]}, newer)
    return job["_id"], stored(database)


def stored(database: Database[dict[str, Any]]) -> list[JsonObject]:
    return [*database["jobs"].find({}), *database["tasks"].find({})]


async def a_sweep(services: Services) -> None:
    """As it comes now and then, whatever is asked meanwhile."""
    await services.runner.sweep()  # type: ignore[attr-defined]


async def test_an_older_server_does_not_go_on_with_a_newer_job(
    kept: Settings, mongodb: MongoClient[dict[str, Any]]
) -> None:
    database = mongodb[kept.database]
    job_id, before = await left_by_a_newer_server(kept, database, chain("asks", a1=ask()), "running")
    async with asyncio.timeout(PATIENCE), open_services(kept, JumpingClock()) as services:
        for _ in range(3):
            await a_sweep(services)
        shown = await jobs.find(services, SYSTEM, job_id)
        assert (shown["status"], shown["tasks"]["a1"]["status"]) == ("running", "running")
        assert VERSION_KEY not in shown
        mine: Any = await jobs.start_or_find(services, SYSTEM, JobRequest("asks", "ada"))  # it works as ever beside it
        await services.runner.wait_first_save(mine["_id"])
        await tasks.finish(services, SYSTEM, mine["_id"], "a1", Answer("success", {"choice": "yes"}))
        ended = await follow.wait_ended(services, SYSTEM, mine, PATIENCE)
        assert ended["status"] == "complete"
    assert [one for one in stored(database) if job_id in (one["_id"], one.get("job", {}).get("_id"))] == before


@pytest.mark.parametrize(
    ("document", "status", "act"),
    [
        (ask(), "running", lambda services, job, one: control.command(services, SYSTEM, job, control.PAUSE)),
        (ask(), "running", lambda services, job, one: control.command(services, SYSTEM, job, control.CANCEL)),
        (ask(), "running", lambda services, job, one: tasks.claim(services, SYSTEM, one)),
        (ask(), "running", lambda services, job, one: tasks.release(services, SYSTEM, one)),
        (ask(), "running", lambda services, job, one: tasks.finish(services, SYSTEM, job, "a1", Answer("success", {}))),
        (ask(), "running", lambda services, job, one: members.add_groups(services, SYSTEM, job, ["a" * 24])),
        (ask(), "running", lambda services, job, one: members.add_watchers(services, SYSTEM, job, ["a" * 24])),
        (doubtful(), "error", lambda services, job, one: control.retry_task(services, SYSTEM, job, "a1", {})),
        (
            doubtful(),
            "error",
            lambda services, job, one: control.continue_job(services, SYSTEM, job, "a1", {}, dry_run=False),
        ),
        (note(1), "complete", lambda services, job, one: delete(services, job)),
    ],
)
async def test_an_older_server_refuses_to_change_a_newer_job(
    kept: Settings, mongodb: MongoClient[dict[str, Any]], document: dict[str, Any], status: str, act: Act
) -> None:
    database = mongodb[kept.database]
    job_id, before = await left_by_a_newer_server(kept, database, chain("newer", a1=document), status, fate="error")
    iteration = database["tasks"].find_one({"job._id": job_id})
    assert iteration is not None
    async with asyncio.timeout(PATIENCE), open_services(kept, JumpingClock()) as services:
        with pytest.raises(JobIsNewer) as refusal:
            await act(services, job_id, iteration["_id"])
        await a_sweep(services)
    assert refusal.value.facts == {"job": job_id, "version": NEWER, "known": STATE_VERSION}
    assert stored(database) == before


async def delete(services: Services, job_id: str) -> None:
    (result,) = await bulk.delete(services, SYSTEM, [job_id])
    if result.problem is not None:
        raise result.problem


async def test_a_newer_server_stores_an_older_job_as_of_today_when_it_takes_it_over(
    kept: Settings, mongodb: MongoClient[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one version more than there is: the header of the older one has its variables under another name."""
    database = mongodb[kept.database]
    older = chain("older", a1=wait(60), b2=note("$var.job.given"))
    async with asyncio.timeout(PATIENCE), open_services(kept) as services:
        await workflows.import_documents([older])
        job: Any = await jobs.start_or_find(services, SYSTEM, JobRequest("older", "ada", variables={"given": 7}))
        await services.runner.wait_first_save(job["_id"])
        while database["tasks"].find_one({"job._id": job["_id"]}) is None:  # noqa: ASYNC110
            await asyncio.sleep(0)
    database["jobs"].update_one({}, {"$rename": {"variables": "values"}, "$unset": {VERSION_KEY: ""}})

    def renamed(document: JsonObject) -> JsonObject:
        rest = {key: value for key, value in document.items() if key != "values"}
        return {**rest, "variables": document["values"]} if "values" in document else document

    monkeypatch.setattr(state_version, "STEPS", {**STEPS, "header": (renamed,)})
    monkeypatch.setattr(state_version.upgraded, "__defaults__", (state_version.STEPS,))
    async with asyncio.timeout(PATIENCE), open_services(replace(kept, lease=400), JumpingClock()) as services:
        assert (await jobs.find(services, SYSTEM, job["_id"]))["variables"]["given"] == 7
        ended = await follow.wait_ended(services, SYSTEM, job, PATIENCE)
    assert (ended["status"], ended["variables"]["noted"]) == ("complete", 7)
    root = database["jobs"].find_one({})
    assert root is not None
    assert "values" not in root
    assert root[VERSION_KEY] == STATE_VERSION
