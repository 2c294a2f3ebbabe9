"""Who may do what: every field and every documented route, for everybody."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest
from bson import ObjectId
from jobyard.gql.needs import Needs, Public
from jobyard.gql.rest.operations import stored
from jobyard.gql.rest.routes import ROUTES
from jobyard.gql.schema import schema
from jobyard.models.methods import METHODS, READS, WRITES, granted_by
from jobyard.resolvers.access.callers import resolved
from jobyard.resolvers.access.tokens import issue
from jobyard.resolvers.following import Wanted, all_events

from ..documents import chain, task
from ..resolvers.finding.planted import job
from .people import HOUR, People, people
from .test_signing_in import NOT_SIGNED_IN

pytestmark = pytest.mark.anyio

RESTRICTED_WORKFLOW = "Ask the members"
UNKNOWN = {"job": "f" * 24, "iteration": "00000000-0000-4000-8000-000000000000", "workflow": "no such workflow"}

# One operation for each field; the variables are those of World.
JOB = "($job: ID!)"
FIELDS = {
    "job": f"query{JOB} {{ job(id: $job) {{ id }} }}",
    "task": "query($iteration: ID!) { task(id: $iteration) { id } }",
    "latestIteration": f'query{JOB} {{ latestIteration(jobId: $job, taskId: "a1") {{ id }} }}',
    "workflow": "query($workflow: String!) { workflow(name: $workflow) { name } }",
    "workflows": "{ workflows { name } }",
    "taskCatalogue": '{ taskCatalogue(name: "query") { name } }',
    "validateWorkflow": '{ validateWorkflow(document: {name: "w", tasks: {}, transitions: {}}) { valid } }',
    "jobs": "{ jobs { totalCount nodes { id } } }",
    "tasks": "{ tasks { totalCount nodes { id } } }",
    "myTasks": "{ myTasks { totalCount nodes { id } } }",
    "documentedJobs": "{ documentedJobs(query: {}) { metadata } }",
    "documentedTasks": "{ documentedTasks(query: {}) { metadata } }",
    "viewer": "{ viewer { username } }",
    "accounts": "{ accounts { total } }",
    "account": "query($account: ID!) { account(id: $account) { username } }",
    "groups": "{ groups { total } }",
    "group": "query($group: ID!) { group(id: $group) { name } }",
    "roles": "{ roles { total } }",
    "role": "query($role: ID!) { role(id: $role) { name } }",
    "methods": "{ methods { total } }",
    "login": 'mutation { login(username: "member", password: "the password of member") { accountId } }',
    "logout": "mutation { logout }",
    "startJob": "mutation($workflow: String!) { startJob(workflow: $workflow, options: {}) { name } }",
    "pauseJobs": f"mutation{JOB} {{ pauseJobs(ids: [$job]) {{ code message }} }}",
    "resumeJobs": f"mutation{JOB} {{ resumeJobs(ids: [$job]) {{ code message }} }}",
    "cancelJobs": f"mutation{JOB} {{ cancelJobs(ids: [$job]) {{ code message }} }}",
    "deleteJobs": f"mutation{JOB} {{ deleteJobs(ids: [$job]) {{ code message }} }}",
    "watchJobs": f"mutation{JOB} {{ watchJobs(ids: [$job]) {{ code message }} }}",
    "unwatchJobs": f"mutation{JOB} {{ unwatchJobs(ids: [$job]) {{ code message }} }}",
    "retryTask": f'mutation{JOB} {{ retryTask(jobId: $job, taskId: "a1") {{ id }} }}',
    "continueJob": f'mutation{JOB} {{ continueJob(jobId: $job, fromTask: "a1", dryRun: true) {{ reset }} }}',
    "revertJob": f'mutation{JOB} {{ revertJob(jobId: $job, fromTask: "a1", toTask: "a1") {{ id }} }}',
    "fixJob": f'mutation{JOB} {{ fixJob(jobId: $job, erroredTask: "a1", revertTask: "a1") {{ id }} }}',
    "addWatchers": f"mutation{JOB} {{ addWatchers(jobId: $job, userIds: []) {{ id }} }}",
    "addJobGroups": "mutation($job: ID!, $group: ID!) { addJobGroups(jobId: $job, groups: [$group]) { id } }",
    "replaceJobGroups": "mutation($job: ID!, $group: ID!) { replaceJobGroups(jobId: $job, groups: [$group]) { id } }",
    "deleteJobGroups": f"mutation{JOB} {{ deleteJobGroups(jobId: $job, groups: []) {{ id }} }}",
    "claimTask": "mutation($iteration: ID!) { claimTask(id: $iteration) { id } }",
    "releaseTask": "mutation($iteration: ID!) { releaseTask(id: $iteration) { id } }",
    "assignTask": "mutation($iteration: ID!, $account: ID!) { assignTask(id: $iteration, userId: $account) { id } }",
    "finishTask": f'mutation{JOB} {{ finishTask(jobId: $job, taskId: "a1", finishState: SUCCESS) {{ id }} }}',
    "importWorkflows": "mutation { importWorkflows(documents: []) { skipped { reason } } }",
    "createAccount": 'mutation { createAccount(username: "new", password: "long enough") { username } }',
    "createServiceAccount": 'mutation { createServiceAccount(name: "ci") { account { username } } }',
    "updateServiceAccount": 'mutation { updateServiceAccount(id: "x", description: "d") { id } }',
    "regenerateSecret": 'mutation { regenerateSecret(id: "x") { clientId } }',
    "deleteServiceAccount": 'mutation { deleteServiceAccount(id: "x") { id } }',
    "updateAccount": 'mutation($account: ID!) { updateAccount(id: $account, firstname: "X") { firstname } }',
    "setPassword": 'mutation($account: ID!) { setPassword(id: $account, password: "another one") { id } }',
    "forceLogout": "mutation($account: ID!) { forceLogout(id: $account) }",
    "createGroup": 'mutation { createGroup(name: "new") { name } }',
    "updateGroup": 'mutation($group: ID!) { updateGroup(id: $group, description: "x") { description } }',
    "deleteGroup": "mutation($group: ID!) { deleteGroup(id: $group) { name } }",
    "addToGroup": "mutation($group: ID!, $account: ID!) { addToGroup(groupId: $group, accountIds: [$account]) { id } }",
    "removeFromGroup": (
        "mutation($group: ID!, $account: ID!) { removeFromGroup(groupId: $group, accountIds: [$account]) { id } }"
    ),
    "createRole": 'mutation { createRole(name: "starters", methods: ["startJob"]) { name } }',
    "updateRole": 'mutation($role: ID!) { updateRole(id: $role, description: "x") { description } }',
    "views": "{ views { total } }",
    "deleteRole": "mutation($role: ID!) { deleteRole(id: $role) { name } }",
    "documentedWorkflows": "{ documentedWorkflows(query: {}) { metadata } }",
    "documentedTransformations": "{ documentedTransformations(query: {}) { metadata } }",
    "documentedTemplates": "{ documentedTemplates(query: {}) { metadata } }",
    "documentedForms": "{ documentedForms(query: {}) { metadata } }",
    "exportWorkflow": "query($workflow: String!) { exportWorkflow(name: $workflow) }",
    "automation": 'query { automation(id: "x") { id } }',
    "documentedAutomations": "{ documentedAutomations(query: {}) { metadata } }",
    "exportAutomation": 'query { exportAutomation(id: "x") }',
    "trigger": 'query { trigger(id: "x") { id } }',
    "documentedTriggers": "{ documentedTriggers(query: {}) { metadata } }",
    "eventDefinitions": "{ eventDefinitions(query: {}) { metadata } }",
    "eventDefinition": 'query { eventDefinition(source: "x", topic: "x") }',
    "serverHealth": "{ serverHealth }",
    "systemHealth": "{ systemHealth }",
    "healthStatus": "{ healthStatus }",
    "applicationsHealth": "{ applicationsHealth }",
    "applicationHealth": '{ applicationHealth(name: "x") }',
    "adaptersHealth": "{ adaptersHealth }",
    "adapterHealth": '{ adapterHealth(name: "x") }',
    "jobMetrics": "{ jobMetrics { metadata } }",
    "taskMetrics": "{ taskMetrics { metadata } }",
    "workerStatus": "{ workerStatus }",
    "serverSettings": "{ serverSettings }",
    "applications": "{ applications }",
    "adapters": "{ adapters }",
    "indexes": "{ indexes }",
    "indexStatus": '{ indexStatus(collections: ["jobs"]) }',
    "createIndexes": 'mutation { createIndexes(collection: "jobs") }',
    "createWorkflows": "mutation { createWorkflows(documents: []) { name } }",
    "updateWorkflow": 'mutation { updateWorkflow(id: "x", document: {}) { name } }',
    "deleteWorkflow": "mutation($workflow: String!) { deleteWorkflow(name: $workflow) { name } }",
    "renameWorkflow": 'mutation($workflow: String!) { renameWorkflow(name: $workflow, newName: "x") { name } }',
    **{
        f"{verb}WorkflowGroups": f"mutation($workflow: String!, $group: ID!) {{ {verb}WorkflowGroups"
        "(name: $workflow, groups: [$group]) { name } }"
        for verb in ("add", "replace", "delete")
    },
    "createAutomation": "mutation { createAutomation(document: {}) { id } }",
    "updateAutomation": 'mutation { updateAutomation(id: "x", changes: {}) { id } }',
    "deleteAutomation": 'mutation { deleteAutomation(id: "x") { id } }',
    "importAutomations": "mutation { importAutomations(documents: []) { success } }",
    "cloneAutomation": 'mutation { cloneAutomation(id: "x") { id } }',
    "createTrigger": "mutation { createTrigger(document: {}) { id } }",
    "updateTrigger": 'mutation { updateTrigger(id: "x", changes: {}) { id } }',
    "deleteTrigger": 'mutation { deleteTrigger(id: "x") { id } }',
    "deleteTriggersOfAutomation": 'mutation { deleteTriggersOfAutomation(id: "x") }',
    "importTriggers": "mutation { importTriggers(documents: []) { success } }",
    "runEndpointTrigger": 'mutation { runEndpointTrigger(routeName: "x") { id } }',
    "runManualTrigger": 'mutation { runManualTrigger(id: "x") { id } }',
    "jobChanged": f"subscription{JOB} {{ jobChanged(id: $job) {{ number }} }}",
    "jobsChanged": "subscription { jobsChanged { number } }",
}
# These name a workflow, an automation or a trigger that there is not, or say nothing of what is to be made.
_AUTOMATION, _TRIGGER = "AUTOMATION_NOT_FOUND", "TRIGGER_NOT_FOUND"
NAMING_NOTHING = {
    **dict.fromkeys(
        ("automation", "exportAutomation", "updateAutomation", "deleteAutomation", "cloneAutomation"), _AUTOMATION
    ),
    **dict.fromkeys(("trigger", "updateTrigger", "deleteTrigger", "runEndpointTrigger", "runManualTrigger"), _TRIGGER),
    **dict.fromkeys(("createAutomation", "createTrigger"), "REQUEST_INVALID"),
    **dict.fromkeys(("applicationHealth", "adapterHealth"), "PART_NOT_FOUND"),
    **dict.fromkeys(("updateServiceAccount", "regenerateSecret", "deleteServiceAccount"), "ACCOUNT_NOT_FOUND"),
    "eventDefinition": "EVENT_NOT_FOUND",
    "updateWorkflow": "WORKFLOW_NOT_FOUND",
}
# What names something that groups restrict: who is not in them is told that there is no such thing.
RESTRICTED = [name for name, query in FIELDS.items() if any(f"${one}" in query for one in UNKNOWN)]

BODIES: dict[str, Any] = {
    "start_job": {"workflow": RESTRICTED_WORKFLOW, "options": {}},
    "finish_task": {"taskData": {"finish_state": "success", "variables": {}}},
    "continue_job": {"fromTask": "a1"},
    "revert_job": {"fromTask": "a1", "toTask": "a1"},
    "create_group": {"group": {"name": "new"}},
    "create_role": {"role": {"name": "new"}},
    "retry_task": {},
    "create_service_account": {"accountData": {"name": "ci"}},
    **{key: {"updates": {}} for key in ("update_account", "update_group", "update_role", "update_service_account")},
}


def declared() -> dict[str, Needs | Public | None]:
    """What each root field needs, by its name."""
    needed: dict[str, Needs | Public | None] = {}
    for root in ("Query", "Mutation", "Subscription"):
        definition: Any = schema.get_type_by_name(root)
        for field in definition.fields:
            name = schema.config.name_converter.get_graphql_name(field)
            needed[name] = next((one for one in field.extensions if isinstance(one, (Needs, Public))), None)
    return needed


NEEDS = declared()


def test_every_field_declares_what_it_needs() -> None:
    assert [name for name, needed in NEEDS.items() if needed is None] == []
    assert [name for name, needed in NEEDS.items() if isinstance(needed, Public)] == ["login"]


def test_every_field_is_in_the_matrix() -> None:
    assert sorted(FIELDS) == sorted(NEEDS)


def test_a_get_changes_nothing() -> None:
    """What a browser fetches for any page that links to it has no Origin to look at."""
    for route in ROUTES:
        if route.verb == "GET":
            assert stored(route.operation).startswith("query"), route.path


def test_methods_are_of_one_kind_each() -> None:
    assert len(METHODS) == len(READS) + len(WRITES) + len(set(METHODS) - set(READS) - set(WRITES))


@dataclass
class World:
    people: People
    variables: dict[str, str]

    async def graphql(self, who: str, query: str, **changed: Any) -> Any:
        return await self.people.graphql(who, query, **{**self.variables, **changed})


@pytest.fixture
async def world() -> AsyncGenerator[World]:
    """A job of `member` waits for a person; its workflow and it are for one group."""
    async with people() as found:
        document = chain(RESTRICTED_WORKFLOW, a1={**task("ViewData"), "type": "manual"})
        await found.doors.import_documents({**document, "groups": [found.group]})
        started = await found.ask("member", "POST", "/operations-manager/jobs/start", json=BODIES["start_job"])
        job = started.json()["data"]["_id"]
        tasks = found.doors.yard.store.database["tasks"]
        while True:
            await asyncio.sleep(0)  # nothing in memory ever waits: the job must have its turn
            if iteration := await tasks.find_one({"job._id": job}):
                break
        role = await found.graphql("admin", 'mutation { createRole(name: "own", methods: []) { id } }')
        yield World(
            found,
            {
                "job": job,
                "iteration": iteration["_id"],
                "workflow": RESTRICTED_WORKFLOW,
                "group": found.group,
                "account": found.ids["guest"],
                "role": role.json()["data"]["createRole"]["id"],
            },
        )


def refusal_of(method: str) -> dict[str, Any]:
    roles = granted_by(method)
    message = f"You may not {method}. Ask an administrator for a role that allows it: {', '.join(roles)}."
    return {"message": message, "code": "NOT_ALLOWED", "method": method, "roles": roles}


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "login"])
async def test_a_field_is_refused_to_who_may_not_and_nothing_is_written(world: World, name: str) -> None:
    query, needed = FIELDS[name], NEEDS[name]
    assert isinstance(needed, Needs)
    before = await world.people.stored()
    for who in ("nobody", "expired"):
        answer = await world.graphql(who, query)
        assert answer.status_code == 401
        assert answer.json() == {"errors": [{"message": NOT_SIGNED_IN, "extensions": {"code": "NOT_SIGNED_IN"}}]}
    if needed.method is not None and not query.startswith("subscription"):
        for who in ("guest", *([] if needed.method in READS else ["reader"])):
            answer = await world.graphql(who, query)
            (error,) = answer.json()["errors"]
            assert {"message": error["message"], **error["extensions"]} == refusal_of(needed.method)
    assert await world.people.stored() == before


@pytest.mark.parametrize("name", ["jobChanged", "jobsChanged"])
async def test_a_subscription_is_refused_to_who_may_not(world: World, name: str) -> None:
    needed = NEEDS[name]
    assert isinstance(needed, Needs)
    assert needed.method is not None
    answer = await world.people.doors.http.post(
        "/graphql",
        json={"query": FIELDS[name], "variables": world.variables},
        headers={"accept": "text/event-stream", "authorization": f"Bearer {world.people.tokens['guest']}"},
    )
    assert '"code":"NOT_ALLOWED"' in answer.text
    assert f'"method":"{needed.method}"' in answer.text


@pytest.mark.parametrize("name", RESTRICTED)
async def test_what_is_of_another_group_is_answered_like_what_there_is_not(world: World, name: str) -> None:
    before = await world.people.stored()
    headers = {"authorization": f"Bearer {world.people.tokens['outsider']}", "accept": "*/*"}
    if name == "jobChanged":
        headers["accept"] = "text/event-stream"
    answers: list[bytes] = []
    for variables in (world.variables, {**world.variables, **UNKNOWN}):
        body = {"query": FIELDS[name], "variables": variables}
        answer = await world.people.doors.http.post("/graphql", json=body, headers=headers)
        content = answer.content
        for one in UNKNOWN:
            content = content.replace(variables[one].encode(), one.encode())
        answers.append(content)
    assert answers[0] == answers[1]
    assert b"_NOT_FOUND" in answers[0]
    assert await world.people.stored() == before


@pytest.mark.parametrize("name", [name for name in FIELDS if not FIELDS[name].startswith("subscription")])
@pytest.mark.parametrize("who", ["member", "admin"])
async def test_a_field_is_there_for_who_may(world: World, name: str, who: str) -> None:
    needed = NEEDS[name]
    answer = await world.graphql(who, FIELDS[name])
    method = needed.method if isinstance(needed, Needs) else None
    codes = {error["extensions"]["code"] for error in answer.json().get("errors", [])}
    if who == "member" and method is not None and method not in READS | WRITES:
        assert codes == {"NOT_ALLOWED"}
    elif name in NAMING_NOTHING:
        assert codes == {NAMING_NOTHING[name]}
    else:
        # The task waits: neither is there anything to retry or revert, nor has anybody claimed it.
        assert codes <= {"TASK_CANNOT"}


LISTS = {
    "{ workflows { name } }": ("workflows", [{"name": RESTRICTED_WORKFLOW}], []),
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
    tasks = world.people.doors.yard.store.database["tasks"]
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
    await world.people.doors.yard.store.database["jobs"].insert_many(
        [job("1" * 24, parent={"job": hidden}), job("2" * 24)]
    )
    await world.people.doors.yard.store.database["jobs"].update_one({"_id": hidden}, {"$set": {"parent.job": "2" * 24}})
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


async def data_of(world: World, who: str, query: str, **changed: Any) -> Any:
    answer = (await world.graphql(who, query, **changed)).json()
    assert "errors" not in answer, answer
    (value,) = answer["data"].values()
    return value


async def code_of(world: World, who: str, query: str, **changed: Any) -> str:
    (error,) = (await world.graphql(who, query, **changed)).json()["errors"]
    return error["extensions"]["code"]


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
    stored = await world.people.doors.yard.store.database["workflows"].find_one({"name": RESTRICTED_WORKFLOW})
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
    await world.people.doors.yard.runner.settled(world.variables["job"])
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
    await world.people.doors.yard.runner.settled(id)
    over = (await world.people.ask("outsider", "GET", f"/operations-manager/jobs/{id}")).json()["data"]
    assert over["error"][0]["message"] == f"Error starting child job: Cannot find workflow {RESTRICTED_WORKFLOW}"


async def test_a_child_job_of_another_group_is_nowhere_in_its_parent(world: World) -> None:
    of_child = {"task": "", "workflow": RESTRICTED_WORKFLOW, "variables": {}, "loopType": "parallel"}
    starting = task("childJob", **of_child, data_array=[{}, {}], transformation="")
    await world.people.doors.import_documents(chain("open to all", a1=starting))
    start = {"workflow": "open to all", "options": {}}
    started = await world.people.ask("member", "POST", "/operations-manager/jobs/start", json=start)
    id = started.json()["data"]["_id"]
    jobs = world.people.doors.yard.store.database["jobs"]
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
    yard = world.people.doors.yard
    outsider = await resolved(ObjectId(world.people.ids["outsider"]))
    assert outsider is not None
    async with aclosing(all_events(yard, outsider, Wanted(), None)) as events:
        first = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)  # it listens from then on
        await world.graphql("member", FIELDS["startJob"])
        await world.graphql("member", FIELDS["startJob"], workflow="empty")
        assert (await first)["name"] == "empty"


def path_of(route: Any, variables: dict[str, str]) -> str:
    tasks = "/operations-manager/tasks/{id}" in route.path
    kinds = {"groups": "group", "accounts": "account", "roles": "role"}
    kind = kinds.get(route.path.split("/")[2] if route.path.startswith("/authorization") else "", "job")
    return route.path.format(
        id=variables["iteration" if tasks else kind],
        job=variables["job"],
        task="a1",
        group=variables["group"],
        name=variables["workflow"],
        route="x",
        collection="jobs",
        source="x",
        topic="x",
    )


def body_of(route: Any, variables: dict[str, str]) -> Any:
    special = {
        "assign_task": {"userId": variables["account"]},
        "add_watchers": {"userIds": []},
        "add_job_groups": {"group": variables["group"]},
        "replace_job_groups": {"groups": [variables["group"]]},
        "add_workflow_groups": {"group": variables["group"]},
        "replace_workflow_groups": {"groups": [variables["group"]]},
        "rename_workflow": {"workflow": {"name": variables["workflow"]}, "newName": "x"},
        "validate_workflow": {"workflow": {}},
        "export_workflow": {"options": {"name": variables["workflow"]}},
        "update_workflow": {"update": {}},
        "import_automations": {"automations": []},
        "import_triggers": {"triggers": []},
        "clone_automation": {"_id": "x"},
        "create_workflows": {"automations": [{}], "automation": {}, "workflow": {}},
    }
    if route.path.startswith("/workflow_engine/") and route.operation not in special:
        data = {"finish_state": "success", "variables": {}}
        tasks = {"task_id": "a1", "errored_task": "a1", "revert_task": "a1"}
        return {"job_id": variables["job"], **tasks, "task_data": data, "options": {}}
    return special.get(route.operation, BODIES.get(route.operation, {"jobIds": [variables["job"]]}))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.verb} {route.path}")
async def test_a_route_is_refused_to_who_may_not_and_nothing_is_written(world: World, route: Any) -> None:
    people, variables = world.people, world.variables
    before = await people.stored()
    path, body = path_of(route, variables), body_of(route, variables) if route.body else None
    for who in ("nobody", "expired"):
        answer = await people.ask(who, route.verb, path, json=body)
        assert answer.status_code == 401
        assert answer.json() == {"message": NOT_SIGNED_IN, "data": None, "metadata": {"code": "NOT_SIGNED_IN"}}
    if route.path != "/whoami":
        answer = await people.ask("guest", route.verb, path, json=body)
        assert answer.status_code == 403, answer.text
        refusal = refusal_of(answer.json()["metadata"]["method"])
        message = refusal.pop("message")
        assert answer.json() == {"message": message, "data": None, "metadata": refusal}
    assert await people.stored() == before


def names_what_is_restricted(route: Any) -> bool:
    """Whether a request, in its path or its body, names a job or an iteration."""
    same = {"group": "g", "account": "a", "role": "r", "workflow": "w"}
    known, unknown = {**same, "job": "j", "iteration": "i"}, {**same, "job": "-", "iteration": "-"}
    if route.path.startswith("/authorization"):
        return False
    return path_of(route, known) != path_of(route, unknown) or (
        route.body and body_of(route, known) != body_of(route, unknown)
    )


@pytest.mark.parametrize(
    "route", list(filter(names_what_is_restricted, ROUTES)), ids=lambda route: f"{route.verb} {route.path}"
)
async def test_a_route_answers_a_stranger_as_if_there_were_no_such_job(world: World, route: Any) -> None:
    people = world.people
    before = await people.stored()
    answers: list[tuple[int, bytes]] = []
    for variables in (world.variables, {**world.variables, **UNKNOWN}):
        path, body = path_of(route, variables), body_of(route, variables) if route.body else None
        answer = await people.ask("outsider", route.verb, path, json=body)
        content = answer.content
        for one in UNKNOWN:
            content = content.replace(variables[one].encode(), one.encode())
        answers.append((answer.status_code, content))
    assert answers[0] == answers[1]
    assert await people.stored() == before


async def test_the_documented_shapes_of_authorization(world: World) -> None:
    listed = (await world.people.ask("reader", "GET", "/authorization/accounts?limit=2&skip=1")).json()
    assert list(listed) == ["results", "total"]
    assert (len(listed["results"]), listed["total"]) == (2, 5)
    account = (await world.people.ask("reader", "GET", f"/authorization/accounts/{world.variables['account']}")).json()
    assert (account["username"], account["provenance"], account["inactive"]) == ("guest", "Local", False)
    assert "credentials" not in account
    made = (await world.people.ask("admin", "POST", "/authorization/groups", json={"group": {"name": "g"}})).json()
    id = made["data"]["_id"]
    assert made["message"] == f"Successfully created group {id}."
    assert made["status"] == "OK"
    assert made["data"]["memberOf"] == []
    gone = (await world.people.ask("admin", "DELETE", f"/authorization/groups/{id}")).json()
    assert gone == {"status": "OK", "message": f"Successfully deleted group {id}."}
    assert (await world.people.ask("admin", "GET", f"/authorization/groups/{id}")).status_code == 404
    again = {"group": {"name": "outer"}}
    taken = await world.people.ask("admin", "POST", "/authorization/groups", json=again)
    assert (taken.status_code, taken.json()["metadata"]["code"]) == (409, "NAME_TAKEN")
    group = (await world.people.ask("reader", "GET", f"/authorization/groups/{world.variables['group']}")).json()
    assert (group["inheritedGroups"], group["inheritedRoles"]) == ([], [])
    methods = (await world.people.ask("reader", "GET", "/authorization/methods?limit=1")).json()
    assert methods["total"] == len(METHODS)


async def keeper(world: World, name: str, *methods: str, groups: Sequence[str] = ()) -> str:
    """Somebody whose role allows these methods alone; the id of the role."""
    create = "mutation($name: String!, $methods: [String!]!) { createRole(name: $name, methods: $methods) { id } }"
    role = (await data_of(world, "admin", create, name=name, methods=methods))["id"]
    create = (
        "mutation($name: String!, $roles: [ID!], $groups: [ID!]) "
        '{ createAccount(username: $name, password: "long enough", roles: $roles, groups: $groups) { id } }'
    )
    made = await data_of(world, "admin", create, name=name, roles=[role], groups=list(groups))
    world.people.ids[name] = made["id"]
    world.people.tokens[name] = (await issue(ObjectId(made["id"]), world.people.doors.yard.clock.now(), HOUR)).token
    return role


ADMINISTERING = (
    "createAccount", "updateAccount", "setPassword", "createRole", "updateRole", "createServiceAccount",
    "regenerateSecret", "createGroup",
)  # fmt: skip
TAKING_OVER = {
    "the own roles": "mutation { updateAccount(id: $me, roles: [$all]) { id } }",
    "a group with more roles": "mutation { updateAccount(id: $me, groups: [$strong]) { id } }",
    "a group that is in one with more roles": "mutation { updateAccount(id: $me, groups: [$inside]) { id } }",
    "membership of it": "mutation { addToGroup(groupId: $strong, accountIds: [$me]) { id } }",
    "the roles of the own group": "mutation { updateGroup(id: $own, roles: [$all]) { id } }",
    "the groups of the own group": "mutation { updateGroup(id: $own, groups: [$inside]) { id } }",
    "a group that one is not in": "mutation { updateAccount(id: $me, groups: [$group]) { id } }",
    "membership of that": "mutation { addToGroup(groupId: $group, accountIds: [$me]) { id } }",
    "another account": 'mutation { createAccount(username: "x", password: "long enough", roles: [$all]) { id } }',
    "a program's account": 'mutation { createServiceAccount(name: "x", roles: [$all]) { clientSecret } }',
    "another group": 'mutation { createGroup(name: "x", roles: [$all]) { id } }',
    "another role": 'mutation { createRole(name: "x", methods: ["updateAccount", "getJobsAdmin"]) { id } }',
    "the own role": 'mutation { updateRole(id: $role, methods: ["updateAccount", "getJobsAdmin"]) { id } }',
    "a closed group with more roles": "mutation { updateGroup(id: $closed, inactive: false) { id } }",
    "the secret of a program that may do more": "mutation { regenerateSecret(id: $program) { clientSecret } }",
    "the account of who sees more": 'mutation { setPassword(id: $guest, password: "long enough") { id } }',
    "the administrator's password": 'mutation { setPassword(id: $admin, password: "long enough") { id } }',
    "the administrator's account": "mutation { updateAccount(id: $admin, inactive: true) { id } }",
}


@pytest.mark.parametrize("what", TAKING_OVER)
async def test_who_keeps_accounts_hands_out_no_more_than_they_have(world: World, what: str) -> None:
    own = (await data_of(world, "admin", 'mutation { createGroup(name: "keepers") { id } }'))["id"]
    role = await keeper(world, "keeper", *ADMINISTERING, "updateGroup", groups=[own])
    roles = (await world.people.ask("admin", "GET", "/authorization/roles")).json()["results"]
    all_of_it = next(role["_id"] for role in roles if role["name"] == "admin")
    create = "mutation($name: String!, $g: [ID!], $r: [ID!]) { createGroup(name: $name, groups: $g, roles: $r) { id } }"
    strong = (await data_of(world, "admin", create, name="strong", r=[all_of_it]))["id"]
    inside = (await data_of(world, "admin", create, name="inside", g=[strong]))["id"]
    closed = 'mutation($r: [ID!]) { createGroup(name: "closed", roles: $r, inactive: true) { id } }'
    program = 'mutation($r: [ID!]) { createServiceAccount(name: "program", roles: $r) { account { id } } }'
    ids = {
        "role": role,
        "closed": (await data_of(world, "admin", closed, r=[all_of_it]))["id"],
        "program": (await data_of(world, "admin", program, r=[all_of_it]))["account"]["id"],
        "me": world.people.ids["keeper"],
        "admin": world.people.ids["admin"],
        "guest": world.people.ids["guest"],
        "group": world.variables["group"],
        "all": all_of_it,
        "strong": strong,
        "inside": inside,
        "own": own,
    }
    query = TAKING_OVER[what]
    for name, id in ids.items():
        query = query.replace(f"${name}", f'"{id}"')
    before = await world.people.stored()
    assert await code_of(world, "keeper", query) == "NOT_YOURS_TO_GIVE"
    assert await world.people.stored() == before
    assert "errors" not in (await world.graphql("admin", query)).json()


async def test_who_keeps_accounts_hands_out_what_they_have(world: World) -> None:
    own = (await data_of(world, "admin", 'mutation { createGroup(name: "keepers") { id } }'))["id"]
    role = await keeper(world, "keeper", *ADMINISTERING, "updateGroup", groups=[own])
    create = (
        "mutation($r: [ID!], $g: [ID!]) "
        '{ createAccount(username: "second", password: "long enough", roles: $r, groups: $g) { id } }'
    )
    second = (await data_of(world, "keeper", create, r=[role], g=[own]))["id"]
    set_password = 'mutation($id: ID!) { setPassword(id: $id, password: "another one") { id } }'
    await data_of(world, "keeper", set_password, id=second)
    join = "mutation($g: ID!, $a: [ID!]!) { addToGroup(groupId: $g, accountIds: $a) { id } }"
    await data_of(world, "keeper", join, g=own, a=[world.people.ids["guest"]])
    await data_of(world, "keeper", 'mutation { createRole(name: "less", methods: ["setPassword"]) { id } }')


async def test_groups_in_a_circle_are_in_each_other(world: World) -> None:
    create = "mutation($name: String!, $g: [ID!]) { createGroup(name: $name, groups: $g) { id } }"
    one = (await data_of(world, "admin", create, name="one"))["id"]
    other = (await data_of(world, "admin", create, name="other", g=[one]))["id"]
    update = "mutation($id: ID!, $g: [ID!]) { updateGroup(id: $id, groups: $g) { id } }"
    await data_of(world, "admin", update, id=one, g=[other])
    join = "mutation($g: ID!, $a: [ID!]!) { addToGroup(groupId: $g, accountIds: $a) { id } }"
    await data_of(world, "admin", join, g=one, a=[world.people.ids["outsider"]])
    viewer = await data_of(world, "outsider", "{ viewer { groups { id } } }")
    assert sorted(group["id"] for group in viewer["groups"]) == sorted([one, other])
    found = (await world.people.ask("admin", "GET", f"/authorization/groups/{one}")).json()
    assert found["inheritedGroups"] == [other]


async def test_a_role_that_comes_with_the_server_stays(world: World) -> None:
    roles = (await world.people.ask("admin", "GET", "/authorization/roles")).json()["results"]
    admin = next(role for role in roles if role["name"] == "admin")
    answer = await world.people.ask("admin", "DELETE", f"/authorization/roles/{admin['_id']}")
    assert (answer.status_code, answer.json()["metadata"]["code"]) == (409, "ROLE_IS_DEFAULT")
