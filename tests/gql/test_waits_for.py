"""What a job waits for, as data: for whom, for what and until when."""

from typing import Any

import pytest

from ..documents import chain, task
from ..doors import Doors
from .people import people

pytestmark = pytest.mark.anyio

WAITS = """query($ids: [ID!]) { jobs(filter: {ids: $ids}) { nodes { status waitsFor {
    taskId name summary kind since until startedChildren endedChildren groups { id } } } } }"""
ASK = {**task("ViewData"), "type": "manual", "summary": "Approve change"}


async def waits(doors: Doors, id: str) -> list[dict[str, Any]]:
    (job,) = (await doors.graphql(WAITS, ids=[id]))["data"]["jobs"]["nodes"]
    return job["waitsFor"]


async def started(doors: Doors, workflow: str) -> str:
    return (await doors.start({"workflow": workflow, "options": {}})).json()["data"]["_id"]


async def test_a_person_is_waited_for_since_the_task_began(doors: Doors) -> None:
    await doors.import_documents(chain("ask", a1=ASK))
    id = await started(doors, "ask")
    await doors.waiting(id, "a1")
    (wait,) = await waits(doors, id)
    assert wait == {
        **dict.fromkeys(("until", "startedChildren", "endedChildren")),
        "taskId": "a1",
        "name": "ViewData",
        "summary": "Approve change",
        "kind": "PERSON",
        "groups": [],
        "since": "2024-12-04T21:15:22.873Z",
    }
    finish = 'mutation($id: ID!) { finishTask(jobId: $id, taskId: "a1", finishState: SUCCESS) { waitsFor { kind } } }'
    await doors.graphql(finish, id=id)
    assert (await doors.over(id))["status"] == "complete"
    assert await waits(doors, id) == []


async def test_child_jobs_are_counted_as_they_end(doors: Doors) -> None:
    loop = task(
        "childJob", task="", workflow="ask", variables={}, data_array=[{"n": 1}, {"n": 2}, {"n": 3}],
        transformation="", loopType="parallel",
    )  # fmt: skip
    await doors.import_documents(chain("ask", a1=ASK), chain("parent", a1=loop))
    id = await started(doors, "parent")
    await doors.waiting(id, "a1")
    children = "query($id: ID!) { job(id: $id) { children { id } } }"
    while len(found := (await doors.graphql(children, id=id))["data"]["job"]["children"]) < 3:
        await doors.turn()
    (wait,) = await waits(doors, id)
    assert (wait["kind"], wait["startedChildren"], wait["endedChildren"]) == ("CHILDREN", 3, 0)
    await doors.waiting(found[0]["id"], "a1")
    finish = 'mutation($id: ID!) { finishTask(jobId: $id, taskId: "a1", finishState: SUCCESS) { id } }'
    await doors.graphql(finish, id=found[0]["id"])
    while (await waits(doors, id))[0]["endedChildren"] != 1:
        await doors.turn()


async def test_what_is_shown_of_a_wait_is_of_who_may_see_the_job() -> None:
    async with people() as found:
        await found.doors.import_documents({**chain("ask", a1=ASK), "groups": [found.group]})
        body = {"workflow": "ask", "options": {}}
        answer = await found.ask("admin", "POST", "/operations-manager/jobs/start", json=body)
        id = answer.json()["data"]["_id"]
        seen = {}
        for who in ("admin", "outsider"):
            headers = {"authorization": f"Bearer {found.tokens[who]}"}
            query = {"query": WAITS, "variables": {"ids": [id]}}
            told = (await found.doors.http.post("/graphql", json=query, headers=headers)).json()
            seen[who] = told["data"]["jobs"]["nodes"]
        assert [wait["kind"] for wait in seen["admin"][0]["waitsFor"]] == ["PERSON"]
        assert seen["outsider"] == []
