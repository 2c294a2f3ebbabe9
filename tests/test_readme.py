"""What the README says is so."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate
from jobyard.gql.cli import parser
from jobyard.gql.schema import printed_schema
from jobyard.models.documents.containers import MOST_TASKS, MOST_TRANSITIONS
from jobyard.models.engine.budget import DEFAULT_BUDGET
from jobyard.models.engine.rules import choices
from jobyard.models.engine.sizes import DEEPEST, LARGEST_JOB, LARGEST_VALUE
from jobyard.resolvers.catalogue.children import MOST_CHILDREN
from jobyard.resolvers.providers.providers_file import ENTRY_FIELDS, read_configuration
from jobyard.resolvers.runners.child_starts import STARTS_AT_ONCE

from .codes import expected_rows, table_of
from .parts import ROOT

README = (ROOT / "README.md").read_text()
OPERATING = (ROOT / "docs" / "operating.md").read_text()
OPERATIONS = re.findall(r"```graphql\n(.*?)```", README + OPERATING, re.DOTALL)


def test_there_are_examples() -> None:
    assert OPERATIONS


@pytest.mark.parametrize("operation", OPERATIONS)
def test_its_graphql_is_valid(operation: str) -> None:
    assert validate(build_schema(printed_schema()), parse(operation)) == []


def test_its_way_with_pip_serves_what_make_run_does() -> None:
    (block,) = [one for one in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "pip install" in one]
    path, extra = re.findall(r"^pip install '(.+)\[(\w+)\]'", block, re.MULTILINE)[0]
    assert (ROOT / path / "pyproject.toml").samefile(ROOT / "pyproject.toml")
    assert extra in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (served,) = re.findall(r"^jobyard (serve\b.*?) *(?:#|$)", block, re.MULTILINE)
    assert f"/jobyard {served}\n" in (ROOT / "Makefile").read_text()


def test_its_providers_file_can_be_used(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "providers.yaml").write_text(example)
    recording = {"start": {"workflow": "Upgrade"}, "stubs": {"a1": {"outgoing": {"result": {}}}}}
    (tmp_path / "upgrade.json").write_text(json.dumps(recording))
    chosen = read_configuration(tmp_path / "providers.yaml", {"JIRA_TOKEN": "t0ken"})
    assert chosen.endpoints["Adapter", "Jira", ""].headers == {"Authorization": "Bearer t0ken"}
    assert list(chosen.endpoints) == [("Adapter", "Jira", ""), ("", "GatewayManager", "runCode")]
    assert (chosen.stubs, chosen.recorded) == (frozenset({("", "Netbox", "")}), (recording,))


def test_its_table_of_the_providers_file_is_complete() -> None:
    written = set(re.findall(r"^\| `([a-z_]+)`[^|]* \|", README, re.MULTILINE))
    assert {*ENTRY_FIELDS, "providers", "stub", "recorded", "rest_call"} - written == set()


def test_it_names_every_code_once_with_its_status() -> None:
    assert sorted(table_of(README)) == expected_rows()


def test_it_names_every_command_and_flag() -> None:
    commands = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert commands is not None
    for name in commands:
        assert f"jobyard {name}" in README or f"`{name}`" in README, name
    for flag in (
        "--token",
        "--data",
        "--memory",
        "--origin",
        "--vendor-status",
        "--rule",
        "--server",
        "--wait",
        "--var",
        "--providers",
        "--stub-adapters",
        "--trusted-documents",
        "--open",
    ):
        assert flag in README, flag


def test_it_names_every_environment_variable_that_is_read() -> None:
    code = "".join(path.read_text() for layer in ("gql", "resolvers") for path in (ROOT / layer).rglob("*.py"))
    read = set(re.findall(r"environ(?:(?:\.get)?[\[(]|, )\"([A-Z_]+)\"", code)) - {"PATH", "XDG_DATA_HOME"}
    assert read == {
        "MONGODB_URI",
        "MONGOD",
        "JOBYARD_SECRETS_KEY",
        "JOBYARD_SECRETS_KEY_FILE",
        "JOBYARD_ADMIN_PASSWORD",
        "JOBYARD_ACCESS_LOG",
        "JOBYARD_LOG_FORMAT",
        "JOBYARD_LOG_LEVEL",
        "JOBYARD_DATABASE",
        "JOBYARD_EXECUTOR",
        "JOBYARD_LEASE_MS",
        "JOBYARD_MONGOD_RETRY_SECONDS",
        "JOBYARD_MOST_ATTEMPTS",
        "JOBYARD_MOST_BYTES",
        "JOBYARD_MOST_DESCENDANTS",
        "JOBYARD_MOST_ITERATIONS",
        "JOBYARD_MOST_LEVELS",
        "JOBYARD_PROVIDERS",
        "JOBYARD_RULES",
        "JOBYARD_STRICT",
        "JOBYARD_SERVER",
        "JOBYARD_STARTS_AT_ONCE",
        "JOBYARD_STARTS_WAITING",
        "JOBYARD_TOKEN",
        "JOBYARD_TOKEN_SECONDS",
        "JOBYARD_TRUSTED_DOCUMENTS",
    }
    assert [name for name in read if name not in README] == []


def test_its_table_has_every_rule_with_its_values_the_default_first() -> None:
    section = README.partition("## Rules")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (`.*?`) \|", section, re.MULTILINE)
    assert {name: tuple(re.findall(r"`(\w+)`", values)) for name, values in rows} == choices()


def test_its_limits_are_those_of_the_code() -> None:
    named = (MOST_TASKS, MOST_TRANSITIONS, MOST_CHILDREN, STARTS_AT_ONCE, DEEPEST)
    named = (*named, DEFAULT_BUDGET.iterations, DEFAULT_BUDGET.attempts, DEFAULT_BUDGET.stored // 2**30)
    assert [number for number in map("{:,}".format, named) if number not in README] == []
    for size in (LARGEST_VALUE, LARGEST_JOB):
        assert f"{size // 2**20} MiB as JSON" in README
