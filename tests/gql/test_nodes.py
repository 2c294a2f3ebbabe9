"""Ids that name one object each, whatever its type and whoever keeps it in a cache."""

from typing import Any

import pytest
from jobyard.gql.node import TaskReference, decode_task_id, encode_id, short_task_id
from jobyard.models.errors import TaskNotFound

from ..documents import chain, task
from ..doors import Doors
from .world import World

pytestmark = pytest.mark.anyio

QUICK = chain("quick", a1=task("newVariable", outgoing={"value": None}, name="v", value=1))
TASKS = "tasks { id taskId status iterations everyIteration { id status } latestIteration { id taskId job { id } }"
EVERYTHING = (
    "query($job: ID!) { job(id: $job) { id __typename " + TASKS + " incoming outgoing error } "
    "workflow { id __typename tasks { __typename id taskId name } } } }"
)
NODES = """
query($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    id
    ... on Job { name documented }
    ... on Task { taskId status }
    ... on WorkflowTask { taskId method: name }
    ... on Iteration { its: taskId status }
    ... on Workflow { title: name }
  }
}
"""


async def data(doors: Doors, query: str, **variables: Any) -> Any:
    answer = await doors.graphql(query, **variables)
    assert "errors" not in answer, answer
    return answer["data"]


async def started(doors: Doors, workflow: str = "quick") -> str:
    job = await data(
        doors, "mutation($w: String!) { startJob(workflow: $w, options: {}, waitSeconds: 5) { id } }", w=workflow
    )
    return job["startJob"]["id"]


@pytest.fixture
async def jobs(doors: Doors) -> list[Any]:
    await doors.import_documents(QUICK)
    return [(await data(doors, EVERYTHING, job=await started(doors)))["job"] for _ in range(2)]


def ids_of(value: Any) -> list[tuple[str, str]]:
    """All ids in an answer, with the types that they stand in."""
    if isinstance(value, list):
        return [one for entry in value for one in ids_of(entry)]
    if not isinstance(value, dict):
        return []
    own = [(value["id"], value["__typename"])] if "id" in value and "__typename" in value else []
    return own + [one for entry in value.values() for one in ids_of(entry)]


async def test_tasks_of_two_jobs_and_of_their_workflow_have_ids_of_their_own(jobs: list[Any]) -> None:
    one, other = ({found["id"] for found in job["tasks"]} for job in jobs)
    drawn = {found["id"] for found in jobs[0]["workflow"]["tasks"]}
    assert len(one | other | drawn) == len(one) + len(other) + len(drawn)
    assert {found["taskId"] for found in jobs[0]["tasks"]} == {"workflow_start", "a1", "workflow_end"}
    assert {found["__typename"] for found in jobs[0]["workflow"]["tasks"]} == {"WorkflowTask"}


async def test_a_task_says_in_one_query_what_went_in_and_what_came_out(jobs: list[Any]) -> None:
    (a1,) = [found for found in jobs[0]["tasks"] if found["taskId"] == "a1"]
    assert (a1["incoming"], a1["error"]) == ({"name": "v", "value": 1}, None)
    assert set(a1["outgoing"]) == {"value"}
    assert [one["id"] for one in a1["everyIteration"]] == a1["iterations"]
    assert a1["latestIteration"] == {"id": a1["iterations"][-1], "taskId": "a1", "job": {"id": jobs[0]["id"]}}


async def test_a_task_says_what_went_wrong_in_it_though_an_edge_caught_it(doors: Doors) -> None:
    document = chain("caught", a1=task("newVariable", name="$var.job.none.such", value=1))
    await doors.import_documents(document)
    job = (
        await data(
            doors,
            "query($job: ID!) { job(id: $job) { error { message } tasks { taskId error } } }",
            job=await started(doors, "caught"),
        )
    )["job"]
    (error,) = [found["error"] for found in job["tasks"] if found["taskId"] == "a1"]
    assert error == job["error"][0]["message"]


async def test_every_id_is_found_again(doors: Doors, jobs: list[Any]) -> None:
    task, drawn = jobs[0]["tasks"][1], jobs[0]["workflow"]["tasks"][1]
    asked = [jobs[0]["id"], task["id"], task["iterations"][0], jobs[0]["workflow"]["id"], drawn["id"]]
    found = (await data(doors, NODES, ids=[*asked, "f" * 24, "a1", encode_id("Task", jobs[0]["id"], "ffff")]))["nodes"]
    assert [one and one["id"] for one in found] == [*asked, None, None, None]
    assert [one["__typename"] for one in found[:5]] == ["Job", "Task", "Iteration", "Workflow", "WorkflowTask"]
    assert found[0]["documented"]["_id"] == jobs[0]["id"]
    assert all(not key.startswith("$") for key in found[0]["documented"])
    assert (found[1]["taskId"], found[1]["status"]) == (task["taskId"], task["status"])
    one = await data(doors, "query($id: ID!) { node(id: $id) { id __typename } }", id=task["id"])
    assert one == {"node": {"id": task["id"], "__typename": "Task"}}


