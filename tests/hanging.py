"""Tests that hang, each in its way, for tests/test_hooks.py: nothing runs them unless they are named."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from . import processes
from .servers import serving

NEVER = threading.Event()
DEAF = "import signal, threading; signal.signal(signal.SIGTERM, signal.SIG_IGN); threading.Event().wait()"


def wait_for_ever() -> None:
    NEVER.wait()


def test_in_two_threads() -> None:
    threading.Thread(target=wait_for_ever, daemon=True).start()
    NEVER.wait()


async def forget_to_answer() -> None:
    import anyio

    await anyio.sleep_forever()


@pytest.mark.anyio
async def test_in_a_task() -> None:
    await forget_to_answer()


def test_with_a_deaf_ear() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    wait_for_ever()


def test_with_everything_started(mongodb_uri: str, tmp_path: Path) -> None:
    """A mongod, a server with another, a program that listens to nobody, and one that a thread waits for."""
    with serving("--data", str(tmp_path / "data")):
        processes.start([sys.executable, "-c", DEAF], stdin=subprocess.DEVNULL)
        started = tmp_path / "started"
        os.mkfifo(started)
        program = f"open({str(started)!r}, 'w').close(); {DEAF}"
        threading.Thread(target=processes.run, args=[[sys.executable, "-c", program]], daemon=True).start()
        started.read_text()  # waits until the program opens it: the thread may come to it late
        Path(os.environ["STARTED"]).write_text("everything")  # a pipe, at which somebody waits
        NEVER.wait()
