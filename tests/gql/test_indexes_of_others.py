"""A database whose indexes another program made: under names of its own, over the same keys."""

from typing import Any

import pytest
from jobyard.models.documents.job import Job, TaskIteration
from jobyard.models.settings import Settings
from pymongo import IndexModel, MongoClient

from ..documents import greeting
from ..doors import Doors

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(kept: Settings, mongodb: MongoClient[dict[str, Any]]) -> Settings:
    for kind in (Job, TaskIteration):
        theirs = [
            IndexModel(list(given.pop("key").items()), **{**given, "name": f"their_{given['name']}"})
            for index in kind.Settings.indexes
            for given in [dict(index.document)]
            if not index.document.get("sparse")  # two on the same keys, of which one is sparse, may stand side by side
        ]
        mongodb[kept.database][kind.Settings.name].create_indexes(theirs)
    return kept


async def test_jobs_are_started_looked_up_and_listed_with_them(doors: Doors) -> None:
    names = await doors.services.store.database["jobs"].index_information()
    assert "their_newest" in names
    assert "newest" not in names
    await doors.import_documents(greeting())
    id = (await doors.start({"workflow": "greet", "options": {"variables": {"name": "Ada"}}})).json()["data"]["_id"]
    assert (await doors.over(id))["status"] == "complete"
    for search in ("", "?equals[status]=complete", "?contains[name]=REE", "?q={}&skip=0&sort=last_updated"):
        found = (await doors.http.get(f"/operations-manager/jobs{search}")).json()
        assert ([job["_id"] for job in found["data"]], found["metadata"]["total"]) == ([id], 1), search
    tasks = (await doors.http.get("/operations-manager/tasks")).json()["data"]
    assert {task["name"] for task in tasks} == {"stringConcat", "delay"}
    assert (await doors.http.get(f"/operations-manager/tasks/{tasks[0]['_id']}")).status_code == 200
    await doors.tokens_given()
