"""A case out of a job that ran: it passes when it is rehearsed, and has no secret of the job."""

import json
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from jobyard.models.settings import Settings
from jobyard.resolvers.simulate.cases import case_faults
from jobyard.resolvers.simulate.recording import repeat
from jobyard.resolvers.simulate.rehearsal import rehearse

from .. import processes
from ..documents import chain, task
from ..doors import Doors
from ..endpoints import Asked, Reply, Server, answering
from ..parts import ROOT
from ..servers import import_documents, serving
from .test_cli_follow import start
from .test_people import finish

RECORD = "query($job: ID!) { recordedCase(jobId: $job) }"
START = "mutation($w: String!, $o: StartJobOptions!) { startJob(workflow: $w, options: $o) { id } }"


@pytest.fixture
def endpoint() -> Generator[Server]:
    """Counts, and refuses the second call."""
    calls: list[Any] = []

    def answer(asked: Asked) -> Reply:
        calls.append(asked)
        state = "failure" if len(calls) == 2 else "success"
        return Reply(json.dumps({"state": state, "outgoing": {"count": len(calls)}}).encode())

    with answering(answer) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, endpoint: Server) -> Settings:
    (tmp_path / "providers.yaml").write_text(f"providers: [{{app: Counter, url: {endpoint.address}}}]")
    return Settings(memory=True, open=True, host="jobyard", providers=tmp_path / "providers.yaml")


def count(**incoming: Any) -> dict[str, Any]:
    return {
        **task("count", app="Counter", outgoing={"count": "$var.job.count"}, **incoming),
        "location": "Adapter",
    }


async def ran(doors: Doors, *documents: Any, acts: Any = (), **variables: Any) -> str:
    await doors.import_documents(*documents)
    answer = await doors.graphql(START, w=documents[0]["name"], o={"variables": variables})
    id = answer["data"]["startJob"]["id"]
    for task_id, state, outputs in acts:
        await doors.waiting(id, task_id)
        await finish(doors, id, task_id, state, **outputs)
    await doors.over(id)
    return id


async def recorded(doors: Doors, job_id: str) -> Any:
    answer = await doors.graphql(RECORD, job=job_id)
    assert "errors" not in answer, answer
    case = json.loads(json.dumps(answer["data"]["recordedCase"]))
    assert list(case_faults(case)) == []
    return case


@pytest.mark.anyio
async def test_answers_of_each_iteration_and_written_variables_are_in_it(doors: Doors) -> None:
    polling = chain(
        "poll",
        a1=count(who="$var.job.who"),
        b2=task("stringConcat", outgoing={"combinedStrings": "$var.job.who"}, str="$var.job.who", stringN="!"),
        c3=count(who="$var.job.who"),
        d4=task("delay", time=3),
    )
    polling["transitions"]["c3"]["d4"] = {"type": "standard", "state": "success"}
    polling["transitions"]["c3"]["b2"] = {"type": "revert", "state": "failure"}
    case = await recorded(doors, await ran(doors, polling, who="ada"))
    assert case["start"]["options"]["variables"] == {"who": "ada"}
    assert [one["finish_state"] for one in case["stubs"]["c3"]["answers"]] == ["failure", "success"]
    assert [one["expect_incoming"] for one in case["stubs"]["c3"]["answers"]] == [{"who": "ada!"}, {"who": "ada!!"}]
    assert case["expect"]["variables_exactly"] == {"who": "ada!!", "count": 3}
    assert (await rehearse(case)).differences == []
    case["stubs"]["c3"]["answers"].pop()
    assert "task c3 has no recorded answer for its iteration 2" in (await rehearse(case)).differences


@pytest.mark.anyio
@pytest.mark.parametrize("state", ["success", "failure"])
async def test_what_people_did_is_in_it(doors: Doors, state: str) -> None:
    asking = chain("ask", a1={**task("ViewData", outgoing={"answer": "$var.job.answer"}, header="h"), "type": "manual"})
    asking["tasks"]["a1"] |= {"app": "OtherApp", "name": "ask"}
    asking["tasks"]["b2"] = task("newVariable", name="refused", value=True)
    asking["transitions"]["a1"]["b2"] = {"type": "standard", "state": "failure"}
    asking["transitions"]["b2"] = {"workflow_end": {"type": "standard", "state": "success"}}
    id = await ran(doors, asking, acts=[("a1", state, {"answer": "yes"})])
    case = await recorded(doors, id)
    assert case["manual"] == [["a1", state, {"answer": "yes"}]]
    assert (await rehearse(case)).differences == []


