"""What other people's tools read in the database (reference/clients.md#stored-documents)."""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

import pytest
from bson import ObjectId
from jobyard.models.settings import Settings

from ..documents import chain, greeting, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

TERMINAL = ("complete", "error", "canceled")


@pytest.fixture
def settings(kept: Settings) -> Settings:
    """A real MongoDB: what tools do with it is the database's business."""
    return kept


def calling(workflow: str) -> dict[str, Any]:
    return task(
        "childJob", task="", workflow=workflow, variables={}, data_array="", transformation="", loopType=""
    )  # fmt: skip


async def started(doors: Doors, workflow: str, **variables: Any) -> str:
    body = {"workflow": workflow, "options": {"variables": variables}}
    return (await doors.start(body)).json()["data"]["_id"]


async def stored(doors: Doors, collection: str, **query: Any) -> list[dict[str, Any]]:
    return [one async for one in doors.services.store.database[collection].find(query)]


async def test_a_job_has_the_fields_of_the_archiver_in_their_types(doors: Doors) -> None:
    await doors.import_documents(greeting())
    id = await started(doors, "greet", name="Ada")
    await doors.over(id)
    (job,) = await stored(doors, "jobs")
    assert (job["_id"], job["name"], job["status"], job["ancestors"]) == (id, "greet", "complete", [id])
    assert all(isinstance(job["metrics"][key], int) for key in ("start_time", "end_time"))
    assert job["metrics"]["end_time"] - job["metrics"]["start_time"] == 1000
    assert isinstance(job["last_updated"], datetime)
    assert isinstance(job["tasks"], dict)


@pytest.mark.parametrize(("field", "type"), [("metrics.start_time", "number"), ("metrics.end_time", "number")])
async def test_old_jobs_are_found_by_a_number_of_milliseconds(doors: Doors, field: str, type: str) -> None:
    await doors.import_documents(greeting())
    await doors.over(await started(doors, "greet", name="Ada"))
    later = doors.services.clock.now() + 1
    assert len(await stored(doors, "jobs", **{field: {"$lt": later, "$type": type}})) == 1
    assert await stored(doors, "jobs", **{field: {"$lt": 1}}) == []


async def test_a_job_in_error_has_a_start_and_no_end(doors: Doors) -> None:
    await doors.import_documents(chain("break", a1=task("parse", text="{broken")))
    await doors.over(await started(doors, "break"))
    (job,) = await stored(doors, "jobs")
    assert job["status"] == "error"
    assert isinstance(job["metrics"]["start_time"], int)
    assert "end_time" not in job["metrics"]


async def test_ancestors_lead_from_the_root_to_the_job_itself(doors: Doors) -> None:
    leaf = chain("leaf", a1=task("newVariable", name="x", value=1))
    await doors.import_documents(leaf, chain("middle", a1=calling("leaf")), chain("top", a1=calling("middle")))
    root = await started(doors, "top")
    await doors.over(root)
    by_name = {job["name"]: job for job in await stored(doors, "jobs")}
    assert by_name["top"]["ancestors"] == [root]
    assert by_name["middle"]["ancestors"] == [root, by_name["middle"]["_id"]]
    assert by_name["leaf"]["ancestors"] == [root, by_name["middle"]["_id"], by_name["leaf"]["_id"]]
    assert len(await stored(doors, "jobs", ancestors={"$size": 1})) == 1
    assert len(await stored(doors, "jobs", **{"ancestors.0": root})) == 3


async def test_each_iteration_is_a_document_of_its_job_on_a_server(doors: Doors) -> None:
    await doors.import_documents(greeting())
    id = await started(doors, "greet", name="Ada")
    job = await doors.over(id)
    iterations = await stored(doors, "tasks", **{"job._id": id})
    assert {one["job"]["task"]: one["_id"] for one in iterations} == {
        name: job["tasks"][name]["iterations"][0] for name in ("a1", "b2")
    }
    assert {type(one["job"]["_id"]) for one in iterations} == {type((await stored(doors, "jobs"))[0]["_id"])} == {str}
    assert {one["status"] for one in iterations} == {"complete"}
    assert {one["metrics"]["server_id"] for one in iterations} == {doors.services.jobs.owner}
    assert {task.get("serverId") for task in job["tasks"].values()} == {None, doors.services.jobs.owner}
    orphans = [{"$lookup": {"from": "jobs", "localField": "job._id", "foreignField": "_id", "as": "jobs"}}]
    cursor = await doors.services.store.database["tasks"].aggregate([*orphans, {"$match": {"jobs": []}}])
    assert [one async for one in cursor] == []


