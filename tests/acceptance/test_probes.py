"""Small documents that were written to show one fault each: what they ask for, through both APIs of a server."""

import json
from pathlib import Path
from typing import Any

import pytest
from jobyard.models.settings import Settings
from jobyard.resolvers.simulate.rehearsal import rehearse

from ..doors import Doors
from ..gql.test_people import FINISH, finish
from ..gql.test_projects import exported_elsewhere
from ..parts import shared

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("door", ["graphql", "rest"])]

START = "mutation($w: String!, $o: StartJobOptions!) { startJob(workflow: $w, options: $o) { id } }"
VALIDATE = "query($d: JSON!) { validateWorkflow(document: $d) { errors { message } } }"
IMPORT = "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { imported { name } skipped { reason } } }"
UPDATE = "mutation($id: ID!, $update: JSON!) { updateWorkflow(id: $id, document: $update) { name } }"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a server that lets a stub answer for adapters."""
    (tmp_path / "providers.yaml").write_text("stub: adapters")
    return Settings(memory=True, open=True, host="jobyard", providers=tmp_path / "providers.yaml")


def probe(name: str) -> Any:
    return json.loads(shared(f"acceptance/probes/probe_{name}.json").read_text())


async def asked(doors: Doors, door: str, workflow: str, **variables: Any) -> Any:
    """The answer to a start: the job's id, or what refuses it."""
    if door == "rest":
        answer = (await doors.start({"workflow": workflow, "options": {"variables": variables}})).json()
        return answer["data"]["_id"] if answer.get("data") else answer["metadata"]["code"]
    answer = await doors.graphql(START, w=workflow, o={"variables": variables})
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else answer["data"]["startJob"]["id"]


async def finished(doors: Doors, door: str, job: str, task: str, **outputs: Any) -> Any:
    await doors.waiting(job, task)
    if door == "rest":
        assert (await finish(doors, job, task, "success", **outputs)).status_code == 200
    else:
        assert "errors" not in await doors.graphql(FINISH, job=job, task=task, state="SUCCESS", variables=outputs)
    return await doors.over(job)


async def test_a_pointer_in_a_variable_map_is_no_fault_and_is_followed(doors: Doors, door: str) -> None:
    document = probe("check")
    await doors.import_documents(probe("jst"), document)
    if door == "rest":
        answer = await doors.http.post("/automation-studio/workflows/validate", json={"workflow": document})
        assert (answer.status_code, answer.json()["errors"]) == (200, [])
    else:
        assert (await doors.graphql(VALIDATE, d=document))["data"]["validateWorkflow"] == {"errors": []}
    job = await doors.over(await asked(doors, door, document["name"], form={"hosts": ["edge-1"]}))
    assert (job["status"], job.get("error")) == ("complete", None)
    iteration = (await doors.http.get(f"/operations-manager/tasks/{job['tasks']['a1b2']['iterations'][0]}")).json()
    assert iteration["data"]["variables"]["outgoing"] == {"r": ["edge-1"]}


async def test_a_task_whose_form_is_missing_is_finished_and_says_so(doors: Doors, door: str) -> None:
    document = probe("form")
    await doors.import_documents(document)
    job = await finished(doors, door, await asked(doors, door, document["name"]), "a1b2", form_data={"any": "thing"})
    assert job["status"] == "complete"
    assert [one["task"] for one in job["warnings"] if "'Gone' was never imported" in one["message"]] == ["a1b2"]


async def test_the_elements_of_a_loop_have_their_status(doors: Doors, door: str) -> None:
    await doors.import_documents(*probe("loop")["workflows"])
    job = await doors.over(await asked(doors, door, "Parent - loop", devices=[{"name": "a"}, {"name": "b"}]))
    results = job["variables"]["childResults"]
    assert [(one["status"], one["taskStatus"], one["childJobLoopIndex"]) for one in results] == [
        ("complete", "success", 0),
        ("complete", "success", 1),
    ]


