"""What goes wrong with a secret says nothing of it, wherever it is told."""

import logging
from typing import Any

import orjson
import pytest
from jobyard.models.engine.rules import rules_of
from jobyard.models.secrets.masking import MASK
from jobyard.models.settings import Settings

from ..documents import chain, task
from ..doors import Doors
from ..endpoints import Asked, Reply, answering

pytestmark = pytest.mark.anyio

SECRET = "ZZsecretZZ9417"
MARKED = [{"type": "encryption", "pointer": "/pw"}]
EVERYTHING = (
    "query($id: ID!) { job(id: $id) { status variables error { message } documented "
    "tasks { error latestIteration { documented } } } }"
)


def child(**more: Any) -> dict[str, Any]:
    return {**chain("child", a1=task("query", query="a", obj={"a": 1})), **more}


def child_job(workflow: str = "child", **variables: Any) -> dict[str, Any]:
    written = {key: {"task": "job", "value": value} for key, value in variables.items()}
    incoming = {"task": "", "workflow": workflow, "variables": written}
    return task("childJob", **incoming, data_array="", transformation="", loopType="")


def rest_call(uri: str) -> dict[str, Any]:
    unset = dict.fromkeys(("user", "password", "headers"), "")
    return task("restCall", **unset, uri=uri, verb="POST", body="$var.job.pw", responseHeaders=False)


SCHEMA = {"properties": {"pw": {"type": "string", "maxLength": 3, "enum": ["a"]}}}
FAILING: dict[str, dict[str, Any]] = {
    "a number": task("delay", time="$var.job.pw"),
    "an array": task("sort", arr="$var.job.pw"),
    "a child's schema": child_job(pw="pw"),
    "a child's name": child_job(workflow="$var.job.pw"),
    "a transformation": task("transformation", tr_id="$var.job.pw", variableMap={}, options={}),
    "an address": rest_call("$var.job.pw"),
}


async def told_of(doors: Doors, job: str) -> str:
    """Everything that anybody is told of the job, over all APIs."""
    answers = [
        await doors.http.get(f"/operations-manager/jobs/{job}"),
        await doors.http.get("/operations-manager/jobs", params={"include": "error,status"}),
        await doors.http.get("/operations-manager/tasks"),
        await doors.http.get(f"/workflow_engine/getEntireJob/{job}"),
        await doors.http.get(f"/workflow_engine/job/{job}/output"),
        await doors.http.post("/graphql", json={"query": EVERYTHING, "variables": {"id": job}}),
    ]
    return " ".join(answer.text for answer in answers)


async def errors_stored(doors: Doors, job: str) -> str:
    """What the database has of it beside the variables themselves, and what the tasks were told."""
    database = doors.services.store.database
    found = [await database["jobs"].find_one({"_id": job}, {"variables.pw": 0, "outbox": 0})]
    found += [one async for one in database["tasks"].find({"job._id": job}, {"variables.incoming": 0, "children": 0})]
    found += [one async for one in database["job_events"].find({"job": job})]
    return repr(found)


@pytest.mark.parametrize("what", FAILING)
async def test_an_error_shows_no_secret(doors: Doors, what: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "jobyard")
    failing = {**FAILING[what], "variables": {**FAILING[what]["variables"], "error": "$var.job.err"}}
    document = {**chain("parent", a1=failing), "decorators": MARKED}
    await doors.import_documents(document, child(inputSchema=SCHEMA))
    started = await doors.start({"workflow": "parent", "options": {"variables": {"pw": SECRET}}})
    job = started.json()["data"]["_id"]
    over = await doors.over(job)
    assert over["status"] == "error", over
    told = await told_of(doors, job)
    assert SECRET not in told
    assert MASK in orjson.dumps(over["error"]).decode() or what == "an address"
    assert over["variables"]["err"] == over["error"][0]["message"]
    assert SECRET not in await errors_stored(doors, job)
    assert SECRET not in caplog.text


