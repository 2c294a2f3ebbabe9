"""Wheels that are built from a clean copy of this checkout."""

import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

from . import processes
from .parts import ROOT

# What an earlier build or set-up left in a checkout must not get into a wheel.
LEFT_OUT = (".git", ".venv", "vendor", "build", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis", "node_modules")


def clean_copy(folder: Path) -> Path:
    shutil.copytree(ROOT, folder / "checkout", ignore=shutil.ignore_patterns(*LEFT_OUT))
    return folder / "checkout"


def built(checkout: Path, *flags: str, **options: Any) -> tuple[set[str], str]:
    """The files inside its wheel, and what the build said."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(checkout.parent)]
    done = processes.run([*command, *flags, str(checkout)], **options)
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(wheel_beside(checkout)) as archive:
        return set(archive.namelist()), done.stdout + done.stderr


def wheel_beside(checkout: Path) -> Path:
    (wheel,) = checkout.parent.glob("*.whl")
    return wheel
