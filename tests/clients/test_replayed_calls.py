"""Clients that pip does not have, or that need a machine of their own: their calls, sent as they send them."""

from collections.abc import Callable, Generator
from typing import Any

import httpx
import pytest

from ..documents import chain, greeting, task
from ..projects import export
from .conftest import PASSWORD, Place

CREDENTIALS = {"username": "ada", "password": PASSWORD}
OPERATIONS = "/operations-manager"
SHOWN_WORKFLOWS = {"items", "skip", "limit", "end", "count", "total", "next", "previous"}


@pytest.fixture
def http(place: Place) -> Generator[httpx.Client]:
    with httpx.Client(base_url=place.address, timeout=30) as one:
        yield one


def told(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


def until_over(look: Callable[[], Any]) -> Any:
    while (job := look())["status"] == "running":
        pass
    return job


def test_a_shell_script_signs_in_flat_and_keeps_the_cookie(place: Place, http: httpx.Client) -> None:
    assert http.get("/health/applications").status_code == 401
    assert http.post("/login", json=CREDENTIALS).status_code == 200
    assert told(http.get("/whoami"))["id"] == place.accounts["ada"]
    assert http.get("/health/applications").status_code == 200


def test_ipctl(place: Place, http: httpx.Client) -> None:
    """Go: the cookie; 200 everywhere; a value of another type than it declares is an error."""
    assert http.post("/login", json={"user": CREDENTIALS}).status_code == 200
    document = {**greeting(name="of ipctl"), "encodingVersion": 1}
    imported = told(http.post("/automation-studio/automations/import", json={"automations": [document]}))
    assert imported["name"] == "of ipctl"
    listed = told(http.get("/automation-studio/workflows", params={"limit": 100, "skip": 0}))
    assert listed.keys() == SHOWN_WORKFLOWS
    assert (listed["count"], listed["limit"]) == (len(listed["items"]), 100)
    assert "of ipctl" in [one["name"] for one in listed["items"]]

    exported = told(http.post("/workflow_builder/export", json={"options": {"name": "of ipctl"}}))
    assert [exported[key]["username"] for key in ("created_by", "last_updated_by")] == ["ada", "ada"]
    integers = [exported.get(key) for key in ("font_size", "preAutomationTime", "sla", "encodingVersion")]
    assert all(one is None or isinstance(one, int) for one in integers)
    assert isinstance(exported["canvasVersion"], int | float)
    assert {type(exported[key]) for key in ("tasks", "transitions", "inputSchema")} == {dict}
    assert {type(exported[key]) for key in ("created", "last_updated")} == {str}
    assert exported["tags"] == []

    trigger = place.expose("of ipctl", type="endpoint", verb="POST", routeName="of-ipctl")
    assert (trigger["type"], trigger["routeName"], trigger["lastExecuted"]) == ("endpoint", "of-ipctl", None)
    pair = {"equalsField": "name", "equals": "of ipctl", "limit": 100, "skip": 0}
    found = told(http.get(f"{OPERATIONS}/automations", params=pair))
    (automation,) = found["data"]
    assert found["metadata"]["total"] == 1
    assert {type(automation[key]) for key in ("created", "createdBy", "lastUpdated", "lastUpdatedBy")} == {str}
    path = f"{OPERATIONS}/automations/{automation['_id']}"
    brought = told(http.get(f"{path}/export"))["data"]
    assert told(http.delete(path))["message"] == "Successfully deleted automation"
    (outcome,) = told(http.put(f"{OPERATIONS}/automations", json={"automations": [brought]}))["data"]
    assert (outcome["data"]["name"], outcome["data"]["componentName"]) == ("of ipctl", "of ipctl")

    assert told(http.delete("/workflow_builder/workflows/delete/of%20ipctl"))["name"] == "of ipctl"
    memory = told(http.get("/health/server"))["memoryUsage"]
    assert all(isinstance(size, int) and 0 <= size < 2**31 for size in memory.values())


def test_ipctl_makes_a_group(place: Place, http: httpx.Client) -> None:
    assert http.post("/login", json={"user": {"username": "admin", "password": PASSWORD}}).status_code == 200
    group = {"name": "of ipctl", "description": "d", "provenance": "Pronghorn"}
    made = told(http.post("/authorization/groups", json={"group": group}))
    assert made["data"]["provenance"] == "Pronghorn"  # or it would not delete the group
    assert (made.keys(), made["data"]["name"]) == ({"status", "message", "data"}, "of ipctl")
    groups = told(http.get("/authorization/groups", params={"inactive": "false", "skip": 0, "limit": 100}))
    shown = [one for one in groups["results"] if one["_id"] == made["data"]["_id"]]
    assert [(one["name"], one["memberOf"], one["assignedRoles"], one["inactive"]) for one in shown] == [
        ("of ipctl", [], [], False)
    ]
    assert groups["total"] == len(groups["results"])
    assert told(http.delete(f"/authorization/groups/{made['data']['_id']}"))["status"] == "OK"


def test_ipctl_brings_projects_templates_transformations_and_forms(place: Place, http: httpx.Client) -> None:
    """It lists all pages first, by names; POST and GET want 200, deleting a transformation 204."""
    assert http.post("/login", json={"user": CREDENTIALS}).status_code == 200
    projects, page = "/automation-studio/projects", {"limit": 100, "skip": 0}
    empty = told(http.post(projects, json={"name": "made by ipctl", "components": []}))["data"]
    listed = told(http.get(projects, params=page))
    assert len(listed["data"]) == listed["metadata"]["total"]
    assert {type(empty[key]) for key in ("members", "components", "folders")} == {list}
    assert empty["accessControl"] == {"manage": [], "write": [], "execute": [], "read": []}
    document = export("5f0e0000a0000000000000c9", "of ipctl", ("workflow", chain("in ipctl"), "r"))
    body = {"skipReferenceValidation": False, "assignNewReferences": False, "project": document}
    imported = told(http.post(f"{projects}/import", json=body))
    assert (imported["data"]["_id"], imported["metadata"]["failedComponents"]) == (document["_id"], [])
    path = f"{projects}/{document['_id']}"
    member = {"type": "account", "role": "owner", "reference": place.accounts["ada"], "username": "ada"}
    assert told(http.patch(path, json={"members": [member]}))["data"]["members"] == [member]
    exported = told(http.get(f"{path}/export"))["data"]
    assert [one["document"]["name"] for one in exported["components"]] == ["in ipctl"]
    for one in (path, f"{projects}/{empty['_id']}"):
        told(http.delete(one))
    assert http.get(path).status_code == 404

    templates = "/automation-studio/templates"
    new = {"name": "t of ipctl", "group": "", "type": "textfsm", "description": ""}
    template = told(http.post(templates, json={"template": new}))["created"]
    assert told(http.get(f"{templates}/{template['_id']}/export"))["name"] == "t of ipctl"
    told(http.delete(f"{templates}/{template['_id']}"))
    (entry,) = told(http.post(f"{templates}/import", json={"templates": [template]}))["imported"]
    assert entry["original"]["_id"] == template["_id"]

    new = {"name": "j of ipctl", "description": "", "functions": [], "incoming": [], "outgoing": [], "steps": []}
    made = told(http.post("/transformations", json={**new, "view": {"col": 3, "row": 5}, "tags": []}))
    assert told(http.get(f"/transformations/{made['_id']}"))["view"] == {"col": 3, "row": 5}
    assert http.delete(f"/transformations/{made['_id']}").status_code == 204
    assert told(http.post("/transformations/import", json=made))["_id"] == made["_id"]

    form = {"name": "f of ipctl", "schema": {}, "struct": {}, "uiSchema": {}}
    doc = told(http.post("/json-forms/forms", json=form))["doc"]
    told(http.request("DELETE", "/json-forms/forms", json={"ids": [doc["id"]]}))
    (entry,) = told(http.post("/json-forms/import/forms", json={"forms": [doc]}))["imported"]
    assert told(http.get(f"/json-forms/forms/{entry['created']['_id']}"))["name"] == "f of ipctl"
    assert told(http.get("/tags/all")) == []
    assert told(http.get("/applications/WorkFlowEngine"))["data"]["name"] == "WorkFlowEngine"


@pytest.mark.parametrize("body", [b"", b"null", b"{}"])
def test_the_github_actions(place: Place, http: httpx.Client, body: bytes) -> None:
    """The body of the login stands behind `?token=` as it is; where there is no input there is no body, or null."""
    token = http.post("/login", json={"user": CREDENTIALS}).text
    http.cookies.clear()
    release = told(http.get(f"/health/server?token={token}"))["release"]
    assert float(release[: release.rindex(".")]) > 2021.1
    route = f"of-actions-{len(body)}"
    place.import_documents(chain(route, a1=task("newVariable", name="made", value=1)))
    place.expose(route, type="endpoint", verb="POST", routeName=route)
    headers = {"content-type": "application/json"}
    path = f"{OPERATIONS}/triggers/endpoint/{route}?token={token}"
    started = told(http.post(path, content=body, headers=headers))["data"]
    assert started["metrics"]["user"] == place.accounts["ada"]
    job = until_over(lambda: told(http.get(f"{OPERATIONS}/jobs/{started['_id']}?token={token}"))["data"])
    assert job["status"] == "complete"
    assert job["variables"] == {"made": 1, "_id": started["_id"], "initiator": "ada"}
    gone = http.get(f"{OPERATIONS}/jobs/{'0' * 24}?token={token}")
    assert (gone.status_code, gone.json()["data"]) == (404, None)


def test_the_github_actions_with_an_id_and_a_secret(place: Place, http: httpx.Client) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": place.client_id,
        "client_secret": place.client_secret,
    }
    granted = told(http.post("/oauth/token", data=form))
    assert granted["token_type"] == "bearer"
    assert 3590 < granted["expires_in"] <= 3600
    bearer = {"authorization": f"Bearer {granted['access_token']}"}
    place.import_documents(greeting(name="by hand"))
    trigger = place.expose("by hand", type="manual", formId=None, legacyWrapper=False)
    path = f"{OPERATIONS}/triggers/manual/{trigger['_id']}/run"
    started = told(http.post(path, json={"formData": {"name": "Ada"}}, headers=bearer))["data"]
    assert (started["name"], started["metrics"]["user"]) == ("by hand", place.accounts["ci"])


