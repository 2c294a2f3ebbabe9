"""What the tests say while they run: a failure is named when it happens, and a test that hangs says where."""

import asyncio
import os
import signal
from collections.abc import Generator, Iterator
from types import FrameType
from typing import Any

import pytest

from . import processes


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):  # one of the processes of pytest-xdist
        processes.end_with(os.getppid())
    else:
        config.pluginmanager.register(NamesFailures(config))


class NamesFailures:
    """A line among the dots; the whole story follows at the end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(trylast=True)  # after the letter
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and reporter is not None:
            word = f"ERROR in {report.when} of" if report.when in ("setup", "teardown") else "FAILED"
            reporter.write(f"\n{word} {report.nodeid}: {_reason(report)}\n", flush=True)


def _reason(report: pytest.TestReport) -> str:
    """In one line."""
    crash = getattr(report.longrepr, "reprcrash", None)
    lines = (crash.message if crash else report.longreprtext).strip().splitlines() or [""]
    return lines[0 if crash else -1]  # without a crash: what pytest-xdist says of a process that ended


@pytest.hookimpl(wrapper=True)
def pytest_timeout_set_timer() -> Generator[None, Any, Any]:
    """At the time limit pytest-timeout shows the stack of each thread; the main one's may be no more than a loop's."""
    result = yield
    stacks_of_threads = signal.getsignal(signal.SIGALRM)
    if callable(stacks_of_threads):

        def stacks(number: int, frame: FrameType | None) -> None:
            __tracebackhide__ = True
            _print_tasks()
            stacks_of_threads(number, frame)

        signal.signal(signal.SIGALRM, stacks)
    return result


def _print_tasks() -> None:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    for task in asyncio.all_tasks(loop):
        print(f"\n{task.get_name()} waits, the innermost call last:")
        for frame in _awaiting(task.get_coro()):
            print(f"  {os.path.relpath(frame.f_code.co_filename)}:{frame.f_lineno} in {frame.f_code.co_qualname}")


def _awaiting(awaited: object) -> Iterator[FrameType]:
    """The frames of a coroutine and of what it awaits."""
    while awaited is not None:
        kind = next((kind for kind in ("cr", "gi", "ag") if hasattr(awaited, f"{kind}_frame")), None)
        if kind is None or (frame := getattr(awaited, f"{kind}_frame")) is None:
            return
        yield frame
        awaited = getattr(awaited, f"{kind}_yieldfrom" if kind == "gi" else f"{kind}_await")
