"""Processes that end with the process of the test, however that ends: by kill -9, too."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

_LIBC = ctypes.CDLL(None)  # loaded here: in a child that was forked beside other threads nothing may be loaded
_PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """Have Linux kill this process when the thread that started it ends, as with all others when `parent` dies."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died meanwhile
            os.kill(os.getpid(), signal.SIGKILL)


def start(command: Sequence[str], **options: Any) -> subprocess.Popen[str]:
    """Its input and output are text. Start it in a thread that lives as long as it shall: it ends with that, too."""
    return subprocess.Popen(command, text=True, preexec_fn=_ending_with_us(), **options)


def start_raw(command: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    """The same, with input and output as bytes."""
    return subprocess.Popen[bytes](command, preexec_fn=_ending_with_us(), **options)


def run(command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """What it printed is kept, and its exit code is looked at with check=True alone."""
    options = {"capture_output": True, "check": False, **options}
    return subprocess.run(command, text=True, preexec_fn=_ending_with_us(), **options)


def _ending_with_us() -> Any:
    parent = os.getpid()
    return lambda: end_with(parent)
