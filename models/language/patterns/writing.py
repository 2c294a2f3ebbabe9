"""A regular expression written anew for the library `regex`, for those that it can be trusted with.

Sets are written out in all their cases, since `regex` folds more letters than ECMA-262 does. How many parts the result
unfolds into is counted on the way, before anything is compiled (size.py).
"""

from dataclasses import dataclass

from . import characters
from .characters import LINE_ENDS, Ranges
from .size import (
    BREAK,
    LONGEST_RUN,
    LONGEST_WRITTEN,
    MOST_CASES,
    MOST_PARTS,
    PARTS_OF_BOUNDARY,
    PARTS_OF_CLASS,
    PARTS_OF_GROUP,
    PARTS_OF_REFERENCE,
    PatternTooLarge,
)
from .tree import MOST, Back, Character, Choice, Edge, Group, Look, Node, Repeat, Sequence, Set, Tree, may_be_empty


@dataclass(frozen=True, slots=True)
class Written:
    text: str
    parts: int


def write(tree: Tree, *, ascii_only: bool) -> Written:
    """For texts of ASCII alone letters need not be written in all their cases: `regex` is to ignore the case then."""
    written = Writer(tree, ascii_only=ascii_only).write(tree.root)
    if len(written.text) > LONGEST_WRITTEN + len(tree.source) // LONGEST_RUN * len(BREAK):
        raise PatternTooLarge(
            tree.source,
            f"is {len(written.text)} characters long with its classes and boundaries written out, and the limit is "
            f"{LONGEST_WRITTEN}: shorten it",
        )
    return written


