"""Starting a job, through both doors."""

from typing import Any

import pytest

from ..documents import chain, greeting, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

START = """
mutation($workflow: String!, $options: StartJobOptions!, $key: String) {
  startJob(workflow: $workflow, options: $options, idempotencyKey: $key) { id status documented }
}
"""
GREET = {"workflow": "greet", "options": {"variables": {"name": "Ada"}}}


async def test_a_start_answers_the_running_job_and_the_job_runs_to_its_end(doors: Doors) -> None:
    await doors.import_documents(greeting())
    answer = await doors.graphql(START, **GREET)
    job = answer["data"]["startJob"]
    assert job["status"] == "RUNNING"
    over = await doors.over(job["id"])
    assert over["status"] == "complete"
    assert over["variables"] == {"name": "Ada", "greeting": "Hello, Ada", "_id": job["id"], "initiator": "admin"}
    assert over["metrics"]["end_time"] - over["metrics"]["start_time"] == 1000


async def test_the_rest_route_answers_the_documented_envelope(doors: Doors) -> None:
    await doors.import_documents(greeting())
    answer = await doors.start(GREET)
    assert answer.status_code == 200
    assert list(answer.json()) == ["message", "data", "metadata"]
    assert answer.json()["message"] == "Successfully started job"
    assert answer.json()["data"]["status"] == "running"


async def test_the_variables_are_checked_against_the_schema_that_the_workflow_has_now(doors: Doors) -> None:
    await doors.import_documents(greeting())
    for _ in range(2):  # the second start finds the version prepared
        assert (await doors.start({"workflow": "greet", "options": {"variables": {"name": 1}}})).status_code == 422
        assert (await doors.start(GREET)).status_code == 200
    number = {"type": "object", "properties": {"name": {"type": "number"}}}
    found = (await doors.graphql('{ workflow(name: "greet") { id } }'))["data"]["workflow"]
    change = "mutation($id: ID!, $document: JSON!) { updateWorkflow(id: $id, document: $document) { name } }"
    changed = await doors.graphql(change, id=found["id"], document=greeting(inputSchema=number))
    assert "errors" not in changed
    refused = await doors.start(GREET)
    assert refused.status_code == 422
    assert refused.json()["metadata"]["code"] == "VARIABLES_INVALID"
    assert await doors.stored_jobs() == 2


def without_ids_and_times(job: Any) -> Any:
    if isinstance(job, dict):
        kept = {key: without_ids_and_times(value) for key, value in job.items()}
        return {
            key: value for key, value in kept.items() if key not in ("_id", "ancestors", "iterations", "last_updated")
        }
    return [without_ids_and_times(one) for one in job] if isinstance(job, list) else job


async def test_the_same_start_through_both_doors_gives_the_same_job(doors: Doors) -> None:
    await doors.import_documents(greeting())
    options = {"description": "why", "variables": {"name": "Ada"}, "groups": ["0123456789abcdef01234567"]}
    rest = await doors.start({"workflow": "greet", "options": {**options, "type": "automation"}})
    graphql = await doors.graphql(START, workflow="greet", options={**options, "type": "AUTOMATION"})
    one = await doors.over(rest.json()["data"]["_id"])
    other = await doors.over(graphql["data"]["startJob"]["id"])
    del one["metrics"], other["metrics"]
    for job in (one, other):
        for entry in job["tasks"].values():
            for key in ("start_time", "end_time", "metrics"):
                entry.pop(key, None)
    assert without_ids_and_times(one) == without_ids_and_times(other)


