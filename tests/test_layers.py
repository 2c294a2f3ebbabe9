"""Imports point one way: gql -> resolvers -> models. The engine and the languages are pure."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .parts import ROOT

FORBIDDEN = {
    "models": {"gql", "resolvers", "strawberry", "starlette", "uvicorn"},
    "resolvers": {"gql", "strawberry", "starlette", "uvicorn"},
    "gql": {"beanie", "pymongo", "mongomock_motor"},
}
OUTSIDE = {"asyncio", "logging", "os", "pathlib", "random", "secrets", "socket", "subprocess", "threading", "time"}


def imported(path: Path) -> Iterator[str]:
    """The top-level names that a module imports; of our own packages, the layer."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(ROOT).parent.parts
            target = [*package[: len(package) - node.level + 1], *(node.module or "").split(".")]
            yield target[0]


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
