"""What becomes of tests that fail, hang or are killed: beside each other, as `make test` runs them, and one by one."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from jobyard.resolvers.store.mongod import find_mongod

from . import processes
from .parts import ROOT, require

HANGING = "tests/hanging.py"
ENDING_SECONDS = 40  # a mongod closes its files in order
ONE, TWO = (), tuple((ROOT / "Makefile").read_text().partition("TWO_PROCESSES := ")[2].splitlines()[0].split())
each_shape = pytest.mark.parametrize("shape", [pytest.param(ONE, id="one process"), pytest.param(TWO, id="two")])


def pytest_command(test: str, *options: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, f"{HANGING}::{test}"]


@each_shape
def test_a_test_that_hangs_is_named_at_once_and_shows_where_each_thread_stands(shape: tuple[str, ...]) -> None:
    done = processes.run(pytest_command("test_in_two_threads", *shape, "--timeout", "3"), cwd=ROOT)
    assert done.returncode == 1
    during, _, after = done.stdout.partition("= FAILURES =")
    line = f"FAILED {HANGING}::test_in_two_threads: Failed: Timeout (>3.0s) from pytest-timeout."
    assert line in during.splitlines()
    assert ", in wait_for_ever" in done.stdout  # the other thread, during the run or after it
    assert re.search(r"^>\s+NEVER\.wait\(\)", after, re.MULTILINE)  # the test's own


@each_shape
def test_a_task_that_hangs_shows_what_it_waits_for(shape: tuple[str, ...]) -> None:
    done = processes.run(pytest_command("test_in_a_task", *shape, "--timeout", "1"), cwd=ROOT)
    assert done.returncode == 1
    assert re.search(r"hanging\.py:\d+ in forget_to_answer", done.stdout)


def test_a_test_that_hears_no_time_limit_ends_with_its_process() -> None:
    options = ("--timeout", "1", "-o", "faulthandler_timeout=2")
    done = processes.run(pytest_command("test_with_a_deaf_ear", *TWO, *options), cwd=ROOT)
    assert done.returncode == 1
    assert " in wait_for_ever" in done.stderr
    during, _, _ = done.stdout.partition("= FAILURES =")
    # Once: pytest-xdist would give it to one process after the other.
    assert len(re.findall(r"^FAILED tests/hanging\.py::.*crashed while running", during, re.MULTILINE)) == 1


def test_tests_start_processes_so_that_they_end_with_them() -> None:
    """By `processes.run` and `processes.start`."""
    files = [path for path in (ROOT / "tests").rglob("*.py") if path.name != "processes.py"]
    by_themselves = re.compile(r"subprocess\.(run|Popen|call|check_\w+|getoutput)\(|os\.(system|popen)\(")
    assert [str(path) for path in files if by_themselves.search(path.read_text())] == []


def test_every_test_has_both_limits(pytestconfig: pytest.Config) -> None:
    assert 0 < float(pytestconfig.getini("timeout")) < float(pytestconfig.getini("faulthandler_timeout")) <= 900
    assert pytestconfig.getini("faulthandler_exit_on_timeout")


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="Linux alone ends processes with those that started them")
@pytest.mark.parametrize(
    ("shape", "killed"),
    [
        pytest.param(ONE, "the first", id="the only process"),
        pytest.param(TWO, "the first", id="the first of pytest-xdist"),
        pytest.param(TWO, "the one of the test", id="another of pytest-xdist"),
    ],
)
def test_all_that_a_test_started_ends_with_its_process_when_that_is_killed(
    shape: tuple[str, ...], killed: str, tmp_path: Path
) -> None:
    require(find_mongod(), "a mongod: pip install jobyard[mongod]")
    pipe = tmp_path / "started"
    os.mkfifo(pipe)
    command = pytest_command("test_with_everything_started", *shape, "--basetemp", str(tmp_path / "inner"))
    environment = {**os.environ, "STARTED": str(pipe)}
    outer = processes.start(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert pipe.read_text() == "everything"
        of_the_test = Parents.now().with_a_child_that_runs("tests/serve.py", under=outer.pid)
        started = list(Parents.now().descendants(of_the_test))
        assert len(started) >= 5, started  # two mongods, the server, two programs
        watched = {pid: os.pidfd_open(pid) for pid in {of_the_test, *started} - {outer.pid}}
        os.kill(outer.pid if killed == "the first" else of_the_test, signal.SIGKILL)
        left = left_after(ENDING_SECONDS, watched)
        outer.wait(ENDING_SECONDS)
    finally:
        outer.kill()
        outer.wait()
    assert left == {}


class Parents(dict[int, int]):
    """Each process of this machine with its parent."""

    @classmethod
    def now(cls) -> "Parents":
        stats = [_read(path) for path in Path("/proc").glob("[0-9]*/stat")]
        fields = [(stat.partition(" ")[0], stat.rpartition(") ")[2].split()) for stat in stats if stat]
        return cls((int(pid), int(rest[1])) for pid, rest in fields)

    def descendants(self, of: int) -> Iterator[int]:
        for child in [pid for pid, parent in self.items() if parent == of]:
            yield child
            yield from self.descendants(child)

    def with_a_child_that_runs(self, program: str, under: int) -> int:
        (found,) = {self[pid] for pid in self.descendants(under) if program in _read(Path(f"/proc/{pid}/cmdline"))}
        return found


def _read(file: Path) -> str:
    """Nothing of a process that is gone."""
    try:
        return file.read_text()
    except OSError:
        return ""


def left_after(seconds: float, watched: dict[int, int]) -> dict[int, str]:
    """The commands of those processes that have not ended by then, and their end."""
    until = time.monotonic() + seconds
    waiting = dict(watched)
    while waiting and (remaining := until - time.monotonic()) > 0:
        ended, _, _ = select.select(list(waiting.values()), [], [], remaining)
        waiting = {pid: handle for pid, handle in waiting.items() if handle not in ended}
    left = {pid: _read(Path(f"/proc/{pid}/cmdline")) for pid in waiting}
    for handle in waiting.values():
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    for handle in watched.values():
        os.close(handle)
    return left
