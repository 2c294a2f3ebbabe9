"""Tasks that wait for a person, through both doors."""

import asyncio
from typing import Any

import pytest
from jobyard.models.documents.account import Role
from jobyard.models.documents.shapes.tasks import Answer
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.accounts import accounts
from jobyard.resolvers.accounts.accounts import AccountChanges, Belongings
from jobyard.resolvers.store.collections import collection_of

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

FINISH = """
mutation($job: ID!, $task: ID!, $state: Button!, $variables: JSON) {
  finishTask(jobId: $job, taskId: $task, finishState: $state, variables: $variables) { id status documented }
}
"""


def asking() -> dict[str, Any]:
    """Two people are asked at once; the first one's answer becomes a job variable."""
    view = task("ViewData", header="h", message="m", body="$var.job.body", outgoing={"choice": "$var.job.choice"})
    document = chain("ask", a1={**view, "type": "manual"})
    document["tasks"]["b2"] = {**task("ViewData", header="h", message="m", body="b"), "type": "manual"}
    document["transitions"]["workflow_start"]["b2"] = {"type": "standard", "state": "success"}
    document["transitions"]["b2"] = {"workflow_end": {"type": "standard", "state": "failure"}}
    return document


async def asked(doors: Doors) -> tuple[str, str]:
    """The id of a job that waits for two people, and the iteration of its task a1."""
    await doors.import_documents(asking())
    started = await doors.start({"workflow": "ask", "options": {"variables": {"body": "what"}}})
    id = started.json()["data"]["_id"]
    await doors.waiting(id, "a1", "b2")
    await doors.services.runner.wait_first_save(id)  # its iterations follow
    job = await doors.http.get(f"/operations-manager/jobs/{id}")
    return id, job.json()["data"]["tasks"]["a1"]["iterations"][0]


async def ada(doors: Doors) -> str:
    """Somebody else's account, which may finish tasks."""
    role = await collection_of(Role).find_one({"allowedMethods.name": "finishManualTask"})
    assert role is not None
    changes = AccountChanges(belongings=Belongings(roles=[str(role["_id"])]))
    return (await accounts.create(doors.services, SYSTEM, "ada", "a long password", changes))["_id"]


async def finish(doors: Doors, job: str, task_id: str, state: str = "success", **variables: Any) -> Any:
    body = {"taskData": {"finish_state": state, "variables": variables}}
    return await doors.http.post(f"/operations-manager/jobs/{job}/tasks/{task_id}/finish", json=body)


async def test_a_person_sees_what_the_task_shows_and_claims_it(doors: Doors) -> None:
    _, iteration = await asked(doors)
    seen = (await doors.http.get(f"/operations-manager/tasks/{iteration}")).json()["data"]
    assert seen["variables"]["incoming"] == {"header": "h", "message": "m", "body": "what"}
    assert seen["status"] == "running"
    claimed = (await doors.http.post(f"/operations-manager/tasks/{iteration}/claim")).json()
    assert claimed["message"] == "Successfully claimed task"
    assert claimed["data"]["metrics"]["owner"] == doors.services.admin_id
    assert claimed["data"]["metrics"]["claim_time"] == "2024-12-04T21:15:22.873Z"
    query = "query($id: ID!) { task(id: $id) { job { task } metrics { owner claimTime } } }"
    assert (await doors.graphql(query, id=iteration))["data"]["task"] == {
        "job": {"task": "a1"},
        "metrics": {"owner": doors.services.admin_id, "claimTime": "2024-12-04T21:15:22.873Z"},
    }


async def test_the_answer_becomes_the_tasks_output_and_the_job_goes_on(doors: Doors) -> None:
    id, _ = await asked(doors)
    first = await finish(doors, id, "a1", choice="yes")
    assert first.json()["data"]["status"] == "running"
    assert first.json()["data"]["variables"]["choice"] == "yes"
    second = await doors.graphql(FINISH, job=id, task="b2", state="FAILURE", variables=None)
    assert second["data"]["finishTask"]["status"] == "COMPLETE"
    query = "query($id: ID!) { task(id: $id) { status metrics { user finishState } } }"
    iteration = second["data"]["finishTask"]["documented"]["tasks"]["b2"]["iterations"][0]
    assert (await doors.graphql(query, id=iteration))["data"]["task"] == {
        "status": "COMPLETE",
        "metrics": {"user": doors.services.admin_id, "finishState": "FAILURE"},
    }


