"""Steering jobs through both doors: the same result, and the same refusal."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest
from jobyard.models.settings import Settings

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

OPEN = Settings(memory=True, open=True, host="jobyard")
VIEW = {**task("ViewData", header="h"), "type": "manual"}
BULK = "mutation($ids: [ID!]!) { %s(ids: $ids) { id done code message status } }"


def waiting(name: str = "wait") -> dict[str, Any]:
    return chain(name, a1=VIEW, b2=task("newVariable", name="after", value=1))


def breaking() -> dict[str, Any]:
    """Breaks at b2 unless the job variable `text` is JSON."""
    return chain(
        "break",
        a1=task("newVariable", name="before", value=1),
        b2=task("parse", text="$var.job.text", outgoing={"textObject": "$var.job.read"}),
        c3=task("newVariable", name="after", value="$var.job.read"),
    )


async def started(doors: Doors, document: dict[str, Any], *waits_at: str, **variables: Any) -> str:
    await doors.import_documents(document)
    body = {"workflow": document["name"], "options": {"variables": variables}}
    id = (await doors.start(body)).json()["data"]["_id"]
    if waits_at:
        await doors.waiting(id, *waits_at)
    else:
        await doors.over(id)
    return id


async def rest(doors: Doors, verb: str, path: str, body: Any = None) -> Any:
    return await doors.http.request(verb, f"/operations-manager/jobs/{path}", json=body)


async def job(doors: Doors, id: str) -> Any:
    return (await doors.http.get(f"/operations-manager/jobs/{id}")).json()["data"]


@pytest.mark.parametrize("door", ["graphql", "rest"])
async def test_jobs_are_paused_resumed_and_canceled(doors: Doors, door: str) -> None:
    id = await started(doors, waiting(), "a1")

    async def steer(verb: str) -> tuple[bool, str]:
        if door == "graphql":
            (result,) = (await doors.graphql(BULK % f"{verb}Jobs", ids=[id]))["data"][f"{verb}Jobs"]
            return result["done"], (await job(doors, id))["status"]
        answer = await rest(doors, "POST", verb, {"jobIds": [id]})
        return answer.status_code == 200, (await job(doors, id))["status"]

    assert await steer("pause") == (True, "paused")
    assert await steer("pause") == (False, "paused")
    assert await steer("resume") == (True, "running")
    assert await steer("cancel") == (True, "canceled")
    assert await steer("cancel") == (False, "canceled")
    over = await job(doors, id)
    assert over["tasks"]["a1"]["status"] == "canceled"
    assert "end_time" in over["metrics"]


async def test_a_paused_job_takes_an_answer_and_goes_on_when_it_is_resumed(doors: Doors) -> None:
    id = await started(doors, waiting(), "a1")
    await rest(doors, "POST", "pause", {"jobIds": [id]})
    finish = {"taskData": {"finish_state": "success", "variables": {}}}
    answered = await rest(doors, "POST", f"{id}/tasks/a1/finish", finish)
    assert (answered.json()["data"]["status"], answered.json()["data"]["tasks"]["b2"]["status"]) == (
        "paused",
        "incomplete",
    )
    await rest(doors, "POST", "resume", {"jobIds": [id]})
    assert (await doors.over(id))["status"] == "complete"


async def test_the_refusal_says_what_the_status_would_have_to_be(doors: Doors) -> None:
    id = await started(doors, chain("empty"))
    ((result),) = (await doors.graphql(BULK % "cancelJobs", ids=[id]))["data"]["cancelJobs"]
    assert result == {
        "id": id,
        "done": False,
        "code": "JOB_STATUS_FORBIDS",
        "message": f"Job '{id}' is complete: only a running, paused or errored job can be canceled.",
        "status": None,
    }


@pytest.mark.parametrize(("settings", "status"), [(OPEN, 409), (replace(OPEN, vendor_status=True), 500)])
async def test_that_all_fail_is_told_as_todays_clients_read_it(doors: Doors, status: int) -> None:
    id = await started(doors, chain("empty"))
    answer = await rest(doors, "POST", "cancel", {"jobIds": [id, "f" * 24]})
    assert answer.status_code == status
    assert answer.json()["message"] == "Failed to cancel all jobs"
    assert list(answer.json()["data"]) == [id, "f" * 24]
    assert answer.json()["data"]["f" * 24].startswith("Cannot find job")


async def test_that_some_fail_stops_no_other(doors: Doors) -> None:
    id = await started(doors, waiting(), "a1")
    answer = await rest(doors, "POST", "cancel", {"jobIds": [id, "f" * 24]})
    assert answer.status_code == 200
    assert answer.json()["data"][id] == {"status": "canceled"}
    assert answer.json()["data"]["f" * 24]["status"] == "failed"


async def test_at_most_a_hundred_jobs_at_once(doors: Doors) -> None:
    ids = [f"{n:024x}" for n in range(101)]
    refused = await rest(doors, "POST", "pause", {"jobIds": ids})
    assert refused.status_code == 400
    graphql = await doors.graphql(BULK % "pauseJobs", ids=ids)
    assert graphql["errors"][0]["message"] == refused.json()["message"]
    assert "/jobIds must NOT have more than 100 items" in refused.json()["message"]


async def test_cancel_reaches_the_children_and_theirs(doors: Doors) -> None:
    await doors.import_documents(waiting("leaf"))
    child = {"task": "", "workflow": "leaf", "variables": {}, "data_array": "", "transformation": "", "loopType": ""}
    await doors.import_documents(chain("middle", a1=task("childJob", **child)))
    loop = {**child, "workflow": "middle", "loopType": "parallel", "data_array": [{}, {}, {}]}
    id = await started(doors, chain("top", a1=task("childJob", **loop)), "a1")
    while await doors.services.store.database["jobs"].count_documents({"ancestors": id, "status": "running"}) < 7:
        await job(doors, id)
        await doors.turn()
    assert (await rest(doors, "POST", "cancel", {"jobIds": [id]})).status_code == 200
    async for one in doors.services.store.database["jobs"].find({"ancestors": id}):
        await doors.services.runner.wait_stopped(one["_id"])
    statuses = [one["status"] async for one in doors.services.store.database["jobs"].find({"ancestors": id})]
    assert statuses == ["canceled"] * 7


async def test_a_child_that_is_canceled_ends_its_parents_task_in_error(doors: Doors) -> None:
    await doors.import_documents(waiting("leaf"))
    child = {"task": "", "workflow": "leaf", "variables": {}, "data_array": "", "transformation": "", "loopType": ""}
    id = await started(doors, chain("top", a1=task("childJob", **child)), "a1")
    while not (links := (await job(doors, id))["tasks"]["a1"].get("childJobs")):
        await doors.turn()
    await doors.waiting(links[0]["_id"], "a1")
    await rest(doors, "POST", "cancel", {"jobIds": [links[0]["_id"]]})
    over = await doors.over(id)
    assert (over["status"], over["error"][0]["task"]) == ("error", "a1")


RETRY = "mutation($j: ID!, $t: ID!, $v: JSON) { retryTask(jobId: $j, taskId: $t, variables: $v) { documented } }"


@pytest.mark.parametrize("door", ["graphql", "rest"])
async def test_a_task_is_retried_with_other_variables(doors: Doors, door: str) -> None:
    id = await started(doors, breaking(), text="{broken")
    assert (await job(doors, id))["status"] == "error"
    if door == "graphql":
        await doors.graphql(RETRY, j=id, t="b2", v={"text": "[1]"})
    else:
        await rest(doors, "POST", f"{id}/tasks/b2/retry", {"variables": {"text": "[1]"}})
    over = await doors.over(id)
    assert (over["status"], over["variables"]["after"]) == ("complete", [1])
    assert len(over["tasks"]["b2"]["iterations"]) == 2
    assert len(over["tasks"]["a1"]["iterations"]) == 1


CONTINUE = """
mutation($j: ID!, $t: ID!, $v: JSON, $dry: Boolean!) {
  continueJob(jobId: $j, fromTask: $t, variables: $v, dryRun: $dry) { reset runsAgain skipped job { status } }
}
"""


async def test_a_dry_run_says_what_continuing_would_do_and_changes_nothing(doors: Doors) -> None:
    id = await started(doors, breaking(), text="{broken")
    before = await job(doors, id)
    plan = (await doors.graphql(CONTINUE, j=id, t="a1", v=None, dry=True))["data"]["continueJob"]
    assert plan == {
        "reset": ["a1", "b2", "c3", "workflow_end"],
        "runsAgain": ["a1", "b2"],
        "skipped": [],
        "job": {"status": "ERROR"},
    }
    answer = await rest(doors, "POST", f"{id}/continue", {"fromTask": "a1", "dryRun": True})
    assert answer.json()["metadata"] == {key: plan[key] for key in ("reset", "runsAgain", "skipped")}
    assert await job(doors, id) == before


async def test_a_job_continues_from_a_task(doors: Doors) -> None:
    id = await started(doors, breaking(), text="{broken")
    body = {"fromTask": "c3", "variables": {"read": "by hand", "_id": "f" * 24, "initiator": "somebody else"}}
    assert (await rest(doors, "POST", f"{id}/continue", body)).status_code == 200
    over = await doors.over(id)
    assert (over["status"], over["variables"]["after"]) == ("complete", "by hand")
    assert (over["variables"]["_id"], over["variables"]["initiator"]) == (id, "admin")


async def test_a_job_is_reverted_from_an_errored_task_to_a_complete_one(doors: Doors) -> None:
    id = await started(doors, breaking(), text="{broken")
    refused = await rest(doors, "POST", f"{id}/revert", {"fromTask": "a1", "toTask": "b2"})
    assert refused.status_code == 409
    assert "Task 'b2' of job" in refused.json()["message"]
    assert "cannot be reverted to: it is error" in refused.json()["message"]
    assert (await rest(doors, "POST", f"{id}/revert", {"fromTask": "b2", "toTask": "a1"})).status_code == 200
    assert len((await doors.over(id))["tasks"]["a1"]["iterations"]) == 2


async def test_what_cannot_be_retried_is_told_alike_at_both_doors(doors: Doors) -> None:
    id = await started(doors, breaking(), text="{broken")
    answer = await rest(doors, "POST", f"{id}/tasks/a1/retry", {})
    graphql = await doors.graphql(RETRY, j=id, t="a1", v=None)
    assert answer.status_code == 409
    assert answer.json()["message"] == graphql["errors"][0]["message"]
    assert answer.json()["metadata"] == graphql["errors"][0]["extensions"]
    assert "only a task that finished with error or failure is retried" in answer.json()["message"]


async def test_a_job_is_deleted_with_everything_of_it(doors: Doors) -> None:
    await doors.import_documents(chain("leaf", a1=task("newVariable", name="large", value="x" * 100_000)))
    child = {"task": "", "workflow": "leaf", "variables": {}, "data_array": "", "transformation": "", "loopType": ""}
    id = await started(doors, chain("top", a1=task("childJob", **child)))
    kept = await started(doors, chain("kept", a1=task("newVariable", name="x", value=1)))
    answer = await rest(doors, "POST", "bulk-delete", {"jobIds": [id]})
    assert answer.json()["data"]["results"] == [{"_id": id, "status": "deleted"}]
    assert answer.json()["data"]["jobsDeleted"] == 2
    database = doors.services.store.database
    for collection, key in (("jobs", "_id"), ("tasks", "job._id"), ("job_data", "job_id"), ("job_events", "job")):
        assert {one async for one in ids(database[collection], key)} <= {kept}, collection
    assert (await rest(doors, "GET", id)).status_code == 404


async def ids(collection: Any, key: str) -> AsyncGenerator[str]:
    async for one in collection.find({}):
        value = one
        for part in key.split("."):
            value = value[part]
        yield value


async def test_only_roots_that_are_over_are_deleted(doors: Doors) -> None:
    id = await started(doors, waiting(), "a1")
    answer = await rest(doors, "DELETE", id)
    assert answer.status_code == 200
    (outcome,) = answer.json()["data"]
    assert outcome["status"] == "ignored"
    assert outcome["reason"].startswith(f"Job '{id}' is running: only a job without a parent that is complete or cance")
    assert (await job(doors, id))["status"] == "running"


async def test_people_watch_jobs_and_let_others_watch(doors: Doors) -> None:
    id = await started(doors, chain("empty"))
    me = doors.services.admin_id
    assert (await rest(doors, "POST", f"{id}/watch")).json()["data"]["watchers"] == [me]
    assert (await rest(doors, "POST", "watch", {"jobIds": [id]})).status_code == 200
    added = await rest(doors, "POST", f"{id}/add-watchers", {"userIds": ["ada"]})
    assert added.json()["data"]["watchers"] == [me, "ada"]
    assert (await rest(doors, "POST", f"{id}/unwatch")).json()["data"]["watchers"] == ["ada"]
    assert (await rest(doors, "POST", f"{'f' * 24}/watch")).status_code == 404


async def test_groups_of_a_job_are_added_replaced_and_deleted(doors: Doors) -> None:
    id = await started(doors, chain("empty"))
    one, other = "a" * 24, "b" * 24
    assert (await rest(doors, "POST", f"{id}/groups", {"group": one})).json()["data"]["groups"] == [one]
    assert (await rest(doors, "POST", f"{id}/groups", {"groups": [other]})).json()["data"]["groups"] == [one, other]
    assert (await rest(doors, "PUT", f"{id}/groups", {"groups": [other]})).json()["data"]["groups"] == [other]
    assert (await rest(doors, "DELETE", f"{id}/groups/{other}")).json()["data"]["groups"] == []
    assert (await rest(doors, "DELETE", f"{id}/groups")).json()["data"] is None
    refused = await rest(doors, "PUT", f"{id}/groups", {"groups": ["x"]})
    assert (refused.status_code, (await job(doors, id))["groups"]) == (400, [])


async def test_a_start_that_waits_answers_the_finished_job(doors: Doors) -> None:
    await doors.import_documents(chain("slow", a1=task("delay", time=5)), waiting())
    body = {"workflow": "slow", "options": {}}
    answer = await doors.http.post("/operations-manager/jobs/start?waitSeconds=30", json=body)
    assert answer.json()["data"]["status"] == "complete"
    body["workflow"] = "wait"
    answer = await doors.http.post("/operations-manager/jobs/start?waitSeconds=0.01", json=body)
    assert (answer.status_code, answer.json()["data"]["status"]) == (200, "running")
    refused = await doors.http.post("/operations-manager/jobs/start?waitSeconds=soon", json=body)
    assert "must be a number of seconds between 0 and 300" in refused.json()["message"]


async def test_a_job_waits_for_an_event_of_another(doors: Doors) -> None:
    wanted = {"type": "object", "properties": {"job": {"properties": {"name": {"const": "empty"}}}}}
    listen = task(
        "eventListenerJob", outgoing={"result": "$var.job.heard"}, source="@itential/app-workflow_engine",
        topic="jobComplete", schema=wanted,
    )  # fmt: skip
    id = await started(doors, chain("listen", a1=listen), "a1")
    other = await started(doors, chain("other"))
    heard = await started(doors, chain("empty"))
    over = await doors.over(id)
    assert over["status"] == "complete"
    assert over["variables"]["heard"]["job"]["_id"] == heard != other


async def test_an_event_that_nobody_tells_of_is_an_error_of_its_task(doors: Doors) -> None:
    listen = task("eventListenerJob", source="elsewhere", topic="x", schema={})
    over = await doors.over(await started(doors, chain("listen", a1=listen)))
    assert over["error"][0]["message"].startswith("There are no events 'x' of 'elsewhere' here")


async def test_a_job_has_a_bounded_number_of_groups_and_watchers(doors: Doors) -> None:
    await doors.import_documents(chain("empty"))
    several = [f"{count:024x}" for count in range(1001)]
    refused = await doors.start({"workflow": "empty", "options": {"groups": several}})
    assert (refused.status_code, refused.json()["metadata"]["code"]) == (400, "REQUEST_INVALID")
    id = (await doors.start({"workflow": "empty", "options": {}})).json()["data"]["_id"]
    for verb, path, body in (
        ("PUT", "groups", {"groups": several}),
        ("POST", "add-watchers", {"userIds": several}),
        ("POST", "add-watchers", {"userIds": ["x" * 201]}),
    ):
        answer = await rest(doors, verb, f"{id}/{path}", body)
        assert (answer.status_code, answer.json()["metadata"]["code"]) == (400, "REQUEST_INVALID")
    assert (await rest(doors, "PUT", f"{id}/groups", {"groups": several[:1000]})).status_code == 200
    one_more = await rest(doors, "POST", f"{id}/groups", {"group": several[1000]})
    assert "must NOT have more than 1000 items in one job" in one_more.json()["message"]
