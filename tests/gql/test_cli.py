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
import yaml
from jobyard.gql.cli.main import main, parser
from jobyard.models.engine.rules import Rules
from jobyard.models.reading_settings import settings_of

from .. import processes
from ..documents import chain, greeting, task
from ..parts import ROOT
from ..projects import export
from ..servers import Server, serving


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory", "--examples") as server:
        yield server


def jobyard(*arguments: str, server: Server | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JOBYARD_SERVER": server.address if server else "http://127.0.0.1:1"}
    command = [sys.executable, str(ROOT / "tests" / "serve.py"), *arguments]
    return processes.run(command, env=environment, timeout=60)


ONE = task("newVariable", name="x", value=1)


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


def test_what_there_is_not_is_told_in_one_line_and_exits_4(server: Server) -> None:
    done = jobyard("start", "Greet a devise", server=server)
    assert done.returncode == 4
    assert done.stderr.startswith("jobyard: Cannot find workflow 'Greet a devise'.")
    assert len(done.stderr.splitlines()) == 1
    assert "may have been started" not in done.stderr


def test_every_command_works_on_a_server_that_runs_trusted_documents_alone(tmp_path: Path) -> None:
    trusted = write(tmp_path / "trusted.json", {"mine": "{ viewer { id } }"})
    document = chain("asks", a1={**task("ViewData"), "type": "manual"})
    project = "6650aa00a0000000000000d1"
    with serving("--memory", "--examples", "--trusted-documents", trusted) as server:
        files = [
            write(tmp_path / "asks.json", document),
            write(tmp_path / "p.project.json", export(project, "P", ("workflow", chain("in it"), "r"))),
        ]

        def ran(*arguments: str, code: int = 0) -> str:
            done = jobyard(*arguments, server=server)
            assert done.returncode == code, (arguments, done.stdout, done.stderr)
            assert "trusted documents" not in done.stderr
            return done.stdout.strip()

        ran("import", *files)
        ran("check", files[0], "--server", server.address)
        waits = ran("start", "asks")
        for command in ("pause", "resume", "cancel"):
            assert waits in ran(command, waits)
        assert "\ncanceled {" in ran("follow", waits, code=1)
        assert waits in ran("list", "--status", "canceled")
        ran("rehearse", "--record", waits, "--server", server.address, code=1)  # no record of a job that was canceled
        assert project in ran("project", "list")
        ran("project", "export", project)
        ran("project", "delete", project)
        assert ran("keys", "rotate") == "0 sealed anew, 0 left"


def test_it_says_its_version() -> None:
    done = jobyard("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"jobyard \d+(\.\d+)*\n", done.stdout)


def test_a_client_starts_without_the_parts_of_a_server() -> None:
    program = "import sys; from tests import checkout; import jobyard.gql.cli.main; print(*sys.modules)"
    done = processes.run([sys.executable, "-c", program], check=True, cwd=ROOT, timeout=60)
    assert "jobyard.gql.cli.client" in done.stdout.split()
    assert not {"beanie", "strawberry", "starlette"} & set(done.stdout.split())


def test_no_server_is_told_with_its_remedy() -> None:
    done = jobyard("start", "x")
    assert done.returncode == 5
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


UNREADABLE = [
    (None, "there is no such file."),
    (b"", "the file is empty."),
    (b" \n", "the file is empty."),
    (b"{", "this is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)."),
    (b"\xff\xfa", "this is not JSON: it is no text in UTF-8, UTF-16 or UTF-32."),
    (b"[" * 200_000, "this is nested too deep to be read."),
    (b"[NaN]", "NaN is not JSON."),
    (b"1" * 5000, "Exceeds the limit (4300 digits) for integer string conversion: "),
]


@pytest.mark.parametrize(("content", "said"), UNREADABLE, ids=[said[:24] for _, said in UNREADABLE])
def test_a_file_that_cannot_be_read_is_told_of_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str
) -> None:
    path = tmp_path / "w.json"
    if content is not None:
        path.write_bytes(content)
    for command, before in (("import", f"skipped {path}: "), ("check", f"{path}: error: "), ("rehearse", "     ")):
        with pytest.raises(SystemExit) as left:
            main([command, str(path)])
        assert left.value.code == 1
        assert f"{before}{said}" in capsys.readouterr().out


def test_a_folder_is_told_to_be_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["rehearse", str(tmp_path)])
    assert "this is a folder." in capsys.readouterr().out
    for command in ("import", "check"):
        with pytest.raises(SystemExit) as left:
            main([command, str(tmp_path)])
        assert left.value.code == 2
        assert f"jobyard: {tmp_path}: there is no file of the name *.json in this folder." in capsys.readouterr().err


