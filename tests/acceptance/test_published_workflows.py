"""Workflows that other people published, with the ends that they published."""

import json
from pathlib import Path
from typing import Any

import pytest
from jobyard.models.documents.containers import Found, open_container
from jobyard.models.language.javascript.coercion import deeply_equal
from jobyard.models.language.query.query import query
from jobyard.models.settings import Settings
from jobyard.resolvers.simulate.cases import case_faults
from jobyard.resolvers.simulate.rehearsal import rehearse
from jobyard.resolvers.workflows.checking import check_together

from ..doors import Doors
from ..parts import SHARED, require, shared

FOLDER = SHARED / "acceptance"
CASES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("[ANF]*.json"))

START = "mutation($w: String!, $o: StartJobOptions!) { startJob(workflow: $w, options: $o) { id } }"


def read(name: str) -> Any:
    return json.loads(Path(shared(f"acceptance/{name}")).read_text())


def served(name: str) -> bool:
    """Whether a server can play it: nobody is needed, and only tasks of adapters are recorded."""
    case = read(name)
    tasks = next(one["tasks"] for one in case["workflows"] if one["name"] == case["start"]["workflow"])
    return not case.get("manual") and all(tasks[id]["location"] == "Adapter" for id in case["stubs"])


SERVED = [name for name in CASES if served(name)]


@pytest.fixture
def settings(name: str, tmp_path: Path) -> Settings:
    """Of a server that has the case as its recording."""
    recorded = [str(FOLDER / name)] if read(name)["stubs"] else []
    (tmp_path / "providers.yaml").write_text(json.dumps({"recorded": recorded}))
    return Settings(memory=True, open=True, host="jobyard", providers=tmp_path / "providers.yaml")


def test_the_cases_are_there() -> None:
    require(CASES, "../shared/acceptance")
    assert (len(CASES), len(SERVED)) == (23, 16)


@pytest.mark.anyio
@pytest.mark.parametrize("name", CASES)
async def test_it_reaches_its_published_end(name: str) -> None:
    assert (await rehearse(read(name))).differences == []


def test_every_published_case_is_accepted_as_one() -> None:
    cases = [(path.name, json.loads(path.read_text())) for path in sorted(FOLDER.rglob("*.json"))]
    require([case for _, case in cases], "../shared/acceptance")
    faults = {name: case_faults(case) for name, case in cases if isinstance(case, dict) and "start" in case}
    assert len(faults) >= len(CASES)
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("name", CASES)
def test_the_check_finds_no_error_and_doubts_only_what_is_elsewhere(name: str) -> None:
    found = [part for part in open_container(read(name), name) if isinstance(part, Found)]
    checked = list(check_together(found))
    assert len(checked) == len(read(name)["workflows"])
    findings = [finding for _, findings in checked for finding in findings]
    assert [finding for finding in findings if finding.severity == "error"] == []
    assert [finding for finding in findings if not finding.message.startswith(("No provider", "Cannot find w"))] == []


@pytest.mark.anyio
@pytest.mark.parametrize("door", ["graphql", "rest"])
@pytest.mark.parametrize("name", SERVED)
async def test_it_reaches_its_end_on_a_server_through_both_doors(doors: Doors, name: str, door: str) -> None:
    case = read(name)
    await doors.import_documents(*case["workflows"], *case["transformations"])
    if door == "rest":
        id = (await doors.start(case["start"])).json()["data"]["_id"]
    else:
        options = {**case["start"]["options"], "type": "AUTOMATION"}
        id = (await doors.graphql(START, w=case["start"]["workflow"], o=options))["data"]["startJob"]["id"]
    over = await doors.over(id)
    expected = case["expect"]
    assert over["status"] == expected["status"]
    variables = {key: value for key, value in over["variables"].items() if key not in ("_id", "initiator")}
    if "variables_exactly" in expected:
        assert deeply_equal(variables, expected["variables_exactly"])
    for key, value in expected.get("variables_contain", {}).items():
        assert deeply_equal(variables[key], value), key
    for expression, value in expected.get("check", {}).items():
        assert deeply_equal(query(expression, variables), value), expression
    for key, value in expected.get("job", {}).items():
        assert over[key] == value
    least = expected.get("min_run_time_ms", 0)
    assert over["metrics"]["end_time"] - over["metrics"]["start_time"] >= least
