"""A running job is found by what it is now."""

from typing import Any

import pytest

from ..documents import chain, greeting, task
from ..doors import Doors

pytestmark = pytest.mark.anyio


async def found(doors: Doors, **filter: Any) -> list[str]:
    query = "query($filter: JobFilter) { jobs(filter: $filter) { nodes { id } } }"
    return [node["id"] for node in (await doors.graphql(query, filter=filter))["data"]["jobs"]["nodes"]]


async def test_by_the_variables_it_started_with_and_those_its_tasks_wrote(doors: Doors) -> None:
    await doors.import_documents(greeting())
    started = (await doors.start({"workflow": "greet", "options": {"variables": {"name": "Ada"}}})).json()["data"]
    assert await found(doors, variables=[{"path": "name", "equals": "Ada"}]) == [started["_id"]]
    await doors.over(started["_id"])
    written = [{"path": "name", "equals": "Ada"}, {"path": "greeting", "equals": "Hello, Ada"}]
    assert await found(doors, variables=written) == [started["_id"]]
    assert await found(doors, variables=[{"path": "greeting", "equals": "Hello"}]) == []


async def test_by_the_words_of_its_description_as_a_task_changed_it(doors: Doors) -> None:
    document = chain("tell", a1=task("updateJobDescription", description="routers are done"))
    await doors.import_documents({**document, "tags": [{"_id": "t1", "name": "core"}]})
    started = await doors.start({"workflow": "tell", "options": {"description": "routers wait"}})
    job = await doors.over(started.json()["data"]["_id"])
    assert job["description"] == "routers are done", job.get("error")
    assert await found(doors, text="done tell") == [job["_id"]]
    assert await found(doors, text="wait") == []
    assert await found(doors, tags=["core"]) == [job["_id"]]


async def test_what_it_is_found_by_is_shown_to_nobody(doors: Doors) -> None:
    await doors.import_documents(greeting())
    started = (await doors.start({"workflow": "greet", "options": {"variables": {"name": "Ada"}}})).json()["data"]
    whole = await doors.over(started["_id"])
    listed = (await doors.http.get("/operations-manager/jobs")).json()["data"]
    assert "found_by" not in str(started) + str(whole) + str(listed)
