"""`#/json/pointer` behind the name of a variable, wherever a job reads one: started through both APIs."""

from typing import Any

import pytest

from ..documents import chain, task
from ..doors import Doors
from .test_checking import VALIDATE
from .test_providers import START

pytestmark = pytest.mark.anyio

FOUND = {"devices": ["edge-1", "edge-2"], "a/b": {"n": 2}, "password": "hunter2"}


def operand(pointer: str, key: str = "variable") -> dict[str, Any]:
    return {"task": "job", key: f"found#/{pointer}"}


def compared(pointer: str, value: Any) -> list[dict[str, Any]]:
    one = {"operand_1": operand(pointer), "operator": "==", "operand_2": {"task": "static", "variable": value}}
    return [{"all_true_flag": True, "evaluations": [one]}]


READING = chain(
    "parent",
    a1=task(
        "merge",
        outgoing={"merged_object": "$var.job.merged"},
        data_to_merge=[{"key": "devices", "value": operand("devices")}, {"key": "n", "value": operand("a~1b/n")}],
    ),
    b2=task("evaluation", all_true_flag=True, evaluation_groups=compared("devices/1", "edge-2")),
    c3=task("decision", decisionArray=[{**compared("a~1b/n", 2)[0], "taskId": "d4"}]),
    d4=task(
        "childJob",
        outgoing={"job_details": "$var.job.child"},
        workflow="child",
        variables={"device": operand("devices/0", "value")},
        loopType="",
    ),
)
CHILD = {**chain("child"), "inputSchema": {"properties": {"device": {"type": "string"}}, "required": ["device"]}}


async def started(doors: Doors, door: str, workflow: str, found: Any) -> dict[str, Any]:
    variables = {"found": found}
    if door == "rest":
        answer = await doors.start({"workflow": workflow, "options": {"variables": variables}})
        return await doors.over(answer.json()["data"]["_id"])
    answer = await doors.graphql(START, w=workflow, o={"variables": variables})
    return await doors.over(answer["data"]["startJob"]["id"])


@pytest.mark.parametrize("door", ["graphql", "rest"])
async def test_a_pointer_gives_the_part_in_every_kind_of_operand(doors: Doors, door: str) -> None:
    await doors.import_documents(READING, CHILD)
    job = await started(doors, door, "parent", FOUND)
    assert (job["status"], job.get("error")) == ("complete", None)
    assert job["variables"]["merged"] == {"devices": ["edge-1", "edge-2"], "n": 2}
    assert job["variables"]["child"]["device"] == "edge-1"


@pytest.mark.parametrize("id", ["a1", "b2", "c3", "d4"])
async def test_a_pointer_that_leads_nowhere_ends_its_task_in_error(doors: Doors, id: str) -> None:
    await doors.import_documents(chain("alone", **{id: READING["tasks"][id]}), CHILD)
    job = await started(doors, "rest", "alone", {"devices": "none"})
    assert (job["status"], job["tasks"][id]["finish_state"]) == ("error", "error")
    assert job["error"][0]["task"] == id
    assert job["error"][0]["message"].startswith("Query failed for task incoming variables: ")


async def test_the_check_reads_pointers_as_the_engine_does(doors: Doors) -> None:
    document = {**READING, "inputSchema": {"properties": {"found": {"type": "object"}}}}
    answer = await doors.graphql(VALIDATE, document=document, beside=[CHILD])
    assert answer["data"]["validateWorkflow"] == {"valid": True, "errors": [], "warnings": []}


async def test_a_secret_that_a_pointer_leads_to_is_masked_in_the_operand(doors: Doors) -> None:
    document = chain("secret", a1=task("merge", data_to_merge=[{"key": "k", "value": operand("password")}]))
    secret = {**document, "decorators": [{"type": "encryption", "pointer": "/found/password"}]}
    await doors.import_documents(secret)
    job = await started(doors, "rest", "secret", FOUND)
    (id,) = job["tasks"]["a1"]["iterations"]
    iteration = (await doors.http.get(f"/operations-manager/tasks/{id}")).json()["data"]
    (entry,) = iteration["variables"]["incoming"]["data_to_merge"]
    assert entry == {"key": "k", "value": "********"}


async def test_what_a_child_was_given_is_not_read_again_when_it_has_ended(doors: Doors) -> None:
    parent = chain("parent", d4=READING["tasks"]["d4"])
    # The other branch takes the variable away while the child waits.
    parent["tasks"]["e5"] = task("newVariable", name="found", value=None)
    parent["transitions"]["workflow_start"]["e5"] = {"type": "standard", "state": "success"}
    parent["transitions"]["e5"] = {"workflow_end": {"type": "standard", "state": "success"}}
    child = chain("child", a1=task("delay", time=9))
    await doors.import_documents(parent, child)
    job = await started(doors, "rest", "parent", FOUND)
    assert (job["status"], job.get("error")) == ("complete", None)
