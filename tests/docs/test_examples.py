"""Examples in all pages are what they say: GraphQL of our schema, commands of ours, targets of the Makefile."""

import re
import shlex

import pytest
from graphql import build_schema, parse, validate
from jobyard.gql.cli import parser
from jobyard.gql.schema import printed_schema

from ..parts import ROOT
from .pages import NAMES, blocks, page

OPERATIONS = [(name, text) for name in NAMES for text in blocks(page(name), "graphql")]
COMMANDS = [
    (name, line.strip())
    for name in NAMES
    for text in blocks(page(name), "sh")
    for line in text.splitlines()
    if re.match(r"\s*(?:[A-Z_]+=\S+ +)?jobyard ", line)
]
TARGETS = sorted({target for name in NAMES for target in re.findall(r"(?:^|`)make ([a-z][a-z-]+)", page(name), re.M)})


def test_there_are_examples() -> None:
    assert {name for name, _ in OPERATIONS} >= {"README.md", "docs/operating.md", "docs/front-end.md"}
    assert {name for name, _ in COMMANDS} >= {"README.md", "docs/access.md", "docs/workflows.md"}
    assert {"run", "test", "check", "setup"} <= set(TARGETS)


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_graphql_is_valid(name: str, operation: str) -> None:
    assert validate(build_schema(printed_schema()), parse(operation)) == []


@pytest.mark.parametrize(("name", "line"), COMMANDS)
def test_commands_can_be_meant(name: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    written = words[words.index("jobyard") + 1 :]
    written = written[: written.index(">")] if ">" in written else written
    assert callable(parser().parse_args(written).command)


@pytest.mark.parametrize("target", TARGETS)
def test_make_has_the_target(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
