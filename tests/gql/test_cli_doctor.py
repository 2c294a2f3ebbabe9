"""`jobyard doctor`: a line for each check with its remedy, and the exit code of the worst failure."""

import json
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
from pymongo import MongoClient

from ..endpoints import Reply, answering
from ..servers import serving
from .test_cli import jobyard


def findings(*arguments: str, code: int = 0) -> dict[str, list[tuple[str, str, str]]]:
    """Result, fact and remedy of each check."""
    done = jobyard("doctor", "--port", "0", "--output", "json", *arguments)
    assert (done.returncode, done.stderr) == (code, ""), done.stdout
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in json.loads(done.stdout):
        found.setdefault(row["check"], []).append((row["result"], row["fact"], row["remedy"]))
    return found


def test_it_says_each_check_in_a_line_and_counts_them() -> None:
    done = jobyard("doctor", "--memory", "--port", "0")
    *lines, counts = done.stdout.splitlines()
    assert done.returncode == 0
    assert {line[:6] for line in lines} <= {"ok    ", "warn  ", "fail  "}
    warning = "database: memory: nothing survives the server. Set MONGODB_URI, or leave out --memory"
    assert f"warn  {warning}" in lines
    starts = [line[:2] for line in lines]
    assert counts == f"{starts.count('ok')} ok, {starts.count('wa')} warn, 0 fail"


def test_a_database_is_written_to_and_left_as_it_was(
    mongodb_uri: str, mongodb: MongoClient[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONGODB_URI", mongodb_uri)
    monkeypatch.setenv("JOBYARD_DATABASE", "doctor_only")
    found = findings()
    assert [result for result, *_ in found["database"]] == ["ok", "ok"]
    assert found["database"][1][1] == "a journaled write to a majority works"
    assert (found["replica set"][0][0], found["clock"][0][0]) == ("ok", "ok")
    assert "doctor_only" not in mongodb.list_database_names()


def test_a_database_that_does_not_answer_is_5(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_URI", "mongodb://ada:hunter2@127.0.0.1:1/?serverSelectionTimeoutMS=200")
    ((result, fact, remedy),) = findings(code=5)["database"]
    assert (result, remedy) == ("fail", "Start the database, or correct MONGODB_URI")
    assert fact.startswith("MongoDB 127.0.0.1:1, database jobyard does not answer: ")
    assert "hunter2" not in fact


def test_settings_that_cannot_be_are_2_and_the_rest_is_not_examined(tmp_path: Path) -> None:
    (tmp_path / "jobyard.toml").write_text("prot = 1")
    found = findings("--config", str(tmp_path / "jobyard.toml"), code=2)
    assert list(found) == ["python", "settings"]
    assert found["settings"][0][:2] == (
        "fail",
        f"{tmp_path}/jobyard.toml:1: there is no setting 'prot': did you mean 'port'?",
    )


def test_files_that_others_can_read_are_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = tmp_path / "keys"
    assert jobyard("keys", "new", "--file", str(keys)).returncode == 0
    keys.chmod(0o644)
    settings = tmp_path / "jobyard.toml"
    settings.write_text('admin_password = "long enough"\nsecrets_key_file = "keys"\nmemory = true\n')
    settings.chmod(0o644)
    monkeypatch.setenv("JOBYARD_LOG_LEVL", "info")
    found = findings("--config", str(settings))
    fact = f"{settings} holds admin_password, and other users can read it"
    assert found["settings"] == [("warn", fact, f"chmod 600 {settings}")]
    assert found["secrets"] == [("warn", f"other users can read {keys}", f"chmod 600 {keys}")]
    assert found["environment"] == [("warn", "JOBYARD_LOG_LEVL is no setting", "Is JOBYARD_LOG_LEVEL meant?")]
    for path in (settings, keys):
        path.chmod(0o600)
    found = findings("--config", str(settings))
    assert (found["settings"][0][0], found["secrets"][0][0]) == ("ok", "ok")


def test_a_folder_for_data_is_examined(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(0o755)
    (tmp_path / "data").chmod(0o755)
    result, fact, remedy = findings("--data", str(tmp_path / "data"))["data"][0]
    assert (result, remedy) == ("warn", f"chmod 700 {tmp_path}/data")
    assert "MiB free; other users may read it" in fact
    assert findings("--data", str(tmp_path / "new" / "data"))["data"][0][0] == "ok"
    (tmp_path / "file").touch()
    assert findings("--data", str(tmp_path / "file"), code=1)["data"][0][0] == "fail"


def test_a_providers_file_with_a_fault_is_2(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("providers: [{app: Jira}]")
    ((result, fact, _),) = findings("--memory", "--providers", str(tmp_path / "p.yaml"), code=2)["providers"]
    assert (result, "'url' is missing" in fact) == ("fail", True)


def test_a_port_that_is_taken_is_1() -> None:
    with create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ((result, fact, _),) = findings("--memory", "--port", port, code=1)["port"]
    assert (result, f"127.0.0.1:{port} is taken by another program" in fact) == ("fail", True)


def test_a_server_is_asked_for_its_state_and_release() -> None:
    with serving("--memory") as server:
        ((result, fact, _),) = findings("--memory", "--url", server.address)["server"]
        assert (result, fact.startswith(f"{server.address} is ready, release ")) == ("ok", True)
    ((result, fact, _),) = findings("--memory", "--url", server.address, code=5)["server"]
    assert (result, fact.startswith(f"{server.address} does not answer: ")) == ("fail", True)


@pytest.mark.parametrize(
    ("reply", "fact"),
    [(Reply(b"draining", 503, {}), "is not ready: draining"), (Reply(b"hello", 200, {}), "is no jobyard server")],
)
def test_a_server_that_is_not_ready_is_5(reply: Reply, fact: str) -> None:
    with answering(lambda asked: reply) as other:
        ((result, said, _),) = findings("--memory", "--url", other.address, code=5)["server"]
    assert (result, said) == ("fail", f"{other.address} {fact}")


def test_a_server_of_another_release_is_a_warning() -> None:
    replies = {"/readyz": Reply(b"ok", 200, {}), "/health/server": Reply(b'{"version": "9.9"}', 200, {})}
    with answering(lambda asked: replies[asked.path]) as other:
        ((result, said, remedy),) = findings("--memory", "--url", other.address)["server"]
    assert (result, remedy) == ("warn", "Use the same release")
    assert "has release 9.9; this command has 0.1.0" in said
