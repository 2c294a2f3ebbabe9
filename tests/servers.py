"""A real server process, out of this checkout, on a free port of the loopback interface."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from . import processes
from .parts import ROOT

START_SECONDS = 90


class Server:
    """Without sign-in, unless it is `closed`; out of another checkout, if `root` is one."""

    script = "tests/serve.py"

    def __init__(self, *flags: str, closed: bool = False, root: Path = ROOT, **environment: str) -> None:
        command = [sys.executable, str(root / self.script), "serve", "--port", "0", *flags]
        command += [] if closed else ["--open"]
        self.process = processes.start(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
        self.greeting = self._greeting()
        found = re.search(r"^(?:playground|GraphQL): (http://\S+)/graphql$", self.greeting, re.MULTILINE)
        assert found, self.greeting
        self.address = found[1]

    def _greeting(self) -> str:
        """What it says until it is ready; one that is not ready in START_SECONDS is killed."""
        assert self.process.stdout is not None
        watchdog = threading.Timer(START_SECONDS, self.process.kill)
        watchdog.start()
        lines: list[str] = []
        while not (lines and lines[-1].startswith("Ctrl-C")):
            line = self.process.stdout.readline()
            if not line:
                watchdog.cancel()
                self.process.wait()
                self.close()
                raise AssertionError(f"the server ended: {''.join(lines)}")
            lines.append(line)
        watchdog.cancel()
        return "".join(lines)

    def kill(self) -> None:
        """kill -9"""
        self.process.kill()
        self.process.wait()
        self.close()

    def stop(self) -> int:
        """Ctrl-C; its exit code."""
        self.process.send_signal(2)
        code = self.process.wait(60)
        self.close()
        return code

    def close(self) -> None:
        """Its output; also of a server that a test has ended itself."""
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def serving(*flags: str, closed: bool = False, root: Path = ROOT, **environment: str) -> Generator[Server]:
    server = Server(*flags, closed=closed, root=root, **environment)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
        server.close()


def graphql(server: Server, query: str, **variables: Any) -> Any:
    answer = httpx.post(f"{server.address}/graphql", json={"query": query, "variables": variables}, timeout=30)
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]


def import_documents(server: Server, *documents: Any) -> None:
    query = "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { skipped { reason } } }"
    assert graphql(server, query, d=list(documents)) == {"importWorkflows": {"skipped": []}}
