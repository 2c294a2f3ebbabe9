"""Clients from PyPI: each starts a job and follows it, pages, and sees the code of an error."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from strawberry.test import BaseGraphQLTestClient

from ... import processes
from ...parts import ROOT
from ..conftest import Place
from ..programs import Installation
from .conftest import HERE, RUN_SECONDS, WORKFLOW

pytestmark = pytest.mark.timeout(600)  # with the installation of the packages

SCRIPTS = HERE / "python"
Program = Callable[..., str]


@pytest.fixture(scope="session")
def program(libraries: Installation, story: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Runs a program of the environment; gives what it prints."""
    folder = tmp_path_factory.mktemp("made")

    def run(name: str, *options: str) -> str:
        done = processes.run([libraries.program(name), *options], cwd=folder, env=story, timeout=RUN_SECONDS)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"
        return done.stdout

    return run


def told(program: Program, script: str, *options: str) -> Any:
    return json.loads(program("python", str(SCRIPTS / script), *options))


def told_the_story(one: Any, *, followed: bool = True) -> bool:
    first, second = one["paged"]
    return (
        len(one["started"]) == 24
        and (not followed or one["followed"][-1] == "COMPLETE")
        and first == one["started"] != second
        and one["refused"] == "JOB_NOT_FOUND"
    )


def test_gql_over_all_of_its_transports(program: Program) -> None:
    ways = told(program, "ask_with_gql.py")
    assert len(ways) == 6
    for way, one in ways.items():
        assert told_the_story(one, followed="websockets" in way), way
    assert ways["requests"]["batch"] == ways["httpx"]["batch"] == {"viewer": {"username": "admin"}}


def test_sgqlc_with_its_generator(program: Program, place: Place) -> None:
    header = f"Authorization: Bearer {place.token}"
    program("python", "-m", "sgqlc.introspection", "-H", header, f"{place.address}/graphql", "schema.json")
    program("sgqlc-codegen", "schema", "schema.json", "made_by_sgqlc.py")
    assert told_the_story(told(program, "ask_with_sgqlc.py", "made_by_sgqlc.py"))


def test_ariadne_codegen(program: Program, tmp_path: Path) -> None:
    settings = {
        "schema_path": str(ROOT / "schema.graphql"),
        "queries_path": str(SCRIPTS / "operations.graphql"),
        "target_package_name": "made",
        "target_package_path": str(tmp_path),
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    (tmp_path / "settings.toml").write_text("\n".join(["[tool.ariadne-codegen]", *lines]))
    program("ariadne-codegen", "--config", str(tmp_path / "settings.toml"))
    assert told_the_story(told(program, "ask_with_ariadne_codegen.py", str(tmp_path)))


class StrawberryClient(BaseGraphQLTestClient):
    """Strawberry's, over a real connection."""

    def request(self, body: Any, headers: Any = None, files: Any = None) -> Any:
        return self._client.post(self.url, json=body, headers=headers)


def test_the_client_of_strawberry(place: Place, story: dict[str, str]) -> None:
    with httpx.Client(headers={"authorization": f"Bearer {place.token}"}, timeout=30) as http:
        client: Any = StrawberryClient(http, url=f"{place.address}/graphql")
        start = "mutation ($workflow: String!) { startJob(workflow: $workflow, options: {}) { id } }"
        started = client.query(start, {"workflow": WORKFLOW}).data["startJob"]["id"]
        followed: list[str] = []
        while followed[-1:] in ([], ["RUNNING"]):
            look = client.query("query ($id: ID!) { job(id: $id) { status } }", {"id": started})
            followed.append(look.data["job"]["status"])
        page = "query ($after: String) { jobs(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }"
        first = client.query(page).data["jobs"]
        second = client.query(page, {"after": first["pageInfo"]["endCursor"]}).data["jobs"]
        unknown = client.query('{ job(id: "ffffffffffffffffffffffff") { id } }', assert_no_errors=False)
        one = {
            "started": started,
            "followed": followed,
            "paged": [found["nodes"][0]["id"] for found in (first, second)],
            "refused": unknown.errors[0]["extensions"]["code"],
        }
    assert told_the_story(one)
