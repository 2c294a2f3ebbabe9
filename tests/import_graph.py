"""Which module of the three layers imports which, and which feature of a layer therefore knows which."""

import ast
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path

from .parts import ROOT

LAYERS = ("gql", "models", "resolvers")
# Parts of a feature's folder that stand for themselves: the documents' plain types, and the table of all routes.
ALONE = ("models.documents.shapes", "gql.rest.table")

Edges = Mapping[str, Set[str]]


def paths() -> Iterator[Path]:
    for layer in LAYERS:
        yield from (path for path in sorted((ROOT / layer).rglob("*.py")) if "node_modules" not in path.parts)


@cache
def modules() -> Mapping[str, Path]:
    return {name_of(path): path for path in paths()}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def base_of(path: Path, node: ast.ImportFrom) -> list[str]:
    """What a relative import is relative to, with the module that it names."""
    package = path.relative_to(ROOT).parent.parts
    return [*package[: len(package) - node.level + 1], *(node.module.split(".") if node.module else ())]


@cache
def imports() -> Edges:
    """The modules of ours that each module imports, also within a function or for its types alone."""
    edges: dict[str, Set[str]] = {}
    for module, path in modules().items():
        found: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = ".".join(base_of(path, node))
                found |= {inner if (inner := f"{base}.{name.name}") in modules() else base for name in node.names}
        assert found <= set(modules()), (module, found - set(modules()))
        edges[module] = found - {module}
    return edges


def feature_of(module: str) -> str | None:
    """The folder of the layer that the module lies in; None for the layer's own modules, which put it together."""
    for alone in ALONE:
        if module == alone or module.startswith(f"{alone}."):
            return alone
    feature = ".".join(module.split(".")[:2])
    return feature if (ROOT / feature.replace(".", "/")).is_dir() and "." in feature else None


def features(layer: str) -> dict[str, set[str]]:
    """The features of the layer, each with those of which it imports something."""
    edges: dict[str, set[str]] = {}
    for module, others in imports().items():
        feature = feature_of(module)
        if feature is None or not feature.startswith(f"{layer}."):
            continue
        known = {one for other in others if (one := feature_of(other)) and one.startswith(f"{layer}.")}
        edges.setdefault(feature, set()).update(known - {feature})
    return edges


def circles(edges: Edges) -> list[list[str]]:
    """The groups of nodes that reach each other (Tarjan's strongly connected components), each sorted."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        number[node] = lowest[node] = len(number)
        stack.append(node)
        for other in edges.get(node, ()):
            if other not in number:
                visit(other)
                lowest[node] = min(lowest[node], lowest[other])
            elif other in stack:
                lowest[node] = min(lowest[node], number[other])
        if lowest[node] == number[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    for node in edges:
        if node not in number:
            visit(node)
    return sorted(found)
