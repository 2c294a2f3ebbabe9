"""The files that GitHub and editors read can be read, and call what is there."""

from typing import Any

import pytest
import yaml

from ..parts import ROOT

FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text())


def test_the_hosted_run_is_the_one_of_the_checkout() -> None:
    steps = read(".github/workflows/ci.yml")["jobs"]["test"]["steps"]
    assert [step["run"] for step in steps if step.get("run", "").startswith(".ci/")] == [".ci/run"]
    assert (ROOT / ".ci/run").stat().st_mode & 0o111 == 0o111


def test_the_hooks_run_what_the_set_up_installs() -> None:
    hooks = [hook["entry"].split()[0] for repo in read(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    assert hooks == [".venv/bin/ruff"] * 2


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_the_forms_of_issues_ask_something(form: Any) -> None:
    asked = yaml.safe_load(form.read_text())
    if form.stem == "config":
        assert asked == {"blank_issues_enabled": True}
        return
    labels = [one["attributes"]["label"] for one in asked["body"] if one["type"] != "markdown"]
    assert len(labels) == len(set(labels)) > 2
    assert asked["name"] and asked["description"]