def test_a_folder_stands_for_its_files_and_a_hyphen_for_the_input(server: Server, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    write(tmp_path / "a.json", chain("of a folder", a1=ONE))
    write(tmp_path / "inner" / "b.json", chain("of a folder in it", a1=ONE))
    (tmp_path / "notes.txt").write_text("nothing")
    done = jobyard("import", str(tmp_path), server=server)
    lines = ["imported workflow 'of a folder'", "imported workflow 'of a folder in it'"]
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, lines, "")
    assert jobyard("check", str(tmp_path)).stdout == "2 workflows: 0 errors, 0 warnings\n"
    command = [sys.executable, str(ROOT / "tests" / "serve.py"), "import", "-", "--server", server.address]
    given = processes.run(command, input=json.dumps(chain("of the input", a1=ONE)), timeout=60)
    assert (given.returncode, given.stdout) == (0, "imported workflow 'of the input'\n")


@pytest.mark.parametrize("content", [[], {"nothing": "known"}])
def test_check_of_a_file_without_a_document_is_an_error(tmp_path: Path, content: Any) -> None:
    done = jobyard("check", write(tmp_path / "none.json", content))
    assert done.returncode == 1
    assert f"{tmp_path}/none.json: error: there is no document in it that can be checked.\n" in done.stdout


def test_a_progress_bar_is_for_a_terminal(server: Server, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / f"{name}.json", chain(name, a1=ONE))
    command = [sys.executable, str(ROOT / "tests" / "serve.py"), "import", str(tmp_path), "--server", server.address]
    terminal, its_side = os.openpty()
    process = processes.start_raw(command, stdout=its_side, stderr=its_side)
    os.close(its_side)
    try:
        written = b""
        while b"'two'" not in written:
            written += os.read(terminal, 1024)
        assert process.wait(60) == 0
    finally:
        process.kill()
        os.close(terminal)
    assert b"] 0/2 one.json" in written and b"] 1/2 two.json" in written


@pytest.mark.parametrize("nothing", [[], {"iid": 1, "name": "empty", "components": []}], ids=["list", "project"])
def test_import_of_a_file_without_documents_says_so(server: Server, tmp_path: Path, nothing: Any) -> None:
    path = write(tmp_path / "nothing.json", nothing)
    done = jobyard("import", path, server=server)
    assert (done.returncode, done.stdout) == (1, f"skipped {path}: there is no document in it.\n")


def test_what_a_file_names_may_come_in_with_a_later_one(server: Server, tmp_path: Path) -> None:
    none = dict.fromkeys(("task", "data_array", "transformation", "loopType"), "")

    def calling(name: str, other: str) -> str:
        document = chain(name, a1=task("childJob", workflow=other, variables={}, **none))
        return write(tmp_path / f"{name}.json", document)

    alone = jobyard("import", calling("calls early", "comes later"), server=server)
    assert "warning: task a1 (childJob): Cannot find workflow comes later here" in alone.stdout
    files = [calling("calls", "is called"), calling("misses", "is nowhere"), calling("is called", "calls")]
    done = jobyard("import", *files, server=server)
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            "imported workflow 'is called'",
            "imported workflow 'calls'",
            "imported workflow 'misses'",
            "  warning: task a1 (childJob): Cannot find workflow is nowhere here",
        ],
    )
    assert "replaced workflow 'calls'" in jobyard("import", files[0], server=server).stdout


