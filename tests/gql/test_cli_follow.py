"""`jobyard follow` and `start --wait`: to the end that a job has now, over restarts of the server."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from jobyard.gql.cli.main import main
from pymongo import MongoClient

from .. import processes
from ..documents import chain, task
from ..endpoints import Asked, Reply, answering
from ..parts import ROOT
from ..servers import Server, graphql, import_documents, serving

SECONDS = 60
QUICK = {"JOBYARD_LEASE_MS": "1000"}  # so soon another server takes the jobs of one that was killed


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory") as one:
        import_documents(one, broken(), asking())
        yield one


def asking(name: str = "ask", **before: Any) -> dict[str, Any]:
    """`b2` waits for a person."""
    return chain(name, **before, b2={**task("ViewData", header="h"), "type": "manual"})


def broken() -> dict[str, Any]:
    return asking("broken", a1=task("getTicket", app="Jira"))


def command(server: Server | str, *arguments: str) -> subprocess.Popen[str]:
    address = server if isinstance(server, str) else server.address
    return processes.start(
        [sys.executable, str(ROOT / "tests" / "serve.py"), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "JOBYARD_SERVER": address},
    )  # fmt: skip


@contextmanager
def following(server: Server | str, *arguments: str) -> Generator[subprocess.Popen[str]]:
    process = command(server, *arguments)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(stream: IO[str] | None, holds: Callable[[str], bool]) -> list[str]:
    """The lines up to the one for which it holds."""
    assert stream is not None
    lines: list[str] = []
    for line in stream:
        lines.append(line.rstrip("\n"))
        if holds(line):
            return lines
    raise AssertionError(lines)


def ended(process: subprocess.Popen[str]) -> tuple[int, list[str], str]:
    said, errors = process.communicate(timeout=SECONDS)
    assert "Traceback" not in errors
    return process.returncode, said.splitlines(), errors


def start(server: Server, workflow: str) -> str:
    query = "mutation($w: String!) { startJob(workflow: $w, options: {}) { id } }"
    return graphql(server, query, w=workflow)["startJob"]["id"]


def finish(server: Server, job: str) -> None:
    graphql(server, 'mutation($j: ID!) { finishTask(jobId: $j, taskId: "b2", finishState: SUCCESS) { id } }', j=job)


def errored(server: Server) -> str:
    """A job that stands in error."""
    job = start(server, "broken")
    assert ended(command(server, "follow", job))[0] == 1
    return job


def repair(server: Server, job: str) -> None:
    graphql(server, 'mutation($j: ID!) { continueJob(jobId: $j, fromTask: "b2", dryRun: false) { __typename } }', j=job)


def test_a_job_that_was_repaired_is_followed_to_its_present_end(server: Server) -> None:
    job = errored(server)
    repair(server, job)
    with following(server, "follow", job) as process:
        lines = until(process.stdout, lambda line: "b2  ViewData  running" in line)
        assert "            a1  getTicket  error  #1" in lines
        finish(server, job)
        code, rest, _ = ended(process)
    (first, *_), last = [line for line in rest if "  #" in line], rest[-1]
    assert (code, first, last.split()[0]) == (0, "            b2  ViewData  success  #1", "complete")
    code, lines, _ = ended(command(server, "follow", job))
    assert (code, lines[-1].split()[0]) == (0, "complete")
    assert [line.split()[:3] for line in lines if "  #" in line] == [
        ["a1", "getTicket", "running"], ["a1", "getTicket", "error"],
        ["b2", "ViewData", "running"], ["b2", "ViewData", "success"],
        ["workflow_end", "workflow_end", "success"],
    ]  # fmt: skip


def test_a_job_that_is_in_error_once_more_is_followed_to_the_second_error(server: Server) -> None:
    job = errored(server)
    graphql(server, 'mutation($j: ID!) { retryTask(jobId: $j, taskId: "a1") { __typename } }', j=job)
    code, lines, _ = ended(command(server, "follow", job))
    assert (code, lines[-1].split()[0]) == (1, "error")
    assert [line for line in lines if "a1  getTicket  error" in line] == [
        f"            a1  getTicket  error  #{iteration}" for iteration in (1, 2)
    ]


def stream(*events: dict[str, Any]) -> Reply:
    frames = "".join(f"event: next\ndata: {json.dumps({'data': {'jobChanged': event}})}\n\n" for event in events)
    content = f"{frames}event: complete\ndata:\n\n".encode()
    return Reply(content, headers={"content-type": "text/event-stream"})


def event(number: int, status: str) -> dict[str, Any]:
    change = {"task": f"a{number}", "name": "x", "status": status, "finishState": None, "iteration": 1}
    return {"cursor": str(number), "status": status, "latest": True, "tasks": [change]}


def test_a_job_that_somebody_repairs_while_one_looks_is_followed_on(capsys: pytest.CaptureFixture[str]) -> None:
    """Between the error and the question how the job is now: a server of the test's own has that moment."""
    states = iter(["RUNNING", "COMPLETE"])

    def answer(asked: Asked) -> Reply:
        variables = asked.json["variables"]
        if "subscription" not in asked.json["query"]:
            job = {"status": next(states), "variables": {}, "error": None}
            return Reply(json.dumps({"data": {"job": job}}).encode())
        return stream(event(1, "ERROR") if variables["after"] is None else event(2, "COMPLETE"))

    with answering(answer) as fake, pytest.raises(SystemExit) as left:
        main(["follow", "f" * 24, "--server", fake.address])
    said = capsys.readouterr().out.splitlines()
    assert left.value.code == 0
    assert [line.split()[0] for line in said[1:]] == ["a1", "a2", "complete"]


