"""A job that has just ended is deleted with all that is still to be written of it."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from jobyard.models.documents.new_job import JobRequest
from jobyard.models.settings import Settings
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.jobs import bulk
from jobyard.resolvers.jobs import start as jobs
from jobyard.resolvers.jobs.admission import Arrival
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.store.removal import delete_tree
from jobyard.resolvers.workflows import imports as workflows
from pymongo import MongoClient

from ..documents import chain, task
from ..mongo_proxy import mongo_proxy

pytestmark = pytest.mark.anyio


async def test_nothing_is_left_of_a_job_whose_last_iterations_were_not_written_yet(
    mongodb_uri: str, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    database = mongodb[new_database]
    async with mongo_proxy(mongodb_uri) as proxy, asyncio.timeout(60):
        async with open_services(Settings(mongodb_uri=proxy.uri, database=new_database, lease=400)) as services:
            await workflows.import_documents([chain("quick", a1=task("newVariable", name="x", value=1))])
            lost = proxy.lose(
                lambda name, command: "tasks" in (command.get("update"), command.get("insert")), before=True, times=2
            )
            job = (await jobs.start(services, SYSTEM, JobRequest("quick", "ada", account="ada"), Arrival()))["_id"]
            await lost.happened.wait()
            while database["jobs"].find_one({"_id": job, "status": "complete"}) is None:  # noqa: ASYNC110 -- a look
                await asyncio.sleep(0)
            (result,) = await bulk.delete(services, SYSTEM, [job])
            assert result.problem is None
            assert result.deleted is not None
            assert (result.deleted.jobs, result.deleted.tasks, result.deleted.events) == (1, 1, 2)
        assert [database[name].count_documents({}) for name in ("jobs", "tasks", "job_events", "job_data")] == [0] * 4


@pytest.mark.parametrize("status", ["error", "running", "paused"])
async def test_a_job_stays_while_a_child_job_of_it_is_not_over(
    status: str, kept: Settings, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    database = mongodb[new_database]
    root, child = "a" * 24, "b" * 24
    # Nobody runs the child: it has no lease, as that of one which is in error, or whose server is gone.
    family = [
        {"_id": root, "status": "canceled", "ancestors": [root]},
        {"_id": child, "status": status, "ancestors": [root, child]},
    ]
    database["jobs"].insert_many(family)
    async with open_services(kept) as services:
        at = datetime.now(UTC)
        assert await delete_tree(services.store, root, at) is None
        assert database["jobs"].count_documents({}) == 2
        database["jobs"].update_one({"_id": child}, {"$set": {"status": "complete"}})
        gone = await delete_tree(services.store, root, at)
    assert gone is not None
    assert gone.jobs == 2