async def test_two_people_claim_one_task_at_once_and_the_other_is_told_who_has_it(doors: Doors) -> None:
    _, iteration = await asked(doors)
    store, at = doors.services.jobs.tasks, "2024-12-04T21:15:22.873Z"
    claims = await asyncio.gather(*(store.claim(iteration, name, at) for name in ("ada", "bo")))
    (winner,) = {claimed["metrics"]["owner"] for claimed in claims if claimed}
    refused = await doors.http.post(f"/operations-manager/tasks/{iteration}/claim")
    assert refused.status_code == 409
    assert refused.json()["metadata"]["owner"] == winner
    assert f"is claimed by '{winner}'" in refused.json()["message"]


async def test_a_task_of_somebody_else_cannot_be_finished_or_released_until_it_is_assigned(doors: Doors) -> None:
    id, iteration = await asked(doors)
    await doors.http.post(f"/operations-manager/tasks/{iteration}/assign", json={"userId": await ada(doors)})
    assert (await finish(doors, id, "a1")).status_code == 409
    assert (await doors.http.post(f"/operations-manager/tasks/{iteration}/release")).status_code == 409
    await doors.http.post(f"/operations-manager/tasks/{iteration}/assign", json={"userId": doors.services.admin_id})
    released = await doors.http.post(f"/operations-manager/tasks/{iteration}/release")
    assert released.json()["data"]["metrics"]["owner"] == ""
    assert (await finish(doors, id, "a1")).status_code == 200


