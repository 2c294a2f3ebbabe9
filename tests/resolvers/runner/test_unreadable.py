"""A job whose values are not in the database any more ends in error, is shown, and holds up nobody."""

import asyncio
from typing import Any

import pytest
from jobyard.models.documents.new_job import JobRequest
from jobyard.models.settings import Settings
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.jobs import start as jobs
from jobyard.resolvers.jobs.admission import Arrival
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.services import Services
from jobyard.resolvers.tasks import work as tasks
from jobyard.resolvers.tasks.work import Answer
from jobyard.resolvers.workflows import imports as workflows
from pymongo import MongoClient

from ...documents import chain, task

pytestmark = pytest.mark.anyio

LARGE = "x" * 100_000


def asking() -> dict[str, Any]:
    view = {**task("ViewData", header="h", message="m", body="b"), "type": "manual"}
    return chain("asking", a1=view, b2=task("newVariable", name="seen", value="$var.job.config"))


async def started(services: Services, **variables: Any) -> str:
    job = await jobs.start(services, SYSTEM, JobRequest("asking", "ada", variables=variables), Arrival())
    await services.runner.wait_first_save(job["_id"])
    return job["_id"]


async def test_only_the_job_itself_is_in_error(
    mongodb_uri: str, new_database: str, mongodb: MongoClient[dict[str, Any]]
) -> None:
    settings = Settings(mongodb_uri=mongodb_uri, database=new_database, lease=400)
    database = mongodb[new_database]
    async with open_services(settings) as services:
        await workflows.import_documents([asking()])
        broken = await started(services, config=LARGE)
        sound = [await started(services, config="small") for _ in range(3)]
    assert database["job_data"].delete_many({"job_id": broken}).deleted_count == 1
    async with open_services(settings) as services, asyncio.timeout(60):
        for id in (broken, *sound):  # what people answered wakes the jobs, which another server has left
            await tasks.finish(services, SYSTEM, id, "a1", Answer("success", {}))
        while database["jobs"].count_documents({"status": "running"}):  # noqa: ASYNC110 -- beside the yard
            await asyncio.sleep(0)
        shown = await jobs.find(services, SYSTEM, broken)
        others = [await jobs.find(services, SYSTEM, id) for id in sound]
    assert shown["status"] == "error"
    assert "is missing in the database: restore" in shown["error"][-1]["message"]
    assert shown["variables"]["config"] == "(this value is missing in the database)"
    assert [one["status"] for one in others] == ["complete"] * 3
