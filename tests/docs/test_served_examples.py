"""The examples of the pages, run as they stand against a real server in memory."""

import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from .. import processes
from ..parts import ROOT, require
from ..servers import Server, serving
from .pages import blocks, page, section

README = page("README.md")
FRONT_END = page("docs/front-end.md")
ADDRESS = "http://127.0.0.1:8000"
WITH_CURL = ("README.md", "docs/rest.md", "docs/search.md")


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory", "--examples") as one:
        yield one


@pytest.fixture(scope="module", params=["open", "closed"])
def reached(request: pytest.FixtureRequest) -> Generator[tuple[Server, dict[str, str]]]:
    """A server, and what the environment of a script has to have for it."""
    if request.param == "open":
        yield request.getfixturevalue("server"), {}
        return
    with serving("--memory", "--examples", closed=True, JOBYARD_ADMIN_PASSWORD="the right one") as one:
        signed_in = {"username": "admin", "password": "the right one"}
        yield one, {"JOBYARD_TOKEN": httpx.post(f"{one.address}/login", json=signed_in).text}


def run(server: Server, *command: str, **environ: str) -> list[str]:
    environment = {**os.environ, "JOBYARD_SERVER": server.address, **environ}
    done = processes.run(command, env=environment, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_front_end_starts_a_job_follows_it_and_finds_it_again(
    reached: tuple[Server, dict[str, str]], tmp_path: Path
) -> None:
    server, environ = reached
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    require(node, "node")
    script = tmp_path / "front-end.mjs"
    (example,) = blocks(section(FRONT_END, "## With nothing but fetch"), "js")
    script.write_text(example)
    lines = run(server, str(node), str(script), **environ)
    assert lines[0] == "RUNNING"
    assert "delay:RUNNING" in lines[1]
    assert "workflow_end:COMPLETE" in lines[-2]
    assert '"status":"COMPLETE"' in lines[-1]
    assert '"device":"edge-1"' in lines[-1]


def test_the_script_prints_what_the_finished_job_says(reached: tuple[Server, dict[str, str]]) -> None:
    server, environ = reached
    (example,) = blocks(FRONT_END, "python")
    assert run(server, sys.executable, "-c", example, **environ) == ["complete Hello, edge-1"]


def calls_of_curl(name: str) -> list[str]:
    """Each call in one line."""
    text = "\n".join(blocks(page(name), "sh")).replace("\\\n", " ")
    return [line for line in text.splitlines() if line.startswith("curl ")]


@pytest.mark.parametrize("name", WITH_CURL)
def test_calls_of_curl_are_answered(server: Server, name: str) -> None:
    require(shutil.which("curl"), "curl")
    calls = calls_of_curl(name)
    assert calls
    job = ""
    for call in calls:
        assert ADDRESS in call
        written = call.replace(ADDRESS, server.address).replace("JOB_ID", job)
        (line,) = run(server, *shlex.split(written), "--fail-with-body", "--noproxy", "*")
        answer: dict[str, Any] = json.loads(line)
        assert answer["message"].startswith("Success"), answer
        job = answer["data"].get("_id", job) if isinstance(answer["data"], dict) else job


def test_no_other_page_has_calls_of_curl() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    assert {path.relative_to(ROOT).as_posix() for path in pages if "curl -" in path.read_text()} == set(WITH_CURL)


def test_the_commands_of_the_readme_start_a_job_and_list_it(server: Server) -> None:
    (block,) = [one for one in blocks(README, "sh") if one.startswith("jobyard start")]
    start, listing = (shlex.split(line)[1:] for line in block.splitlines())
    command = (sys.executable, str(ROOT / "tests" / "serve.py"))
    last = run(server, *command, *start)[-1]
    assert last.startswith("complete ") and json.loads(last.removeprefix("complete "))["greeting"] == "Hello, edge-1"
    assert "Greet a device" in "\n".join(run(server, *command, *listing))


def test_the_readme_follows_the_job_that_it_starts(server: Server) -> None:
    started, following = blocks(README, "graphql")
    answer = httpx.post(f"{server.address}/graphql", json={"query": started}, trust_env=False).json()
    job: dict[str, Any] = answer["data"]["startJob"]
    tasks = {one["taskId"]: one["name"] for one in job["tasks"]}
    assert (job["status"], tasks["a1"], tasks["b2"]) == ("RUNNING", "stringConcat", "delay")
    request = {"query": following, "variables": {"id": job["id"]}}
    headers = {"accept": "text/event-stream"}
    with httpx.stream("POST", f"{server.address}/graphql", json=request, headers=headers, trust_env=False) as events:
        last = [line for line in events.iter_lines() if re.match(r"data: *\S", line)][-1]
    assert json.loads(last.removeprefix("data:"))["data"]["jobChanged"]["status"] == "COMPLETE"
