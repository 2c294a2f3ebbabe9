"""SIGHUP reads the providers file and the level of the log again: all of it, or nothing."""

import json
import signal
import threading
from collections.abc import Generator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from ..documents import chain, task
from ..servers import Server, graphql, import_documents, serving

SECONDS = 30
START = 'mutation { startJob(workflow: "w", options: {}, waitSeconds: 20) { status error { message } } }'


class Lines:
    """The lines of a server's log after its greeting, as they come."""

    def __init__(self, server: Server) -> None:
        self._queue: Queue[str] = Queue()
        self._output = server.process.stdout
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        for line in self._output or ():
            self._queue.put(line)

    def event(self, name: str) -> dict[str, Any]:
        """The next line of the event."""
        while True:
            line = self._queue.get(timeout=SECONDS)
            if line.startswith("{") and json.loads(line)["event"] == name:
                return json.loads(line)


@pytest.fixture
def server(tmp_path: Path) -> Generator[Server]:
    (tmp_path / "providers.yaml").write_text("providers:\n  - {app: Jira, stub: true}\n")
    settings = tmp_path / "jobyard.toml"
    settings.write_text('providers = "providers.yaml"\nlog_format = "json"\nlog_level = "info"\nmemory = true\n')
    with serving("--config", str(settings)) as one:
        import_documents(one, chain("w", a1=task("createIssue", app="Jira")))
        yield one


def outcome(server: Server) -> str:
    return graphql(server, START)["startJob"]["status"]


def test_providers_and_level_are_read_again(server: Server, tmp_path: Path) -> None:
    lines = Lines(server)
    assert f"settings: {tmp_path}/jobyard.toml" in server.greeting
    assert outcome(server) == "COMPLETE"
    (tmp_path / "providers.yaml").write_text("providers: []\n")
    text = (tmp_path / "jobyard.toml").read_text().replace('"info"', '"debug"') + "lease_ms = 5000\n"
    (tmp_path / "jobyard.toml").write_text(text)
    server.process.send_signal(signal.SIGHUP)
    line = lines.event("settings_reloaded")
    assert (line["level"], line["log_level"], line["later"]) == ("warning", "debug", ["lease"])
    assert line["providers"] == str(tmp_path / "providers.yaml")
    assert outcome(server) == "ERROR"


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("providers.yaml", "providers:\n  - {app: Jira, stbu: true}\n", "line 2: unknown key 'stbu'"),
        ("jobyard.toml", 'providers = "providers.yaml"\nlog_levle = "info"\n', "2: there is no setting 'log_levle'"),
    ],
)
def test_a_file_with_a_fault_leaves_everything_as_it_was(
    server: Server, tmp_path: Path, name: str, text: str, reason: str
) -> None:
    lines = Lines(server)
    (tmp_path / name).write_text(text)
    server.process.send_signal(signal.SIGHUP)
    line = lines.event("reload_refused")
    assert (line["level"], reason in line["message"]) == ("error", True)
    assert outcome(server) == "COMPLETE"
