"""What clients count: jobs, tasks, templates, transformations, forms."""

from typing import Any

import pytest
from jobyard.models.settings import Settings

from ..documents import chain, greeting, task
from ..doors import Doors

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(each_store: Settings) -> Settings:
    return each_store


async def told(doors: Doors, path: str, **query: Any) -> Any:
    answer = await doors.http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def worked(doors: Doors) -> None:
    """Two complete jobs of one workflow, and one of another."""
    await doors.import_documents(greeting(), chain("plain", a1=task("newVariable", name="x", value=1)))
    for workflow in ("greet", "greet", "plain"):
        body = {"workflow": workflow, "options": {"variables": {"name": "Ada"}}}
        await doors.over((await doors.start(body)).json()["data"]["_id"])


async def test_jobs_are_counted_by_their_workflow_and_by_the_day(doors: Doors) -> None:
    await worked(doors)
    found = await told(doors, "/workflow_engine/jobs/metrics", limit=1)
    (row,) = found["results"]
    assert (found["skip"], found["limit"], found["total"]) == (0, 1, 2)
    day = {"startDate": "2024-12-04T00:00:00.000Z", "jobsComplete": 2, "totalRunTime": 2000}
    assert row["workflow"] == {"name": "greet"}
    assert row["metrics"] == [day]
    assert (row["jobsComplete"], row["totalRunTime"], row["preAutomationTime"]) == (2, 2000, 0)
    (other,) = (await told(doors, "/workflow_engine/jobs/metrics", skip=1))["results"]
    assert (other["workflow"]["name"], other["jobsComplete"]) == ("plain", 1)


async def test_tasks_are_counted_by_how_they_finished(doors: Doors) -> None:
    await worked(doors)
    found = await told(doors, "/workflow_engine/tasks/metrics")
    counted = {row["name"]: row["metrics"][0]["totalSuccesses"] for row in found["results"] if row["global"]}
    assert counted == {"delay": 2, "newVariable": 1, "stringConcat": 2}
    assert found["total"] == 6
    assert {row["taskType"] for row in found["results"]} == {"automatic"}


async def test_the_tasks_of_a_workflow_are_counted_by_themselves(doors: Doors) -> None:
    await worked(doors)
    await doors.import_documents(chain("other", a1=task("delay", time=0)))
    await doors.over((await doors.start({"workflow": "other", "options": {}})).json()["data"]["_id"])
    pairs = {"equalsField": "workflow.name", "equals": "greet"}
    rows = (await told(doors, "/workflow_engine/tasks/metrics", **pairs))["results"]
    assert [(row["workflow"], row["taskId"], row["name"], row["global"]) for row in rows] == [
        ({"name": "greet"}, "a1", "stringConcat", False),
        ({"name": "greet"}, "b2", "delay", False),
    ]
    assert [row["metrics"][0]["totalSuccesses"] for row in rows] == [2, 2]
    delays = (await told(doors, "/workflow_engine/tasks/metrics", equalsField="name", equals="delay"))["results"]
    assert sorted((row["global"], row["metrics"][0]["totalSuccesses"]) for row in delays) == [
        (False, 1),
        (False, 2),
        (True, 3),
    ]


async def test_tasks_of_people_are_counted_as_manual(doors: Doors) -> None:
    await doors.import_documents(chain("ask", a1={**task("ViewData"), "type": "manual"}))
    id = (await doors.start({"workflow": "ask", "options": {}})).json()["data"]["_id"]
    await doors.waiting(id, "a1")
    path = f"/operations-manager/jobs/{id}/tasks/a1/finish"
    await doors.http.post(path, json={"taskData": {"finish_state": "success", "variables": {}}})
    await doors.over(id)
    row, _ = (await told(doors, "/workflow_engine/tasks/metrics"))["results"]
    assert (row["name"], row["taskType"], row["metrics"][0]["totalSuccesses"]) == ("ViewData", "manual", 1)


@pytest.mark.parametrize(
    ("pairs", "names"),
    [
        ({"greaterThanEqualsField": "metrics.startDate", "greaterThanEquals": "2024-12-04"}, ["greet", "plain"]),
        ({"greaterThanEqualsField": "metrics.startDate", "greaterThanEquals": "2024-12-05"}, []),
        ({"greaterThanField": "jobsComplete", "greaterThan": "1"}, ["greet"]),
        ({"greaterThanEqualsField": "jobsComplete", "greaterThanEquals": "1"}, ["greet", "plain"]),
        ({"lessThanField": "totalRunTime", "lessThan": "2000"}, ["plain"]),
        ({"lessThanEqualsField": "metrics.totalRunTime", "lessThanEquals": "2000"}, ["greet", "plain"]),
        ({"equalsField": "workflow.name", "equals": "plain"}, ["plain"]),
        ({"containsField": "workflow.name", "contains": "REE"}, ["greet"]),
        ({"sort": "jobsComplete"}, ["plain", "greet"]),
        ({"sort": "workflow.name", "order": "-1"}, ["plain", "greet"]),
    ],
)
async def test_the_counts_of_jobs_are_filtered_by_pairs(doors: Doors, pairs: dict[str, str], names: list[str]) -> None:
    await worked(doors)
    found = await told(doors, "/workflow_engine/jobs/metrics", **pairs)
    assert [row["workflow"]["name"] for row in found["results"]] == names
    assert found["total"] == len(names)


async def test_the_counts_of_tasks_are_filtered_by_pairs(doors: Doors) -> None:
    await worked(doors)
    pairs = {"greaterThanEqualsField": "metrics.totalSuccesses", "greaterThanEquals": "2", "limit": 1}
    found = await told(doors, "/workflow_engine/tasks/metrics", **pairs)
    assert ([row["name"] for row in found["results"]], found["total"]) == (["delay"], 4)


@pytest.mark.parametrize("path", ["jobs", "tasks"])
async def test_half_a_pair_or_a_field_that_is_none_is_refused(doors: Doors, path: str) -> None:
    for pairs, told_of in (
        ({"greaterThanEquals": "1"}, "must be used in conjunction with 'greaterThanEqualsField'"),
        ({"lessThanField": "variables", "lessThan": "1"}, "must be one of"),
    ):
        answer = await doors.http.get(f"/workflow_engine/{path}/metrics", params=pairs)
        assert answer.status_code == 400
        assert told_of in answer.json()["message"]


async def test_the_workers_run(doors: Doors) -> None:
    status = await told(doors, "/workflow_engine/workers/status")
    assert status["jobWorker"] == status["taskWorker"] == {"running": True, "clusterValue": True, "localValue": True}


async def test_templates_transformations_and_forms_are_counted_in_their_own_shapes(doors: Doors) -> None:
    await doors.import_documents(
        {"name": "t", "type": "jinja2", "template": "x", "group": "g"},
        {"_id": "a" * 24, "name": "j", "incoming": [], "outgoing": [], "steps": [], "functions": []},
        {"id": "f", "name": "f", "struct": {"items": []}, "schema": {}},
    )
    assert (await told(doors, "/automation-studio/templates"))["count"] == 1
    assert (await told(doors, "/transformations/"))["total"] == 1
    assert [form["name"] for form in await told(doors, "/json-forms/forms")] == ["f"]
