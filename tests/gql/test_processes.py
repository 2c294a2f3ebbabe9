"""The server processes on a database, and what each of them runs."""

from datetime import UTC, datetime

import pytest
from jobyard.models.settings import Settings

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(kept: Settings) -> Settings:
    return kept


async def test_server_processes_are_told_with_the_jobs_that_each_runs(doors: Doors) -> None:
    gone = {"_id": "other/1/ab", "seen": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)}
    await doors.services.store.database["servers"].insert_one(gone)
    await doors.import_documents(chain("ask", a1={**task("ViewData"), "type": "manual"}))
    job = (await doors.start({"workflow": "ask", "options": {}})).json()["data"]["_id"]
    await doors.waiting(job, "a1")
    query = "{ serverProcesses { id seen alive jobs current } }"
    own, other = (await doors.graphql(query))["data"]["serverProcesses"]
    assert other == {
        "id": "other/1/ab", "seen": "2024-01-02T03:04:05.000Z", "alive": False, "jobs": 0, "current": False
    }  # fmt: skip
    assert (own["id"], own["alive"], own["jobs"], own["current"]) == (doors.services.jobs.owner, True, 1, True)
    await doors.graphql("mutation($id: ID!) { cancelJobs(ids: [$id]) { done } }", id=job)
    await doors.over(job)
    own, _ = (await doors.graphql(query))["data"]["serverProcesses"]
    assert own["jobs"] == 0
