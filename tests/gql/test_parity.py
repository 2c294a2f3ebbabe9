"""Every documented route against its GraphQL operation: the same result, and the same refusal."""

from typing import Any

import pytest
from jobyard.gql.rest.envelope import STATUS
from jobyard.gql.rest.operations import stored
from jobyard.gql.rest.route import Given, RestRoute
from jobyard.gql.rest.routes import ROUTES

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

UNKNOWN = "f" * 24
JOBS = "/operations-manager/"
# The same name a second time is refused: these cannot be asked for through one door and then through the other.
ONCE = ("create_group", "create_role")
ASKED = [route for route in ROUTES if route.operation not in ONCE]
BODIES = {
    "start_job": {"workflow": "nope", "options": {"description": "d", "variables": {"a": 1}}},
    "finish_task": {"taskData": {"finish_state": "success", "variables": {}}},
    "assign_task": {"userId": "ada"},
    "retry_task": {"variables": {"a": 1}},
    "continue_job": {"fromTask": "a1"},
    "revert_job": {"fromTask": "b2", "toTask": "a1"},
    "add_watchers": {"userIds": ["ada"]},
    "add_job_groups": {"group": UNKNOWN},
    "replace_job_groups": {"groups": [UNKNOWN]},
}


def asked(route: RestRoute, id: str) -> tuple[str, Any]:
    """The path with this id in it, and a body."""
    path = route.path.replace("{id}", id).replace("{job}", id).replace("{task}", "a1").replace("{group}", UNKNOWN)
    return path, BODIES.get(route.operation, {"jobIds": [id]}) if route.body else None


def given(route: RestRoute, id: str) -> Given:
    parameters = {"id": id, "job": id, "task": "a1", "group": UNKNOWN}
    return Given(parameters, {}, asked(route, id)[1], {})


async def both(doors: Doors, route: RestRoute, id: str) -> tuple[Any, dict[str, Any]]:
    path, body = asked(route, id)
    graphql = await doors.graphql(stored(route.operation), **route.variables(given(route, id)))
    return await doors.http.request(route.verb, path, json=body), graphql


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
    if route.path.startswith(JOBS):
        assert (rest.status_code, rest.json()["data"]) == (told.status, told.data)
        assert route.verb == "GET" or all("Cannot find job" in one["message"] for one in found)
    else:  # nothing to refuse: who I am, and lists
        assert rest.status_code == told.status


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
    one, other = tasks if "/tasks/{id}" in route.path else ids
    path, body = asked(route, one)
    rest = await doors.http.request(route.verb, path, json=body)
    graphql = await doors.graphql(stored(route.operation), **route.variables(given(route, other)))
    if "errors" in graphql:
        same = graphql["errors"][0]["message"].replace(ids[1], ids[0]).replace(tasks[1], tasks[0])
        assert rest.json()["message"] == same
        return
    (found,) = graphql["data"].values()
    told = route.answer(found)
    assert rest.status_code == told.status
    pairs = {ids[1]: "job", ids[0]: "job", tasks[1]: "iteration", tasks[0]: "iteration"}
    shown = {"data": told.data} if route.shape is None else route.shape(route.message, told.data)
    answered = rest.json() if route.shape else {"data": rest.json()["data"]}
    assert without_times(answered, pairs) == without_times(shown, pairs)


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