async def test_a_childs_own_marks_count_in_what_its_schema_says(doors: Doors) -> None:
    await doors.import_documents(chain("parent", a1=child_job(pw="pw")), child(inputSchema=SCHEMA, decorators=MARKED))
    started = await doors.start({"workflow": "parent", "options": {"variables": {"pw": SECRET}}})
    error, *_ = (await doors.over(started.json()["data"]["_id"]))["error"]
    assert error["message"].startswith(f"Schema validation failed on /pw '{MASK}' is")


async def test_a_start_that_is_refused_does_not_repeat_a_secret(doors: Doors) -> None:
    await doors.import_documents(child(inputSchema=SCHEMA, decorators=MARKED))
    answer = await doors.start({"workflow": "child", "options": {"variables": {"pw": SECRET}}})
    assert answer.json()["metadata"]["code"] == "VARIABLES_INVALID"
    assert SECRET not in answer.text


class TestLenient:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(memory=True, open=True, host="jobyard", rules=rules_of("input_validation=lenient"))

    async def test_what_a_job_says_of_variables_that_do_not_fit_shows_no_secret(self, doors: Doors) -> None:
        await doors.import_documents(child(inputSchema=SCHEMA, decorators=MARKED))
        started = await doors.start({"workflow": "child", "options": {"variables": {"pw": SECRET}}})
        job = await doors.over(started.json()["data"]["_id"])
        assert MASK in job["validationErrors"][0]["message"]
        assert SECRET not in await errors_stored(doors, job["_id"])


async def test_a_provider_that_repeats_what_it_was_asked_tells_no_secret(doors: Doors) -> None:
    def repeat(asked: Asked) -> Reply:
        return Reply(b'{"message": "refused", "asked": ' + orjson.dumps(asked.body.decode()) + b"}", 500)

    with answering(repeat) as server:
        document = {**chain("w", a1=rest_call(server.address)), "decorators": MARKED}
        await doors.import_documents(document)
        started = await doors.start({"workflow": "w", "options": {"variables": {"pw": SECRET}}})
        job = await doors.over(started.json()["data"]["_id"])
    assert server.asked[0].body.decode() == SECRET
    assert job["error"][0]["message"]["body"] == {"message": "refused", "asked": MASK}
    assert SECRET not in await errors_stored(doors, job["_id"])


async def test_what_an_author_marks_in_a_task_is_not_told_either(doors: Doors) -> None:
    failing = task("sort", arr="$var.job.plain")
    failing["variables"]["decorators"] = [{"type": "encryption", "pointer": "/incoming/arr"}]
    await doors.import_documents(chain("w", a1=failing))
    started = await doors.start({"workflow": "w", "options": {"variables": {"plain": SECRET}}})
    error, *_ = (await doors.over(started.json()["data"]["_id"]))["error"]
    assert error["message"] == f"'arr' must be an array, not the text '{MASK}'."


async def test_what_a_child_marks_is_not_told_by_its_parent(doors: Doors) -> None:
    starting, failing = child_job(), task("sort", arr="$var.a1.job_details#/made")
    starting["variables"]["outgoing"] = {"job_details": None}
    made = task("newVariable", name="made", value=SECRET)
    giving = {**chain("child", a1=made), "decorators": [{"type": "encryption", "pointer": "/made"}]}
    await doors.import_documents(chain("parent", a1=starting, b2=failing), giving)
    started = await doors.start({"workflow": "parent", "options": {"variables": {}}})
    error, *_ = (await doors.over(started.json()["data"]["_id"]))["error"]
    assert error["message"] == f"'arr' must be an array, not the text '{MASK}'."


async def test_a_task_that_fails_by_itself_logs_no_secret(doors: Doors, caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_: Any) -> Any:
        raise KeyError(SECRET)

    doors.services.providers._native = {("WorkFlowEngine", "restCall"): fail}  # type: ignore[attr-defined]
    await doors.import_documents({**chain("w", a1=rest_call("http://a.example")), "decorators": MARKED})
    started = await doors.start({"workflow": "w", "options": {"variables": {"pw": SECRET}}})
    error, *_ = (await doors.over(started.json()["data"]["_id"]))["error"]
    assert error["message"] == f"KeyError: '{MASK}'"
    assert "Traceback" in caplog.text
    assert SECRET not in caplog.text
