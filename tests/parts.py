"""Parts of the machine that some tests need: absent, they skip with a word; under JOBYARD_STRICT=1 nothing may skip."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("JOBYARD_SHARED", ROOT.parent / "shared"))


def require(present: object, what: str) -> None:
    if not present:
        word = f"needs {what}"
        pytest.fail(word) if os.environ.get("JOBYARD_STRICT") == "1" else pytest.skip(word)


def shared(path: str) -> Path:
    """A file or folder of other people's, read where it lies."""
    found = SHARED / path
    require(found.exists(), f"../shared/{path}")
    return found


MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 4 * 2**30


@contextmanager
def memory_folder() -> Generator[Path | None]:
    """A folder in memory, which ends with the block; None where there is none, or no room.

    A database in it writes as one on a disk does and never waits for the disk; what a test kills is a server, never
    the machine.
    """
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ENOUGH_MEMORY:
        yield None
        return
    for left in MEMORY.glob("jobyard-tests-*"):  # by tests that were killed
        if not Path("/proc", left.name.rpartition("-")[2]).exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(mkdtemp(prefix="jobyard-tests-", suffix=f"-{os.getpid()}", dir=MEMORY))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