def test_itential_platform_of_ansible(place: Place, http: httpx.Client) -> None:
    """Each argument becomes equals[...]; 200 exactly."""
    token = http.post("/login", json={"user": CREDENTIALS}).text
    http.cookies.clear()
    place.import_documents(chain("asked of ansible", a1={**task("ViewData"), "type": "manual"}))
    body = {"workflow": "asked of ansible", "options": {"type": "automation", "variables": {}, "description": ""}}
    id = told(http.post(f"{OPERATIONS}/jobs/start?token={token}", json=body))["data"]["_id"]
    by_name = {"equals[name]": "asked of ansible", "token": token}
    assert [job["_id"] for job in told(http.get(f"{OPERATIONS}/jobs", params=by_name))["data"]] == [id]
    tasks = {"equals[status]": "running", "equals[job._id]": id, "include": "name,status,type", "token": token}
    while not (listed := told(http.get(f"{OPERATIONS}/tasks", params=tasks)))["data"]:
        pass
    assert [{key: one[key] for key in ("name", "status", "type")} for one in listed["data"]] == [
        {"name": "ViewData", "status": "running", "type": "manual"}
    ]
    assert listed["metadata"]["total"] == 1


def test_community_network_of_ansible(place: Place, http: httpx.Client) -> None:
    """The token behind the path as it is, the workflow in path and body, and a bare job for an answer."""
    token = http.post("/login", json={"user": CREDENTIALS}).text
    http.cookies.clear()
    place.import_documents(greeting(name="of_ansible"))
    options = {"variables": {"name": "Ada"}, "description": "Test Job"}
    body = {"workflow": "of_ansible", "options": options, "type": "automation"}
    started = told(http.post(f"/workflow_engine/startJobWithOptions/of_ansible?token={token}", json=body))
    assert (started["name"], started["description"], len(started["_id"])) == ("of_ansible", "Test Job", 24)


