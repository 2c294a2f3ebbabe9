"""YAML with positions, so that all faults of a file are reported at once, with their lines."""

from collections.abc import Iterable
from pathlib import Path

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

Fault = tuple[int | None, str]  # the line, if known, and the fault


class ProvidersInvalid(Exception):
    """The providers file cannot be used; the message names every fault with its line, and never a secret."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        said = sorted(faults, key=lambda fault: fault[0] or 0)
        lines = [f"  {sentence}" if line is None else f"  line {line}: {sentence}" for line, sentence in said]
        super().__init__("\n".join([f"The providers file {path} cannot be used:", *lines]))
        self.path = path
        self.faults = said


class Faults:
    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, node: Node | None, sentence: str) -> None:
        self.found.append((None if node is None else node.start_mark.line + 1, sentence))


def compose(text: str, faults: Faults) -> Node | None:
    """The single document of the text; None if the text is empty or no YAML."""
    try:
        return yaml.SafeLoader(text).get_single_node()
    except yaml.MarkedYAMLError as fault:
        line = None if fault.problem_mark is None else fault.problem_mark.line + 1
        faults.found.append((line, f"this is no YAML: {fault.problem}"))
    except (yaml.YAMLError, RecursionError) as fault:
        faults.found.append((None, f"this is no YAML: {fault}"))
    return None


def fields(node: Node, known: Iterable[str] | None, faults: Faults, what: str) -> dict[str, Node]:
    """The values of a mapping by key, without unknown keys; `known` None accepts every key."""
    if not isinstance(node, MappingNode):
        faults.add(node, f"{what} must be a mapping: lines of key and value")
        return {}
    found: dict[str, Node] = {}
    names = None if known is None else tuple(known)
    for key, value in node.value:
        name = key.value if isinstance(key, ScalarNode) else ""
        if names is not None and name not in names:
            faults.add(key, f"unknown key '{name}': {what} may have {', '.join(names)}")
        elif any(name.lower() == other.lower() for other in found):
            faults.add(key, f"'{name}' stands here twice")
        else:
            found[name] = value
    return found


def elements(node: Node | None, faults: Faults, what: str) -> list[Node]:
    """The elements of a list; a single value stands for a list of one, and nothing for an empty one."""
    if isinstance(node, SequenceNode):
        return node.value
    if node is None or scalar(node) is None:
        return []
    if isinstance(node, ScalarNode):
        return [node]
    faults.add(node, f"{what} must be a list")
    return []


def scalar(node: Node) -> object:
    """The value as YAML reads it: text, number, boolean or None; () for lists, mappings and the unreadable."""
    if not isinstance(node, ScalarNode):
        return ()
    reader = yaml.constructor.SafeConstructor()
    try:
        return reader.construct_object(node)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] -- PyYAML leaves types open
    except (yaml.YAMLError, ValueError):
        return ()
