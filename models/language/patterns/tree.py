"""A regular expression as it was read: what each node is, and what is known of it without any text."""

from dataclasses import dataclass
from typing import TypeAlias

from .characters import Ranges

MOST = 2**31  # a count that says more is this one


@dataclass(frozen=True, slots=True)
class Character:
    code: int


@dataclass(frozen=True, slots=True)
class Set:
    """One character among these; `properties` are Unicode's, as `\\p{...}` and `\\P{...}`."""

    ranges: Ranges
    negated: bool = False
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    options: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Group:
    """`number` counts from 1; 0 is a group that captures nothing."""

    inner: "Node"
    number: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    inner: "Node"
    ahead: bool
    positive: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """`groups` are the numbers of the groups within."""

    inner: "Node"
    least: int
    most: int
    greedy: bool
    groups: range


@dataclass(frozen=True, slots=True)
class Back:
    number: int


@dataclass(frozen=True, slots=True)
class Edge:
    """`^`, `$`, `b` for a boundary of words, `B` for none."""

    kind: str


Node: TypeAlias = Character | Set | Sequence | Choice | Group | Look | Repeat | Back | Edge


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole expression. `names` are its named groups with their numbers."""

    source: str
    root: Node
    groups: int
    names: dict[str, int]
    flags: frozenset[str]

    @property
    def unicode(self) -> bool:
        return "u" in self.flags

    @property
    def folded(self) -> bool:
        return "i" in self.flags


def may_be_empty(node: Node) -> bool:
    """Whether the node can match the empty text."""
    match node:
        case Character() | Set():
            return False
        case Sequence():
            return all(map(may_be_empty, node.items))
        case Choice():
            return any(map(may_be_empty, node.options))
        case Group():
            return may_be_empty(node.inner)
        case Repeat():
            return node.least == 0 or may_be_empty(node.inner)
        case Look() | Back() | Edge():
            return True
