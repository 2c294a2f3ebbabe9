"""`jobyard keys` as an operator uses it: real processes, beside jobs that go on all the time."""

import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bson
import httpx
import pytest
from pymongo import MongoClient

from .. import processes
from ..documents import chain, task
from ..parts import ROOT
from ..servers import Server, serving

SECRET = "ZZsecretZZ-4471"
JOBS = 5
PATIENCE = 90  # seconds for what is done in one or two


def jobyard(*arguments: str, server: str = "http://127.0.0.1:1") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JOBYARD_SERVER": server}
    command = [sys.executable, str(ROOT / "tests" / "serve.py"), "keys", *arguments]
    return processes.run(command, env=environment, timeout=PATIENCE)


def going_round() -> dict[str, Any]:
    """Writes a marked variable again and again."""
    joined = task("stringConcat", outgoing={"combinedStrings": "$var.job.both"}, str="Bearer ", stringN="$var.job.pw")
    document = chain("round", a1=joined, a2=task("delay", time=0.05))
    document["transitions"]["a2"] = {"a1": {"type": "revert", "state": "success"}}
    return {**document, "decorators": [{"type": "encryption", "pointer": f"/{name}"} for name in ("pw", "both")]}


def asked(server: Server, query: str, **variables: Any) -> Any:
    answer = httpx.post(f"{server.address}/graphql", json={"query": query, "variables": variables}, timeout=PATIENCE)
    body = answer.json()
    assert "errors" not in body, body
    return body["data"]


def rounds(client: MongoClient[dict[str, Any]], database: str) -> dict[str, int]:
    return {one["_id"]: one["seq"] for one in client[database].jobs.find({}, {"seq": 1})}


def go_on(client: MongoClient[dict[str, Any]], database: str, since: dict[str, int]) -> None:
    """Return once every job has taken a step more."""
    until = time.monotonic() + PATIENCE
    changes = client[database].jobs.watch(max_await_time_ms=500)
    with changes:
        while any(rounds(client, database)[id] <= seq for id, seq in since.items()):
            assert time.monotonic() < until, "a job does not go on"
            changes.try_next()


def content(client: MongoClient[dict[str, Any]], database: str) -> bytes:
    names = client[database].list_collection_names()
    return b"".join(bson.encode(one) for name in names for one in client[database][name].find())


@contextmanager
def ready(uri: str, database: str, keys: Path) -> Generator[Server]:
    with serving(MONGODB_URI=uri, JOBYARD_DATABASE=database, JOBYARD_SECRETS_KEY_FILE=str(keys)) as server:
        yield server


@pytest.mark.timeout(400)
def test_keys_are_rotated_by_the_command_beside_jobs_that_go_on(
    mongodb_uri: str, mongodb: MongoClient[dict[str, Any]], new_database: str, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    made = jobyard("new", "--file", str(keys), "--id", "k1")
    assert (made.returncode, made.stderr) == (0, "")
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    with ready(mongodb_uri, new_database, keys) as server:
        asked(server, "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { __typename } }", d=[going_round()])
        start = 'mutation($v: JSON) { startJob(workflow: "round", options: { variables: $v }) { id } }'
        jobs = [asked(server, start, v={"pw": SECRET, "n": at})["startJob"]["id"] for at in range(JOBS)]
        go_on(mongodb, new_database, rounds(mongodb, new_database))
        nothing = jobyard("rotate", server=server.address)
        assert (nothing.returncode, nothing.stdout) == (0, "0 sealed anew, 0 left\n")
    assert jobyard("new", "--file", str(keys), "--id", "k2").returncode == 0
    assert re.findall(r"^(\w+):", keys.read_text(), re.MULTILINE) == ["k2", "k1"]
    with ready(mongodb_uri, new_database, keys) as server:
        go_on(mongodb, new_database, rounds(mongodb, new_database))
        rotated = jobyard("rotate", server=server.address)
        assert (rotated.returncode, rotated.stderr) == (0, ""), rotated.stdout
        assert rotated.stdout.splitlines()[-1].endswith(", 0 left")
        go_on(mongodb, new_database, rounds(mongodb, new_database))
        again = jobyard("rotate", server=server.address)
        assert (again.returncode, again.stdout) == (0, "0 sealed anew, 0 left\n")
    stored = content(mongodb, new_database)
    assert (b"1:k1:" in stored, b"1:k2:" in stored, SECRET.encode() in stored) == (False, True, False)
    (entry,) = [line for line in keys.read_text().splitlines() if line.startswith("k2:")]
    keys.write_text(f"{entry}\n")
    with ready(mongodb_uri, new_database, keys) as server:
        go_on(mongodb, new_database, rounds(mongodb, new_database))
        shown = asked(server, "query($id: ID!) { job(id: $id) { status variables error { message } } }", id=jobs[0])
        assert (shown["job"]["status"], shown["job"]["error"]) == ("RUNNING", [])
        assert (shown["job"]["variables"]["pw"], shown["job"]["variables"]["both"]) == ("********", "********")
        ended = asked(server, "mutation($ids: [ID!]!) { cancelJobs(ids: $ids) { done } }", ids=jobs)
        assert ended["cancelJobs"] == [{"done": True}] * JOBS


def test_a_server_that_is_not_there_and_a_file_that_is_no_key_are_one_line(tmp_path: Path) -> None:
    away = jobyard("rotate")
    assert (away.returncode, away.stdout, away.stderr.count("\n")) == (5, "", 1)
    broken = tmp_path / "keys"
    broken.write_text("k1:not a key\n")
    refused = jobyard("new", "--file", str(broken))
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert "not a key" not in refused.stderr
    assert broken.read_text() == "k1:not a key\n"
    printed = jobyard("new", "--id", "mine")
    assert (printed.returncode, printed.stdout[:5]) == (0, "mine:")
