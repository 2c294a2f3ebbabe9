"""Tasks that are not built in, through a job that was started at either door."""

import json
from pathlib import Path
from typing import Any

import pytest
from jobyard.models.settings import Settings

from ..documents import chain, task
from ..doors import Doors
from ..endpoints import Asked, Reply, Server, answering, replying

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("door", ["graphql", "rest"])]

START = "mutation($w: String!, $o: StartJobOptions!) { startJob(workflow: $w, options: $o) { id } }"
CALL = chain(
    "call",
    a1={
        **task("getTicket", app="Jira", outgoing={"result": "$var.job.ticket"}, id="$var.job.id"),
        "location": "Adapter",
    },
)


@pytest.fixture
def answer():
    """Of the endpoint of Jira; a test may have another."""
    return replying({"state": "success", "outgoing": {"result": {"title": "t"}}})


@pytest.fixture
def endpoint(answer):
    with answering(answer) as server:
        yield server


@pytest.fixture
def configured() -> str:
    """The providers file; ADDRESS stands for the endpoint."""
    return "providers: [{app: Jira, url: ADDRESS}]"


@pytest.fixture
def settings(tmp_path: Path, endpoint: Server, configured: str) -> Settings:
    (tmp_path / "providers.yaml").write_text(configured.replace("ADDRESS", endpoint.address))
    recording = {
        "start": {"workflow": "call"},
        "stubs": {"a1": {"expect_incoming": {"id": 7}, "outgoing": {"result": {"title": "recorded"}}}},
    }
    (tmp_path / "call.json").write_text(json.dumps(recording))
    return Settings(memory=True, open=True, host="jobyard", providers=tmp_path / "providers.yaml")


async def run(doors: Doors, door: str, document: dict[str, Any], **variables: Any) -> dict[str, Any]:
    """The job once it is over."""
    await doors.import_documents(document)
    if door == "rest":
        body = {"workflow": document["name"], "options": {"variables": variables}}
        id = (await doors.start(body)).json()["data"]["_id"]
    else:
        answer = await doors.graphql(START, w=document["name"], o={"variables": variables})
        id = answer["data"]["startJob"]["id"]
    return await doors.over(id)


def own(job: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in job["variables"].items() if key not in ("_id", "initiator")}


async def test_an_endpoint_does_the_task(doors: Doors, door: str, endpoint: Server) -> None:
    job = await run(doors, door, CALL, id=7)
    assert (job["status"], own(job)) == ("complete", {"id": 7, "ticket": {"title": "t"}})
    (asked,) = endpoint.asked
    assert asked.json == {
        "app": "Jira",
        "name": "getTicket",
        "location": "Adapter",
        "incoming": {"id": 7},
        "key": f"{job['_id']}/a1/1/1",
    }


@pytest.mark.parametrize("answer", [replying({"state": "error", "error": {"code": 5}})])
async def test_an_error_of_the_endpoint_is_an_error_of_the_job(doors: Doors, door: str) -> None:
    job = await run(doors, door, CALL, id=7)
    assert job["status"] == "error"
    assert (job["error"][0]["task"], job["error"][0]["message"]) == ("a1", {"code": 5})


class Second:
    """Fails once, then answers."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def __call__(self, asked: Asked) -> Reply:
        self.keys.append(asked.json["key"])
        return replying({"state": "success" if len(self.keys) > 1 else "failure"})(asked)


async def test_each_attempt_has_a_key_of_its_own(doors: Doors, door: str, endpoint: Server) -> None:
    endpoint.answer = second = Second()
    document = {**CALL, "tasks": {**CALL["tasks"]}}
    retry = {"autoRetry": True, "limit": 3, "delay": 1000, "state": ["failure"]}
    document["tasks"]["a1"] = {**CALL["tasks"]["a1"], "retrySettings": retry}
    job = await run(doors, door, document, id=7)
    assert job["status"] == "complete"
    assert second.keys == [f"{job['_id']}/a1/1/1", f"{job['_id']}/a1/1/2"]


@pytest.mark.parametrize("configured", ["recorded: call.json\nproviders: [{app: Jira, url: ADDRESS}]"])
async def test_a_recorded_answer_comes_first_and_is_not_mapped(doors: Doors, door: str, endpoint: Server) -> None:
    job = await run(doors, door, CALL, id=7)
    assert (job["status"], own(job), endpoint.asked) == ("complete", {"id": 7}, [])
    other = await run(doors, door, CALL, id=8)
    assert other["error"][0]["message"].startswith(
        "Task a1 was called with other values of id than it was recorded with"
    )
    another = await run(doors, door, {**CALL, "name": "another"}, id=7)
    assert own(another) == {"id": 7, "ticket": {"title": "t"}}


@pytest.mark.parametrize("configured", ["stub: adapters", "providers: [{app: Jira, stub: true}]"])
async def test_a_stub_does_the_task(doors: Doors, door: str) -> None:
    job = await run(doors, door, CALL, id=7)
    ticket = {"icode": "AD.200", "response": {}, "headers": {}, "metrics": {}}
    assert (job["status"], own(job)) == ("complete", {"id": 7, "ticket": ticket})


REST_CALL = chain(
    "rest",
    a1=task(
        "restCall",
        outgoing={"response": "$var.job.answer"},
        uri="$var.job.uri",
        verb="GET",
        user="",
        password="",
        headers="",
        body="",
        responseHeaders=False,
    ),
)


async def test_rest_call_asks_another_system(doors: Doors, door: str, endpoint: Server) -> None:
    job = await run(doors, door, REST_CALL, uri=endpoint.address)
    assert job["status"] == "complete"
    assert own(job)["answer"] == {"state": "success", "outgoing": {"result": {"title": "t"}}}


@pytest.mark.parametrize("configured", ["rest_call: {allow: ['*.example']}"])
async def test_rest_call_reaches_what_the_providers_file_allows(doors: Doors, door: str, endpoint: Server) -> None:
    job = await run(doors, door, REST_CALL, uri=endpoint.address)
    assert (job["status"], endpoint.asked) == ("error", [])
    assert job["error"][0]["message"].startswith("restCall may not reach 127.0.0.1 (127.0.0.1) from this server.")