def test_import_of_several_files_overwrites_nothing_of_another_one(server: Server, tmp_path: Path) -> None:
    one, other = chain("twice", a1=task("stub", response=1)), chain("twice", a1=task("stub", response=2))
    files = [write(tmp_path / f"{name}.json", document) for name, document in (("a", one), ("b", other), ("c", one))]
    done = jobyard("import", *files, server=server)
    assert (done.returncode, done.stdout.splitlines()) == (
        1,
        [
            "imported workflow 'twice'",
            f"skipped {files[1]} documents[0]: its name is that of another workflow, which came in before with this "
            "import, which it would overwrite: give one of them another name",
            "replaced workflow 'twice'",
        ],
    )
    again = jobyard("import", files[1], server=server)
    assert (again.returncode, again.stdout) == (0, "replaced workflow 'twice'\n")


def test_projects_are_listed_handed_out_and_deleted(server: Server, tmp_path: Path) -> None:
    id, file = "c" * 24, tmp_path / "out.project.json"
    document = write(tmp_path / "p.json", export(id, "Of the shell", ("workflow", greeting(), "r")))
    assert jobyard("import", document, server=server).returncode == 0
    listed = jobyard("project", "list", server=server).stdout
    assert listed.splitlines()[0].split() == ["ID", "COMPONENTS", "NAME", "DESCRIPTION"]
    assert f"{id}  1           Of the shell  All of Of the shell." in listed
    assert jobyard("project", "export", id, "--output", str(file), server=server).returncode == 0
    assert json.loads(file.read_text())["components"][0]["document"]["name"] == "greet"
    gone = jobyard("project", "delete", id, server=server)
    assert [line.split(None, 2)[:2] for line in gone.stdout.splitlines()[1:]] == [
        ["deleted", "workflow"],
        ["deleted", "project"],
    ]
    again = jobyard("project", "delete", id, server=server)
    assert (again.returncode, "Cannot find project" in again.stderr) == (4, True)


def test_import_says_what_a_project_would_overwrite(server: Server, tmp_path: Path) -> None:
    def project(id: str, name: str, response: int) -> str:
        steps = {"incoming": [], "outgoing": [], "steps": [], "description": str(response)}
        document = {"_id": "d" * 24, "name": "shared", **steps}
        export = {"_id": id, "name": name, "components": [{"type": "transformation", "document": document}]}
        return write(tmp_path / f"{name}.project.json", export)

    assert jobyard("import", project("a" * 24, "Campus", 1), server=server).returncode == 0
    branch = project("b" * 24, "Branch", 2)
    done = jobyard("import", branch, server=server)
    assert (done.returncode, done.stdout) == (
        1,
        f"skipped {branch} documents[0].components[0] (transformation): its `_id` is that of a transformation of the "
        f"project 'Campus' ({'a' * 24}), which it would overwrite: give one of them another `_id`\n",
    )
    again = jobyard("import", project("a" * 24, "Campus", 3), server=server)
    assert again.stdout == f"replaced transformation '@{'a' * 24}: shared'\n"


def test_list_shows_the_jobs_that_a_filter_finds_one_on_a_line(server: Server) -> None:
    assert jobyard("start", "Greet a device", "--var", "device=listed-1", "--wait", server=server).returncode == 0
    filters = ("--status", "complete", "--name", "greet a", "--text", "hello", "--var", "device=listed-1")
    done = jobyard("list", *filters, "--first", "5", server=server)
    header, line = done.stdout.splitlines()
    assert header.split() == ["ID", "STATUS", "STARTED", "NAME", "DESCRIPTION"]
    id, status, began, name, description = line.split(None, 2)[:2] + re.split(" {2,}", line)[2:]
    assert (done.returncode, len(id), began[-1]) == (0, 24, "Z")
    assert (status, name, description) == ("complete", "Greet a device", "Hello, listed-1")
    assert jobyard("list", "--user", "nobody", "--output", "json", server=server).stdout == "[]\n"
    (found,) = yaml.safe_load(jobyard("list", *filters, "--output", "yaml", server=server).stdout)
    assert (found["id"], found["status"]) == (id, "complete")