@pytest.mark.anyio
async def test_a_child_job_is_an_answer_and_an_error_an_end(doors: Doors) -> None:
    child = chain("child", c1=task("newVariable", name="x", value=1))
    details = {"job_details": "$var.job.details"}
    none = dict.fromkeys(("task", "data_array", "transformation", "loopType"), "")
    starting = {**task("childJob", outgoing=details, workflow="child", variables={}, **none), "actor": "job"}
    parent = chain("parent", a1=starting, b2=task("makeData", input="x", outputType="none", variables={}))
    case = await recorded(doors, await ran(doors, parent, child))
    assert [one["name"] for one in case["workflows"]] == ["parent"]
    assert case["expect"]["status"] == "error"
    assert case["expect"]["variables_exactly"]["details"]["x"] == 1
    assert (await repeat(case)).run.differences == []


@pytest.mark.anyio
async def test_no_secret_is_in_it(doors: Doors) -> None:
    secret = "s3cret-of-ada"
    greeting = {"combinedStrings": "$var.job.greeting"}
    using = {
        **chain(
            "use",
            a1=task("stringConcat", outgoing=greeting, str="token ", stringN="$var.job.password"),
            b2=count(header="$var.job.greeting", password="$var.job.password"),
        ),
        "decorators": [{"type": "encryption", "pointer": "/password"}],
        "inputSchema": {"type": "object", "properties": {"password": {"type": "string"}}},
    }
    case = await recorded(doors, await ran(doors, using, password=secret))
    assert secret not in json.dumps(case)
    assert case["stubs"]["b2"]["answers"][0]["expect_incoming"]["header"] == "token ********"
    assert (await rehearse(case)).differences == []


@pytest.mark.anyio
async def test_what_is_another_value_each_time_is_left_out(doors: Doors) -> None:
    timed = chain(
        "timed",
        a1=task("delay", time=2),
        b2=task("getTime", outgoing={"time": "$var.job.time"}),
        c3=task("newVariable", name="same", value=1),
    )
    case = await recorded(doors, await ran(doors, timed))
    again = await repeat({**case, "now": case["now"] + 86_400_000})
    assert (again.vary, again.run.differences) == (["time"], [])
    assert again.case["expect"]["variables_exactly"] == {"same": 1}


@pytest.mark.anyio
async def test_a_job_that_is_not_over_is_not_recorded(doors: Doors) -> None:
    asking = chain("ask", a1={**task("ask", app="OtherApp"), "type": "manual"})
    await doors.import_documents(asking)
    id = (await doors.graphql(START, w="ask", o={}))["data"]["startJob"]["id"]
    (error,) = (await doors.graphql(RECORD, job=id))["errors"]
    assert error["extensions"]["code"] == "JOB_STATUS_FORBIDS"
    assert error["message"].endswith("only a complete or errored job can be recorded.")


@pytest.mark.anyio
async def test_a_job_of_too_many_iterations_is_not_recorded(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobyard.resolvers.simulate.recording.MOST_ITERATIONS", 1)
    two = chain("two", a1=task("delay", time=0), b2=task("delay", time=0))
    (error,) = (await doors.graphql(RECORD, job=await ran(doors, two)))["errors"]
    assert error["extensions"]["code"] == "JOB_TOO_LONG"


def test_the_command_prints_a_case_that_rehearses(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return processes.run([sys.executable, str(ROOT / "tests" / "serve.py"), "rehearse", *arguments], timeout=60)

    with serving("--memory") as server:
        import_documents(server, chain("quick", a1=task("newVariable", name="x", value=1)))
        told = run("--record", start(server, "quick"), "--server", server.address)
    assert (told.returncode, told.stderr) == (0, "")
    (tmp_path / "case.json").write_text(told.stdout)
    again = run(str(tmp_path / "case.json"))
    assert (again.returncode, again.stdout.splitlines()[-1]) == (0, "1 passed, 0 failed")
