"""Who may work a task may be given it, and nobody else; a claim does not outlive the right to work."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from ..documents import chain, task
from .people import People, people

pytestmark = pytest.mark.anyio

MINE = "{ myTasks { nodes { id } } }"
ASSIGN = "mutation($id: ID!, $user: ID!) { assignTask(id: $id, userId: $user) { metrics { owner } } }"
CLOSE = "mutation($id: ID!) { updateAccount(id: $id, inactive: true) { id } }"
LEAVE = "mutation($id: ID!) { updateAccount(id: $id, groups: []) { id } }"
DEMOTE = "mutation($id: ID!) { updateAccount(id: $id, roles: []) { id } }"
JOIN = "mutation($id: ID!, $accounts: [ID!]!) { addToGroup(groupId: $id, accountIds: $accounts) { id } }"
REGROUP = 'mutation($id: ID!) { replaceJobGroups(jobId: $id, groups: ["ffffffffffffffffffffffff"]) { id } }'
DISSOLVE = "mutation($id: ID!) { deleteGroup(id: $id) { id } }"


@pytest.fixture
async def them() -> AsyncGenerator[People]:
    async with people() as them:
        yield them


async def asked(them: People, *groups: str) -> tuple[str, str]:
    """A job of these groups that waits for a person, and the iteration."""
    await them.doors.import_documents(chain("ask", a1={**task("ViewData", header="h"), "type": "manual"}))
    told = {"workflow": "ask", "options": {"groups": list(groups)}}
    id = (await them.ask("admin", "POST", "/operations-manager/jobs/start", json=told)).json()["data"]["_id"]
    while True:
        job = (await them.ask("admin", "GET", f"/operations-manager/jobs/{id}")).json()["data"]
        if job["tasks"]["a1"]["status"] == "running":
            await them.doors.services.runner.wait_first_save(id)  # its iteration follows
            return id, job["tasks"]["a1"]["iterations"][0]
        await them.doors.turn()


async def inbox(them: People, who: str) -> list[str]:
    return [one["id"] for one in (await them.graphql(who, MINE)).json()["data"]["myTasks"]["nodes"]]


async def worked(them: People, who: str, iteration: str, verb: str, **body: Any) -> tuple[int, Any]:
    answer = await them.ask(who, "POST", f"/operations-manager/tasks/{iteration}/{verb}", json=body or None)
    return answer.status_code, answer.json()["metadata"].get("code") or answer.json()["data"]["metrics"]["owner"]


async def join(them: People, who: str) -> None:
    told = await them.graphql("admin", JOIN, id=them.group, accounts=[them.ids[who]])
    assert "errors" not in told.json()


@pytest.mark.parametrize("door", ["graphql", "rest"])
async def test_a_task_is_assigned_only_to_who_may_work_it(them: People, door: str) -> None:
    id, iteration = await asked(them, them.group)

    async def assign(who: str) -> Any:
        if door == "rest":
            return (await worked(them, "admin", iteration, "assign", userId=them.ids[who]))[1]
        answer = (await them.graphql("admin", ASSIGN, id=iteration, user=them.ids[who])).json()
        error = answer.get("errors")
        return error[0]["extensions"]["code"] if error else answer["data"]["assignTask"]["metrics"]["owner"]

    assert await assign("outsider") == "TASK_NOT_ASSIGNABLE"
    assert await assign("reader") == "TASK_NOT_ASSIGNABLE"  # of the group, but of no role that finishes tasks
    assert await assign("member") == them.ids["member"]
    await them.graphql("admin", CLOSE, id=them.ids["reader"])
    assert await assign("reader") == "TASK_NOT_ASSIGNABLE"
    assert await assign("admin") == them.ids["admin"]
    refused = await them.ask(
        "admin", "POST", f"/operations-manager/tasks/{iteration}/assign", json={"userId": "0" * 24}
    )
    assert refused.json()["metadata"]["code"] == "ACCOUNT_NOT_FOUND"
    told = (await them.ask("admin", "GET", f"/operations-manager/jobs/{id}")).json()["data"]
    assert told["status"] == "running"


async def test_the_refusal_names_the_person_and_the_reason(them: People) -> None:
    _, iteration = await asked(them, them.group)
    path = f"/operations-manager/tasks/{iteration}/assign"
    answer = await them.ask("admin", "POST", path, json={"userId": them.ids["outsider"]})
    assert answer.status_code == 409
    assert "cannot be assigned to 'outsider': it is in none of the groups that may work it" in answer.json()["message"]
    answer = await them.ask("admin", "POST", path, json={"userId": them.ids["guest"]})
    assert "cannot be assigned to 'guest': none of its roles lets it finish tasks" in answer.json()["message"]


@pytest.mark.parametrize("change", ["closed", "left", "dissolved", "without a role", "the job's groups"])
async def test_a_claim_ends_with_the_right_to_work_the_task(them: People, change: str) -> None:
    id, iteration = await asked(them, them.group)
    assert await worked(them, "member", iteration, "claim") == (200, them.ids["member"])
    assert await inbox(them, "admin") == []
    query, key = {
        "closed": (CLOSE, them.ids["member"]),
        "left": (LEAVE, them.ids["member"]),
        "without a role": (DEMOTE, them.ids["member"]),
        "dissolved": (DISSOLVE, them.group),
    }.get(change, (REGROUP, id))
    told = await them.graphql("admin", query, id=key)
    assert "errors" not in told.json(), told.json()
    warnings = (await them.ask("admin", "GET", f"/operations-manager/jobs/{id}")).json()["data"].get("warnings")
    said = "The group 'outer' was deleted: only administrators, and members of its other groups, work it now."
    assert warnings == ([{"task": "job", "name": "", "message": said}] if change == "dissolved" else None)
    assert await inbox(them, "admin") == [iteration]
    assert await worked(them, "admin", iteration, "claim") == (200, them.ids["admin"])


async def test_a_claim_stays_while_its_owner_may_work_the_task(them: People) -> None:
    _, iteration = await asked(them, them.group)
    await worked(them, "member", iteration, "claim")
    await join(them, "outsider")
    await them.graphql("admin", CLOSE, id=them.ids["reader"])
    assert await inbox(them, "member") == [iteration]
    assert await worked(them, "outsider", iteration, "claim") == (409, "TASK_CLAIMED")


@pytest.mark.parametrize("verb", ["claim", "finish"])
async def test_a_claim_that_came_as_its_owner_left_keeps_nobody_away(them: People, verb: str) -> None:
    id, iteration = await asked(them, them.group)
    await join(them, "outsider")
    await them.graphql("admin", LEAVE, id=them.ids["member"])
    at = "2024-12-04T21:15:22.873Z"
    assert await them.doors.services.jobs.tasks.claim(iteration, them.ids["member"], at) is not None
    if verb == "claim":
        assert await worked(them, "outsider", iteration, "claim") == (200, them.ids["outsider"])
        return
    done = {"taskData": {"finish_state": "success", "variables": {}}}
    answer = await them.ask("outsider", "POST", f"/operations-manager/jobs/{id}/tasks/a1/finish", json=done)
    assert answer.status_code == 200