def test_list_says_beside_it_that_there_are_more(server: Server) -> None:
    for _ in range(3):
        assert jobyard("start", "Ask before a change", "--var", "change=more", server=server).returncode == 0
    filters = ("--name", "Ask before", "--var", "change=more")
    done = jobyard("list", *filters, "--first", "2", server=server)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 3)
    assert done.stderr == "jobyard: 2 of 3; --first N shows more entries.\n"
    done = jobyard("list", *filters, "--first", "3", server=server)
    assert (len(done.stdout.splitlines()), done.stderr) == (4, "")


@pytest.mark.parametrize("first", ["0", "-1", "1.5", "all"])
def test_list_refuses_what_is_no_number_of_jobs(first: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["list", f"--first={first}"])
    assert left.value.code == 2
    assert f"argument --first: {first} is no whole number of at least 1" in capsys.readouterr().err


def test_jobs_are_paused_resumed_and_canceled_by_their_ids(server: Server) -> None:
    ids = [
        jobyard("start", "Ask before a change", "--var", "change=none", server=server).stdout.strip() for _ in range(2)
    ]
    for command, became in (("pause", "paused"), ("resume", "resumed"), ("cancel", "canceled")):
        done = jobyard(command, *ids, server=server)
        assert (done.returncode, done.stdout) == (0, f"{'ID':<24}  RESULT\n{ids[0]}  {became}\n{ids[1]}  {became}\n")


def test_a_job_that_cannot_be_steered_says_why_and_exits_1(server: Server) -> None:
    id = jobyard("start", "Ask before a change", "--var", "change=none", server=server).stdout.strip()
    unknown = [f"{number:024x}" for number in range(100)]  # with the other more than one request may name
    done = jobyard("pause", id, *unknown, server=server)
    lines = done.stdout.splitlines()
    assert (done.returncode, lines[1]) == (1, f"{id}  paused")
    assert lines[2:] == [
        f"{one}  Cannot find job '{one}'. It never existed here, or it was deleted." for one in unknown
    ]


@pytest.mark.parametrize("command", ["pause", "resume", "cancel", "delete"])
def test_a_command_to_jobs_that_there_are_not_ends_with_4(server: Server, command: str) -> None:
    done = jobyard(command, "zzzz", "f" * 24, "--output", "json", server=server)
    assert (done.returncode, done.stderr) == (4, "")
    assert [row["result"].startswith("Cannot find job ") for row in json.loads(done.stdout)] == [True, True]


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
    path = write(tmp_path / "number.json", 1)
    assert jobyard("rehearse", path).stdout == (
        f"FAIL {path}\n     this is neither a case nor a workflow, which are objects, nor a list of cases\n"
        "0 passed, 1 failed\n"
    )


def test_rehearse_takes_a_list_of_transformations_like_any_case(tmp_path: Path) -> None:
    document = {
        "_id": "0123456789abcdef01234567", "name": "Echo", "incoming": [{"$id": "a"}], "outgoing": [{"$id": "r"}],
        "functions": [],
        "steps": [
            {
                "id": 1, "type": "assign",
                "from": {"location": "incoming", "name": "a", "ptr": ""},
                "to": {"location": "outgoing", "name": "r", "ptr": ""},
            }
        ],
    }  # fmt: skip
    case = {"document": document, "incoming": {"a": 1}, "options": {}}
    path = write(tmp_path / "list.json", [{**case, "expectedOutput": 1}, {**case, "expectedOutput": 2}, 1])
    done = jobyard("rehearse", path)
    assert done.returncode == 1
    assert done.stdout.startswith("pass 0 Echo\nFAIL 1 Echo\n     it answers 1, not 2\nFAIL 2\n")
    assert done.stdout.endswith("1 passed, 2 failed\n")


def test_rehearse_of_a_misspelt_case_says_what_is_allowed_and_exits_1(tmp_path: Path) -> None:
    case = {"id": "c1", "workflows": [greeting()], "start": {"workflow": "greet"}, "expects": {"status": "error"}}
    done = jobyard("rehearse", write(tmp_path / "c.json", case))
    assert done.returncode == 1
    assert done.stdout.startswith("FAIL c1: not started, 0 tasks, 0 ms\n     the case has an unknown key `expects`: ")


