"""Somebody of every kind, and a job that only some of them may see: what the tests of who may do what begin with."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from ..documents import chain, task
from ..projects import export
from .people import People, people

RESTRICTED_WORKFLOW = "Ask the members"
UNKNOWN = {
    "job": "f" * 24,
    "iteration": "00000000-0000-4000-8000-000000000000",
    "workflow": "no such workflow",
    "project": "e" * 24,
}

# One operation for each field; the variables are those of World.
JOB = "($job: ID!)"
FIELDS = {
    "job": f"query{JOB} {{ job(id: $job) {{ id }} }}",
    "recordedCase": f"query{JOB} {{ recordedCase(jobId: $job) }}",
    "task": "query($iteration: ID!) { task(id: $iteration) { id } }",
    "node": f"query{JOB} {{ node(id: $job) {{ id }} }}",
    "nodes": f"query{JOB} {{ nodes(ids: [$job]) {{ id }} }}",
    "latestIteration": f'query{JOB} {{ latestIteration(jobId: $job, taskId: "a1") {{ id }} }}',
    "workflow": "query($workflow: String!) { workflow(name: $workflow) { name } }",
    "workflows": "{ workflows { name } }",
    "taskCatalogue": '{ taskCatalogue(name: "query") { name } }',
    "catalogueTasks": '{ catalogueTasks(tasks: [{app: "WorkFlowEngine", name: "query"}]) { name } }',
    "validateWorkflow": '{ validateWorkflow(document: {name: "w", tasks: {}, transitions: {}}) { valid } }',
    "checkWorkflow": "query($workflow: String!) { checkWorkflow(name: $workflow) { valid } }",
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
    "logoutEverywhere": "mutation { logoutEverywhere }",
    "endSession": 'mutation { endSession(id: "x") }',
    "sessions": "{ sessions { id } }",
    "startJob": "mutation($workflow: String!) { startJob(workflow: $workflow, options: {}) { name } }",
    "pauseJobs": f"mutation{JOB} {{ pauseJobs(ids: [$job]) {{ code message }} }}",
    "resumeJobs": f"mutation{JOB} {{ resumeJobs(ids: [$job]) {{ code message }} }}",
    "cancelJobs": f"mutation{JOB} {{ cancelJobs(ids: [$job]) {{ code message }} }}",
    "deleteJobs": f"mutation{JOB} {{ deleteJobs(ids: [$job]) {{ code message }} }}",
    "auditEvents": "{ auditEvents { nodes { action } } }",
    "pruneJobs": 'mutation { pruneJobs(olderThan: "1s") { skipped } }',
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
    "project": "query($project: ID!) { project(id: $project) { name components { name } } }",
    "projects": "{ projects { totalCount nodes { name } } }",
    "documentedProjects": "{ documentedProjects(query: {}) { metadata } }",
    "exportProject": "query($project: ID!) { exportProject(id: $project) }",
    "createProject": 'mutation { createProject(document: {name: "new"}) { name } }',
    "updateProject": 'mutation($project: ID!) { updateProject(id: $project, changes: {description: "d"}) { name } }',
    "deleteProject": "mutation($project: ID!) { deleteProject(id: $project) { deleted { id } } }",
    "importProject": (
        # Into a project that there is not it makes one: its members are the subject of a test of their own.
        'mutation { importProject(document: {name: "p", components: []}) { skipped { reason } } }'
    ),
    "addComponentsToProject": "mutation($project: ID!) { addComponentsToProject(id: $project, components: []) { id } }",
    "removeComponentFromProject": (
        'mutation($project: ID!) { removeComponentFromProject(id: $project, component: "0") { name } }'
    ),
    "template": '{ template(id: "x") { id } }',
    "createTemplate": "mutation { createTemplate(document: {}) { id } }",
    "updateTemplate": 'mutation { updateTemplate(id: "x", changes: {}) { id } }',
    "deleteTemplate": 'mutation { deleteTemplate(id: "x") { id } }',
    "importTemplates": "mutation { importTemplates(documents: []) { success } }",
    "transformation": '{ transformation(id: "x") { id } }',
    "createTransformation": "mutation { createTransformation(document: {}) { id } }",
    "updateTransformation": 'mutation { updateTransformation(id: "x", changes: {}) { id } }',
    "deleteTransformation": 'mutation { deleteTransformation(id: "x") { id } }',
    "importTransformations": "mutation { importTransformations(documents: []) { success } }",
    "form": '{ form(id: "x") { id } }',
    "createForm": "mutation { createForm(document: {}) { id } }",
    "updateForm": 'mutation { updateForm(id: "x", changes: {}) { id } }',
    "deleteForm": 'mutation { deleteForm(id: "x") { id } }',
    "importForms": "mutation { importForms(documents: []) { success } }",
    "exportTemplate": '{ exportTemplate(id: "x") }',
    "deleteForms": "mutation { deleteForms(ids: []) { id } }",
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
    "serverProcesses": "{ serverProcesses { id } }",
    "serverSettings": "{ serverSettings }",
    "applications": "{ applications }",
    "adapters": "{ adapters }",
    "indexes": "{ indexes }",
    "indexStatus": '{ indexStatus(collections: ["jobs"]) }',
    "rotateSecrets": "mutation { rotateSecrets { done left } }",
    "application": '{ application(name: "x") }',
    "adapter": '{ adapter(name: "x") }',
    "operateApplication": 'mutation { operateApplication(name: "x", action: START) }',
    "operateAdapter": 'mutation { operateAdapter(name: "x", action: START) }',
    "activateWorkers": "mutation { activateWorkers }",
    "deactivateWorkers": "mutation { deactivateWorkers }",
    "appsAndAdapters": "{ appsAndAdapters }",
    "prometheusMetrics": "{ prometheusMetrics }",
    "tags": "{ tags }",
    "componentGroups": "{ componentGroups }",
    "createIndexes": 'mutation { createIndexes(collection: "jobs") }',
    "createWorkflows": "mutation { createWorkflows(documents: []) { name } }",
    "saveWorkflow": 'mutation { saveWorkflow(document: {_id: "x"}) { name } }',
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

BODIES: dict[str, Any] = {
    **{f"create_{kind}": {kind: {}} for kind in ("template", "transformation", "form")},
    **{f"update_{kind}": {"update": {}} for kind in ("template", "transformation", "form")},
    "import_templates": {"templates": []},
    "import_transformations": {},
    "import_forms": {"forms": []},
    "delete_forms": {"ids": []},
    "create_project": {"name": "new"},
    "update_project": {"description": "d"},
    "add_components_to_project": {"components": []},
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


@dataclass
class World:
    people: People
    variables: dict[str, str]

    async def graphql(self, who: str, query: str, **changed: Any) -> Any:
        return await self.people.graphql(who, query, **{**self.variables, **changed})


@asynccontextmanager
async def open_world() -> AsyncGenerator[World]:
    """A job of `member` waits for a person; its workflow and it are for one group."""
    async with people() as found:
        document = chain(RESTRICTED_WORKFLOW, a1={**task("ViewData"), "type": "manual"})
        await found.doors.import_documents({**document, "groups": [found.group]})
        started = await found.ask("member", "POST", "/operations-manager/jobs/start", json=BODIES["start_job"])
        job = started.json()["data"]["_id"]
        database = found.doors.services.store.database
        # Nothing in memory ever waits: the job must have its turn. Its event is the last thing that it writes.
        while await database["job_events"].find_one({"job": job, "seq": 1}) is None:  # noqa: ASYNC110 -- as said
            await asyncio.sleep(0)
        iteration = await database["tasks"].find_one({"job._id": job})
        assert iteration is not None
        project = await a_project(found)
        role = await found.graphql("admin", 'mutation { createRole(name: "own", methods: []) { id } }')
        yield World(
            found,
            {
                "job": job,
                "iteration": iteration["_id"],
                "workflow": RESTRICTED_WORKFLOW,
                "project": project,
                "group": found.group,
                "account": found.ids["guest"],
                "role": role.json()["data"]["createRole"]["id"],
            },
        )


async def a_project(found: People) -> str:
    """Of the group of `member`, with a workflow."""
    project = export("5f0e0000a0000000000000c2", "Members'", ("workflow", chain("Of the project"), "r"))
    query = "mutation($d: JSON!) { importProject(document: $d) { project { id } } }"
    id = (await found.graphql("admin", query, d=project)).json()["data"]["importProject"]["project"]["id"]
    members = {"members": [{"type": "group", "role": "owner", "reference": found.group}]}
    changed = await found.ask("admin", "PATCH", f"/automation-studio/projects/{id}", json=members)
    assert changed.status_code == 200, changed.text
    return id


async def data_of(world: World, who: str, query: str, **changed: Any) -> Any:
    answer = (await world.graphql(who, query, **changed)).json()
    assert "errors" not in answer, answer
    (value,) = answer["data"].values()
    return value


async def code_of(world: World, who: str, query: str, **changed: Any) -> str:
    (error,) = (await world.graphql(who, query, **changed)).json()["errors"]
    return error["extensions"]["code"]
