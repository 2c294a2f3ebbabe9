"""A task whose form was never imported is worked all the same, and the job says that its form is missing."""

from typing import Any

import pytest

from ..documents import chain, task
from ..doors import Doors
from .test_people import FINISH, finish
from .test_providers import START

pytestmark = pytest.mark.anyio

GONE = {
    **task("ShowFormByName", app="FormBuilder", outgoing={"export": "$var.job.answer"}, form_name="Gone"),
    "type": "manual",
    "view": "/formbuilder/task/ShowFormByName",
}
FORM = {"name": "Gone", "id": "f1", "struct": {}, "schema": {"type": "object", "required": ["size"]}}
WARNINGS = "query($id: ID!) { job(id: $id) { warnings { task message } } }"
SHOWN = "query($id: ID!) { task(id: $id) { form { schema } } }"


async def asked(doors: Doors) -> str:
    await doors.import_documents(chain("ask", a1=GONE))
    id = (await doors.graphql(START, w="ask", o={}))["data"]["startJob"]["id"]
    await doors.waiting(id, "a1")
    return id


@pytest.mark.parametrize("door", ["graphql", "rest"])
async def test_it_is_finished_with_whatever_answer(doors: Doors, door: str) -> None:
    id = await asked(doors)
    answer: Any = {"export": {"anything": 1}}
    if door == "rest":
        assert (await finish(doors, id, "a1", "success", **answer)).status_code == 200
    else:
        told = await doors.graphql(FINISH, job=id, task="a1", state="SUCCESS", variables=answer)
        assert "errors" not in told
    job = await doors.over(id)
    assert (job["status"], job["variables"]["answer"]) == ("complete", {"anything": 1})


async def test_the_job_says_that_it_is_missing(doors: Doors) -> None:
    id = await asked(doors)
    (told,) = (await doors.job(id))["warnings"]
    assert told["task"] == "a1"
    assert told["message"].startswith("Its form 'Gone' was never imported")
    (shown,) = (await doors.graphql(WARNINGS, id=id))["data"]["job"]["warnings"]
    assert shown == {"task": "a1", "message": told["message"]}
    iteration = (await doors.job(id))["tasks"]["a1"]["iterations"][0]
    (error,) = (await doors.graphql(SHOWN, id=iteration))["errors"]
    assert error["extensions"]["code"] == "FORM_NOT_FOUND"


async def test_once_it_is_imported_answers_are_checked(doors: Doors) -> None:
    id = await asked(doors)
    await doors.import_documents(FORM)
    refused = await finish(doors, id, "a1", "success", export={})
    assert (refused.status_code, refused.json()["metadata"]["code"]) == (422, "ANSWER_INVALID")
    assert "warnings" not in await doors.job(await asked(doors))


async def test_a_repaired_job_has_neither_the_errors_nor_the_warnings_that_hold_no_more(doors: Doors) -> None:
    broken = task("parse", text="$var.job.text", outgoing={"textObject": "$var.job.read"})
    await doors.import_documents(chain("ask", a1=GONE, b2=broken, c3=task("count", app="Elsewhere")))
    id = (await doors.graphql(START, w="ask", o={"variables": {"text": "{"}}))["data"]["startJob"]["id"]
    await doors.waiting(id, "a1")
    await finish(doors, id, "a1", "success", export={})
    before = await doors.over(id)
    assert [error["task"] for error in before["error"]] == ["b2", "job"]
    assert [warning["task"] for warning in before["warnings"]] == ["a1", "c3"]
    await doors.import_documents(FORM)
    body = {"variables": {"text": "{}"}}
    await doors.http.post(f"/operations-manager/jobs/{id}/tasks/b2/retry", json=body)
    after = await doors.over(id)
    assert [error["task"] for error in after["error"]] == ["c3", "job"]
    assert [warning["task"] for warning in after["warnings"]] == ["c3"]
