"""The mongod that a server runs for itself dies: it comes back, or the server ends and says why."""

import os
import signal
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from jobyard.resolvers.store.mongod import find_mongod

from ..documents import chain, task
from ..parts import require
from ..servers import Server, graphql, import_documents, serving

START = 'mutation { startJob(workflow: "wait", options: {}) { id } }'
END_SECONDS = 120


@pytest.fixture
def mongod() -> str:
    found = find_mongod()
    require(found, "a mongod: pip install jobyard[mongod]")
    return str(found)


def mongod_of(server: Server) -> int:
    """The process id of its local mongod."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    (found,) = [int(one) for one in children if b"--dbpath" in Path(f"/proc/{one}/cmdline").read_bytes()]
    return found


def started_by_a_client(server: Server) -> str:
    """The id of a job whose start is repeated while the database is away: with its key, it is started once."""
    body = {"workflow": "wait", "options": {}}
    headers = {"idempotency-key": uuid4().hex}
    while True:
        url = f"{server.address}/operations-manager/jobs/start"
        answer = httpx.post(url, json=body, headers=headers, timeout=30)
        if answer.status_code != 503:
            return answer.json()["data"]["_id"]
        assert answer.json()["metadata"]["code"] == "DATABASE_UNAVAILABLE"


def job_of(server: Server, job: str) -> Any:
    answer = httpx.get(f"{server.address}/operations-manager/jobs/{job}", timeout=30)
    assert answer.status_code in (200, 503), answer.text
    return answer.json()["data"]


def test_what_was_started_goes_on_with_a_mongod_that_is_started_again(mongod: str, tmp_path: Path) -> None:
    with serving("--data", str(tmp_path), MONGOD=mongod) as server:
        import_documents(server, chain("wait", a1=task("delay", time=1)))
        for _ in range(2):
            before = graphql(server, START)["startJob"]["id"]
            os.kill(mongod_of(server), signal.SIGKILL)
            during = started_by_a_client(server)
            for job in (before, during):
                while (job_of(server, job) or {}).get("status") != "complete":
                    pass


def test_a_server_whose_mongod_cannot_be_started_again_ends_and_says_why(mongod: str, tmp_path: Path) -> None:
    program = tmp_path / "mongod"
    program.write_text(f'#!/bin/sh\nexec "{mongod}" "$@"\n')
    program.chmod(0o755)
    with serving("--data", str(tmp_path / "data"), MONGOD=str(program), JOBYARD_MONGOD_RETRY_SECONDS="1") as server:
        program.write_text("#!/bin/sh\necho no room is left\nexit 14\n")
        os.kill(mongod_of(server), signal.SIGKILL)
        said, _ = server.process.communicate(timeout=END_SECONDS)
        assert server.process.returncode == 1
    assert "did not bring it back within 1 s (JOBYARD_MONGOD_RETRY_SECONDS). Its log " in said
    assert "no room is left" in said
    assert "Traceback" not in said
