"""Parts of the machine that some tests need: absent, they skip with a word; under JOBYARD_STRICT=1 nothing may skip."""

import os
from pathlib import Path

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