def test_rehearse_of_transformations_that_are_no_list_says_so(tmp_path: Path) -> None:
    path, good = write(tmp_path / "t.json", {"document": {}}), write(tmp_path / "w.json", chain("alone"))
    done = jobyard("rehearse", good, "--transformations", path)
    assert done.returncode == 1
    assert f"FAIL {path}\n     this is not a list of cases of transformations\n" in done.stdout


def test_schema_prints_the_committed_schema() -> None:
    assert jobyard("schema").stdout == (ROOT / "schema.graphql").read_text()


def test_a_rule_that_there_is_not_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["serve", "--memory", "--rule", "dead_ends=skip"])
    assert left.value.code == 2
    assert capsys.readouterr().err == "jobyard: --rule: The rule dead_ends cannot be 'skip': it is await or ignore.\n"


def test_a_setting_that_cannot_be_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JOBYARD_TOKEN_SECONDS", "an hour")
    with pytest.raises(SystemExit) as left:
        main(["serve", "--memory"])
    assert left.value.code == 2
    refusal = "jobyard: JOBYARD_TOKEN_SECONDS 'an hour': this is a whole number of at least 1.\n"
    assert capsys.readouterr().err == refusal


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("mongodb://db-1,db-2/?replicaSet=rs0&tls=true", "mongodb://db-1,db-2/?replicaSet=rs0&tls=true"),
        ("mongodb://ada:pass@word@db/?w=1", "mongodb://********@db/?w=1"),
        ("mongodb://ada:pass?word@db/", "mongodb://********@db/"),
        ("mongodb://ada:pass/word@db/", "mongodb://********@db/"),
        (
            "mongodb://db/?tlsCertificateKeyFilePassword=secret;authSource=x&authMechanismProperties=T:secret",
            "mongodb://db/?tlsCertificateKeyFilePassword=********&authSource=x&authMechanismProperties=********",
        ),
    ],
)
def test_config_shows_how_a_database_is_reached_and_not_how_to_get_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], uri: str, shown: str
) -> None:
    monkeypatch.setenv("MONGODB_URI", uri)
    with pytest.raises(SystemExit) as left:
        main(["config", "--output", "json"])
    assert left.value.code == 0
    rows = {row["setting"]: row["value"] for row in json.loads(capsys.readouterr().out)}
    assert rows["mongodb_uri"] == shown


def test_config_prints_what_is_in_force_and_where_it_comes_from_without_secrets(tmp_path: Path) -> None:
    (tmp_path / "jobyard.toml").write_text(
        'mongodb_uri = "mongodb://ada:hunter2@db-1/?replicaSet=rs0"\nsecrets_key = "k:hunter2"\nlog_level = "error"\n'
    )
    done = jobyard("config", "--config", str(tmp_path / "jobyard.toml"), "--port", "0", "--output", "json")
    assert (done.returncode, "hunter2" in done.stdout) == (0, False), done.stderr
    rows = {row["setting"]: (row["value"], row["from"]) for row in json.loads(done.stdout)}
    assert rows["mongodb_uri"] == ("mongodb://********@db-1/?replicaSet=rs0", f"{tmp_path}/jobyard.toml:1")
    assert rows["secrets_key"] == ("********", f"{tmp_path}/jobyard.toml:2")
    assert rows["port"] == (0, "--port")
    assert rows["token_seconds"] == (43_200, "default")
    assert rows["executor"] == ("readers", "default")
    table = jobyard("config", "--config", str(tmp_path / "jobyard.toml")).stdout
    assert re.search(r"^log_level +error +\S+jobyard.toml:3$", table, re.MULTILINE)


@pytest.mark.parametrize("command", ["serve", "config"])
def test_a_settings_file_with_a_fault_is_refused_with_2(tmp_path: Path, command: str) -> None:
    (tmp_path / "jobyard.toml").write_text("prot = 1")
    done = jobyard(command, "--config", str(tmp_path / "jobyard.toml"))
    refusal = f"jobyard: {tmp_path}/jobyard.toml:1: there is no setting 'prot': did you mean 'port'?\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", refusal)


def test_flags_come_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBYARD_RULES", "dead_ends=ignore child_error=propagate")
    options = parser().parse_args(["serve", "--rule", "dead_ends=await"])
    assert settings_of(vars(options), os.environ).rules == Rules(child_error="propagate")
