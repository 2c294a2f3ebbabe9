"""Manual tasks of applications that are not here: people work them, whatever the providers file has for the rest."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from jobyard.models.settings import Settings

from ..documents import chain, task
from ..doors import Doors
from ..endpoints import Server, answering, replying
from .test_checking import VALIDATE
from .test_people import FINISH, ada, finish
from .test_providers import START

pytestmark = pytest.mark.anyio

THING = {
    **task("ViewThing", app="OtherApp", outgoing={"choice": "$var.job.choice"}, data="$var.job.data"),
    "type": "manual",
    "view": "/other/task/ViewThing",
}
UNNAMED = [
    "",
    "stub: adapters",
    "providers: [{app: OtherApp, stub: true}]",
    "providers: [{app: OtherApp, url: ADDRESS}]",
]
NAMED = [
    "providers: [{app: OtherApp, name: ViewThing, url: ADDRESS}]",
    "providers: [{app: OtherApp, location: Application, name: ViewThing, stub: true}]",
    "recorded: ask.json",
]
MINE = "{ myTasks { nodes { id name app type view job { id task } variables { incoming } } } }"


def asking(**more: Any) -> dict[str, Any]:
    """Approved, the job is complete; refused, it says so in a variable."""
    document = chain("ask", a1={**THING, **more})
    document["tasks"]["b2"] = task("newVariable", name="refused", value=True)
    document["transitions"]["a1"]["b2"] = {"type": "standard", "state": "failure"}
    document["transitions"]["b2"] = {"workflow_end": {"type": "standard", "state": "success"}}
    return {**document, "inputSchema": {"properties": {"data": {}}}}


@pytest.fixture
def endpoint() -> Generator[Server]:
    with answering(replying({"state": "success", "outgoing": {"choice": "by itself"}})) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, endpoint: Server, configured: str) -> Settings:
    (tmp_path / "providers.yaml").write_text(configured.replace("ADDRESS", endpoint.address))
    recording = {"start": {"workflow": "ask"}, "stubs": {"a1": {"outgoing": {"choice": "recorded"}}}}
    (tmp_path / "ask.json").write_text(json.dumps(recording))
    return Settings(memory=True, open=True, host="jobyard", providers=tmp_path / "providers.yaml")


async def asked(doors: Doors, document: dict[str, Any]) -> tuple[str, str]:
    """The id of a job that waits for a person at a1, and the iteration."""
    await doors.import_documents(document)
    answer = await doors.graphql(START, w="ask", o={"variables": {"data": {"cost": 7}}})
    id = answer["data"]["startJob"]["id"]
    await doors.waiting(id, "a1")
    return id, (await doors.job(id))["tasks"]["a1"]["iterations"][0]


@pytest.mark.parametrize("configured", UNNAMED)
async def test_it_waits_for_a_person_who_sees_what_it_shows(doors: Doors, endpoint: Server) -> None:
    id, iteration = await asked(doors, asking())
    assert (await doors.graphql(MINE))["data"]["myTasks"]["nodes"] == [
        {
            "id": iteration,
            "name": "ViewThing",
            "app": "OtherApp",
            "type": "MANUAL",
            "view": "/other/task/ViewThing",
            "job": {"id": id, "task": "a1"},
            "variables": {"incoming": {"data": {"cost": 7}}},
        }
    ]
    page = (await doors.http.get(f"/operations-manager/jobs/{id}/tasks/a1/manual-controller")).json()["data"]
    assert page["variables"]["incoming"] == {"data": {"cost": 7}}
    assert (await doors.job(id)).get("warnings", []) == []
    assert endpoint.asked == []


@pytest.mark.parametrize("configured", UNNAMED)
@pytest.mark.parametrize("door", ["graphql", "rest"])
@pytest.mark.parametrize(("state", "more"), [("success", {"choice": "yes"}), ("failure", {"refused": True})])
async def test_its_answer_is_taken_like_any_other(doors: Doors, door: str, state: str, more: dict[str, Any]) -> None:
    id, iteration = await asked(doors, asking())
    variables = {"choice": "yes"} if state == "success" else {}
    assert (await doors.http.post(f"/operations-manager/tasks/{iteration}/claim")).status_code == 200
    if door == "rest":
        assert (await finish(doors, id, "a1", state, **variables)).status_code == 200
    else:
        answer = await doors.graphql(FINISH, job=id, task="a1", state=state.upper(), variables=variables)
        assert "errors" not in answer
    job = await doors.over(id)
    assert job["status"] == "complete"
    own = {key: value for key, value in job["variables"].items() if key not in ("_id", "initiator", "data")}
    assert own == more
    assert job["tasks"]["a1"]["finish_state"] == job["tasks"]["a1"]["metrics"]["finish_state"] == state


@pytest.mark.parametrize("configured", ["stub: adapters"])
async def test_it_is_claimed_released_and_assigned_like_any_other(doors: Doors) -> None:
    id, iteration = await asked(doors, asking())
    path = f"/operations-manager/tasks/{iteration}"
    claimed = (await doors.http.post(f"{path}/claim")).json()["data"]["metrics"]
    assert claimed["owner"] == doors.services.admin_id
    assert (await doors.http.post(f"{path}/release")).json()["data"]["metrics"]["owner"] == ""
    assert (await doors.http.post(f"{path}/assign", json={"userId": await ada(doors)})).status_code == 200
    refused = await finish(doors, id, "a1")
    assert (refused.status_code, refused.json()["metadata"]["code"]) == (409, "TASK_CLAIMED")
    assert (await doors.graphql(MINE))["data"]["myTasks"]["nodes"] == []


@pytest.mark.parametrize("configured", ["stub: adapters"])
@pytest.mark.parametrize(
    "more", [{"location": "Adapter", "locationType": "OtherApp"}, {"location": "Broker"}, {"name": ""}, {"view": None}]
)
async def test_wherever_it_lives_and_whatever_it_lacks(doors: Doors, more: dict[str, Any]) -> None:
    id, _ = await asked(doors, asking(**more))
    assert (await finish(doors, id, "a1", choice="yes")).json()["data"]["status"] == "complete"


@pytest.mark.parametrize("configured", NAMED)
async def test_an_entry_for_this_very_task_answers_in_a_persons_place(doors: Doors, configured: str) -> None:
    await doors.import_documents(asking())
    answer = await doors.graphql(START, w="ask", o={"variables": {"data": 1}})
    job = await doors.over(answer["data"]["startJob"]["id"])
    assert job["status"] == "complete"
    answers = {"url": "by itself", "stub": {}, "recorded": None}  # what is recorded is not mapped to job variables
    (expected,) = (value for key, value in answers.items() if key in configured)
    assert job["variables"].get("choice") == expected


@pytest.mark.parametrize("configured", ["recorded: ask.json"])
async def test_a_recording_of_another_task_or_workflow_answers_for_nobody(doors: Doors) -> None:
    other = asking()
    other["tasks"]["c3"] = other["tasks"].pop("a1")
    other["transitions"] = json.loads(json.dumps(other["transitions"]).replace('"a1"', '"c3"'))
    await doors.import_documents(other, {**asking(), "name": "another"})
    for name, waiting in (("ask", "c3"), ("another", "a1")):
        answer = await doors.graphql(START, w=name, o={"variables": {"data": 1}})
        await doors.waiting(answer["data"]["startJob"]["id"], waiting)


@pytest.mark.parametrize("configured", ["", "stub: adapters"])
async def test_the_check_finds_nothing_wrong_with_it(doors: Doors) -> None:
    answer = await doors.graphql(VALIDATE, document=asking())
    assert answer["data"]["validateWorkflow"] == {"valid": True, "errors": [], "warnings": []}
    body = {"workflow": asking()}
    checked = (await doors.http.post("/automation-studio/workflows/validate", json=body)).json()
    assert checked == {"errors": [], "warnings": []}


@pytest.mark.parametrize("configured", ["stub: adapters"])
async def test_tasks_that_are_not_manual_still_get_the_stubs_answer(doors: Doors) -> None:
    automatic = asking(type="automatic")
    await doors.import_documents(automatic)
    answer = await doors.graphql(START, w="ask", o={"variables": {"data": 1}})
    assert (await doors.over(answer["data"]["startJob"]["id"]))["variables"]["choice"] == {}
