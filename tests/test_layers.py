"""Imports point one way: gql -> resolvers -> models. Engine and languages are pure. Features know few others."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import import_graph
from .parts import ROOT

FORBIDDEN = {
    "models": {"gql", "resolvers", "strawberry", "starlette", "uvicorn"},
    "resolvers": {"gql", "strawberry", "starlette", "uvicorn"},
    "gql": {"beanie", "pymongo", "mongomock_motor"},
}
# The features (folders) of each layer, and those of which each may import something. What is new here is a decision:
# a feature that a few know can be changed without the others.
FEATURES: dict[str, dict[str, str]] = {
    "gql": {
        "accounts": "auth rest",
        "assets": "auth jobs rest",
        "audit": "auth jobs",
        "auth": "execution http rest web",
        "automations": "auth execution jobs rest",
        "cli": "http web",
        "execution": "auth cli http web",
        "http": "auth execution web",
        "jobs": "accounts auth automations execution rest tasks workflows",
        "projects": "auth execution jobs rest workflows",
        "rest": "http",
        "rest.table": "accounts assets auth automations jobs projects rest server tasks workflows",
        "server": "auth rest",
        "tasks": "accounts auth execution jobs rest",
        "web": "auth http rest rest.table",
        "workflows": "accounts auth jobs rest tasks",
    },
    "models": {
        "documents": "documents.shapes engine errors language secrets",
        "documents.shapes": "engine",
        "engine": "language",
        "errors": "engine",
        "language": "",
        "lint": "documents engine language",
        "schemas": "errors language",
        "secrets": "documents.shapes engine errors language",
    },
    "resolvers": {
        "accounts": "projects store tasks",
        "audit": "search store",
        "automations": "jobs projects store workflows",
        "backup": "store",
        "builtin_tasks": "",
        "examples": "workflows",
        "jobs": "accounts projects runner search store tasks templating workflows",
        "projects": "accounts search store workflows",
        "providers": "builtin_tasks runner templating",
        "retention": "jobs search store",
        "runner": "store templating workflows",
        "search": "projects store workflows",
        "server": "builtin_tasks jobs search store",
        "simulate": "builtin_tasks jobs providers runner tasks templating workflows",
        "store": "",
        "tasks": "accounts jobs projects store templating",
        "templating": "workflows",
        "workflows": "accounts builtin_tasks jobs projects store",
    },
}
# Those that close a circle, as (one that knows, one that is known), each with its reason.
CLOSING = {
    # A job shows its tasks and its workflow, a task its job: the types of the documents refer to each other.
    ("gql.jobs", "gql.tasks"), ("gql.jobs", "gql.workflows"),
    # Lists of events have the documented pairs of filters, which automations have too.
    ("gql.jobs", "gql.automations"),
    # A route bounds the body that it reads.
    ("gql.rest", "gql.http"),
    # Beside a permission stands the log of the mutation that it let pass; the caller is named in the log of requests;
    # a stranger is led to the console's sign-in, where there is one.
    ("gql.auth", "gql.execution"), ("gql.auth", "gql.http"), ("gql.auth", "gql.web"),
    # The pages list the routes, and lie beside the files that are served as they are; `serve` names what went wrong
    # with the list of trusted documents.
    ("gql.web", "gql.http"), ("gql.web", "gql.rest.table"), ("gql.http", "gql.execution"),
    # An import of a project brings workflows in, and its members are accounts.
    ("resolvers.projects", "resolvers.accounts"), ("resolvers.projects", "resolvers.workflows"),
    # A person's answer is an event of a job.
    ("resolvers.tasks", "resolvers.jobs"),
    # Lists show projects as documents, and jobs with what their workflows say.
    ("resolvers.search", "resolvers.projects"), ("resolvers.search", "resolvers.workflows"),
    # Groups of a workflow are checked as those of a job are.
    ("resolvers.workflows", "resolvers.jobs"),
    # Whoever may do no more gives back the tasks that they claimed.
    ("resolvers.accounts", "resolvers.tasks"),
}  # fmt: skip
CIRCLES = [
    # Commands load what they need when they run; the documents that the application trusts are those of the commands.
    ["gql.app", "gql.cli.main", "gql.cli.settings", "gql.execution.own_documents", "gql.http.serving"],
    # GraphQL types that refer to each other, by strawberry.lazy.
    ["gql.jobs.events", "gql.jobs.types", "gql.tasks.iterations", "gql.tasks.types", "gql.workflows.types"],
]
OUTSIDE = {"asyncio", "logging", "os", "pathlib", "random", "secrets", "socket", "subprocess", "threading", "time"}


def imported(path: Path) -> Iterator[str]:
    """The top-level names that a module imports; of our own packages, the layer."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            yield import_graph.base_of(path, node)[0]


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_imports_point_one_way(layer: str) -> None:
    modules = sorted((ROOT / layer).rglob("*.py"))
    assert modules
    wrong = [(str(path), name) for path in modules for name in imported(path) if name in FORBIDDEN[layer]]
    assert wrong == []


@pytest.mark.parametrize("package", ["engine", "language"])
def test_the_engine_and_the_languages_are_pure(package: str) -> None:
    modules = sorted((ROOT / "models" / package).rglob("*.py"))
    assert modules
    wrong = [(str(path), name) for path in modules for name in imported(path) if name in OUTSIDE]
    awaits = [str(path) for path in modules if "async def" in path.read_text()]
    assert (wrong, awaits) == ([], [])


@pytest.mark.parametrize("layer", FEATURES)
def test_features_know_those_that_they_may_know(layer: str) -> None:
    found = import_graph.features(layer)
    assert {feature: sorted(others) for feature, others in found.items()} == {
        f"{layer}.{feature}": [f"{layer}.{one}" for one in others.split()]
        for feature, others in FEATURES[layer].items()
    }


@pytest.mark.parametrize("layer", FEATURES)
def test_features_form_no_circle_but_those_that_are_known(layer: str) -> None:
    found = import_graph.features(layer)
    opened = {one: {other for other in others if (one, other) not in CLOSING} for one, others in found.items()}
    assert import_graph.circles(opened) == []
    closing = [edge for edge in sorted(CLOSING) if edge[0].startswith(f"{layer}.")]
    needless = [
        (one, other) for one, other in closing if not import_graph.circles({**opened, one: opened[one] | {other}})
    ]
    assert needless == []


def test_modules_form_no_circle_but_those_that_are_known() -> None:
    assert import_graph.circles(import_graph.imports()) == CIRCLES


def test_circles_are_found() -> None:
    edges = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": {"e"}, "e": {"d"}, "f": {"a"}}
    assert import_graph.circles(edges) == [["a", "b", "c"], ["d", "e"]]
    assert import_graph.circles({"a": {"b"}, "b": {"c"}, "f": {"a", "c"}}) == []
