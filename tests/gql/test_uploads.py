"""Uploads have a size: what is over it is refused with the right code, names the limit, and stores nothing."""

import asyncio
import json
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from jobyard.gql.http.bodies import LARGEST_ANONYMOUS, MOST_CONTAINERS
from jobyard.gql.http.connections import LARGEST_MESSAGE

from .. import processes
from ..documents import chain, task
from ..doors import Doors
from ..parts import ROOT
from ..servers import serving
from .world import World

LARGE = 17 * 1024 * 1024
IMPORT = "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { imported { id } skipped { reason } } }"
ROUTES = (
    "/workflow_builder/import",
    "/automation-studio/workflows",
    "/transformations/import",
    "/json-forms/import/forms",
    "/operations-manager/jobs/start",
    "/graphql",
)


async def stored(doors: Doors) -> int:
    database = doors.services.store.database
    return sum([await database[name].count_documents({}) for name in ("workflows", "transformations", "forms", "jobs")])


@pytest.mark.anyio
@pytest.mark.parametrize("path", ROUTES)
async def test_every_way_to_upload_refuses_what_is_too_large(doors: Doors, path: str) -> None:
    document = chain("large", a1=task("newVariable", name="n", value="x" * LARGE))
    body = json.dumps({"query": IMPORT, "variables": {"d": [document]}, "workflow": document, "transformation": {}})
    answer = await doors.http.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert f"{LARGEST_MESSAGE:,} bytes" in answer.json()["message"]
    assert answer.json()["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"
    assert await stored(doors) == 0


@pytest.mark.anyio
@pytest.mark.parametrize("path", ROUTES)
async def test_every_way_to_upload_refuses_too_many_parts(doors: Doors, path: str) -> None:
    body = b'{"workflow": {"tasks": [' + b"{}," * MOST_CONTAINERS + b"{}]}}"
    answer = await doors.http.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert f"{MOST_CONTAINERS:,} objects and arrays" in answer.json()["message"]
    assert await stored(doors) == 0


@pytest.mark.anyio
async def test_a_stranger_uploads_what_it_takes_to_sign_in(world: World) -> None:
    http = world.people.doors.http
    assert (await http.post("/workflow_builder/import", content=b"x" * (LARGEST_ANONYMOUS + 1))).status_code == 401
    answer = await http.post("/login", content=b"x" * (LARGEST_ANONYMOUS + 1))
    assert answer.status_code == 413
    assert f"{LARGEST_ANONYMOUS:,} bytes" in answer.json()["message"]


@pytest.mark.anyio
@pytest.mark.parametrize("path", ROUTES)
async def test_files_in_forms_are_not_taken(doors: Doors, path: str) -> None:
    files = {"operations": (None, json.dumps({"query": IMPORT, "variables": {"d": [None]}})), "0": ("a.json", b"{}")}
    answer = await doors.http.post(path, files=files)
    assert 400 <= answer.status_code < 500
    assert await stored(doors) == 0


@pytest.mark.anyio
async def test_an_import_of_10_megabytes_leaves_others_their_turn(doors: Doors) -> None:
    turns: list[float] = []

    async def count() -> None:
        while True:
            turns.append(time.monotonic())
            await asyncio.sleep(0.001)

    counting = asyncio.create_task(count())
    body = json.dumps({"query": IMPORT, "variables": {"d": [list(range(1_500_000))]}})
    answer = await doors.http.post("/graphql", content=body, headers={"content-type": "application/json"})
    counting.cancel()
    report = answer.json()["data"]["importWorkflows"]
    assert report["imported"] == []
    assert report["skipped"][0] == {"reason": "not a JSON object"}
    longest = max(after - before for before, after in pairwise(turns))
    assert longest < (turns[-1] - turns[0]) / 3, "in one go, it takes as long as the whole request"


def test_the_command_line_says_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    file.write_text(json.dumps(chain("large", a1=task("newVariable", name="n", value="x" * LARGE))))
    with serving("--memory") as server:
        ran = jobyard("import", str(file), "--server", server.address)
    assert ran.returncode == 1
    assert "16,777,216 bytes" in ran.stderr
    assert len(ran.stderr) < 500


def jobyard(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return processes.run([sys.executable, "tests/serve.py", *arguments], cwd=ROOT, timeout=60)