async def test_so_many_nodes_at_once(doors: Doors) -> None:
    answer = await doors.graphql(NODES, ids=["x"] * 101)
    assert answer["errors"][0]["extensions"]["validationErrors"][0]["instancePath"] == "/ids"


async def test_node_shows_what_the_fields_of_the_objects_would(world: World) -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    ids = [world.variables["job"], world.variables["iteration"], encode_id("Task", world.variables["job"], "a1")]
    seen = (await world.graphql("member", query, ids=ids)).json()
    assert [one["__typename"] for one in seen["data"]["nodes"]] == ["Job", "Iteration", "Task"]
    hidden = (await world.graphql("outsider", query, ids=ids)).json()
    assert hidden == {"data": {"nodes": [None, None, None]}}
    refused = (await world.graphql("guest", query, ids=ids)).json()
    assert {error["extensions"]["code"] for error in refused["errors"]} == {"NOT_ALLOWED"}
    assert (await world.graphql("nobody", query, ids=ids)).status_code == 401


async def test_a_task_is_named_by_either_id(doors: Doors) -> None:
    await doors.import_documents(chain("waits", a1={**task("ViewData", header="h"), "type": "manual"}))
    begun = await data(doors, 'mutation { startJob(workflow: "waits", options: {}) { id tasks { id taskId } } }')
    job = begun["startJob"]["id"]
    (id,) = [one["id"] for one in begun["startJob"]["tasks"] if one["taskId"] == "a1"]
    await doors.waiting(job, "a1")
    listed = "query($f: TaskFilter) { tasks(filter: $f) { nodes { taskId job { id } } } }"
    finish = "mutation($j: ID!, $t: ID!) { finishTask(jobId: $j, taskId: $t, finishState: SUCCESS) { id } }"
    other = encode_id("Task", "0" * 24, "a1")
    refused = await doors.graphql(finish, j=job, t=other)
    assert refused["errors"][0]["extensions"]["code"] == "TASK_NOT_FOUND"
    assert (await data(doors, finish, j=job, t=id))["finishTask"] == {"id": job}
    for filter in ({"task": [id]}, {"task": [id, other]}, {"task": [id, "b2"]}, {"task": ["a1"], "jobs": [job]}):
        found = (await data(doors, listed, f=filter))["tasks"]["nodes"]
        assert found == [{"taskId": "a1", "job": {"id": job}}], filter
    assert (await data(doors, listed, f={"task": [other]}))["tasks"]["nodes"] == []


@pytest.mark.parametrize("owner", ["0" * 24, "a workflow", "é"])
@pytest.mark.parametrize("name", ["a1", "workflow_start", "with:colons", "ü/?"])
def test_an_opaque_id_names_what_it_was_made_of(owner: str, name: str) -> None:
    made = encode_id("Task", owner, name)
    assert decode_task_id(made) == TaskReference("Task", owner, name)
    assert short_task_id(made, owner) == name


@pytest.mark.parametrize(
    "id", ["a1", "workflow_start", "", "=", "ffff", "VGFzazp4", "x" * 5000, "é", "abcde", "VGFzaw=="]
)
def test_other_ids_stay_what_they_are(id: str) -> None:
    assert decode_task_id(id) is None
    assert short_task_id(id, "0" * 24) == id


def test_the_id_of_a_task_of_another_job_is_not_found() -> None:
    for made in (encode_id("Task", "1" * 24, "a1"), encode_id("WorkflowTask", "0" * 24, "a1")):
        with pytest.raises(TaskNotFound):
            short_task_id(made, "0" * 24)


async def test_a_refusal_leaves_the_answers_of_the_other_mutations(doors: Doors) -> None:
    await doors.import_documents(QUICK)
    batch = (
        'mutation { one: startJob(workflow: "quick", options: {}) { id } '
        'two: startJob(workflow: "none such", options: {}) { id } '
        'three: startJob(workflow: "quick", options: {}) { id } }'
    )
    answer = await doors.graphql(batch)
    assert answer["data"]["two"] is None
    assert {len(answer["data"][name]["id"]) for name in ("one", "three")} == {24}
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["two"], "WORKFLOW_NOT_FOUND")
    ]
