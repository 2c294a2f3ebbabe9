"""The table of settings has every flag of the server and every environment variable, with their defaults."""

import argparse
import os
import re
from dataclasses import fields
from inspect import getsource

from jobyard.gql.cli.main import parser
from jobyard.models.engine.budget import Budget
from jobyard.models.reading_settings import VARIABLE, settings_of
from jobyard.models.settings import SETTINGS as TABLE
from jobyard.models.settings import Settings
from jobyard.resolvers.server.health import unready

from ..parts import ROOT
from .pages import page, rows

SETTINGS = rows(page("docs/operating.md"), "Flag")
OF_CLIENTS = {"JOBYARD_SERVER", "JOBYARD_TOKEN"}  # docs/command-line.md
OF_BUILDS = {"JOBYARD_STRICT"}  # CONTRIBUTING.md
OF_MACHINES = {"PATH", "XDG_DATA_HOME"}


def of_serve() -> argparse.ArgumentParser:
    commands = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert commands is not None
    return commands["serve"]  # type: ignore[call-overload]


def environment_read() -> set[str]:
    """By the table of settings, and elsewhere."""
    code = "".join(path.read_text() for layer in ("gql", "resolvers") for path in (ROOT / layer).rglob("*.py"))
    elsewhere = {VARIABLE} | set(re.findall(r"environ(?:(?:\.get)?[\[(]|, )\"([A-Z_]+)\"", code)) - OF_MACHINES
    return elsewhere | {one.variable for one in TABLE if one.variable}


def test_it_has_every_flag_of_the_server() -> None:
    flags = {flag for action in of_serve()._actions for flag in action.option_strings} - {"-h", "--help"}
    assert sorted(flag.strip("`") for flag, *_ in SETTINGS if flag) == sorted(flags)


def test_it_has_every_environment_variable_that_is_read() -> None:
    written = {name.strip("`") for _, name, *_ in SETTINGS if name}
    read = environment_read()
    assert read >= {"MONGODB_URI", "MONGOD", "JOBYARD_SECRETS_KEY", "JOBYARD_TOKEN_SECONDS", "JOBYARD_STRICT"}
    assert written == read - OF_CLIENTS - OF_BUILDS
    assert [name for name in OF_CLIENTS if name not in page("docs/command-line.md")] == []
    assert [name for name in OF_BUILDS if name not in page("CONTRIBUTING.md")] == []


def test_it_has_what_is_of_one_setting_in_one_row() -> None:
    rows = {tuple(cell.strip("`") for cell in row[:3]) for row in SETTINGS}
    assert rows - {("--config", "JOBYARD_CONFIG", "")} == {(one.flag, one.variable, one.name) for one in TABLE}


def test_the_table_has_every_setting_but_those_that_nobody_chooses() -> None:
    chosen = {one.field.partition(".")[0] for one in TABLE}
    assert {one.name for one in fields(Settings)} - chosen == {"config"}
    assert {one.field for one in TABLE if "." in one.field} == {f"budget.{one.name}" for one in fields(Budget)}


def test_what_it_calls_a_default_is_one(monkeypatch) -> None:
    """A server that is told every default serves as one that is told nothing."""
    for name in environment_read():
        monkeypatch.delenv(name, raising=False)
    plain = chosen("serve")
    defaults = {(flag.strip("`"), name.strip("`")): value.strip("`") for flag, name, _, value, _ in SETTINGS if value}
    assert ("--port", "") in defaults and ("", "JOBYARD_LEASE_MS") in defaults
    assert defaults.pop(("--data", "")) == "~/.local/share/jobyard"  # the directory is looked up later: see Settings
    written = [word for (flag, _), value in defaults.items() if flag for word in (flag, value)]
    for (_, name), value in defaults.items():
        if name:
            monkeypatch.setenv(name, value)
    assert chosen("serve", *written) == plain == Settings()


def chosen(*words: str) -> Settings:
    return settings_of(vars(parser().parse_args(words)), os.environ)


def test_it_has_every_reason_of_a_server_that_is_not_ready() -> None:
    source = getsource(unready)
    reasons = [re.sub(r"\{[^}]*\}", "ID", one) for one in re.findall(r"return f?\"([^\"]+)\"", source)]
    assert "draining" in reasons and "secrets key ID missing" in reasons
    (answer,) = [cell for request, cell in rows(page("docs/operating.md"), "Request") if request == "`GET /readyz`"]
    assert sorted(re.findall(r"`([^`]+)`", answer.partition("503")[2])) == sorted(reasons)
