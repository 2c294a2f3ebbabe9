"""A job that was being run when two servers in a row ended has its next step tried in a process of its own."""

import asyncio
from typing import Any

import pytest
from jobyard.models.documents.new_job import JobRequest
from jobyard.models.json import JsonObject
from jobyard.models.settings import Settings
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.jobs import control
from jobyard.resolvers.jobs import start as jobs
from jobyard.resolvers.jobs.admission import Arrival
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.runner import recovery
from jobyard.resolvers.services import Services
from jobyard.resolvers.tasks import work as tasks
from jobyard.resolvers.tasks.work import Answer
from jobyard.resolvers.templating.workers import Limits
from jobyard.resolvers.workflows import imports as workflows
from pymongo import MongoClient
from pymongo.database import Database

from ...documents import chain, task

pytestmark = pytest.mark.anyio

PATIENCE = 60  # seconds
NO_TIME, NO_ROOM = Limits(seconds=0.001), Limits(memory=192 * 2**20)
TABLE = "1\n" * 800_000  # small as a text, and hundreds of megabytes as rows


def asking() -> dict[str, Any]:
    """It waits for a person, and then does something."""
    view = {**task("ViewData", header="h", message="m", body="b"), "type": "manual"}
    return chain("asking", a1=view, b2=task("newVariable", name="x", value=1))


def reading() -> dict[str, Any]:
    """It waits for a person, and then takes much memory."""
    document = asking()
    document["tasks"]["b2"] = task("csvStringToJson", input="$var.job.table", headersIncluded=False)
    return document


@pytest.fixture
def database(mongodb: MongoClient[dict[str, Any]], new_database: str) -> Database[dict[str, Any]]:
    return mongodb[new_database]


@pytest.fixture
def settings(mongodb_uri: str, database: Database[dict[str, Any]]) -> Settings:
    return Settings(mongodb_uri=mongodb_uri, database=database.name, lease=400)


async def until(database: Database[dict[str, Any]], **expected: Any) -> JsonObject:
    """The job once it is so; each look is a command."""
    async with asyncio.timeout(PATIENCE):
        while (found := database["jobs"].find_one(expected)) is None:  # noqa: ASYNC110 -- as said
            await asyncio.sleep(0)
    return found


async def left_behind(
    settings: Settings, database: Database[dict[str, Any]], adoptions: int, document: Any = None, **variables: Any
) -> str:
    """The id of a job whose last servers are gone, so many of them without that it went on."""
    async with open_services(settings) as services:
        await workflows.import_documents([document or asking()])
        request = JobRequest("asking", "ada", account="ada", variables=variables)
        job = await jobs.start(services, SYSTEM, request, Arrival())
        await until(database, _id=job["_id"], **{"tasks.a1.waits_for": "person"})
    lease = {"lease.owner": "a server that is gone", "lease.adoptions": adoptions}
    database["jobs"].update_one({"_id": job["_id"]}, {"$set": lease})
    return str(job["_id"])


async def answer(services: Services, database: Database[dict[str, Any]], job: str) -> None:
    await until(database, _id=job, **{"lease.owner": services.jobs.owner})
    await tasks.finish(services, SYSTEM, job, "a1", Answer("success", {}))


async def test_a_job_that_was_unlucky_goes_on(settings: Settings, database: Database[dict[str, Any]]) -> None:
    job = await left_behind(settings, database, recovery.MOST_ADOPTIONS)
    async with open_services(settings) as services:
        await answer(services, database, job)
        over = await until(database, _id=job, status="complete", lease={"$exists": False})
    assert over.get("error", []) == []
    assert over["variables"]["x"] == 1


async def test_a_job_that_ends_the_process_it_is_tried_in_ends_in_error_and_can_be_repaired(
    settings: Settings, database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await left_behind(settings, database, recovery.MOST_ADOPTIONS)
    with monkeypatch.context() as patch:
        patch.setattr(recovery.Trials.__init__, "__defaults__", (NO_TIME,))
        async with open_services(settings) as services:
            await answer(services, database, job)
            over = await until(database, _id=job, status="error", lease={"$exists": False})
    (error,) = over["error"]
    assert error["message"].startswith(
        "The job brought its server down twice at task a1, and then a process of its own"
    )
    async with open_services(settings) as services:
        await control.continue_job(services, SYSTEM, job, "a1", {}, dry_run=False)
        await until(database, _id=job, **{"tasks.a1.iteration": 2, "tasks.a1.waits_for": "person"})
        await answer(services, database, job)
        await until(database, _id=job, status="complete")


async def test_a_job_that_takes_all_memory_of_the_process_it_is_tried_in_ends_in_error(
    settings: Settings, database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though a task that finds no memory is in error by itself: with more of it, it would take a server's."""
    job = await left_behind(settings, database, recovery.MOST_ADOPTIONS, reading(), table=TABLE)
    monkeypatch.setattr(recovery.Trials.__init__, "__defaults__", (NO_ROOM,))
    async with open_services(settings) as services:
        await answer(services, database, job)
        over = await until(database, _id=job, lease={"$exists": False})
    assert over["status"] == "error"
    (error,) = over["error"]
    assert error["message"].endswith(
        "its next step needs more than 192 MB of memory: give the task less. "
        "What it has is kept: continue it from a task, perhaps with other variables."
    )


async def test_a_job_whose_servers_ended_once_is_not_tried(
    settings: Settings, database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await left_behind(settings, database, recovery.MOST_ADOPTIONS - 2)
    monkeypatch.setattr(recovery.Trials.__init__, "__defaults__", (NO_TIME,))
    async with open_services(settings) as services:
        await answer(services, database, job)
        over = await until(database, _id=job, status="complete")
    assert "adoptions" not in over.get("lease", {})
