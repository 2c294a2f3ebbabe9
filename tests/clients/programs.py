"""Programs of other people, installed as pip installs them, and what is said with one that runs."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from .. import processes
from ..parts import require

ANSWER_SECONDS = 60
QUIET = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-compile")


class Installation:
    """Requirements in an environment of their own. It begins at once and is waited for where it is needed."""

    def __init__(self, requirement: str, folder: Path) -> None:
        self.requirement = requirement
        self.folder = folder
        self._said = ""
        self._done = False
        self._thread = threading.Thread(target=self._install)
        self._thread.start()

    def program(self, name: str) -> str:
        """The path of a program that the requirement brings, or of its `python`."""
        self.wait()
        require(self._done, f"{self.requirement} from a package registry: {self._last_line()}")
        return str(self.folder / "bin" / name)

    def _last_line(self) -> str:
        """Of an installer that may have said nothing."""
        return (self._said.strip().splitlines() or ["it said nothing"])[-1]

    def wait(self) -> None:
        self._thread.join()

    def _install(self) -> None:
        python = str(self.folder / "bin" / "python")
        self._done = self._ran("venv", "--without-pip", str(self.folder)) and self._ran(
            "pip", "--python", python, "install", *QUIET, "--retries", "1", *self.requirement.split()
        )

    def _ran(self, *module: str) -> bool:
        done = processes.run([sys.executable, "-m", *module])
        self._said += done.stdout + done.stderr
        return done.returncode == 0


class Conversation:
    """A running program that takes a line of JSON at a time and answers with one."""

    def __init__(self, *command: str, environment: dict[str, str] | None = None) -> None:
        self.process = processes.start(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, bufsize=1
        )

    def say(self, what: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{json.dumps(what)}\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        """A program that is silent for ANSWER_SECONDS is killed."""
        assert self.process.stdout is not None
        watchdog = threading.Timer(ANSWER_SECONDS, self.process.kill)
        watchdog.start()
        line = self.process.stdout.readline()
        watchdog.cancel()
        assert line, f"the program ended with {self.process.wait()}"
        return json.loads(line)

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(ANSWER_SECONDS)
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
