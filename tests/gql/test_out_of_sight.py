"""What is of other groups is nowhere: in no list, no link, no count and no event."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest
from bson import ObjectId
from jobyard.resolvers.accounts.callers import resolve_caller
from jobyard.resolvers.jobs.follow import EventFilter, all_events

from ..documents import chain, task
from ..resolvers.search.planted import job
from .world import FIELDS, RESTRICTED_WORKFLOW, World, code_of, data_of

pytestmark = pytest.mark.anyio

OF_PROJECT = "@5f0e0000a0000000000000c2: Of the project"
LISTS = {
    "{ workflows { name } }": ("workflows", [{"name": OF_PROJECT}, {"name": RESTRICTED_WORKFLOW}], []),
    "{ jobs { totalCount nodes { name } } }": (
        "jobs",
        {"totalCount": 1, "nodes": [{"name": RESTRICTED_WORKFLOW}]},
        None,
    ),
    "{ tasks { totalCount nodes { name } } }": ("tasks", {"totalCount": 1, "nodes": [{"name": "ViewData"}]}, None),
    "{ myTasks { totalCount nodes { name } } }": ("myTasks", {"totalCount": 1, "nodes": [{"name": "ViewData"}]}, None),
    "{ documentedJobs(query: {}) { metadata } }": ("documentedJobs", 1, 0),
    "{ documentedTasks(query: {}) { metadata } }": ("documentedTasks", 1, 0),
}


@pytest.mark.parametrize("query", LISTS)
async def test_lists_and_their_totals_have_what_one_may_see_alone(world: World, query: str) -> None:
    name, seen, unseen = LISTS[query]

    async def answer(who: str) -> Any:
        data = (await world.graphql(who, query)).json()["data"][name]
        return data["metadata"]["total"] if "metadata" in data else data

    for who in ("reader", "member", "admin"):
        assert await answer(who) == seen
    assert await answer("outsider") == ({"totalCount": 0, "nodes": []} if unseen is None else unseen)


async def test_the_starter_sees_the_own_job_after_leaving_its_group(world: World) -> None:
    leave = "mutation($id: ID!) { updateAccount(id: $id, groups: []) { id } }"
    await world.graphql("admin", leave, id=world.people.ids["member"])
    assert (await world.graphql("member", FIELDS["job"])).json()["data"]["job"] == {"id": world.variables["job"]}
    await world.graphql("admin", leave, id=world.people.ids["reader"])
    assert (await world.graphql("reader", FIELDS["job"])).json()["data"]["job"] is None


async def test_the_groups_of_a_task_hold_beside_those_of_its_job(world: World) -> None:
    other = await world.graphql("admin", 'mutation { createGroup(name: "approvers") { id } }')
    view = {**task("ViewData"), "type": "manual", "groups": [other.json()["data"]["createGroup"]["id"]]}
    await world.people.doors.import_documents(chain("approve", a1=view))
    job = (await world.graphql("member", FIELDS["startJob"], workflow="approve")).json()
    (found,) = (await world.graphql("admin", '{ jobs(filter: {name: {equals: "approve"}}) { nodes { id } } }')).json()[
        "data"
    ]["jobs"]["nodes"]
    assert "errors" not in job
    tasks = world.people.doors.services.store.database["tasks"]
    while True:
        await asyncio.sleep(0)
        if await tasks.find_one({"job._id": found["id"]}):
            break
    finished = await world.graphql("member", FIELDS["finishTask"], job=found["id"])
    assert finished.json()["errors"][0]["extensions"]["code"] == "TASK_NOT_FOUND"
    assert "errors" not in (await world.graphql("admin", FIELDS["finishTask"], job=found["id"])).json()


async def test_links_between_jobs_lead_nowhere_out_of_sight(world: World) -> None:
    """A child and a parent that everybody may see, of a job that the outsider may not see."""
    hidden = world.variables["job"]
    await world.people.doors.services.store.database["jobs"].insert_many(
        [job("1" * 24, parent={"job": hidden}), job("2" * 24)]
    )
    await world.people.doors.services.store.database["jobs"].update_one(
        {"_id": hidden}, {"$set": {"parent.job": "2" * 24}}
    )
    query = "query($id: ID!) { job(id: $id) { children { id } parentJob { id } } }"
    for who, child, parent in (("member", [{"id": hidden}], {"id": hidden}), ("outsider", [], None)):
        answer = await world.graphql(who, query, id="2" * 24)
        assert answer.json()["data"]["job"] == {"children": child, "parentJob": None}
        answer = await world.graphql(who, query, id="1" * 24)
        assert answer.json()["data"]["job"] == {"children": [], "parentJob": parent}
        found = await world.people.ask(
            who, "GET", "/operations-manager/jobs?dereference=parent&equals[_id]=" + "1" * 24
        )
        (shown,) = found.json()["data"]
        assert ("status" in str(shown["parent"])) is (who == "member")


async def test_tasks_follow_the_groups_of_their_job(world: World) -> None:
    everybody = "mutation($job: ID!) { deleteJobGroups(jobId: $job) { id } }"
    await world.graphql("member", everybody)
    query = "{ tasks { totalCount } }"
    assert (await world.graphql("outsider", query)).json()["data"]["tasks"]["totalCount"] == 1
    await world.graphql("member", FIELDS["replaceJobGroups"])
    assert (await world.graphql("outsider", query)).json()["data"]["tasks"]["totalCount"] == 0


CREATE_AUTOMATION = "mutation($d: JSON!) { createAutomation(document: $d) { id documented } }"
CREATE_TRIGGER = "mutation($d: JSON!) { createTrigger(document: $d) { id } }"


async def test_an_endpoint_of_an_automation_that_one_may_not_read_is_not_there(world: World) -> None:
    gbac = {"read": [world.variables["group"]], "write": [world.variables["group"]]}
    document = {"name": "for members", "componentName": RESTRICTED_WORKFLOW, "gbac": gbac}
    made = await data_of(world, "member", CREATE_AUTOMATION, d=document)
    schema = {"type": "object", "required": ["answer"]}
    endpoint = {"name": "e", "type": "endpoint", "actionId": made["id"], "routeName": "members", "schema": schema}
    await data_of(world, "member", CREATE_TRIGGER, d=endpoint)
    run = "mutation($r: String!, $i: JSON) { runEndpointTrigger(routeName: $r, input: $i) { name } }"
    for given in ({}, {"answer": 42}):
        assert await code_of(world, "outsider", run, r="members", i=given) == "TRIGGER_NOT_FOUND"
    assert await code_of(world, "member", run, r="members", i={}) == "INPUT_INVALID"
    assert await data_of(world, "member", run, r="members", i={"answer": 42}) == {"name": RESTRICTED_WORKFLOW}


async def test_an_automation_tells_nothing_of_a_workflow_of_another_group(world: World) -> None:
    stored = await world.people.doors.services.store.database["workflows"].find_one({"name": RESTRICTED_WORKFLOW})
    assert stored is not None
    for named in ({"componentId": str(stored["_id"])}, {"componentName": RESTRICTED_WORKFLOW}):
        assert await code_of(world, "outsider", CREATE_AUTOMATION, d={"name": "a", **named}) == "WORKFLOW_NOT_FOUND"
    import_it = "mutation($d: [JSON!]!) { importAutomations(documents: $d) { success } }"
    brought = {"name": "a", "componentName": RESTRICTED_WORKFLOW, "triggers": []}
    assert await data_of(world, "outsider", import_it, d=[brought]) == [{"success": True}]
    (kept,) = (await data_of(world, "outsider", "{ documentedAutomations(query: {}) { documented } }"))["documented"]
    assert (kept["componentId"], kept["componentName"]) == (None, RESTRICTED_WORKFLOW)


async def test_who_may_change_an_automation_need_not_see_its_workflow(world: World) -> None:
    made = await data_of(world, "member", CREATE_AUTOMATION, d={"name": "a", "componentName": RESTRICTED_WORKFLOW})
    change = "mutation($id: ID!, $c: JSON!) { updateAutomation(id: $id, changes: $c) { description } }"
    described = await data_of(world, "outsider", change, id=made["id"], c={"description": "why"})
    assert described == {"description": "why"}
    await world.people.doors.import_documents(chain("empty"))
    assert "errors" not in (await world.graphql("outsider", change, id=made["id"], c={"componentName": "empty"})).json()
    back = {"componentName": RESTRICTED_WORKFLOW}
    assert await code_of(world, "outsider", change, id=made["id"], c=back) == "WORKFLOW_NOT_FOUND"


async def test_metrics_count_what_one_may_see_and_tell_nothing_of_its_workflow(world: World) -> None:
    async def rows(who: str, path: str) -> list[Any]:
        return (await world.people.ask(who, "GET", f"/workflow_engine/{path}/metrics")).json()["results"]

    await data_of(world, "member", FIELDS["finishTask"])
    await world.people.doors.services.runner.wait_stopped(world.variables["job"])
    assert (await rows("outsider", "jobs"), await rows("outsider", "tasks")) == ([], [])
    await data_of(world, "member", "mutation($job: ID!) { deleteJobGroups(jobId: $job) { id } }")
    (seen,), (known,) = await rows("outsider", "jobs"), await rows("member", "jobs")
    assert (seen["jobsComplete"], seen["_id"]) == (1, RESTRICTED_WORKFLOW)
    assert (known["jobsComplete"], known["_id"] == RESTRICTED_WORKFLOW) == (1, False)
    assert [row["global"] for row in await rows("outsider", "tasks")] == [False, True]


async def test_an_import_does_not_replace_the_workflow_of_another_group(world: World) -> None:
    mutation = "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { imported { name } skipped { reason } } }"
    body = {"query": mutation, "variables": {"d": [chain(RESTRICTED_WORKFLOW)]}}
    answer = await world.people.ask("outsider", "POST", "/graphql", json=body)
    assert answer.json()["data"]["importWorkflows"] == {
        "imported": [],
        "skipped": [{"reason": "its name is that of a workflow of groups that you are not in"}],
    }


async def test_a_job_starts_child_jobs_in_the_name_of_its_starter(world: World) -> None:
    child = task(
        "childJob", task="", workflow=RESTRICTED_WORKFLOW, variables={}, data_array="", transformation="", loopType=""
    )
    await world.people.doors.import_documents(chain("sneak", a1=child))
    started = await world.people.ask(
        "outsider", "POST", "/operations-manager/jobs/start", json={"workflow": "sneak", "options": {}}
    )
    id = started.json()["data"]["_id"]
    await world.people.doors.services.runner.wait_stopped(id)
    over = (await world.people.ask("outsider", "GET", f"/operations-manager/jobs/{id}")).json()["data"]
    assert over["error"][0]["message"] == f"Error starting child job: Cannot find workflow {RESTRICTED_WORKFLOW}"


async def test_a_child_job_of_another_group_is_nowhere_in_its_parent(world: World) -> None:
    of_child = {"task": "", "workflow": RESTRICTED_WORKFLOW, "variables": {}, "loopType": "parallel"}
    starting = task("childJob", **of_child, data_array=[{}, {}], transformation="")
    await world.people.doors.import_documents(chain("open to all", a1=starting))
    start = {"workflow": "open to all", "options": {}}
    started = await world.people.ask("member", "POST", "/operations-manager/jobs/start", json=start)
    id = started.json()["data"]["_id"]
    jobs = world.people.doors.services.store.database["jobs"]
    while True:
        await asyncio.sleep(0)  # nothing in memory ever waits: the job must have its turn
        if await jobs.count_documents({"parent.job": id}) == 2:
            break
    first, second = [one["_id"] async for one in jobs.find({"parent.job": id})]
    shared = "mutation($child: ID!) { deleteJobGroups(jobId: $child) { id } }"
    await data_of(world, "member", shared, child=second)
    selected = "{ job(id: $id) { tasks { childJobs { id } } children { id } } }"
    listed = "{ jobs { nodes { tasks { childJobs { id } } children { id } } } }"
    for who, seen in (("member", {first, second}), ("admin", {first, second}), ("outsider", {second})):
        for query in (f"query($id: ID!) {selected}", listed, "{ documentedJobs(query: {}) { documented } }"):
            text = (await world.graphql(who, query, id=id)).text
            assert {one for one in (first, second) if one in text} == seen
        for path in (
            f"/operations-manager/jobs/{id}",
            f"/workflow_engine/getEntireJob/{id}",
            "/operations-manager/jobs",
        ):
            text = (await world.people.ask(who, "GET", path)).text
            assert {one for one in (first, second) if one in text} == seen


async def test_an_idempotency_key_of_another_account_is_another_key(world: World) -> None:
    await world.people.doors.import_documents(chain("empty"))
    query = 'mutation { startJob(workflow: "empty", options: {}, idempotencyKey: "k") { id } }'
    ids = {(await world.graphql(who, query)).json()["data"]["startJob"]["id"] for who in ("member", "outsider")}
    assert len(ids) == 2


async def test_events_of_jobs_of_other_groups_are_not_told(world: World) -> None:
    await world.people.doors.import_documents(chain("empty"))
    services = world.people.doors.services
    outsider = await resolve_caller(ObjectId(world.people.ids["outsider"]))
    assert outsider is not None
    async with aclosing(all_events(services, outsider, EventFilter(), None)) as events:
        first = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)  # it listens from then on
        await world.graphql("member", FIELDS["startJob"])
        await world.graphql("member", FIELDS["startJob"], workflow="empty")
        assert (await first)["name"] == "empty"