@pytest.mark.parametrize(
    ("body", "status", "code", "message"),
    [
        ({"workflow": "nope", "options": {}}, 404, "WORKFLOW_NOT_FOUND", "Cannot find workflow 'nope'."),
        (
            {"workflow": "greet", "options": {"variables": {}}},
            422,
            "VARIABLES_INVALID",
            "must have required property 'name'",
        ),
        (
            {"workflow": "greet", "options": {"variables": {"name": 7}}},
            422,
            "VARIABLES_INVALID",
            "/name must be string",
        ),
        (
            {"workflow": "greet", "options": {"groups": ["default"]}},
            400,
            "REQUEST_INVALID",
            "/options/groups/0 must be a group id of 24 lower-case hex digits, not 'default'",
        ),
    ],
)
async def test_the_same_mistake_through_both_doors_names_the_same_fault_and_writes_nothing(
    doors: Doors, body: dict[str, Any], status: int, code: str, message: str
) -> None:
    await doors.import_documents(greeting())
    rest = await doors.start(body)
    graphql = await doors.graphql(START, **body)
    assert rest.status_code == status
    (error,) = graphql["errors"]
    assert message in error["message"]
    assert rest.json() == {"message": error["message"], "data": None, "metadata": error["extensions"]}
    assert error["extensions"]["code"] == code
    assert await doors.stored_jobs() == 0


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (
            {},
            [
                "Missing Params: must have required property 'workflow'",
                "Missing Params: must have required property 'opt",
            ],
        ),
        ({"workflow": "greet"}, ["must have required property 'options'"]),
        ({"workflow": 7, "options": {}}, ["/workflow must be string"]),
        ({"workflow": "greet", "options": {}, "variables": {}}, ["'variables' was unexpected"]),
        ({"workflow": "greet", "options": {"variables": []}}, ["/options/variables must be object"]),
        (
            {"workflow": "greet", "options": {"type": "other"}},
            ["/options/type must be one of automation, resource:action"],
        ),
        ([], ["must be object"]),
    ],
)
async def test_a_body_that_is_not_as_documented_is_refused_with_all_its_faults(
    doors: Doors, body: Any, faults: list[str]
) -> None:
    await doors.import_documents(greeting())
    answer = await doors.start(body)
    assert answer.status_code == 400
    assert answer.json()["data"] is None
    for fault in faults:
        assert fault in answer.json()["message"]
    assert len(answer.json()["metadata"]["validationErrors"]) == len(faults)
    assert await doors.stored_jobs() == 0


async def test_options_tolerate_unknown_keys_and_a_null_description(doors: Doors) -> None:
    await doors.import_documents(chain("empty"))
    answer = await doors.start({"workflow": "empty", "options": {"description": None, "priority": 9, "groups": []}})
    assert answer.status_code == 200
    assert answer.json()["data"]["groups"] == ["default"]


@pytest.mark.parametrize("path", ["/operations_manager/jobs/start", "//operations-manager//jobs/start/"])
async def test_the_route_answers_to_the_spellings_of_todays_clients(doors: Doors, path: str) -> None:
    await doors.import_documents(greeting())
    assert (await doors.http.post(f"http://jobyard{path}", json=GREET)).status_code == 200


async def test_a_repeated_idempotency_key_answers_the_first_job_and_creates_no_second(doors: Doors) -> None:
    await doors.import_documents(greeting())
    first = await doors.start(GREET, **{"Idempotency-Key": "k1"})
    again = await doors.start(GREET, **{"Idempotency-Key": "k1"})
    graphql = await doors.graphql(START, **GREET, key="k1")
    ids = {first.json()["data"]["_id"], again.json()["data"]["_id"], graphql["data"]["startJob"]["id"]}
    assert len(ids) == 1
    assert await doors.stored_jobs() == 1


