"""Every command and every option is named somewhere."""

import argparse

import pytest
from jobyard.gql.cli.client import FORBIDDEN, NOT_FOUND, REFUSED, UNREACHABLE
from jobyard.gql.cli.main import parser
from jobyard.gql.cli.startup import BROKEN_PIPE, INTERRUPTED

from .pages import NAMES, page, rows

TEXT = "\n".join(page(name) for name in NAMES)


def parsers(of: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = {}
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, one in action.choices.items():
                found[name] = one
                found |= {f"{name} {below}": each for below, each in parsers(one).items()}
    return found


COMMANDS = parsers(parser())


def test_it_names_every_command() -> None:
    named = page("docs/command-line.md")
    assert [name for name in COMMANDS if " " not in name and f"`{name}" not in named] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_named(name: str) -> None:
    flags = [flag for action in COMMANDS[name]._actions for flag in action.option_strings if flag != "-h"]
    assert [flag for flag in flags if f"{flag}" not in TEXT and flag != "--help"] == []


def test_it_has_every_exit_code() -> None:
    of_argparse = 2
    codes = [0, REFUSED, of_argparse, FORBIDDEN, NOT_FOUND, UNREACHABLE, INTERRUPTED, BROKEN_PIPE]
    assert [int(code) for code, _ in rows(page("docs/command-line.md"), "exit code")] == codes
