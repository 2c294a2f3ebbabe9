"""Clients from npm: each asks a server with sign-in, starts a job, follows it, pages, and sees an error's code."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jobyard.gql.execution.trusted import read_trusted

from ... import processes
from ...parts import ROOT
from .conftest import HERE, PYTHON_CLIENTS, Packages, Run

pytestmark = pytest.mark.timeout(600)  # with the installation of the packages

VIEWER = {"username": "admin"}
BEFORE_IDS = "ddcdc32"  # the last revision whose schema has `Task.id` unique in one job only


def told_the_story(told: Any) -> bool:
    """Whether a job was started, followed to its end and found in the first of two pages, and an error had its code."""
    first, second = told["paged"]
    return (
        len(told["started"]) == 24
        and told["followed"][-1] == "COMPLETE"
        and first == told["started"] != second
        and told["refused"] == "JOB_NOT_FOUND"
    )


@pytest.mark.parametrize("version", ["4", "3"])
def test_apollo_client_with_its_default_cache(run: Run, started: Callable[[], int], version: str) -> None:
    before = started()
    told = run("apollo.mjs", version)
    assert told["query"]["viewer"]["username"] == "admin"
    assert started() == before + 2
    assert (told["multipart"][-1], told["socket"][-1]) == ("COMPLETE", "COMPLETE")
    assert told["refused"] == "JOB_NOT_FOUND"
    assert [job["status"] for job in told["cached"]] == ["COMPLETE", "CANCELED"]
    assert told["cached"] == told["fresh"]
    assert [one["name"] for one in told["drawn"]["tasks"]] == ["workflow_start", "ViewData", "workflow_end"]
    assert (told["byHash"]["named"], told["byHash"]["texts"]) == (["COMPLETE", "CANCELED"], [False, True, False])
    # Version 3 accepts anything, and is answered in application/json, whose status is 200 for whatever is refused.
    assert told["byHash"]["statuses"] == [400 if version == "4" else 200, 200, 200]
    assert (told["batch"], told["batches"]) == (["COMPLETE", "CANCELED"], [2])
    assert len(set(told["paged"])) == 2


@pytest.mark.parametrize("package", ["urql-core-4", "@urql/core"])
def test_urql(run: Run, started: Callable[[], int], package: str) -> None:
    before = started()
    told = run("urql.mjs", package)
    assert told["query"] == told["byGet"] == {"data": {"viewer": VIEWER}}
    assert len(told["mutation"]["data"]["startJob"]["id"]) == 24
    assert started() == before + 1
    assert (told["events"][-1], told["socket"][-1]) == ("COMPLETE", "COMPLETE")
    assert told["refused"]["codes"] == ["JOB_NOT_FOUND"]
    assert told["nobody"] == {"status": 401}


def test_urql_with_its_normalizing_cache_and_persisted_queries(run: Run) -> None:
    told = run("urql_caches.mjs")
    assert told["cached"] == told["fresh"]
    assert [[one["status"] for one in of_job if one["taskId"] == "a1"] for of_job in told["cached"]] == [
        ["COMPLETE"],
        ["RUNNING"],
    ]
    assert len(set(told["paged"])) == 2
    assert told["byHash"] == [1, 1]
    assert [(one["text"], one["status"]) for one in told["sent"]] == [(False, 400), (True, 200), (False, 200)]


def test_relay_with_its_compiler(run: Run, packages: Packages, story: dict[str, str]) -> None:
    (packages.folder / "relay" / "artifacts").mkdir(exist_ok=True)
    packages.run("../node_modules/relay-compiler/cli.js", within="relay", environment=story)
    told = run("run.js", within="relay")
    assert told_the_story(told)
    assert told["row"] == "COMPLETE"
    (packages.folder / "relay" / "persisted").mkdir(exist_ok=True)
    (packages.folder / "relay" / "persisted.json").write_text("{}")
    packages.run("../node_modules/relay-compiler/cli.js", "persisted.config.json", within="relay", environment=story)
    assert len(read_trusted(packages.folder / "relay" / "persisted.json")) == 6


def test_graphql_request(run: Run) -> None:
    told = run("graphql_request.mjs")
    assert told_the_story(told)
    assert told["batch"] == [{"viewer": VIEWER}, {"job": {"status": "COMPLETE"}}]


def test_graphql_ws_and_graphql_sse(run: Run, started: Callable[[], int]) -> None:
    before = started()
    told = run("graphql_ws.mjs")
    assert told["query"] == told["queryOverEvents"] == [{"data": {"viewer": VIEWER}}]
    assert started() == before + 1
    assert (told["socket"][-1], told["events"][-1]) == ("COMPLETE", "COMPLETE")
    assert told["refused"]["errors"][0]["extensions"]["code"] == "JOB_NOT_FOUND"
    assert len(set(told["paged"])) == 2
    unnamed = "Must provide operation name if query contains multiple operations."
    for what, message in (("unknownOperation", 'Unknown operation named "B".'), ("severalOperations", unnamed)):
        (error,) = told[what]
        assert (error["message"], error["extensions"]) == (message, {"code": "REQUEST_REFUSED"})


def test_graphql_code_generator_and_gql_tada(run: Run, packages: Packages, story: dict[str, str]) -> None:
    """The compiler of TypeScript finds no fault with the types that either makes of the schema."""
    bin = packages.folder / "node_modules" / ".bin"
    for program, *options in (
        ("graphql-codegen", "--config", "codegen.config.json", "--silent"),
        ("gql.tada", "generate-output"),
        ("tsc",),
    ):
        packages.run(str(bin / program), *options, within="typed", environment=story)
    for script in ("codegen.js", "tada.js"):
        told = run(f"built/{script}", within="typed")
        assert told_the_story(told)
        assert told["moment"].endswith("Z")
    assert len(read_trusted(packages.folder / "typed" / "made" / "persisted-documents.json")) == 4


def test_all_audits_of_graphql_over_http_whatever_else_is_accepted(run: Run) -> None:
    results = run("audits.mjs")
    assert len(results) == 8
    for beside, one in results.items():
        assert (one["ok"], one["others"]) == (61, []), beside


def test_the_schema_has_no_breaking_change_but_those_that_are_named(run: Run, tmp_path: Path) -> None:
    """Fields of mutations are nullable now, and the tasks of a workflow have a type of their own."""
    before = processes.run(["git", "show", f"{BEFORE_IDS}:schema.graphql"], cwd=ROOT)
    if before.returncode != 0:
        pytest.skip(f"this checkout does not have the revision {BEFORE_IDS}")
    (tmp_path / "before.graphql").write_text(before.stdout)
    breaking = run("schema_changes.mjs", str(tmp_path / "before.graphql"), str(ROOT / "schema.graphql"))
    others = [one for one in breaking if not is_now_nullable(one)]
    assert others == ["Field 'Workflow.tasks' changed type from '[Task!]!' to '[WorkflowTask!]!'"]


def is_now_nullable(message: str) -> bool:
    if not message.startswith("Field 'Mutation."):
        return False
    before, after = message.split("'")[3], message.split("'")[5]
    return before == f"{after}!"


DOCS = (ROOT / "docs" / "front-end.md").read_text().partition("\n## Client libraries\n")[2]
SNIPPETS = re.findall(r"```js\n(.*?)```", DOCS, re.DOTALL)
HELPERS = {"graphql", "ws", "rxjs", "typescript", "graphql-http", "@graphql-inspector/core", "@0no-co/graphqlsp"}


@pytest.mark.parametrize("at", range(len(SNIPPETS)))
def test_the_snippets_of_the_docs_follow_a_job_to_its_end(packages: Packages, story: dict[str, str], at: int) -> None:
    packages.wait()
    script = f"snippet_{at}.mjs"
    (packages.folder / script).write_text(SNIPPETS[at].replace("http://127.0.0.1:8000", story["JOBYARD_SERVER"]))
    lines = packages.run(script, environment=story).split()
    assert [lines[0], lines[-1]] == ["RUNNING", "COMPLETE"]


def test_the_docs_have_snippets() -> None:
    assert len(SNIPPETS) == 3


def test_the_docs_list_what_the_tests_run_and_nothing_else() -> None:
    rows = re.findall(r"^\| (`[^|]+) \| ([\d., ]+) \|", DOCS, re.MULTILINE)
    listed = {(name, v) for names, vs in rows for name in re.findall(r"`([^`]+)`", names) for v in vs.split(", ")}
    lock = json.loads((HERE / "javascript" / "package-lock.json").read_text())["packages"]
    run = {
        (one.get("name", name), one["version"])
        for name in lock[""]["dependencies"]
        for one in (lock[f"node_modules/{name}"],)
    }
    run |= {(name.partition("[")[0], version) for name, _, version in (one.partition("==") for one in PYTHON_CLIENTS)}
    run = {(name, version) for name, version in run if name not in HELPERS and name != "@graphql-codegen/cli"}
    assert listed == run
