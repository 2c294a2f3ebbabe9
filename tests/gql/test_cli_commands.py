"""The commands that do what the API does, against a real server."""

import json
import signal
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import yaml
from graphql import build_schema, parse, validate
from jobyard.gql.cli import operations
from jobyard.gql.cli.commands import COMMANDS
from jobyard.gql.cli.output import text
from jobyard.gql.schema import printed_schema

from .. import processes
from ..documents import chain, task
from ..parts import ROOT
from ..servers import Server, graphql, import_documents, serving
from .test_cli import jobyard
from .test_cli_endings import command, ended
from .test_cli_follow import asking, start

NOBODY = "f" * 24
# What each command is given where it is only asked how it ends.
GIVEN = {
    "show": [NOBODY], "tasks": [NOBODY], "inbox": [], "claim": ["0" * 36], "release": ["0" * 36],
    "finish": [NOBODY, "a1"], "retry": [NOBODY, "a1"], "continue": [NOBODY, "a1"], "revert": [NOBODY, "a1", "b2"],
    "delete": [NOBODY],
    "prune": ["--older-than", "1d"], "workflows": [], "export": ["no such"], "projects": [], "automations": [],
    "run": ["0000"], "accounts": [],
}  # fmt: skip
LISTS = [name for name, one in COMMANDS.items() if one.lists]


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory") as one:
        broken = chain("broken", a1=task("newVariable", name="x", value=1), b2=task("sort", arr="$var.job.list"))
        import_documents(one, asking(), broken)
        yield one


def answered(server: Server, *arguments: str, code: int = 0) -> Any:
    done = jobyard(*arguments, "--output", "json", server=server)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_every_command_has_a_line_of_these_tests() -> None:
    assert GIVEN.keys() == COMMANDS.keys()


def test_what_is_asked_fits_the_schema() -> None:
    schema = build_schema(printed_schema())
    documents = [one for name, one in vars(operations).items() if name.isupper() and isinstance(one, str)]
    for document in documents:
        for mutation in ("claimTask", "releaseTask"):
            asked = document.format(mutation=mutation) if "{mutation}" in document else document
            assert validate(schema, parse(asked)) == [], asked


def test_a_job_is_shown_claimed_and_finished_by_the_beginning_of_its_id(server: Server) -> None:
    job = start(server, "ask")
    shown = answered(server, "show", job[:10])
    assert (shown["id"], shown["status"], shown["waitsFor"][0]["kind"]) == (job, "running", "PERSON")
    assert shown["console"] == f"{server.address}/jobs/{job}"
    (waiting,) = [one for one in answered(server, "inbox") if one["job"] == job]
    claimed = answered(server, "claim", waiting["id"][:13])
    assert (claimed["task"], claimed["claimedBy"] is not None) == (waiting["task"], True)
    assert answered(server, "release", waiting["id"])["claimedBy"] is None
    done = jobyard("finish", job[:10], waiting["task"], "--state", "success", server=server)
    assert (done.returncode, job in done.stdout) == (0, True)
    rows = answered(server, "tasks", job)
    assert [one["status"] for one in rows if one["task"] == waiting["task"]] == ["success"]


def test_variables_fill_the_form_of_a_task() -> None:
    schema = {"type": "object", "required": ["device"], "properties": {"device": {"type": "string", "minLength": 3}}}
    form = {**task("ShowJsonForm", app="JsonForms", form_id="f1", instance_data={}), "type": "manual"}
    form["variables"]["outgoing"] = {"export": "$var.job.chosen"}
    document = {"id": "f1", "name": "Choose a device", "struct": {"type": "object"}, "schema": schema}
    query = "query($id: ID!) { job(id: $id) { status variables } }"
    with serving("--memory") as server:
        import_documents(server, document, chain("fill in", a1=form))
        job = start(server, "fill in")
        refused = jobyard("finish", job, "a1", "--var", "device=ab", server=server)
        assert (refused.returncode, "device" in refused.stderr) == (1, True)
        assert jobyard("finish", job, "a1", "--var", "device=edge-1", server=server).returncode == 0
        done = graphql(server, query, id=job)["job"]
    assert (done["status"], done["variables"]["chosen"]) == ("COMPLETE", {"device": "edge-1"})


@pytest.mark.parametrize("arguments", [["--var", "device"], ["--vars", "no such file"]])
def test_variables_that_make_no_sense_end_a_command_as_other_arguments_do(server: Server, arguments: list[str]) -> None:
    refused = jobyard("start", "broken", *arguments, server=server)
    assert (refused.returncode, refused.stdout, "Traceback" in refused.stderr) == (2, "", False)


