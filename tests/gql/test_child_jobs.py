"""Child jobs on a server: what they get, how they end, and what their parent shows.

See reference/execution.md#child-jobs.
"""

import json
from dataclasses import replace
from typing import Any

import pytest
from anyio.lowlevel import checkpoint
from jobyard.models.settings import Settings

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio


def child(**more: Any) -> dict[str, Any]:
    """Sets `got` to `{"n": n}`, null where it was not given."""
    n = {"key": "n", "value": {"task": "job", "variable": "n"}}
    merge = task("merge", outgoing={"merged_object": "$var.job.got"}, data_to_merge=[n])
    return {**chain("child", a1=merge), **more}


def broken() -> dict[str, Any]:
    return chain("child", a1=task("stub", type="error", delay="", response="it broke"))


def asking() -> dict[str, Any]:
    document = chain("child", a1=task("ViewData", header="h"))
    document["tasks"]["a1"]["type"] = "manual"
    return document


def parent(**incoming: Any) -> dict[str, Any]:
    defaults = {
        "task": "", "workflow": "child", "variables": {}, "data_array": "", "transformation": "", "loopType": "",
    }  # fmt: skip
    details = {"job_details": "$var.job.details"}
    return chain("parent", a1=task("childJob", outgoing=details, **{**defaults, **incoming}))


async def run(doors: Doors, *documents: dict[str, Any], **options: Any) -> dict[str, Any]:
    await doors.import_documents(*documents)
    answer = await doors.start({"workflow": "parent", "options": options})
    assert answer.status_code == 200, answer.text
    return await doors.over(answer.json()["data"]["_id"])


async def child_of(doors: Doors, job: dict[str, Any], index: int = 0) -> dict[str, Any]:
    id = job["tasks"]["a1"]["childJobs"][index]["_id"]
    return (await doors.http.get(f"/operations-manager/jobs/{id}")).json()["data"]


