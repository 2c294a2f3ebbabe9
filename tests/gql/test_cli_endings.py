"""How commands end that are cut off: quietly, and with the exit codes of a shell."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from socket import create_server

import pytest

from .. import processes
from ..documents import greeting
from ..endpoints import NEVER, Asked, Reply, answering
from ..parts import ROOT
from ..servers import Server, import_documents, serving
from .test_cli_follow import asking, start

SECONDS = 60


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory") as one:
        import_documents(one, greeting(), asking())
        yield one


@pytest.fixture
def job(server: Server) -> str:
    return start(server, "ask")


def command(server: Server | None, *arguments: str) -> tuple[list[str], dict[str, str]]:
    environment = {**os.environ, "JOBYARD_SERVER": server.address if server else "http://127.0.0.1:1"}
    return [sys.executable, str(ROOT / "tests" / "serve.py"), *arguments], environment


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """The exit code, and what it says of it."""
    try:
        _, errors = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
    return process.returncode, errors.decode()


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["follow", "JOB"], ["start", "ask", "--wait"], ["start", "ask"], ["pause", "JOB"], ["schema"]],
    ids=" ".join,
)  # fmt: skip
def test_a_reader_that_is_gone_ends_a_command_quietly(server: Server, job: str, arguments: list[str]) -> None:
    line, environment = command(server, *[job if one == "JOB" else one for one in arguments])
    reader, writer = os.pipe()
    os.close(reader)
    process = processes.start_raw(line, stdout=writer, stderr=subprocess.PIPE, env=environment)
    os.close(writer)
    assert ended(process) == (141, "")


def test_an_output_without_room_is_told_in_a_sentence(server: Server, job: str) -> None:
    for arguments in (["list"], ["follow", job]):
        line, environment = command(server, *arguments)
        with open("/dev/full", "wb") as full:
            process = processes.start_raw(line, stdout=full, stderr=subprocess.PIPE, env=environment)
            assert ended(process) == (1, "jobyard: the output cannot be written: No space left on device.\n")


def test_an_output_that_was_closed_before_is_none(server: Server, job: str) -> None:
    line, environment = command(server, "list")
    process = processes.start_raw(["sh", "-c", '"$@" >&-', "sh", *line], stderr=subprocess.PIPE, env=environment)
    assert ended(process) == (0, "")


@pytest.mark.parametrize("arguments", [["follow", "JOB"], ["start", "ask", "--wait"]], ids=" ".join)
def test_ctrl_c_ends_who_follows_with_130(server: Server, job: str, arguments: list[str]) -> None:
    line, environment = command(server, *[job if one == "JOB" else one for one in arguments])
    process = processes.start_raw(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    while b"running" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert ended(process) == (130, "")


@pytest.mark.parametrize(
    "arguments", [["list"], ["start", "x"], ["cancel", "f" * 24], ["follow", "f" * 24]], ids=" ".join
)
def test_ctrl_c_ends_who_waits_for_an_answer_with_130(arguments: list[str]) -> None:
    interrupted: list[subprocess.Popen[bytes]] = []

    def answer(asked: Asked) -> Reply:
        interrupted[0].send_signal(signal.SIGINT)
        return NEVER

    with answering(answer) as never:
        line, environment = command(None, *arguments, "--server", never.address)
        interrupted.append(processes.start_raw(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment))
        assert ended(interrupted[0]) == (130, "")


@pytest.mark.parametrize("name", ["check", "rehearse", "import"])
def test_ctrl_c_ends_who_reads_a_file_with_130(tmp_path: Path, name: str) -> None:
    path = tmp_path / "slow.json"
    os.mkfifo(path)
    line, environment = command(None, name, str(path))
    process = processes.start_raw(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    with path.open("w"):  # opens once the command reads
        process.send_signal(signal.SIGINT)
        assert ended(process) == (130, "")


def test_ctrl_c_ends_a_command_that_still_loads_its_parts_with_130(tmp_path: Path) -> None:
    loading = tmp_path / "loading"
    os.mkfifo(loading)
    (tmp_path / "httpx.py").write_text(f"open({str(loading)!r}).read()")
    line, environment = command(None, "list")
    process = processes.start_raw(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**environment, "PYTHONPATH": str(tmp_path)}
    )
    with loading.open("w"):
        process.send_signal(signal.SIGINT)
        assert ended(process) == (130, "")


def test_ctrl_c_ends_a_server_that_still_starts_with_130() -> None:
    with create_server(("127.0.0.1", 0)) as silent:
        line, environment = command(None, "serve", "--open", "--port", "0")
        environment["MONGODB_URI"] = f"mongodb://127.0.0.1:{silent.getsockname()[1]}/"
        process = processes.start_raw(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        silent.settimeout(SECONDS)
        connection, _ = silent.accept()
        with connection:
            process.send_signal(signal.SIGINT)
            assert ended(process) == (130, "")


@pytest.mark.parametrize(("typed", "code"), [(b"\x03", 130), (b"\x04", 1)], ids=["Ctrl-C", "Ctrl-D"])
def test_who_gives_no_password_leaves_quietly(server: Server, typed: bytes, code: int) -> None:
    line, environment = command(server, "login", "admin")
    terminal, its_side = os.openpty()
    own = "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])"  # the terminal is to be its own
    process = processes.start_raw([line[0], "-c", own, *line], stdin=its_side, env=environment)
    os.close(its_side)
    try:
        said = b""
        while b"password of admin: " not in said:
            said += os.read(terminal, 1024)
        os.write(terminal, typed)
        rest = b""
        while True:
            try:
                rest += os.read(terminal, 1024)
            except OSError:
                break  # it has left its terminal
        assert process.wait(SECONDS) == code
    finally:
        process.kill()
        os.close(terminal)
    assert rest.replace(b"^C", b"").split() == (b"" if code == 130 else b"jobyard: No password was given.").split()


def test_a_terminal_of_few_characters_gets_escapes(server: Server) -> None:
    line, environment = command(server, "start", "greet", "--var", "name=Zürich", "--description", "für Zoë", "--wait")
    environment["PYTHONIOENCODING"] = "ascii"
    done = processes.run(line, check=True, env=environment, timeout=SECONDS)
    status, _, variables = done.stdout.splitlines()[-1].partition(" ")
    assert (status, json.loads(variables)["name"]) == ("complete", "Zürich")
    line[-1:], line[2:] = [], ["list", "--first", "1"]
    done = processes.run(line, check=True, env=environment, timeout=SECONDS)
    assert done.stdout.endswith("f\\xfcr Zo\\xeb\n")
