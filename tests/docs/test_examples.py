"""Examples in all pages are what they say: GraphQL of our schema, commands of ours, targets of the Makefile."""

import re
import shlex
from textwrap import dedent
from typing import Any

import pytest
from graphql import build_schema, parse, validate
from jobyard.gql.cli.main import parser
from jobyard.gql.schema import printed_schema
from jobyard.models.engine.outcomes import Finish, TaskCall
from jobyard.resolvers.builtin_tasks.task import BuiltInTask

from ..parts import ROOT
from .pages import NAMES, blocks, page, rows

SCHEMA = build_schema(printed_schema())
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
    assert validate(SCHEMA, parse(operation)) == []


@pytest.mark.parametrize(("name", "line"), COMMANDS)
def test_commands_can_be_meant(name: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    written = words[words.index("jobyard") + 1 :]
    written = written[: written.index(">")] if ">" in written else written
    assert callable(parser().parse_args(written).command)


@pytest.mark.parametrize("target", TARGETS)
def test_make_has_the_target(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


# What a column of GraphQL names; of these some are fields of other types than the roots.
CELLS = [
    row[1]
    for name in ("docs/front-end.md", "docs/rest.md", "docs/workflows.md")
    for row in rows(page(name), "To")
    if not row[1].startswith("`errors[]")
]
BELOW_THE_ROOTS = ("form", "documented")


@pytest.mark.parametrize("cell", CELLS)
def test_operations_in_tables_are_of_the_schema(cell: str) -> None:
    """Fields, with the names of their arguments, and fields of a type as `Type.field`."""
    roots = [SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type]
    fields = {name: field for root in roots if root is not None for name, field in root.fields.items()}
    for written in re.findall(r"`([^`]+)`", cell):
        path, _, arguments = written.removesuffix(")").partition("(")
        of, _, name = path.rpartition(".")
        if name in BELOW_THE_ROOTS:
            continue
        found = SCHEMA.type_map[of].fields if of else fields  # type: ignore[attr-defined]
        assert name in found, written
        assert set(filter(None, arguments.split(", "))) <= found[name].args.keys(), written


def test_the_task_that_contributors_are_shown_is_one() -> None:
    (example,) = blocks(page("CONTRIBUTING.md"), "python")
    names: dict[str, Any] = {}
    exec(dedent(example), names)
    task: BuiltInTask = names["initials_of"]
    call = TaskCall("j", "a1", task.app, task.name, 1, 1, {"name": "ada lovelace"}, {}, {}, 0)
    assert (task.app, task.name, task.incoming) == ("WorkFlowEngine", "initialsOf", ("name",))
    assert task.description == "Write the first letters of the words of a text."
    assert task.function(call) == Finish("success", {"initials": "al"})