def test_the_toolkit_counts(place: Place, http: httpx.Client) -> None:
    place.import_documents(chain("counted"))
    query = {"token": place.token}
    workflows = told(http.get("/automation-studio/workflows", params={"limit": 0, "include": "_id", **query}))
    assert (workflows["items"], workflows["total"] >= 1) == ([], True)
    assert isinstance(told(http.get("/automation-studio/templates", params=query))["count"], int)
    assert isinstance(told(http.get("/transformations", params=query))["total"], int)
    assert isinstance(told(http.get("/json-forms/forms", params=query)), list)
    workers = told(http.get("/workflow_engine/workers/status", params=query))
    assert (workers["jobWorker"]["running"], workers["taskWorker"]["running"]) == (True, True)


def test_itential_py_2(place: Place, http: httpx.Client) -> None:
    """Slashes too many, a new login on 401, and JSON in every error."""
    engine = f"{place.address}//workflow_engine"
    assert http.get(f"{engine}/getJob/x").status_code == 401
    refused = http.post("/login/", json={"user": {**CREDENTIALS, "password": "x"}})
    assert refused.status_code == 401
    assert refused.json()["message"].startswith("Invalid credentials.")
    assert http.post("/login/", json={"user": CREDENTIALS}).status_code == 200
    place.import_documents(greeting(name="of py2"))
    options = {"options": {"description": "d", "variables": {"name": "Ada"}}}
    id = told(http.post(f"{engine}/startJobWithOptions/of py2", json=options))["_id"]
    job = until_over(lambda: told(http.get(f"{engine}/getJob/{id}")))
    assert (job["_id"], job["status"], job["description"]) == (id, "complete", "d")
    output = {"name": "Ada", "greeting": "Hello, Ada", "_id": id, "initiator": "ada"}
    assert told(http.get(f"{engine}/job/{id}/output")) == output
    query = {"options": {"query": {"name": "of py2"}, "fields": {"status": 1}, "limit": 0, "expand": ["owner"]}}
    found = told(http.post(f"{engine}/jobs/search", json=query))
    assert found["results"] == [{"_id": id, "status": "complete"}]
    assert (found["skip"], found["total"]) == (0, 1)
    assert "Cannot find job" in http.get(f"{engine}/getJob/x").json()["message"]
    assert "No such Method" in http.get(f"{engine}/nothing").json()["message"]


def test_the_underscored_start_of_other_versions_of_itential_mcp(place: Place, http: httpx.Client) -> None:
    assert http.post("/login", json={"user": CREDENTIALS}).status_code == 200
    place.import_documents(chain("underscored"))
    options = {"type": "automation", "groups": [], "description": "", "variables": {}}
    body = {"workflow": "underscored", "options": options}
    started = told(http.post("/operations_manager/jobs/start", json=body))["data"]
    assert (started["name"], started["description"], started["groups"]) == ("underscored", "", ["default"])