async def test_a_manual_task_of_another_application_waits_for_a_person(doors: Doors, door: str) -> None:
    case = probe("manual")
    await doors.import_documents(*case["workflows"])
    assert (await finished(doors, door, await asked(doors, door, case["start"]["workflow"]), "a1b2"))["status"] == (
        "complete"
    )
    assert (await rehearse(case)).differences == []
    alone = await rehearse({key: value for key, value in case.items() if key != "manual"}, stub_adapters=True)
    assert any("task a1b2 (OtherApp.ViewThing) waits for a person" in one for one in alone.differences)


async def test_merge_follows_a_pointer(doors: Doors, door: str) -> None:
    case = probe("merge")
    await doors.import_documents(*case["workflows"])
    variables = case["start"]["options"]["variables"]
    job = await doors.over(await asked(doors, door, case["start"]["workflow"], **variables))
    assert job["variables"]["out"] == case["expect"]["variables_contain"]["out"]
    assert (await rehearse(case)).differences == []


async def test_the_time_is_now(doors: Doors, door: str) -> None:
    case = probe("now")
    await doors.import_documents(*case["transformations"], *case["workflows"])
    job = await doors.over(await asked(doors, door, case["start"]["workflow"]))
    assert job["variables"]["now"] == doors.services.clock.now()
    assert job["variables"]["t"]["time"].startswith("2024-12-04T21:15:22")
    told = await rehearse({**case, "now": "2031-05-06T07:08:09Z", "expect": {"status": "complete"}})
    assert (told.variables["now"], told.differences) == (1_935_817_689_000, [])


async def test_a_loop_that_polls_for_ever_ends_a_rehearsal_with_the_task_that_polls(doors: Doors, door: str) -> None:
    told = await rehearse(probe("poll"), stub_adapters=True)
    assert told.differences[0].startswith("task a1b2 (Dev.getThing) polls without an end")


async def test_a_project_brings_workflows_that_name_each_other(doors: Doors, door: str) -> None:
    answer = await doors.graphql(IMPORT, d=[probe("project")])
    told = answer["data"]["importWorkflows"]
    names = [one["name"] for one in told["imported"]]
    assert (len(names), told["skipped"]) == (2, [])
    parent = next(name for name in names if name.endswith("Parent"))
    job = await doors.over(await asked(doors, door, parent))
    assert (job["status"], job.get("error")) == ("complete", None)


async def test_a_project_is_exported_and_comes_in_elsewhere_the_same(doors: Doors, door: str) -> None:
    given = probe("project")
    await doors.graphql(IMPORT, d=[given])
    first = (await doors.http.get(f"/automation-studio/projects/{given['_id']}/export")).json()["data"]
    documents = [one["document"] for one in first["components"]]
    assert [(one["name"], one["tasks"], one["transitions"]) for one in documents] == [
        (one["document"]["name"], one["document"]["tasks"], one["document"]["transitions"])
        for one in given["components"]
    ]
    assert await exported_elsewhere(first, doors.services.clock) == first


async def test_what_the_input_schema_refuses_is_refused(doors: Doors, door: str) -> None:
    case = probe("ref")
    await doors.import_documents(*case["workflows"])
    assert await asked(doors, door, case["start"]["workflow"]) == "VARIABLES_INVALID"
    told = await rehearse({**case, "start": {"workflow": case["start"]["workflow"]}})
    assert (told.status, len(told.differences)) == ("not started", 1)


async def test_a_workflow_is_updated(doors: Doors, door: str) -> None:
    update = probe("update")
    await doors.import_documents({**update["update"], "name": "before"})
    (stored,) = [one async for one in doors.services.store.database["workflows"].find({})]
    if door == "rest":
        path = f"/automation-studio/automations/{stored['_id']}"
        assert (await doors.http.put(path, json=update)).status_code == 200
    else:
        told = await doors.graphql(UPDATE, id=stored["_id"], update=update["update"])
        assert told["data"]["updateWorkflow"] == {"name": "U"}
    job = await doors.over(await asked(doors, door, "U"))
    assert job["status"] == "complete"
