"""What happened to a job and who did what, and what one may do with it."""

import time
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from jobyard.gql.app import create_app
from jobyard.models.settings import Settings
from jobyard.resolvers.lifespan import open_services

from ..documents import chain, task
from ..doors import Doors, JumpingClock
from .world import World, data_of

pytestmark = pytest.mark.anyio

HISTORY = """query($id: ID!, $last: Int! = 50, $before: String) { job(id: $id) { history(last: $last, before: $before) {
    hasEarlier events { number cursor topic status acts { act user task } tasks { task status } } } } }"""
PERMISSIONS = "query($id: ID!) { job(id: $id) { permissions { action allowed reason } } }"
DO = """mutation($id: ID!, $ids: [ID!]!) {
    pauseJobs(ids: $ids) { done } resumeJobs(ids: $ids) { done }
    finishTask(jobId: $id, taskId: "a1", finishState: SUCCESS) { id } }"""
ASK = {**task("ViewData"), "type": "manual"}
FAIL = {**task("stringLength", str="$var.job.name")}


@pytest.fixture
async def doors(settings: Settings) -> AsyncGenerator[Doors]:
    """As of today: what happened long ago is not kept."""
    clock = JumpingClock()
    clock.at = int(time.time() * 1000)
    async with open_services(settings, clock) as services:
        transport = httpx.ASGITransport(app=create_app(services))
        async with httpx.AsyncClient(transport=transport, base_url="http://jobyard") as http:
            yield Doors(services, http)


async def started(doors: Doors, *documents: Any) -> str:
    await doors.import_documents(*documents)
    body = {"workflow": documents[-1]["name"], "options": {}}
    return (await doors.start(body)).json()["data"]["_id"]


async def history(doors: Doors, id: str, **more: Any) -> dict[str, Any]:
    return (await doors.graphql(HISTORY, id=id, **more))["data"]["job"]["history"]


async def acts(doors: Doors, id: str) -> list[tuple[str, str | None]]:
    events = (await history(doors, id))["events"]
    return [(one["act"], one["task"]) for event in reversed(events) for one in event["acts"]]


async def test_what_people_did_is_in_the_history_with_their_names(doors: Doors) -> None:
    id = await started(doors, chain("ask", a1=ASK))
    await doors.waiting(id, "a1")
    await doors.graphql(DO, id=id, ids=[id])
    await doors.over(id)
    me = (await doors.graphql("{ viewer { id } }"))["data"]["viewer"]["id"]
    found = await history(doors, id)
    assert [event["number"] for event in found["events"]] == list(range(len(found["events"])))[::-1]
    assert not found["hasEarlier"]
    assert await acts(doors, id) == [("START", None), ("PAUSE", None), ("RESUME", None), ("FINISH", "a1")]
    assert {one["user"] for event in found["events"] for one in event["acts"]} == {me}
    assert found["events"][0]["topic"] == "JOB_COMPLETE"


async def test_repairs_say_from_which_task(doors: Doors) -> None:
    id = await started(doors, chain("fail", a1=FAIL))
    assert (await doors.over(id))["status"] == "error"
    retry = 'mutation($id: ID!) { retryTask(jobId: $id, taskId: "a1", variables: {name: "x"}) { id } }'
    await doors.graphql(retry, id=id)
    assert (await doors.over(id))["status"] == "complete"
    assert await acts(doors, id) == [("START", None), ("RETRY", "a1")]


async def test_a_child_that_ends_with_its_parent_was_canceled_by_nobody_itself(doors: Doors) -> None:
    child = task("childJob", task="", workflow="ask", variables={}, data_array="", transformation="", loopType="")
    id = await started(doors, chain("ask", a1=ASK), chain("parent", c1=child))
    await doors.waiting(id, "c1")
    below = "query($id: ID!) { job(id: $id) { children { id } } }"
    while not (children := (await doors.graphql(below, id=id))["data"]["job"]["children"]):
        await doors.turn()
    await doors.waiting(children[0]["id"], "a1")
    await doors.graphql("mutation($ids: [ID!]!) { cancelJobs(ids: $ids) { done } }", ids=[id])
    assert (await doors.over(children[0]["id"]))["status"] == "canceled"
    events = (await history(doors, children[0]["id"]))["events"]
    assert [one for event in events for one in event["acts"]] == [
        {"act": "CANCEL", "user": None, "task": None},
        {"act": "START", "user": None, "task": None},
    ]


