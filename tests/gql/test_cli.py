"""The command line, as a person uses it, against a real server."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from jobyard.gql.cli import main, parser
from jobyard.gql.serving import settings_of
from jobyard.models.engine.rules import Rules

from ..documents import chain, greeting, task
from ..parts import ROOT
from ..servers import Server, serving


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory", "--examples") as server:
        yield server


def jobyard(*arguments: str, server: Server | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JOBYARD_SERVER": server.address if server else "http://127.0.0.1:1"}
    command = [sys.executable, str(ROOT / "tests" / "serve.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)


def write(path: Path, content: Any) -> str:
    path.write_text(json.dumps(content))
    return str(path)


def test_start_prints_the_id_of_the_job(server: Server) -> None:
    done = jobyard("start", "Greet a device", "--var", "device=edge-1", server=server)
    assert (done.returncode, len(done.stdout.strip())) == (0, 24)


def test_start_and_wait_shows_the_tasks_as_they_go(server: Server) -> None:
    done = jobyard("start", "Greet a device", "--var", "device=edge-1", "--wait", server=server)
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0].startswith("job ")
    assert "            b2  delay  running  #1" in lines
    assert lines.index("            b2  delay  running  #1") < lines.index("            b2  delay  success  #1")
    assert lines[-1].startswith('complete {"device": "edge-1"')


def test_a_job_that_ends_in_error_says_why_and_exits_1(server: Server, tmp_path: Path) -> None:
    document = chain("broken", a1=task("getTicket", app="Jira"))
    assert jobyard("import", write(tmp_path / "w.json", document), server=server).returncode == 0
    done = jobyard("start", "broken", "--wait", server=server)
    assert done.returncode == 1
    assert "error of a1: No provider for Jira.getTicket" in done.stdout


def test_a_mistake_is_told_in_one_line_and_exits_1(server: Server) -> None:
    done = jobyard("start", "Greet a devise", server=server)
    assert done.returncode == 1
    assert done.stderr.startswith("jobyard: Cannot find workflow 'Greet a devise'.")
    assert "Traceback" not in done.stderr


def test_a_client_starts_without_the_parts_of_a_server() -> None:
    program = "import sys; from tests import checkout; import jobyard.gql.cli; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert "jobyard.gql.client" in done.stdout.split()
    assert not {"beanie", "strawberry", "starlette"} & set(done.stdout.split())


def test_no_server_is_told_with_its_remedy() -> None:
    done = jobyard("start", "x")
    assert done.returncode == 1
    assert "Start one with `jobyard serve`" in done.stderr


def test_import_reports_what_came_in_and_what_was_skipped(server: Server, tmp_path: Path) -> None:
    project = {"iid": 1, "components": [{"type": "workflow", "document": greeting()}, {"type": "form", "document": {}}]}
    (tmp_path / "broken.json").write_text("{")
    done = jobyard("import", write(tmp_path / "p.json", project), str(tmp_path / "broken.json"), server=server)
    assert done.returncode == 1
    assert "imported workflow 'greet'" in done.stdout
    assert "components[1] (form): neither a workflow" in done.stdout
    assert f"skipped {tmp_path / 'broken.json'}: " in done.stdout
    again = jobyard("import", str(tmp_path / "p.json"), server=server)
    assert "replaced workflow 'greet'" in again.stdout


def test_list_shows_the_jobs_that_a_filter_finds_one_on_a_line(server: Server) -> None:
    assert jobyard("start", "Greet a device", "--var", "device=listed-1", "--wait", server=server).returncode == 0
    filters = ("--status", "complete", "--name", "greet a", "--text", "hello", "--var", "device=listed-1")
    done = jobyard("list", *filters, "--first", "5", server=server)
    (line,) = done.stdout.splitlines()
    id, status, began, name, description = line.split(None, 2)[:2] + re.split(" {2,}", line)[2:]
    assert (done.returncode, len(id), began[-1]) == (0, 24, "Z")
    assert (status, name, description) == ("complete", "Greet a device", "Hello, listed-1")
    assert jobyard("list", "--user", "nobody", server=server).stdout == ""


def test_jobs_are_paused_resumed_and_canceled_by_their_ids(server: Server) -> None:
    ids = [
        jobyard("start", "Ask before a change", "--var", "change=none", server=server).stdout.strip() for _ in range(2)
    ]
    for command, became in (("pause", "paused"), ("resume", "resumed"), ("cancel", "canceled")):
        done = jobyard(command, *ids, server=server)
        assert (done.returncode, done.stdout) == (0, f"{ids[0]}  {became}\n{ids[1]}  {became}\n")


def test_a_job_that_cannot_be_steered_says_why_and_exits_1(server: Server) -> None:
    id = jobyard("start", "Ask before a change", "--var", "change=none", server=server).stdout.strip()
    unknown = [f"{number:024x}" for number in range(100)]  # with the other more than one request may name
    done = jobyard("pause", id, *unknown, server=server)
    lines = done.stdout.splitlines()
    assert (done.returncode, lines[0]) == (1, f"{id}  paused")
    assert lines[1:] == [
        f"{one}  Cannot find job '{one}'. It never existed here, or it was deleted." for one in unknown
    ]


def test_rehearse_exits_1_when_a_case_differs(tmp_path: Path) -> None:
    case = {
        "id": "c1",
        "workflows": [greeting()],
        "start": {"workflow": "greet", "options": {"variables": {"name": "A"}}},
    }
    good = write(tmp_path / "good.json", {**case, "expect": {"status": "complete", "min_run_time_ms": 1000}})
    bad = write(tmp_path / "bad.json", {**case, "id": "c2", "expect": {"status": "error"}})
    passed = jobyard("rehearse", good)
    assert (passed.returncode, passed.stdout) == (0, "pass c1: complete, 2 tasks, 1000 ms\n1 passed, 0 failed\n")
    failed = jobyard("rehearse", good, bad, str(tmp_path / "none.json"))
    assert failed.returncode == 1
    assert "FAIL c2: complete, 2 tasks, 1000 ms\n     status is complete, not error\n" in failed.stdout
    assert failed.stdout.endswith("1 passed, 2 failed\n")


def test_rehearse_with_a_stub_says_what_it_answered(tmp_path: Path) -> None:
    document = write(tmp_path / "w.json", chain("broken", a1=task("getTicket", app="Jira")))
    assert jobyard("rehearse", document).returncode == 1
    done = jobyard("rehearse", "--stub-adapters", document)
    assert (done.returncode, done.stdout) == (
        0,
        "pass broken: complete, 1 tasks, 0 ms, 1 of them answered by the stub\n1 passed, 0 failed\n",
    )


def test_rehearse_of_what_is_no_case_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "list.json", [1])
    assert jobyard("rehearse", path).stdout == (
        f"FAIL {path}\n     this is neither a case nor a workflow: both are objects\n0 passed, 1 failed\n"
    )


def test_schema_prints_the_committed_schema() -> None:
    assert jobyard("schema").stdout == (ROOT / "schema.graphql").read_text()


def test_a_rule_that_there_is_not_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["serve", "--memory", "--rule", "dead_ends=skip"])
    assert left.value.code == "jobyard: The rule dead_ends cannot be 'skip': it is await or ignore."


def test_a_setting_that_cannot_be_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBYARD_TOKEN_SECONDS", "an hour")
    with pytest.raises(SystemExit) as left:
        main(["serve", "--memory"])
    assert left.value.code == "jobyard: JOBYARD_TOKEN_SECONDS 'an hour': this is a whole number of at least 1."


def test_flags_come_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBYARD_RULES", "dead_ends=ignore child_error=propagate")
    options = parser().parse_args(["serve", "--rule", "dead_ends=await"])
    assert settings_of(options).rules == Rules(child_error="propagate")