def test_a_job_in_error_is_repaired_and_deleted(server: Server, tmp_path: Path) -> None:
    job = jobyard("start", "broken", "--var", "list=none", server=server).stdout.strip()
    assert jobyard("follow", job, server=server).returncode == 1
    shown = answered(server, "show", job)
    assert [(one["task"], one["method"]) for one in shown["tasks"] if one["status"] == "error"] == [("b2", "sort")]
    plan = answered(server, "continue", job, "a1", "--dry-run")
    assert (plan["dryRun"], plan["runsAgain"]) == (True, ["a1", "b2"])
    assert answered(server, "show", job)["status"] == "error"
    (tmp_path / "v.json").write_text('{"list": "still none"}')
    answered(server, "retry", job, "b2", "--vars", str(tmp_path / "v.json"))
    answered(server, "revert", job, "b2", "a1")
    answered(server, "continue", job, "a1", "--var", "list=[2, 1]")
    assert jobyard("follow", job[:8], server=server).returncode == 0
    gone = answered(server, "delete", job)
    assert (gone[0]["result"], gone[0]["jobs"]) == ("deleted", 1)
    assert jobyard("show", job, server=server).returncode == 4


def test_variables_come_from_the_input(server: Server) -> None:
    line, environment = command(server, "start", "broken", "--vars", "-", "--var", "list=[3]", "--wait")
    done = processes.run(line, input='{"list": 1, "more": 2}', env=environment, timeout=60)
    assert done.returncode == 0, done.stderr
    assert '"more": 2' in done.stdout


@pytest.mark.parametrize(("given", "said"), [("[1]", "is not a JSON object of variables."), ("{", "this is not JSON")])
def test_variables_that_are_none_are_told_in_one_line(server: Server, tmp_path: Path, given: str, said: str) -> None:
    (tmp_path / "v.json").write_text(given)
    done = jobyard("start", "broken", "--vars", str(tmp_path / "v.json"), server=server)
    assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (2, True, 1)


def test_who_waits_is_told_whom_the_job_waits_for_and_how_to_answer(server: Server) -> None:
    line, environment = command(server, "start", "ask", "--wait")
    process = processes.start_raw(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith("  http"):
        lines.append(process.stdout.readline().decode())
        assert lines[-1], lines
    process.send_signal(signal.SIGINT)
    assert ended(process)[0] == 130
    job = lines[0].split()[1]
    assert "waits for a person" in lines[-3]
    assert lines[-2].split()[:3] == ["jobyard", "finish", job]
    assert lines[-1].strip() == f"{server.address}/jobs/{job}"


def test_a_list_has_a_header_and_says_how_many_more_there_are(server: Server) -> None:
    done = jobyard("workflows", "--first", "1", server=server)
    assert done.stdout.splitlines()[0].split() == ["NAME", "TASKS", "ERRORS", "WARNINGS", "LASTUPDATED"]
    assert done.stderr == "jobyard: 1 of 2; --first N shows more entries.\n"
    found = yaml.safe_load(jobyard("workflows", "--output", "yaml", server=server).stdout)
    assert sorted(one["name"] for one in found) == ["ask", "broken"]


def test_an_export_is_what_import_takes(server: Server, tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text(jobyard("export", "broken", server=server).stdout)
    done = jobyard("import", str(tmp_path / "w.json"), server=server)
    assert (done.returncode, "workflow 'broken'" in done.stdout) == (0, True)


def test_an_automation_is_run_by_its_id(server: Server) -> None:
    automation = {"name": "by hand", "componentType": "workflows", "componentName": "broken"}
    made = graphql(server, "mutation($d: JSON!) { createAutomation(document: $d) { id } }", d=automation)
    id = made["createAutomation"]["id"]
    trigger = {"name": "press", "type": "manual", "enabled": True, "actionId": id, "actionType": "automations"}
    graphql(server, "mutation($d: JSON!) { createTrigger(document: $d) { id } }", d=trigger)
    (row,) = answered(server, "automations")
    assert (row["name"], row["triggers"].startswith("manual ")) == ("by hand", True)
    assert answered(server, "run", id, "--var", "list=[1]")["console"].startswith(server.address)


def test_accounts_and_projects_are_listed(server: Server) -> None:
    assert "admin" in [one["username"] for one in answered(server, "accounts")]
    assert answered(server, "projects") == []


def test_a_beginning_that_several_have_is_told(server: Server) -> None:
    short = jobyard("show", "ab", server=server)
    assert (short.returncode, "too short" in short.stderr) == (2, True)
    none = jobyard("show", "0123456789abcdef", server=server)
    assert (none.returncode, "begins with '0123456789abcdef'" in none.stderr) == (4, True)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("delete", "run", "prune", *LISTS)])
def test_what_there_is_not_is_one_line_and_4(server: Server, name: str) -> None:
    done = jobyard(name, *GIVEN[name], server=server)
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (4, 1, "")


def test_what_is_printed_cannot_steer_a_terminal() -> None:
    assert text("a\x1b[31m\nb") == "a [31m b"
    assert [text(one) for one in (None, True, {"a": [1]})] == ["-", "true", '{"a": [1]}']


def test_the_page_has_every_command() -> None:
    """docs/command-line.md and the parser, both ways."""
    help = jobyard("--help").stdout
    known = {line.split()[0] for line in help.splitlines() if line.startswith("    ") and line[4] != " "}
    page = (ROOT / "docs/command-line.md").read_text()
    written = {line.split("`")[1].split()[0] for line in page.splitlines() if line.startswith("| `")}
    assert known <= written | {"-h,", "--version"}
    assert written - known == set()