async def test_of_two_answers_the_first_counts(doors: Doors) -> None:
    id, _ = await asked(doors)
    answers = await asyncio.gather(*(finish(doors, id, "a1", choice=n) for n in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    (winner,) = [answer.json()["data"] for answer in answers if answer.status_code == 200]
    job = await doors.http.get(f"/operations-manager/jobs/{id}")
    assert job.json()["data"]["variables"]["choice"] == winner["variables"]["choice"]
    late = await finish(doors, id, "a1", choice="late")
    assert "does not wait for a person: it is complete" in late.json()["message"]


async def test_an_answer_that_nobody_took_is_taken_by_whoever_runs_the_job(doors: Doors) -> None:
    id, iteration = await asked(doors)
    answer: Answer = {"finish_state": "success", "variables": {"choice": "kept"}, "at": 1}
    assert await doors.services.jobs.tasks.answer(iteration, id, "ada", answer)
    await doors.sweep()
    assert (await finish(doors, id, "b2", "failure")).json()["data"]["variables"]["choice"] == "kept"


@pytest.mark.parametrize(
    ("job", "task_id", "status", "message"),
    [
        ("f" * 24, "a1", 404, "Cannot find job"),
        (None, "f00", 404, "Cannot find task 'f00' in job"),
        (None, "c3", 409, "does not wait for a person: it has not been reached"),
    ],
)
async def test_what_cannot_be_finished_is_told_alike_at_both_doors(
    doors: Doors, job: str | None, task_id: str, status: int, message: str
) -> None:
    document = chain("ask", a1={**task("ViewData"), "type": "manual"}, c3=task("delay", time=1))
    await doors.import_documents(document)
    id = (await doors.start({"workflow": "ask", "options": {}})).json()["data"]["_id"]
    await doors.waiting(id, "a1")
    rest = await finish(doors, job or id, task_id)
    graphql = await doors.graphql(FINISH, job=job or id, task=task_id, state="SUCCESS", variables={})
    assert rest.status_code == status
    assert message in rest.json()["message"]
    assert graphql["errors"][0]["message"] == rest.json()["message"]
    assert graphql["errors"][0]["extensions"] == rest.json()["metadata"]


async def test_a_finish_is_checked_as_documented(doors: Doors) -> None:
    answer = await doors.http.post("/operations-manager/jobs/x/tasks/a1/finish", json={"taskData": {}, "more": 1})
    assert answer.status_code == 400
    paths = [fault["instancePath"] for fault in answer.json()["metadata"]["validationErrors"]]
    assert sorted(paths) == ["", "/taskData", "/taskData"]


async def test_an_unknown_iteration_is_told_alike_at_both_doors(doors: Doors) -> None:
    rest = await doors.http.post("/operations-manager/tasks/nope/claim")
    graphql = await doors.graphql('mutation { claimTask(id: "nope") { id } }')
    assert rest.status_code == 404
    assert graphql["errors"][0]["message"] == rest.json()["message"]


def filling(**schema: Any) -> dict[str, Any]:
    """A person fills in a form that the task itself holds."""
    shown = {"jsonSchema": schema, "uiSchema": {}, "formData": {"device": "edge"}}
    form = task("RenderJsonSchema", app="JsonForms", outgoing={"export": "$var.job.filled"}, **shown)
    return chain("fill", a1={**form, "type": "manual"})


async def test_a_form_is_shown_and_its_answer_is_checked(doors: Doors) -> None:
    schema = {"type": "object", "required": ["device"], "properties": {"device": {"type": "string"}}}
    await doors.import_documents(filling(**schema))
    id = (await doors.start({"workflow": "fill", "options": {}})).json()["data"]["_id"]
    await doors.waiting(id, "a1")
    job = (await doors.http.get(f"/operations-manager/jobs/{id}")).json()["data"]
    query = "query($id: ID!) { task(id: $id) { form { schema data } } }"
    shown = (await doors.graphql(query, id=job["tasks"]["a1"]["iterations"][0]))["data"]["task"]["form"]
    assert shown == {"schema": schema, "data": {"device": "edge"}}
    refused = await finish(doors, id, "a1", export={"device": 7})
    assert refused.status_code == 422
    assert "/export/device must be string" in refused.json()["message"]
    assert "must have required property 'export'" in (await finish(doors, id, "a1")).json()["message"]
    over = (await finish(doors, id, "a1", export={"device": "edge-1"})).json()["data"]
    assert (over["status"], over["variables"]["filled"]) == ("complete", {"device": "edge-1"})


async def test_the_failure_button_needs_no_form(doors: Doors) -> None:
    await doors.import_documents(filling(type="object", required=["device"]))
    id = (await doors.start({"workflow": "fill", "options": {}})).json()["data"]["_id"]
    await doors.waiting(id, "a1")
    over = (await finish(doors, id, "a1", "failure")).json()["data"]
    assert over["status"] == "error"
    assert over["tasks"]["a1"]["finish_state"] == "failure"


async def test_a_task_is_assigned_to_accounts_alone(doors: Doors) -> None:
    _, iteration = await asked(doors)
    refused = await doors.http.post(f"/operations-manager/tasks/{iteration}/assign", json={"userId": "nobody"})
    assert (refused.status_code, refused.json()["metadata"]) == (
        404,
        {"code": "ACCOUNT_NOT_FOUND", "account": "nobody"},
    )


async def test_who_has_a_task_is_told_by_name(doors: Doors) -> None:
    id, iteration = await asked(doors)
    await doors.http.post(f"/operations-manager/tasks/{iteration}/assign", json={"userId": await ada(doors)})
    assert "is claimed by 'ada'" in (await finish(doors, id, "a1")).json()["message"]


async def test_a_page_gets_what_it_needs_to_work_a_task(doors: Doors) -> None:
    id, _ = await asked(doors)
    told = (await doors.http.get(f"/operations-manager/jobs/{id}/tasks/a1/manual-controller")).json()["data"]
    assert told["variables"]["incoming"] == {"header": "h", "message": "m", "body": "what"}
    assert told["finish_state"] is None
    assert told["TaskController"].startswith("function TaskController()")
    await finish(doors, id, "a1", "failure")
    told = (await doors.http.get(f"/operations-manager/jobs/{id}/tasks/a1/manual-controller")).json()["data"]
    assert told["finish_state"] == "failure"
