"""Every documented route against its GraphQL operation: the same result, and the same refusal."""

from typing import Any

import httpx
import pytest
from jobyard.gql.rest.envelope import STATUS
from jobyard.gql.rest.operations import operation_text
from jobyard.gql.rest.route import Answer, RestRoute, RouteRequest
from jobyard.gql.rest.table import ROUTES

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

UNKNOWN = "f" * 24
# The same name a second time is refused: these cannot be asked for through one door and then through the other.
ONCE = ("create_group", "create_role", "create_service_account")
# The answer of `prometheus_metrics` is a text.
ASKED = [route for route in ROUTES if route.operation not in (*ONCE, "prometheus_metrics")]
BODIES = {
    **{f"create_{kind}": {kind: {}} for kind in ("template", "transformation", "form")},
    **{f"update_{kind}": {"update": {}} for kind in ("template", "transformation", "form")},
    "import_templates": {"templates": []},
    "import_transformations": {},
    "import_forms": {"forms": []},
    "delete_forms": {"ids": []},
    "start_job": {"workflow": "nope", "options": {"description": "d", "variables": {"a": 1}}},
    "finish_task": {"taskData": {"finish_state": "success", "variables": {}}},
    "assign_task": {"userId": "ada"},
    "retry_task": {"variables": {"a": 1}},
    "continue_job": {"fromTask": "a1"},
    "revert_job": {"fromTask": "b2", "toTask": "a1"},
    "add_watchers": {"userIds": ["ada"]},
    "add_job_groups": {"group": UNKNOWN},
    "replace_job_groups": {"groups": [UNKNOWN]},
    "add_workflow_groups": {"group": UNKNOWN},
    "replace_workflow_groups": {"groups": [UNKNOWN]},
    "rename_workflow": {"workflow": {"name": "nope"}, "newName": "nope"},
    "create_automation": {"name": "nope", "componentName": "unheard-of"},
    "update_automation": {"description": "d"},
    "clone_automation": {"_id": UNKNOWN},
    "import_automations": {"automations": [{"name": ""}]},
    "create_trigger": {"name": "nope", "type": "manual", "actionId": UNKNOWN},
    "update_trigger": {"enabled": False},
    "import_triggers": {"triggers": [{"name": ""}]},
    "create_project": {"description": "without a name"},
    "import_project": {"project": {"name": "nope", "components": []}},
    "update_project": {"description": "d"},
    "add_components_to_project": {"components": []},
    "run_endpoint_trigger": {"a": 1},
    "run_manual_trigger": {"formData": {}},
    **{key: {"updates": {}} for key in ("update_account", "update_group", "update_role", "update_service_account")},
}


def by_route(id: str) -> dict[str, Any]:
    """Bodies with this id; a workflow that is made has it for a name."""
    name = "" if id == UNKNOWN else id
    new = {**chain("nope"), "name": name}
    return {
        "GET /automation-studio/workflows": {"queryParameters": {"equals": {"name": "nope"}}},
        "POST /automation-studio/workflows/validate": {"workflow": new},
        "POST /workflow_engine/workflows/validate": {"workflow": new},
        "POST /automation-studio/automations": {"automation": new},
        "POST /automation-studio/automations/import": {"automations": [new]},
        "PUT /automation-studio/automations/{id}": {"update": new},
        "POST /workflow_builder/import": {"workflow": new},
        "POST /workflow_builder/workflows/save": {"workflow": new},
        "POST /automation-studio/multipleTaskDetails": {"inputsArray": [{"pckg": "WorkFlowEngine", "method": "query"}]},
        "POST /workflow_engine/startJobWithOptions/{name}": {"options": {}},
        "POST /workflow_engine/cancelJob": {"job_id": id},
        "POST /workflow_engine/pauseJob": {"job_id": id},
        "POST /workflow_engine/resumeJob": {"job_id": id},
        "POST /workflow_engine/fixJob": {"job_id": id, "errored_task": "b2", "revert_task": "a1"},
        "POST /workflow_engine/jobs/search": {"options": {"query": {"name": "nope"}, "limit": 1}},
        "POST /workflow_engine/tasks/search": {"options": {"query": {"job._id": id}}},
        "POST /workflow_engine/workflows/search": {"options": {"fields": {"name": 1}}},
        "POST /workflow_engine/tasks/claim": {"task_id": id},
        "POST /workflow_engine/tasks/release": {"task_id": id},
        "POST /workflow_engine/finishTask": {
            "job_id": id,
            "task_id": "a1",
            "task_data": {"finish_state": "success", "variables": {}},
        },
        "POST /workflow_builder/export": {"options": {"name": "nope"}},
    }


def asked(route: RestRoute, id: str) -> tuple[str, Any]:
    """The path with this id in it, and a body."""
    bodies = {**BODIES, **by_route(id)}
    body = bodies.get(f"{route.verb} {route.path}") or bodies.get(route.operation, {"jobIds": [id]})
    return route.path.format(**parameters(id)), body if route.body else None