async def waiting(doors: Doors, *documents: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The parent, once its children can do nothing more by themselves."""
    await doors.import_documents(*documents)
    id = (await doors.start({"workflow": "parent", "options": options})).json()["data"]["_id"]
    await advanced(doors, id)
    job = (await doors.http.get(f"/operations-manager/jobs/{id}")).json()["data"]
    for one in job["tasks"]["a1"]["childJobs"]:
        await advanced(doors, one["_id"])
    return job


async def advanced(doors: Doors, job_id: str) -> None:
    while (found := await doors.services.jobs.find(job_id)) is None or found["seq"] == 0:
        await checkpoint()


async def test_one_child_gives_all_its_variables(doors: Doors) -> None:
    job = await run(doors, child(), parent(variables={"n": {"task": "job", "value": "n"}}), variables={"n": 7})
    found = await child_of(doors, job)
    assert job["status"] == "complete"
    assert job["variables"]["details"] == {"status": "complete", **found["variables"]}
    assert found["variables"] == {"n": 7, "got": {"n": 7}, "_id": found["_id"], "initiator": "admin"}


async def test_a_child_is_linked_with_its_parent(doors: Doors) -> None:
    job = await run(doors, child(), parent())
    found = await child_of(doors, job)
    assert found["parent"] == {"job": job["_id"], "task": "a1", "iteration": 0, "element": 0}
    assert (found["ancestors"], job["ancestors"]) == ([job["_id"], found["_id"]], [job["_id"]])
    assert job["tasks"]["a1"]["childJobs"] == [{"_id": found["_id"], "name": "child", "iteration": 0}]


async def test_groups_and_the_description_come_from_the_parent(doors: Doors) -> None:
    job = await run(doors, child(), parent(), groups=["5f" * 12], description="why")
    found = await child_of(doors, job)
    assert (found["groups"], found["description"]) == (["5f" * 12], "why")


@pytest.mark.parametrize("loop_type", ["parallel", "sequential"])
async def test_a_loop_gives_the_variables_in_the_order_of_the_elements(doors: Doors, loop_type: str) -> None:
    job = await run(doors, child(), parent(data_array=[{"n": 1}, {"n": 2}, {"n": 3}], loopType=loop_type))
    details = job["variables"]["details"]
    assert details["status"] == "complete"
    assert [(one["childJobLoopIndex"], one["got"]["n"]) for one in details["loop"]] == [(0, 1), (1, 2), (2, 3)]
    assert job["tasks"]["a1"]["loop"] == {"atLeastOneComplete": True, "finishedCount": 3, "outgoing": details["loop"]}
    assert [one["iteration"] for one in job["tasks"]["a1"]["childJobs"]] == [0, 1, 2]


async def test_a_loop_over_nothing_is_complete_at_once(doors: Doors) -> None:
    job = await run(doors, child(), parent(data_array=[], loopType="parallel"))
    assert job["variables"]["details"] == {"status": "complete", "loop": []}


async def test_a_missing_child_workflow_is_the_documented_error(doors: Doors) -> None:
    job = await run(doors, parent(workflow="nowhere"))
    assert job["error"][0]["message"] == "Error starting child job: Cannot find workflow nowhere"


async def test_an_element_that_does_not_fit_is_the_documented_error(doors: Doors) -> None:
    schema = {"type": "object", "properties": {}, "required": ["X"]}
    job = await run(doors, child(inputSchema=schema), parent(data_array=[{"n": 1}], loopType="sequential"))
    assert job["error"][0]["message"] == "Schema validation failed on must have required property 'X'"


SECRET = [{"type": "encryption", "pointer": "/got/n"}]
ALL_OF_IT = "{ jobs { nodes { variables } } tasks { nodes { variables { incoming outgoing } documented } } }"


@pytest.mark.parametrize(
    ("incoming", "place"),
    [
        ({"variables": {"n": {"task": "job", "value": "n"}}}, "got"),
        ({"data_array": "$var.job.several", "loopType": "sequential"}, "loop"),
    ],
)
async def test_a_secret_of_a_child_reaches_its_parent_and_is_shown_there_no_more_than_in_the_child(
    doors: Doors, incoming: dict[str, Any], place: str
) -> None:
    secret = child(decorators=[*SECRET, {"type": "encryption", "pointer": "/n"}])
    own = {"type": "encryption", "pointer": "/several/0/n"}
    above = {**parent(**incoming), "decorators": [{"type": "encryption", "pointer": "/n"}, own]}
    get = task(
        "query", outgoing={"return_data": "$var.job.told"}, query=place, obj="$var.job.details", pass_on_null=False
    )
    above["tasks"]["b2"] = get
    above["transitions"]["a1"] = {"b2": {"type": "standard", "state": "success"}}
    above["transitions"]["b2"] = {"workflow_end": {"type": "standard", "state": "success"}}
    variables = {"n": "s3cret", "several": [{"n": "s3cret"}]}
    job = await run(doors, secret, above, variables=variables)
    got = job["variables"]["details"] if place == "got" else job["variables"]["details"]["loop"][0]
    assert (got["n"], got["got"]) == ("********", {"n": "********"})
    # The engine goes on with what it is; what a task makes of it is its author's to mark.
    stored = await doors.services.jobs.find(job["_id"])
    assert stored is not None
    assert "s3cret" in json.dumps(stored["variables"]["told"])
    assert [token for token in stored["found_by"] if "s3cret" in token and "details" in token] == []
    shown = json.dumps([job["tasks"], job["variables"]["details"]])
    iterations = (await doors.graphql(ALL_OF_IT))["data"]["tasks"]["nodes"]
    shown += json.dumps([one for one in iterations if one["documented"]["name"] == "childJob"])
    assert "s3cret" not in shown


async def test_a_secret_variable_is_masked_in_what_tasks_are_told_and_tell(doors: Doors) -> None:
    words = [{"task": "job", "variable": "password"}]
    document = chain(
        "parent",
        a1=task("stringConcat", outgoing={"combinedStrings": "$var.job.both"}, str="$var.job.password", stringN="!"),
        b2=task("merge", data_to_merge=[{"key": "of", "value": one} for one in words]),
        c3=task("query", query="0", obj="$var.job.keys", outgoing={"return_data": "$var.job.key"}, pass_on_null=False),
    )
    pointers = ("/password", "/both", "/variables/keys/0", "/key")
    job = await run(
        doors,
        {**document, "decorators": [{"type": "encryption", "pointer": pointer} for pointer in pointers]},
        variables={"password": "s3cret", "keys": ["s3cret", "open"]},
    )
    assert job["status"] == "complete", job["error"]
    answer = (await doors.graphql(ALL_OF_IT))["data"]
    by_name = {one["documented"]["name"]: one["variables"] for one in answer["tasks"]["nodes"]}
    assert by_name["stringConcat"] == {
        "incoming": {"str": "********", "stringN": "!"},
        "outgoing": {"combinedStrings": "********"},
    }
    assert by_name["merge"]["incoming"] == {"data_to_merge": [{"key": "of", "value": "********"}]}
    assert by_name["query"]["incoming"]["obj"] == ["********", "open"]
    assert by_name["query"]["outgoing"] == {"return_data": "********"}
    assert answer["jobs"]["nodes"][0]["variables"] == {**job["variables"], "keys": ["********", "open"]}
    assert job["variables"]["password"] == "********"
    assert all("secrets" not in one["documented"] for one in answer["tasks"]["nodes"])


@pytest.mark.parametrize("incoming", [{}, {"data_array": [{}], "loopType": "parallel"}])
async def test_a_parent_waits_for_a_child_in_error(doors: Doors, incoming: dict[str, Any]) -> None:
    job = await waiting(doors, broken(), parent(**incoming))
    found = await child_of(doors, job)
    assert (found["status"], found["metrics"].get("end_time")) == ("error", None)
    again = (await doors.http.get(f"/operations-manager/jobs/{job['_id']}")).json()["data"]
    assert (again["status"], again["tasks"]["a1"]["status"]) == ("running", "running")


async def test_a_loop_shows_that_it_waits_for_its_children(doors: Doors) -> None:
    job = await waiting(doors, asking(), parent(data_array=[{}, {}], loopType="parallel"))
    assert job["tasks"]["a1"]["loop"] == {"atLeastOneComplete": False, "finishedCount": 0, "outgoing": []}
    assert (await child_of(doors, job, 1))["status"] == "running"


class TestPropagate:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, rules=replace(settings.rules, child_error="propagate"))

    async def test_a_child_in_error_is_an_error_of_its_parent(self, doors: Doors) -> None:
        job = await run(doors, broken(), parent())
        assert job["status"] == "error"
        assert job["error"][0] == {
            "task": "a1",
            "message": "The child job ended with the status 'error'.",
            "timestamp": job["error"][0]["timestamp"],
        }

    async def test_a_loop_succeeds_when_one_of_its_children_did(self, doors: Doors) -> None:
        mixed = chain("child", a1=task("query", query="nope", obj="$var.job.o", pass_on_null="$var.job.pass"))
        elements = [{"o": {}, "pass": False}, {"o": {}, "pass": True}]
        job = await run(doors, mixed, parent(data_array=elements, loopType="sequential"))
        assert job["status"] == "complete"
        assert job["tasks"]["a1"]["loop"]["finishedCount"] == 2


class TestLenient:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, rules=replace(settings.rules, input_validation="lenient"))

    async def test_a_start_that_does_not_fit_starts_and_carries_what_is_wrong(self, doors: Doors) -> None:
        schema = {"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}
        await doors.import_documents(child(inputSchema=schema))
        answer = await doors.start({"workflow": "child", "options": {"variables": {"n": "many"}}})
        job = answer.json()["data"]
        assert (answer.status_code, job["status"]) == (200, "running")
        assert job["validationErrors"] == [
            {
                "keyword": "type",
                "instancePath": "/n",
                "schemaPath": "#/properties/n/type",
                "message": "must be number",
            }
        ]
        query = "query($id: ID!) { job(id: $id) { validationErrors { keyword instancePath schemaPath message } } }"
        selected = await doors.graphql(query, id=job["_id"])
        assert selected["data"]["job"]["validationErrors"] == job["validationErrors"]
        assert (await doors.over(job["_id"]))["status"] == "complete"

    async def test_the_elements_of_a_loop_must_fit_all_the_same(self, doors: Doors) -> None:
        schema = {"type": "object", "required": ["X"]}
        job = await run(doors, child(inputSchema=schema), parent(data_array=[{"n": 1}], loopType="parallel"))
        assert job["error"][0]["message"] == "Schema validation failed on must have required property 'X'"

    async def test_a_single_child_that_does_not_fit_starts(self, doors: Doors) -> None:
        job = await run(doors, child(inputSchema={"type": "object", "required": ["X"]}), parent())
        assert job["status"] == "complete"
        assert len((await child_of(doors, job))["validationErrors"]) == 1


async def test_warnings_stand_on_the_job_at_both_doors(doors: Doors) -> None:
    await doors.import_documents(chain("w", a1=task("getTicket", app="Jira")))
    job = (await doors.start({"workflow": "w", "options": {}})).json()["data"]
    assert [(one["task"], one["name"]) for one in job["warnings"]] == [("a1", "getTicket")]
    query = "query($id: ID!) { job(id: $id) { warnings { task name message } } }"
    selected = await doors.graphql(query, id=job["_id"])
    assert selected["data"]["job"]["warnings"] == job["warnings"]


async def test_a_job_of_built_in_tasks_has_no_warnings(doors: Doors) -> None:
    await doors.import_documents(child())
    assert "warnings" not in (await doors.start({"workflow": "child", "options": {}})).json()["data"]


async def test_what_the_server_gives_is_not_asked_of_a_start(doors: Doors) -> None:
    schema = {"type": "object", "properties": {"_id": {"type": "string"}}, "required": ["_id", "initiator"]}
    job = await run(doors, child(inputSchema=schema), parent(data_array=[{"n": 1}], loopType="parallel"))
    assert job["status"] == "complete"
