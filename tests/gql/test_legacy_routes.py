"""The older routes under /workflow_engine: bare jobs, and searches as documents."""

from typing import Any

import pytest

from ..documents import chain, greeting, task
from ..doors import Doors

pytestmark = pytest.mark.anyio


async def asked(doors: Doors, verb: str, path: str, body: Any = None) -> Any:
    answer = await doors.http.request(verb, f"/workflow_engine/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def started(doors: Doors) -> str:
    await doors.import_documents(greeting())
    body = {"options": {"description": "d", "variables": {"name": "Ada"}}}
    return (await asked(doors, "POST", "startJobWithOptions/greet", body))["_id"]


async def test_a_start_answers_the_bare_job(doors: Doors) -> None:
    job = await doors.over(await started(doors))
    assert (job["status"], job["description"], job["variables"]["greeting"]) == ("complete", "d", "Hello, Ada")


async def test_a_start_needs_no_variables(doors: Doors) -> None:
    await doors.import_documents(chain("plain"))
    for body in (None, {"options": {}}, {"workflow": "plain", "options": {"variables": None, "description": "d"}}):
        job = await doors.over((await asked(doors, "POST", "startJobWithOptions/plain", body))["_id"])
        assert job["variables"] == {"_id": job["_id"], "initiator": "admin"}


async def test_a_job_is_shown_whole_or_in_part(doors: Doors) -> None:
    id = await started(doors)
    whole = await doors.over(id)
    assert await asked(doors, "GET", f"getJob/{id}") == whole
    assert (await asked(doors, "GET", f"getJobShallow/{id}")).keys() == whole.keys() - {"tasks", "transitions"}
    details = await asked(doors, "GET", f"job/{id}/details")
    assert details.keys() == whole.keys() - {"tasks", "transitions", "variables"}
    assert await asked(doors, "GET", f"job/{id}/output") == whole["variables"]
    entire = await asked(doors, "GET", f"getEntireJob/{id}")
    assert entire["tasks"]["a1"]["job"]["task"] == "a1"
    assert (await doors.http.get(f"/workflow_engine/getJob/{'f' * 24}")).status_code == 404


async def test_a_job_is_paused_resumed_and_canceled(doors: Doors) -> None:
    await doors.import_documents(chain("ask", a1={**task("ViewData"), "type": "manual"}))
    id = (await asked(doors, "POST", "startJobWithOptions/ask", {"options": {}}))["_id"]
    await doors.waiting(id, "a1")
    for verb, status in (("pause", "paused"), ("resume", "running"), ("cancel", "canceled")):
        assert (await asked(doors, "POST", f"{verb}Job", {"job_id": id}))["status"] == status
    refused = await doors.http.post("/workflow_engine/cancelJob", json={"job_id": id})
    assert (refused.status_code, refused.json()["data"]) == (409, None)


async def test_a_job_is_given_to_groups(doors: Doors) -> None:
    id, one, other = await started(doors), "a" * 24, "b" * 24
    for verb, path, body, groups in (
        ("POST", "groups", {"group": one}, [one]),
        ("PUT", "groups", {"groups": [one, other]}, [one, other]),
        ("DELETE", f"groups/{one}", None, [other]),
        ("DELETE", "groups", None, []),
    ):
        job = await asked(doors, verb, f"jobs/{id}/{path}", body)
        assert (job["_id"], job["groups"]) == (id, groups)


async def test_a_task_is_found_claimed_and_finished(doors: Doors) -> None:
    await doors.import_documents(chain("ask", a1={**task("ViewData"), "type": "manual"}))
    id = (await asked(doors, "POST", "startJobWithOptions/ask", {"options": {}}))["_id"]
    await doors.waiting(id, "a1")
    query = {"options": {"query": {"job._id": id, "type": "manual"}, "fields": {"status": 1}}}
    ((found),) = (await asked(doors, "POST", "tasks/search", query))["results"]
    assert found.keys() == {"_id", "status"}
    for verb, owner in (("claim", doors.services.admin_id), ("release", ""), ("claim", doors.services.admin_id)):
        shown = await asked(doors, "POST", f"tasks/{verb}", {"task_id": found["_id"]})
        assert (shown["_id"], shown["metrics"]["owner"]) == (found["_id"], owner)
    data = {"finish_state": "success", "variables": {}}
    await asked(doors, "POST", "finishTask", {"job_id": id, "task_id": "a1", "task_data": data})
    assert (await doors.over(id))["status"] == "complete"


async def test_an_errored_job_is_fixed_by_going_back_to_a_complete_task(doors: Doors) -> None:
    broken = task("parse", text="{broken")
    await doors.import_documents(chain("break", a1=task("newVariable", name="x", value=1), b2=broken))
    id = (await asked(doors, "POST", "startJobWithOptions/break", {"options": {}}))["_id"]
    assert (await doors.over(id))["status"] == "error"
    body = {"job_id": id, "errored_task": "a1", "revert_task": "a1"}
    refused = await doors.http.post("/workflow_engine/fixJob", json=body)
    assert (refused.status_code, refused.json()["metadata"]["code"]) == (409, "TASK_CANNOT")
    assert "cannot be fixed: it is complete, not in error" in refused.json()["message"]
    assert (await asked(doors, "POST", "fixJob", {**body, "errored_task": "b2"}))["_id"] == id
    assert len((await doors.over(id))["tasks"]["a1"]["iterations"]) == 2


async def test_searches_take_conditions_projections_and_pages(doors: Doors) -> None:
    await doors.import_documents(chain("a"), chain("b"), chain("c"))
    options = {"query": {"name": {"$in": ["a", "c"]}}, "fields": {"name": 1}, "sort": {"name": -1}, "limit": 1}
    found = await asked(doors, "POST", "workflows/search", {"options": options})
    assert [one["name"] for one in found["results"]] == ["c"]
    assert (found["skip"], found["limit"], found["total"]) == (0, 1, 2)
    assert found["results"][0].keys() == {"_id", "name"}
    id = await started(doors)
    found = await asked(doors, "POST", "jobs/search", {"options": {"query": {"name": "greet"}}})
    assert [one["_id"] for one in found["results"]] == [id]


async def test_a_limit_of_nothing_is_no_limit(doors: Doors) -> None:
    await doors.import_documents(*(chain(f"number {number:02}") for number in range(30)))
    options = {"fields": {"name": 1}, "limit": 0, "skip": 0, "sort": {"name": 1}}
    found = await asked(doors, "POST", "workflows/search", {"options": options})
    assert [one["name"] for one in found["results"]] == [f"number {number:02}" for number in range(30)]
    assert found["total"] == 30


async def test_tasks_are_found_by_filter_and_query_together(doors: Doors) -> None:
    one, other = await started(doors), await started(doors)
    for id in (one, other):
        await doors.over(id)
    for filter, query, found in (
        ({"job._id": one}, {}, [("delay", one), ("stringConcat", one)]),
        ({"job._id": one}, {"name": "delay"}, [("delay", one)]),
        ({"job._id": one}, {"job._id": other}, []),
    ):
        options = {"query": query, "fields": {"name": 1, "job": 1}, "sort": {"name": 1}, "local": True}
        told = await asked(doors, "POST", "tasks/search", {"filter": filter, "options": options})
        assert [(task["name"], task["job"]["_id"]) for task in told["results"]] == found


@pytest.mark.parametrize("place", ["filter", "query"])
async def test_an_operator_that_is_not_known_is_refused(doors: Doors, place: str) -> None:
    unknown = {"name": {"$where": "1"}}
    body = {"filter": unknown} if place == "filter" else {"options": {"query": unknown}}
    answer = await doors.http.post("/workflow_engine/jobs/search", json=body)
    assert (answer.status_code, answer.json()["metadata"]["code"]) == (400, "REQUEST_INVALID")
