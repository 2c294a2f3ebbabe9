"""A server that is to take no new work, what is true of its applications, and what monitoring and editors read."""

import json
from typing import Any

import pytest
from jobyard.gql.rest.table import ROUTES, reason

from ..documents import chain, greeting, task
from ..doors import Doors
from ..parts import shared

pytestmark = pytest.mark.anyio

ENGINE = "/workflow_engine"


async def asked(doors: Doors, verb: str, path: str, status: int = 200) -> Any:
    answer = await doors.http.request(verb, path)
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.mark.parametrize("path", [f"{ENGINE}/jobWorker/", f"{ENGINE}/"])
async def test_a_deactivated_server_refuses_starts_and_goes_on_with_its_jobs(doors: Doors, path: str) -> None:
    waiting = chain("ask", a1={**task("ViewData"), "type": "manual"})
    await doors.import_documents(greeting(), waiting)
    job = (await doors.start({"workflow": "ask", "options": {}})).json()["data"]["_id"]
    await doors.waiting(job, "a1")
    assert (await asked(doors, "POST", f"{path}deactivate"))["jobWorker"]["localValue"] is False
    status = await asked(doors, "GET", f"{ENGINE}/workers/status")
    assert status["jobWorker"] == {"running": False, "clusterValue": True, "localValue": False}
    assert await asked(doors, "GET", f"{ENGINE}/active") is False
    assert (await doors.http.get("/readyz")).text == "deactivated"
    body = {"workflow": "greet", "options": {"variables": {"name": "Ada"}}}
    refused = await doors.start(body)
    assert (refused.status_code, refused.json()["metadata"]["code"]) == (503, "WORKERS_INACTIVE")
    assert refused.headers["retry-after"] == "2"
    assert await doors.stored_jobs() == 1
    finish = f"/operations-manager/jobs/{job}/tasks/a1/finish"
    await doors.http.post(finish, json={"taskData": {"finish_state": "success", "variables": {}}})
    assert (await doors.over(job))["status"] == "complete"
    assert (await asked(doors, "POST", f"{path}activate"))["jobWorker"]["running"] is True
    assert (await doors.http.get("/readyz")).text == "ok"
    assert (await doors.start(body)).status_code == 200


async def test_an_application_runs_with_the_server_alone(doors: Doors) -> None:
    assert (await asked(doors, "GET", "/applications/WorkFlowEngine"))["data"]["name"] == "WorkFlowEngine"
    assert (await asked(doors, "PUT", "/applications/WorkFlowEngine/start"))["status"] == "success"
    for action in ("stop", "restart"):
        told = await asked(doors, "PUT", f"/applications/WorkFlowEngine/{action}", 409)
        assert told["metadata"]["code"] == "PART_CANNOT"
        assert f"{action}s with it alone" in told["message"]
    assert (await asked(doors, "GET", "/applications/nope", 404))["metadata"]["code"] == "PART_NOT_FOUND"
    assert (await asked(doors, "PUT", "/adapters/nope/start", 404))["metadata"]["code"] == "PART_NOT_FOUND"


async def test_monitoring_reads_text(doors: Doors) -> None:
    await doors.import_documents(greeting())
    job = (await doors.start({"workflow": "greet", "options": {"variables": {"name": "Ada"}}})).json()["data"]["_id"]
    await doors.over(job)
    answer = await doors.http.get("/prometheus_metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'jobyard_jobs{status="complete"} 1.0' in lines
    assert "jobyard_workers_active 1.0" in lines
    assert all(line.startswith("#") or len(line.rpartition(" ")) == 3 for line in lines)


async def test_editors_read_the_catalogue_and_empty_lists(doors: Doors) -> None:
    tasks = await asked(doors, "GET", "/workflow_builder/tasks/list")
    query = next(one for one in tasks if (one["app"], one["name"]) == ("WorkFlowEngine", "query"))
    assert {"query", "obj"} <= query["variables"]["incoming"].keys()
    path = "/automation-studio/locations/Application/packages/WorkFlowEngine/tasks"
    assert await asked(doors, "GET", f"{path}/query") == query
    assert await asked(doors, "GET", "/workflow_builder/getTaskDetails/WorkFlowEngine/query") == query
    assert await asked(doors, "GET", f"{path}/nope") == {}
    keys = [{"location": "Application", "pckg": "WorkFlowEngine", "method": name} for name in ("nope", "query")]
    several = "/automation-studio/multipleTaskDetails?dereferenceSchemas=true"
    assert (await doors.http.post(several, json={"inputsArray": keys})).json() == [{}, query]
    refused = await doors.http.post(several, json={"inputsArray": keys * 251})
    assert (refused.status_code, refused.json()["metadata"]["code"]) == (400, "REQUEST_INVALID")
    apps = await asked(doors, "GET", "/automation-studio/apps/list")
    assert {"WorkFlowEngine", "TemplateBuilder"} <= {one["name"] for one in apps}
    assert await asked(doors, "GET", "/tags/all") == []
    groups = await asked(doors, "GET", "/automation-studio/component-groups")
    assert (groups["items"], groups["total"]) == ([], 0)


async def test_a_documented_route_that_is_not_served_says_why(doors: Doors) -> None:
    answer = await doors.http.post("/tags/create", json={})
    assert answer.status_code == 404
    assert answer.json()["message"].startswith("No such Method: POST /tags/create. Not served: tags are kept with")
    run = await doors.http.post("/transformations/x", json={})
    assert (run.status_code, "Not served: its body is documented nowhere" in run.json()["message"]) == (405, True)
    assert "Not served" not in (await doors.http.patch("/transformations/x", json={})).json()["message"]
    assert (await doors.http.get("/nowhere")).json()["message"] == "No such Method: GET /nowhere"


def test_every_documented_route_is_served_or_says_why_not() -> None:
    served = {(route.verb, _shape(route.path)) for route in ROUTES}
    by_themselves = ("/login", "/oauth/token", "/help/openapi?url={base}")
    documented = json.loads(shared("reference/rest-routes.json").read_text())
    left = [
        (one["verb"], one["path"])
        for one in documented
        if (one["verb"], _shape(one["path"])) not in served
        and one["path"] not in by_themselves
        and not reason(one["verb"], _shape(one["path"]).replace("{}", "x"))
    ]
    assert left == []


def _shape(path: str) -> str:
    parts = ("{}" if part[:1] in (":", "{") else part for part in path.rstrip("/").split("/"))
    return "/".join(parts).replace("/operations_manager/", "/operations-manager/")
