"""What docs/clients.md says: its snippets run, and it lists the packages that the tests install, no others."""

import json
import re

import pytest

from ...parts import ROOT
from .conftest import HERE, PYTHON_CLIENTS, Packages

pytestmark = pytest.mark.timeout(600)  # with the installation of the packages

DOCS = (ROOT / "docs" / "clients.md").read_text()
SNIPPETS = re.findall(r"```js\n(.*?)```", DOCS, re.DOTALL)
HELPERS = {"graphql", "ws", "rxjs", "typescript", "graphql-http", "@graphql-inspector/core", "@0no-co/graphqlsp"}


@pytest.mark.parametrize("at", range(len(SNIPPETS)))
def test_its_snippets_follow_a_job_to_its_end(packages: Packages, story: dict[str, str], at: int) -> None:
    packages.wait()
    script = f"snippet_{at}.mjs"
    (packages.folder / script).write_text(SNIPPETS[at].replace("http://127.0.0.1:8000", story["JOBYARD_SERVER"]))
    lines = packages.run(script, environment=story).split()
    assert [lines[0], lines[-1]] == ["RUNNING", "COMPLETE"]


def test_there_are_snippets() -> None:
    assert len(SNIPPETS) == 3


def test_it_lists_what_the_tests_run_and_nothing_else() -> None:
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