@pytest.mark.parametrize("leave", [Server.kill, Server.stop])
def test_who_follows_hears_the_rest_of_a_server_that_comes_back(
    mongodb_uri: str, new_database: str, leave: Callable[[Server], object]
) -> None:
    shared: dict[str, Any] = {"MONGODB_URI": mongodb_uri, "JOBYARD_DATABASE": new_database, **QUICK}
    with serving(**shared) as first:
        import_documents(first, asking())
        with following(first, "start", "ask", "--wait") as process:
            lines = until(process.stdout, lambda line: "b2  ViewData  running" in line)
            job = lines[0].removeprefix("job ")
            leave(first)
            until(process.stderr, lambda line: "Retrying for 60 s." in line)
            with serving("--port", first.address.rpartition(":")[2], **shared) as second:
                finish(second, job)
                code, rest, _ = ended(process)
    assert code == 0
    assert [line.split()[:3] for line in [*lines, *rest] if "  #" in line] == [
        ["b2", "ViewData", "running"], ["b2", "ViewData", "success"], ["workflow_end", "workflow_end", "success"],
    ]  # fmt: skip


def test_who_starts_and_follows_waits_for_a_database_that_is_away(capsys: pytest.CaptureFixture[str]) -> None:
    """A server of the test's own says at first, to each kind of question, that its database is away."""
    away = {
        "message": "The database does not answer now.",
        "extensions": {"code": "DATABASE_UNAVAILABLE", "retryAfter": 1},
    }
    asked_before: set[str] = set()

    def answer(asked: Asked) -> Reply:
        kind = asked.json["query"].split()[0]
        if kind not in asked_before:
            asked_before.add(kind)
            return Reply(json.dumps({"errors": [away]}).encode(), status=503)
        if kind == "subscription":
            return stream(event(1, "COMPLETE"))
        job = {"id": "f" * 24, "status": "COMPLETE", "variables": {}, "error": None}
        return Reply(json.dumps({"data": {"startJob": job, "job": job}}).encode())

    with answering(answer) as fake, pytest.raises(SystemExit) as left:
        main(["start", "ask", "--wait", "--key", "k", "--server", fake.address])
    told = capsys.readouterr()
    assert left.value.code == 0
    assert told.out.splitlines()[-1] == "complete {}"
    assert told.err.count("Retrying for 60 s.") == len(asked_before) == 3


@pytest.mark.parametrize(("seconds", "last"), [("0", "broke off"), ("0.5", "Retried for 0.5 s")])
def test_a_server_that_does_not_come_back_is_told_in_a_sentence(seconds: str, last: str) -> None:
    with serving("--memory") as server:
        import_documents(server, asking())
        with following(server, "follow", start(server, "ask"), "--reconnect", seconds) as process:
            until(process.stdout, lambda line: "b2  ViewData  running" in line)
            server.kill()
            code, _, errors = ended(process)
    assert (code, errors.splitlines()[-1].startswith("jobyard: ")) == (5, True)
    assert last in errors.splitlines()[-1]


def test_a_job_whose_events_are_not_kept_any_more_ends_with_the_last_one(
    mongodb_uri: str, new_database: str, mongodb: MongoClient[dict[str, Any]]
) -> None:
    with serving(MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=new_database) as server:
        import_documents(server, broken(), asking())
        over, failed = start(server, "ask"), errored(server)
        finish(server, over)
        assert ended(command(server, "follow", over))[0] == 0
        mongodb[new_database]["job_events"].delete_many({})
        for job, status, expected in ((over, "complete", 0), (failed, "error", 1)):
            code, lines, _ = ended(command(server, "follow", job))
            assert (code, lines[-1].split()[0]) == (expected, status)


def test_a_job_of_another_program_is_shown_as_it_is(
    mongodb_uri: str, new_database: str, mongodb: MongoClient[dict[str, Any]]
) -> None:
    with serving(MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=new_database) as server:
        ids = {status: f"{number:024x}" for number, status in enumerate(["complete", "running"])}
        for status, id in ids.items():
            mongodb[new_database]["jobs"].insert_one({"_id": id, "name": "x", "status": status, "variables": {}})
        assert ended(command(server, "follow", ids["complete"])) == (0, [f"job {ids['complete']}", "complete {}"], "")
        code, lines, errors = ended(command(server, "follow", ids["running"]))
        assert (code, lines[-1]) == (1, "running {}")
        assert errors == "jobyard: Another program stored this job: the job has no events.\n"


def test_a_job_that_there_is_not_is_told_in_a_sentence(server: Server, tmp_path: Path) -> None:
    code, _, errors = ended(command(server, "follow", "f" * 24))
    assert (code, errors.startswith("jobyard: Cannot find job ")) == (4, True)