async def test_an_idempotency_key_with_another_request_is_a_conflict(doors: Doors) -> None:
    await doors.import_documents(greeting())
    await doors.start(GREET, **{"Idempotency-Key": "k1"})
    other = {"workflow": "greet", "options": {"variables": {"name": "Bo"}}}
    answer = await doors.start(other, **{"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json()["metadata"]["code"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert await doors.stored_jobs() == 1


async def test_a_draft_is_not_started(doors: Doors) -> None:
    await doors.import_documents(greeting(errors=[{"task": "a1", "message": "no"}]))
    answer = await doors.start(GREET)
    assert (answer.status_code, answer.json()["metadata"]["code"]) == (409, "WORKFLOW_IS_DRAFT")


async def test_a_task_that_nobody_provides_ends_in_error_by_name_and_follows_its_error_edge(doors: Doors) -> None:
    document = chain("call", a1=task("getTicket", app="Jira"), b2=task("stub", type="success", delay="", response="x"))
    document["transitions"]["a1"] = {"b2": {"type": "standard", "state": "error"}}
    document["tasks"]["a1"]["variables"]["error"] = "$var.job.why"
    await doors.import_documents(document)
    job = (await doors.start({"workflow": "call", "options": {}})).json()["data"]
    over = await doors.over(job["_id"])
    assert over["status"] == "complete"
    assert over["variables"]["why"].startswith("No provider for Jira.getTicket")
    assert "error" not in over


async def test_a_child_job_runs_and_gives_its_variables_to_its_parent(doors: Doors) -> None:
    parent = chain(
        "parent",
        a1=task(
            "childJob", outgoing={"job_details": "$var.job.details"}, task="", workflow="greet", data_array="",
            transformation="", loopType="", variables={"name": {"task": "static", "value": "Ada"}},
        ),
    )  # fmt: skip
    await doors.import_documents(greeting(), parent)
    job = (await doors.start({"workflow": "parent", "options": {}})).json()["data"]
    over = await doors.over(job["_id"])
    assert over["status"] == "complete"
    (link,) = over["tasks"]["a1"]["childJobs"]
    assert over["variables"]["details"] == {
        "status": "complete", "name": "Ada", "greeting": "Hello, Ada", "_id": link["_id"], "initiator": "admin",
    }  # fmt: skip
    child = await doors.over(link["_id"])
    assert child["parent"] == {"job": job["_id"], "task": "a1", "iteration": 0, "element": 0}
    assert child["ancestors"] == [job["_id"], link["_id"]]


async def test_a_child_workflow_that_is_missing_is_the_documented_error_of_its_task(doors: Doors) -> None:
    parent = chain("parent", a1=task("childJob", task="", workflow="gone", variables={}, data_array="", loopType=""))
    await doors.import_documents(parent)
    job = (await doors.start({"workflow": "parent", "options": {}})).json()["data"]
    over = await doors.over(job["_id"])
    assert over["status"] == "error"
    assert over["error"][0]["message"] == "Error starting child job: Cannot find workflow gone"


async def test_a_result_that_the_database_cannot_hold_ends_the_job_in_error_with_what_was_stored_before(
    doors: Doors,
) -> None:
    nul = task("parse", outgoing={"textObject": "$var.job.nul"}, text='{"nul\\u0000key": 1}')
    await doors.import_documents(chain("nul", a1=task("delay", time=1), b2=nul))
    job = (await doors.start({"workflow": "nul", "options": {"variables": {"x": 1}}})).json()["data"]
    over = await doors.over(job["_id"])
    assert over["status"] == "error"
    (entry,) = over["error"]
    assert "cannot be stored: the key 'nul\\x00key' holds a NUL character" in entry["message"]
    assert over["variables"] == {"x": 1, "_id": job["_id"], "initiator": "admin"}


async def test_a_result_that_is_nested_too_deeply_is_an_error_of_its_task(doors: Doors) -> None:
    deep = task("parse", outgoing={"textObject": "$var.job.deep"}, text="[" * 120 + "]" * 120)
    await doors.import_documents(chain("deep", a1=deep))
    over = await doors.over((await doors.start({"workflow": "deep", "options": {}})).json()["data"]["_id"])
    assert (over["error"][0]["task"], over["error"][0]["message"]) == (
        "a1",
        "A value is nested more than 88 levels deep.",
    )


async def test_a_hundred_children_at_once(doors: Doors) -> None:
    child = chain("child", a1=task("newVariable", outgoing={"value": None}, name="same", value="$var.job.n"))
    parent = chain(
        "parent",
        a1=task("childJob", outgoing={"job_details": "$var.job.details"}, task="", workflow="child", variables={},
                data_array="$var.job.list", transformation="", loopType="parallel"),
    )  # fmt: skip
    await doors.import_documents(child, parent)
    body = {"workflow": "parent", "options": {"variables": {"list": [{"n": n} for n in range(100)]}}}
    over = await doors.over((await doors.start(body)).json()["data"]["_id"])
    assert over["status"] == "complete"
    loop = over["variables"]["details"]["loop"]
    assert [(one["same"], one["childJobLoopIndex"]) for one in loop] == [(n, n) for n in range(100)]
    assert len({one["_id"] for one in over["tasks"]["a1"]["childJobs"]}) == 100