@pytest.mark.parametrize(
    ("collection", "hint", "query"),
    [
        ("jobs", "itential_status", {"status": "complete"}),
        ("tasks", "iap_status_server_id", {"status": "complete"}),
        ("tasks", "itential_job_metrics_exporter_task_status_server", {"status": "complete"}),
    ],
)
async def test_the_indexes_that_exporters_hint_find_everything(
    doors: Doors, collection: str, hint: str, query: dict[str, Any]
) -> None:
    await doors.import_documents(greeting())
    await doors.over(await started(doors, "greet", name="Ada"))
    documents = doors.services.store.database[collection]
    hinted = [one["_id"] async for one in documents.find(query).hint(hint)]
    assert sorted(hinted) == sorted(one["_id"] for one in await stored(doors, collection, **query))
    assert len(hinted) == {"jobs": 1, "tasks": 2}[collection]


async def test_the_indexes_are_of_the_documented_keys(doors: Doors) -> None:
    database = doors.services.store.database
    jobs, tasks = [await database[name].index_information() for name in ("jobs", "tasks")]
    assert jobs["itential_status"]["key"] == [("status", 1), ("_id", 1)]
    for name in ("iap_status_server_id", "itential_job_metrics_exporter_task_status_server"):
        assert tasks[name]["key"] == [("status", 1), ("metrics.server_id", 1)]


async def test_large_values_name_their_job(doors: Doors) -> None:
    await doors.import_documents(chain("big", a1=task("newVariable", name="kept", value="$var.job.given")))
    id = await started(doors, "big", given="x" * 100_000, huge="y" * 9_000_000)
    await doors.over(id)
    assert {one["job_id"] for one in await stored(doors, "job_data")} == {id}
    (file,) = await stored(doors, "job_data.files")
    assert file["metadata"] == {"job": id}
    assert await stored(doors, "job_data.chunks", files_id=file["_id"], n=0) != []


async def test_automations_triggers_groups_accounts_and_roles_have_ids_of_the_database(doors: Doors) -> None:
    await doors.import_documents(greeting())
    automation = {"name": "a", "componentName": "greet"}
    made = (await doors.http.post("/operations-manager/automations", json=automation)).json()["data"]
    trigger = {"name": "t", "type": "manual", "actionId": made["_id"]}
    assert (await doors.http.post("/operations-manager/triggers", json=trigger)).status_code == 200
    assert (await doors.http.post("/authorization/groups", json={"group": {"name": "g"}})).status_code == 200
    for collection in ("automations", "triggers", "groups", "accounts", "roles"):
        found = await stored(doors, collection)
        assert {type(one["_id"]) for one in found} == {ObjectId}, collection
    (workflow,) = await stored(doors, "workflows")
    assert (type(workflow["_id"]), workflow["name"], type(workflow["tasks"])) == (str, "greet", dict)


async def test_exporters_hear_of_every_start_and_of_every_status(doors: Doors) -> None:
    """An insert with its status, then updates that name it: a job, and a task that takes its time."""
    await doors.import_documents(greeting())
    database = doors.services.store.database
    async with AsyncExitStack() as stack:
        heard = {name: await stack.enter_async_context(await database[name].watch()) for name in ("jobs", "tasks")}
        id = await started(doors, "greet", name="Ada")
        delay = (await doors.over(id))["tasks"]["b2"]["iterations"][0]
        assert await _statuses(heard["jobs"], id) == [("insert", "running"), ("update", "complete")]
        assert await _statuses(heard["tasks"], delay) == [("insert", "running"), ("update", "complete")]


async def _statuses(stream: Any, id: str) -> list[tuple[str, str]]:
    """What an exporter makes of the events of one document, up to a status that is the last."""
    told: list[tuple[str, str]] = []
    async with asyncio.timeout(30):
        while not told or told[-1][1] not in TERMINAL:
            event = await stream.next()
            if event["documentKey"]["_id"] != id:
                continue
            updated = event["operationType"] == "update"
            fields = event["updateDescription"]["updatedFields"] if updated else event["fullDocument"]
            if "status" in fields:
                told.append((event["operationType"], fields["status"]))
    return told
