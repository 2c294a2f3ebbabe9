"""Every command with wrong input, without a server, without sign-in, with a closed output and with Ctrl-C: one line at
most, and its exit code.
"""

import io
import json
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest
from jobyard.gql.cli.examples import EXAMPLES, commands_of
from jobyard.gql.cli.main import main, parser

from .. import processes
from ..documents import chain
from ..endpoints import NEVER, Asked, Reply, answering
from ..parts import ROOT
from ..servers import Server, import_documents, serving
from .test_cli import jobyard
from .test_cli_endings import command, ended
from .test_cli_follow import asking, start

NOBODY = "f" * 24
COMMANDS = commands_of(parser())
# What clients of a server are given: FILE is a file with a workflow, JOB a job that waits for a person.
CLIENTS = {
    "import": "FILE", "check": "FILE --server URL", "start": "ask", "follow": "JOB", "list": "", "project list": "",
    "project export": NOBODY, "project delete": NOBODY, "cancel": NOBODY, "pause": "JOB", "resume": NOBODY,
    "show": "JOB", "tasks": "JOB", "inbox": "", "claim": "0" * 36, "release": "0" * 36, "finish": f"{NOBODY} a1",
    "retry": f"{NOBODY} a1", "continue": f"{NOBODY} a1", "revert": f"{NOBODY} a1 b2", "delete": NOBODY, "workflows": "",
    "export": "ask", "projects": "", "automations": "", "run": "0000", "accounts": "", "login": "admin",
    "keys rotate": "", "prune": "--older-than 30d", "audit": "", "rehearse": "--record JOB",
}  # fmt: skip
ALONE = {
    "serve": "", "config": "", "doctor": "--memory --port 0", "completion": "bash", "fetch-playground": "",
    "keys new": "", "schema": "", "backup": "FILE", "restore": "FILE", "upgrade": "--check",
}  # fmt: skip
# Commands that print nothing on the output: their work is no output, or a server refuses them as they are written here.
SILENT = {
    "serve", "fetch-playground", "backup", "restore", "upgrade",
    "project export", "project delete", "claim", "release", "finish", "retry", "continue", "revert", "run", "login",
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory") as one:
        import_documents(one, asking())
        yield one


@pytest.fixture(scope="module")
def job(server: Server) -> str:
    return start(server, "ask")


@pytest.fixture(scope="module")
def closed() -> Generator[Server]:
    with serving("--memory", closed=True, JOBYARD_ADMIN_PASSWORD="right enough") as one:
        yield one


@pytest.fixture
def words(tmp_path: Path) -> dict[str, list[str]]:
    """The words of each command; a job that there is not stands for JOB."""
    (tmp_path / "w.json").write_text(json.dumps(chain("of a file")))
    written = {"FILE": str(tmp_path / "w.json"), "JOB": NOBODY, "URL": "http://127.0.0.1:1"}
    return {
        name: [*name.split(), *(written.get(word, word) for word in text.split())]
        for name, text in {**CLIENTS, **ALONE}.items()
    }


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The exit code of a command in this process, its output and its errors."""
    monkeypatch.setattr("sys.stdin", io.StringIO("no password\n"))
    with pytest.raises(SystemExit) as left:
        main(words)
    said = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, said.out, said.err


def test_every_command_stands_in_this_table() -> None:
    assert sorted({**CLIENTS, **ALONE}) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_description_and_an_example_that_it_takes(name: str) -> None:
    command, _ = COMMANDS[name]
    assert command.description is not None
    assert command.description.endswith(".")
    program, *words = shlex.split(EXAMPLES[name])
    assert (program, words[: len(name.split())]) == ("jobyard", name.split())
    assert parser().parse_args(words)


@pytest.mark.parametrize("name", COMMANDS)
def test_wrong_input_is_2(
    name: str, words: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, output, errors = run(monkeypatch, capsys, *words[name], "--no-such-flag")
    assert (code, output) == (2, "")
    assert errors.splitlines()[-1].endswith("error: unrecognized arguments: --no-such-flag")


@pytest.mark.parametrize("name", CLIENTS)
def test_no_server_is_one_line_and_5(
    name: str, words: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JOBYARD_SERVER", "http://127.0.0.1:1")
    code, output, errors = run(monkeypatch, capsys, *words[name])
    assert (code, output.replace(f"job {NOBODY}\n", ""), errors.count("\n")) == (5, "", 1)
    assert errors.startswith("jobyard: No server at http://127.0.0.1:1: ")


@pytest.mark.parametrize("name", CLIENTS)
def test_a_server_that_needs_sign_in_is_one_line_and_3(
    name: str,
    words: dict[str, list[str]],
    closed: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JOBYARD_SERVER", closed.address)
    given = [closed.address if word.startswith("http://") else word for word in words[name]]
    code, output, errors = run(monkeypatch, capsys, *given)
    assert (code, output.replace(f"job {NOBODY}\n", ""), errors.count("\n")) == (3, "", 1)
    assert errors.startswith("jobyard: You are not signed in" if name != "login" else "jobyard: ")


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in SILENT])
def test_a_closed_output_ends_it_quietly_with_141(
    name: str, words: dict[str, list[str]], server: Server, job: str
) -> None:
    given = [job if word == NOBODY and name in ("follow", "show", "tasks", "pause") else word for word in words[name]]
    given = [server.address if word.startswith("http://") else word for word in given]
    if name == "rehearse":
        given = ["rehearse"]
    line, environment = command(server, *given)
    reader, writer = os.pipe()
    os.close(reader)
    process = processes.start_raw(line, stdout=writer, stderr=subprocess.PIPE, env=environment)
    os.close(writer)
    assert ended(process) == (141, "")


@pytest.mark.parametrize("name", CLIENTS)
def test_ctrl_c_ends_who_waits_for_a_server_with_130(name: str, words: dict[str, list[str]]) -> None:
    interrupted: list[subprocess.Popen[bytes]] = []

    def answer(asked: Asked) -> Reply:
        interrupted[0].send_signal(signal.SIGINT)
        return NEVER

    with answering(answer) as never:
        given = [word for word in words[name] if word not in ("--server", "http://127.0.0.1:1")]
        line, environment = command(None, *given, "--server", never.address)
        process = processes.start_raw(
            line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        )
        interrupted.append(process)
        assert ended(process) == (130, "")


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        *((name, "--config") for name in ("serve", "config", "doctor", "backup new", "restore old", "upgrade --check")),
        ("keys new", "--file"),
    ],
)
def test_ctrl_c_ends_who_reads_a_file_with_130(tmp_path: Path, name: str, flag: str) -> None:
    path = tmp_path / "slow"
    os.mkfifo(path)
    line, environment = command(None, *name.split(), flag, str(path))
    process = processes.start_raw(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    with path.open("w"):  # opens once the command reads
        process.send_signal(signal.SIGINT)
        assert ended(process)[0] == 130


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_names_every_command_and_is_one(tmp_path: Path, shell: str) -> None:
    done = jobyard("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert [name for name in COMMANDS if name.split()[-1] not in done.stdout] == []
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} to read it")
    (tmp_path / "script").write_text(done.stdout)
    assert processes.run([shell, "-n", str(tmp_path / "script")]).stderr == ""


def test_the_shell_completes_a_command() -> None:
    script = jobyard("completion", "bash").stdout
    asking = 'COMP_WORDS=(jobyard pau); COMP_CWORD=1; _shtab_jobyard; echo "${COMPREPLY[@]}"'
    assert processes.run(["bash", "-c", f"{script}\n{asking}"], cwd=ROOT).stdout.split() == ["pause"]