async def test_a_history_is_read_in_pages_of_a_bounded_size(doors: Doors) -> None:
    id = await started(doors, chain("ask", a1=ASK))
    await doors.waiting(id, "a1")
    await doors.graphql(DO, id=id, ids=[id])
    await doors.over(id)
    whole = (await history(doors, id))["events"]
    found = await history(doors, id, last=1)
    assert (found["events"], found["hasEarlier"]) == (whole[:1], True)
    found = await history(doors, id, last=len(whole), before=whole[0]["cursor"])
    assert (found["events"], found["hasEarlier"]) == (whole[1:], False)
    for wrong in ({"last": 0}, {"last": 201}, {"before": "x"}):
        (error,) = (await doors.graphql(HISTORY, id=id, **wrong))["errors"]
        assert error["extensions"]["code"] == "REQUEST_INVALID"


async def test_histories_of_many_jobs_are_too_large_an_answer(doors: Doors) -> None:
    await doors.import_documents(chain("ask", a1=ASK))
    id = (await doors.start({"workflow": "ask", "options": {}})).json()["data"]["_id"]
    several = " ".join(f"j{n}: history(last: 1) {{ hasEarlier }}" for n in range(40))
    query = f"query($id: ID!) {{ a: job(id: $id) {{ {several} }} b: job(id: $id) {{ {several} }} }}"
    wide = query.replace("b: job", " ".join(f"c{n}: job(id: $id) {{ {several} }}" for n in range(4)) + " b: job")
    answer = await doors.graphql(wide, id=id)
    assert {one["extensions"]["code"] for one in answer["errors"]} == {"ANSWER_TOO_LARGE"}


async def permissions(doors: Doors, id: str) -> dict[str, str | None]:
    found = (await doors.graphql(PERMISSIONS, id=id))["data"]["job"]["permissions"]
    assert all(one["allowed"] == (one["reason"] is None) for one in found)
    return {one["action"]: one["reason"] for one in found}


async def test_what_may_be_done_follows_the_status(doors: Doors) -> None:
    id = await started(doors, chain("ask", a1=ASK))
    await doors.waiting(id, "a1")
    found = await permissions(doors, id)
    assert {action for action, reason in found.items() if reason is None} == {
        "PAUSE", "CANCEL", "RETRY", "CONTINUE", "FINISH", "WATCH",
    }  # fmt: skip
    assert found["RESUME"] == "The job's status is running; it must be paused."
    await doors.graphql("mutation($ids: [ID!]!) { cancelJobs(ids: $ids) { done } }", ids=[id])
    found = await permissions(doors, id)
    assert {action for action, reason in found.items() if reason is None} == {"DELETE", "WATCH"}


async def test_permissions_say_what_a_role_does_not_allow(world: World) -> None:
    query = PERMISSIONS.replace("$id", "$job")
    reader = (await data_of(world, "reader", query))["permissions"]
    assert not any(one["allowed"] for one in reader)
    assert reader[0]["reason"].startswith("Your roles do not allow pauseJobs. Ask an administrator for one that does:")
    member = (await data_of(world, "member", query))["permissions"]
    assert {one["action"] for one in member if one["allowed"]} >= {"PAUSE", "CANCEL", "FINISH"}
    assert (await world.graphql("outsider", query)).json()["data"]["job"] is None


async def test_the_history_of_a_job_of_others_is_not_seen(world: World) -> None:
    query = "query($job: ID!) { job(id: $job) { history { events { number acts { user } } } } }"
    assert (await data_of(world, "reader", query))["history"]["events"]
    assert (await world.graphql("outsider", query)).json()["data"]["job"] is None


async def test_roots_are_those_that_no_task_started(doors: Doors) -> None:
    child = task("childJob", task="", workflow="leaf", variables={}, data_array="", transformation="", loopType="")
    id = await started(doors, chain("leaf"), chain("parent", c1=child))
    await doors.over(id)
    query = "query($roots: Boolean!) { jobs(filter: {rootsOnly: $roots}) { totalCount nodes { id name } } }"
    assert (await doors.graphql(query, roots=False))["data"]["jobs"]["totalCount"] == 2
    assert (await doors.graphql(query, roots=True))["data"]["jobs"] == {
        "totalCount": 1,
        "nodes": [{"id": id, "name": "parent"}],
    }
