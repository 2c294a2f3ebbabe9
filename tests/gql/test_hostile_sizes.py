"""Workflows that are too large, or make something too large: a clear end, and the other jobs run on."""

from typing import Any

import pytest
from jobyard.resolvers.workflows import imports as workflows

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio


async def start(doors: Doors, workflow: str, **variables: Any) -> str:
    answer = await doors.start({"workflow": workflow, "options": {"variables": variables}})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["_id"]


def doubling(method: str, outgoing: str, one: str, other: str) -> dict[str, Any]:
    """Doubles the job variable `v` in circles; the error edge leads to the end."""
    twice = task(method, outgoing={outgoing: "$var.job.v"}, **{one: "$var.job.v", other: "$var.job.v"})
    document = chain("double", a1=twice)
    document["transitions"]["a1"] = {
        "a1": {"type": "revert", "state": "success"},
        "workflow_end": {"type": "standard", "state": "error"},
    }
    return document


@pytest.mark.parametrize(
    ("document", "first"),
    [
        (doubling("stringConcat", "combinedStrings", "str", "stringN"), "x" * 1000),
        (doubling("arrayConcat", "combinedArray", "arr", "arrayN"), ["x" * 1000] * 10),
        (doubling("arrayPush", "pushedArray", "arr", "elementN"), ["x" * 1000] * 10),
    ],
)
async def test_a_variable_of_50_megabytes_is_an_error_of_the_task_that_makes_it(
    doors: Doors, document: dict[str, Any], first: Any
) -> None:
    await doors.import_documents(document, chain("short", b2=task("delay", time=1)))
    long, short = await start(doors, "double", v=first), await start(doors, "short")
    assert (await doors.over(short))["status"] == "complete"
    await doors.services.runner.wait_stopped(long)
    found = await doors.services.store.database["jobs"].find_one({"_id": long}, {"status": 1, "tasks": 1})
    assert found["status"] == "complete"
    assert found["tasks"]["a1"]["finish_state"] == "error"


async def test_a_merge_that_multiplies_a_large_value_is_an_error_before_it_is_stored(doors: Doors) -> None:
    one = {"task": "job", "variable": "v"}
    merge = task("merge", data_to_merge=[{"key": f"k{number}", "value": one} for number in range(1000)])
    await doors.import_documents(chain("w", a1=merge))
    over = await doors.over(await start(doors, "w", v="x" * 1_000_000))
    assert over["error"][0]["message"] == (
        "What the task is given has 1,000,057,971 characters as JSON, more than the 33,554,432 that may be."
    )


async def test_values_that_refer_to_each_other_in_a_circle_end(doors: Doors) -> None:
    first = task("newVariable", outgoing={"value": "$var.job.a"}, name="a", value="$var.b2.value")
    second = task("newVariable", outgoing={"value": "$var.job.b"}, name="b", value="$var.a1.value")
    third = task("newVariable", outgoing={"value": None}, name="c", value="$var.c3.value")
    await doors.import_documents(chain("w", a1=first, b2=second, c3=third))
    over = await doors.over(await start(doors, "w"))
    assert over["status"] == "complete"
    assert {name: over["variables"][name] for name in "abc"} == {"a": None, "b": None, "c": None}


async def test_a_variable_that_spells_a_reference_is_text(doors: Doors) -> None:
    read = task("newVariable", outgoing={"value": None}, name="y", value="$var.job.x")
    await doors.import_documents(chain("w", a1=read))
    over = await doors.over(await start(doors, "w", x="$var.job.x"))
    assert over["variables"]["y"] == "$var.job.x"


async def test_a_document_of_100_000_tasks_is_refused_with_the_limit() -> None:
    tasks = {f"t{number:x}": {"name": "delay", "app": "WorkFlowEngine"} for number in range(100_000)}
    report = await workflows.import_documents([{"name": "w", "tasks": tasks, "transitions": {}}])
    assert [one.reason for one in report.skipped] == [
        "it has 100,000 tasks, more than the 20,000 that a workflow may have"
    ]
    assert report.imported == []


async def test_a_chain_of_thousands_of_tasks_runs_to_its_end(doors: Doors) -> None:
    last = 1_500
    one = task("newVariable", outgoing={"value": None}, name="v", value="$var.job.x")
    await doors.import_documents(chain("w", **dict.fromkeys((f"t{number:x}" for number in range(last)), one)))
    over = await doors.over(await start(doors, "w", x=1))
    assert over["status"] == "complete"
    assert over["metrics"]["progress"] == 1


async def test_a_retry_whose_delay_is_longer_than_time_itself_waits(doors: Doors) -> None:
    settings = {"autoRetry": True, "limit": 1, "delay": 10**18, "state": ["error"]}
    flaky = {**task("stub", type="error", delay="", response="no"), "retrySettings": settings}
    aside = task("newVariable", outgoing={"value": None}, name="v", value=1)
    document = chain("w", a1=flaky)
    document["tasks"]["b2"] = aside
    document["transitions"]["workflow_start"]["b2"] = {"type": "standard", "state": "success"}
    await doors.import_documents(document)
    over = await doors.over(await start(doors, "w"))
    assert over["tasks"]["a1"]["retrySettings"]["count"] == 1