class Cases:
    """Sets in all their cases, as many as one pattern may ask for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._left = MOST_CASES
        self._known: dict[Ranges, Ranges] = {}

    def of(self, ranges: Ranges) -> Ranges:
        if not self._tree.folded:
            return ranges
        if ranges not in self._known:
            self._left -= min(characters.size(ranges), len(characters.folding(unicode=self._tree.unicode)))
            if self._left < 0:
                raise PatternTooLarge(
                    self._tree.source,
                    f"has classes with more than {MOST_CASES} characters to find the cases of: name fewer, or leave "
                    "the flag i out",
                )
            self._known[ranges] = characters.all_cases(ranges, unicode=self._tree.unicode)
        return self._known[ranges]


class Writer:
    def __init__(self, tree: Tree, *, ascii_only: bool) -> None:
        self._tree = tree
        self._plain_letters = ascii_only
        self._cases = Cases(tree)
        self._terms = 0

    def write(self, node: Node) -> Written:
        match node:
            case Sequence():
                written = Written("", 1)
                for item in node.items:
                    more = self.write(item)
                    written = self._bounded(written.text + more.text, written.parts + more.parts)
                return written
            case Choice():
                options = [self.write(option) for option in node.options]
                text = "|".join(option.text for option in options)
                # As a part of something else only within a group, which the parser makes.
                return self._bounded(text, sum(option.parts + 2 for option in options))
            case Group() | Look():
                inner = self.write(node.inner)
                return self._term(f"{_opening(node)}{inner.text})", inner.parts + PARTS_OF_GROUP)
            case Repeat():
                return self._repeat(node)
            case Character():
                return self._character(node.code)
            case Set():
                return self._term(self.set(node), PARTS_OF_CLASS if node.properties else 1 + len(node.ranges))
            case Back():
                # A group that took no part matches the empty text.
                return self._term(rf"(?({node.number})\g<{node.number}>|)", PARTS_OF_REFERENCE)
            case Edge():
                return self._edge(node.kind)

    def _bounded(self, text: str, parts: int) -> Written:
        if parts > MOST_PARTS:
            raise PatternTooLarge(
                self._tree.source,
                f"unfolds into more than {MOST_PARTS} parts, since repetitions inside of repetitions multiply: "
                "lower its counts",
            )
        return Written(text, parts)

    def _term(self, text: str, parts: int) -> Written:
        self._terms += 1
        return self._bounded(BREAK + text if self._terms % LONGEST_RUN == 0 else text, parts)

    def _repeat(self, node: Repeat) -> Written:
        inner = self.write(node.inner)
        # The break of a long run is no part of what is repeated.
        text = inner.text.removeprefix(BREAK)
        most = "" if node.most == MOST else str(node.most)
        counts = {(0, ""): "*", (1, ""): "+", (0, "1"): "?"}.get((node.least, most), f"{{{node.least},{most}}}")
        once = node.least == 1 and node.most == 1
        unfolded = inner.parts * (0 if once else node.least)
        before = inner.text[: len(inner.text) - len(text)]
        return self._bounded(f"{before}{text}{counts}{'' if node.greedy else '?'}", 1 + inner.parts + unfolded)

    def _character(self, code: int) -> Written:
        cases = self._cases.of(((code, code),)) if self._tree.folded else ()
        if characters.size(cases) > 1 and not (self._plain_letters and code < 128):
            return self._term(self.set(Set(((code, code),))), 2)
        return self._term(literal(code), 1)

    def set(self, node: Set) -> str:
        ranges = self._cases.of(node.ranges)
        if not ranges and not node.properties:
            return r"(?s:.)" if node.negated else "(?!)"
        written = f"[{'^' if node.negated else ''}{_members(ranges)}{''.join(node.properties)}]"
        return f"(?-i:{written})" if self._tree.folded and self._plain_letters else written

    def _edge(self, kind: str) -> Written:
        multiline = "m" in self._tree.flags
        other = _members(LINE_ENDS)
        if kind == "^":
            return self._term(f"(?<![^{other}])" if multiline else r"\A", 1)
        if kind == "$":
            return self._term(f"(?![^{other}])" if multiline else r"\Z", 1)
        word = f"[{_members(characters.word_characters(folded=self._tree.folded, unicode=self._tree.unicode))}]"
        if self._tree.folded and self._plain_letters:
            word = f"(?-i:{word})"
        text = (
            f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
            if kind == "b"
            else f"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))"
        )
        return self._term(text, PARTS_OF_BOUNDARY)


def _opening(node: Group | Look) -> str:
    if isinstance(node, Group):
        return "(" if node.number else "(?:"
    return f"(?{'' if node.ahead else '<'}{'=' if node.positive else '!'}"


def literal(code: int) -> str:
    character = chr(code)
    return character if character.isalnum() or code > 127 or character in " _" else f"\\x{code:02x}"


def _members(ranges: Ranges) -> str:
    return "".join(
        literal(first) + ("" if first == last else f"{'-' if last > first + 1 else ''}{literal(last)}")
        for first, last in ranges
    )


def means_the_same(tree: Tree) -> bool:
    """Whether `regex` finds the same matches with the same captures in every text."""
    return not any(_differs(node, tree) for node in _within(tree.root))


def _within(node: Node) -> list[Node]:
    found = [node]
    for one in found:
        found += _parts(one)
    return found


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Sequence():
            return node.items
        case Choice():
            return node.options
        case Group() | Look() | Repeat():
            return (node.inner,)
        case Character() | Set() | Back() | Edge():
            return ()


def _differs(node: Node, tree: Tree) -> bool:
    match node:
        case Repeat() if node.most > 1 or node.least == 0:
            return _differs_repeated(node)
        case Group() if node.number:
            return any(isinstance(one, Back) and one.number == node.number for one in _within(node.inner))
        case Look() if not node.ahead or not node.positive:
            return any(isinstance(one, Back) or (isinstance(one, Group) and one.number) for one in _within(node.inner))
        case Back():
            return tree.folded
        case Set():
            return tree.folded and bool(node.properties)
        case _:
            return False


def _differs_repeated(node: Repeat) -> bool:
    if node.most > 0 and may_be_empty(node.inner):
        return True
    if node.most == 1 or not node.groups:
        return False
    if set(node.groups) - _always_captured(node.inner):
        return True
    return any(isinstance(one, Back) and one.number in node.groups for one in _within(node.inner))


def _always_captured(node: Node) -> set[int]:
    """The groups that take part in every match of the node."""
    match node:
        case Sequence():
            return {number for item in node.items for number in _always_captured(item)}
        case Choice():
            return set[int].intersection(*map(_always_captured, node.options))
        case Group():
            return _always_captured(node.inner) | ({node.number} if node.number else set[int]())
        case Look() if node.positive:
            return _always_captured(node.inner)
        case Repeat() if node.least > 0:
            return _always_captured(node.inner)
        case _:
            return set()