def parameters(id: str) -> dict[str, str]:
    return {
        "id": id,
        "job": id,
        "task": "a1",
        "group": UNKNOWN,
        "name": "nope",
        "route": "nope",
        "collection": "jobs",
        "source": "@itential/app-workflow_engine",
        "topic": "nope",
        "component": "0",
        "location": "Application",
        "package": "WorkFlowEngine",
        "method": "query",
    }


def given(route: RestRoute, id: str) -> RouteRequest:
    return RouteRequest(parameters(id), {}, asked(route, id)[1], {})


def data_of(route: RestRoute, answer: httpx.Response) -> Any:
    """What the envelope holds, or what stands in place of it."""
    bare = (route.response is not None or route.shape is not None) and answer.status_code < 400
    return answer.json() if bare else answer.json()["data"]


def shown(route: RestRoute, told: Answer) -> Any:
    """What `data_of` must be."""
    return told.data if route.shape is None else route.shape(route.message, told.data)


async def both(doors: Doors, route: RestRoute, id: str) -> tuple[Any, dict[str, Any]]:
    path, body = asked(route, id)
    graphql = await doors.graphql(operation_text(route.operation), **route.variables(given(route, id)))
    return await doors.http.request(route.verb, path, json=body), graphql


def without_sizes(route: RestRoute, data: Any) -> Any:
    """Of the server's health, which is another one at each look, what does not change."""
    if not route.path.startswith("/health"):
        return data
    if isinstance(data, dict):
        return {key: without_sizes(route, value) for key, value in data.items()}
    if isinstance(data, list):
        return [without_sizes(route, value) for value in data]
    return None if isinstance(data, (int, float)) else data


def named(route: RestRoute) -> str:
    return f"{route.verb} {route.path}"


@pytest.mark.parametrize("route", ASKED, ids=named)
async def test_the_same_refusal_comes_out_of_both_doors(doors: Doors, route: RestRoute) -> None:
    rest, graphql = await both(doors, route, UNKNOWN)
    if "errors" in graphql:
        (error,) = graphql["errors"]
        assert rest.status_code == STATUS[error["extensions"]["code"]]
        assert rest.json() == {"message": error["message"], "data": None, "metadata": error["extensions"]}
        return
    (found,) = graphql["data"].values()
    told = route.answer(found)
    assert rest.status_code == told.status
    assert without_sizes(route, data_of(route, rest)) == without_sizes(route, shown(route, told))
    if route.body.get("required") == ["jobIds"]:
        assert all("Cannot find job" in one["message"] for one in found)


@pytest.mark.parametrize("route", ASKED, ids=named)
async def test_the_same_result_comes_out_of_both_doors(doors: Doors, route: RestRoute) -> None:
    """Twice the same is asked: what is shown of the second differs by what the first one did, and by times alone."""
    document = chain("nope", a1={**task("ViewData"), "type": "manual"}, b2=task("newVariable", name="x", value=1))
    await doors.import_documents(document)
    ids = [(await doors.start({"workflow": "nope", "options": {}})).json()["data"]["_id"] for _ in range(2)]
    for id in ids:
        await doors.waiting(id, "a1")
        if route.operation == "resume_jobs":
            await doors.http.post("/operations-manager/jobs/pause", json={"jobIds": [id]})
    tasks = [(await doors.job(id))["tasks"]["a1"]["iterations"][0] for id in ids]
    one, other = tasks if "/tasks/{id}" in route.path or route.path.endswith("/tasks/claim") else ids
    path, body = asked(route, one)
    rest = await doors.http.request(route.verb, path, json=body)
    if route.operation == "delete_workflow":
        await doors.import_documents(document)
    graphql = await doors.graphql(operation_text(route.operation), **route.variables(given(route, other)))
    if "errors" in graphql:
        same = graphql["errors"][0]["message"].replace(ids[1], ids[0]).replace(tasks[1], tasks[0])
        assert rest.json()["message"] == same
        return
    (found,) = graphql["data"].values()
    told = route.answer(found)
    assert rest.status_code == told.status
    pairs = {ids[1]: "job", ids[0]: "job", tasks[1]: "iteration", tasks[0]: "iteration"}
    results = [without_sizes(route, one) for one in (data_of(route, rest), shown(route, told))]
    assert without_times(results[0], pairs) == without_times(results[1], pairs)


def without_times(value: Any, names: dict[str, str]) -> Any:
    """The ids by what they are of, and no times; of a job that was just started everything else is its own."""
    if isinstance(value, dict):
        kept = {names.get(key, key): without_times(one, names) for key, one in value.items()}
        times = ("start_time", "end_time", "last_updated", "claim_time", "run_time", "iterations", "_id", "ancestors")
        return {key: one for key, one in kept.items() if key not in times}
    if isinstance(value, list):
        return [without_times(one, names) for one in value]
    if isinstance(value, str):
        for id, name in names.items():
            value = value.replace(id, name)
    return value
