"""A regular expression as a program for our own matcher (machine.py), for what `regex` takes for something else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import regex

from . import characters as patterns_characters
from .characters import LINE_ENDS, Ranges
from .tree import MOST, Back, Character, Choice, Edge, Group, Look, Node, Repeat, Sequence, Set, Tree, may_be_empty
from .writing import Cases, Writer

LINE_END_CHARACTERS = frozenset(chr(first) for first, _ in LINE_ENDS)
_MOST_REMEMBERED = 256  # characters of which one set knows whether they are in it without looking again
_LONGEST_COUNT = 2**31 - 1


# What an instruction does; its operands stand beside each. Flags are 0 or 1.
CHARACTER = 0  # index of the character
MEMBER = 1  # index of the members
RUN = 2  # index of a search for as many as there are, how many there must be
SAVE = 3  # register
SPLIT = 4  # where to go first, where to go when that fails
JUMP = 5  # where to
LOOP = 6  # index of the loop, the instruction behind it
ROUND = 7  # index of the loop
AGAIN = 8  # the loop's register of where its round began, its LOOP
START = 9  # the loop's register of rounds
CHARACTER_BEFORE = 10  # index of the character
MEMBER_BEFORE = 11  # index of the members
TEXT_START = 12
TEXT_END = 13
LINE_START = 14
LINE_END = 15
BOUNDARY = 16  # index of the word characters, whether there must be one
BACK = 17  # register, whether backwards
LOOK = 18  # whether it must match, the instruction behind it
FOUND = 19

Search: TypeAlias = Callable[[str, int], "regex.Match[str] | None"]


@dataclass(frozen=True, slots=True)
class Loop:
    count: int  # register
    begin: int  # register: where the round began, -1 where it may take nothing
    least: int
    most: int
    greedy: bool
    captures: tuple[int, ...]  # registers


@dataclass(slots=True)
class Program:
    """Registers 2n and 2n+1 are where the group n begins and ends."""

    groups: int
    registers: int
    code: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])
    characters: list[str] = field(default_factory=list[str])
    members: "list[Members]" = field(default_factory=lambda: list[Members]())
    runs: list[Search] = field(default_factory=list[Search])
    loops: list[Loop] = field(default_factory=list[Loop])
    cases: dict[str, str] = field(default_factory=dict[str, str])  # the one that stands for a character in references
    next_start: Search | None = None  # a quick look for where a match may begin
    only_at_start: bool = False


class Members(dict[str, bool]):
    """Whether a character is in a set; remembers the answers for a few."""

    def __init__(self, ranges: Ranges, negated: bool) -> None:
        super().__init__()
        self._ranges = ranges
        self._negated = negated

    def __missing__(self, character: str) -> bool:
        found = self.has(character) is not self._negated
        if len(self) < _MOST_REMEMBERED:
            self[character] = found
        return found

    def has(self, character: str) -> bool:
        return patterns_characters.contains(self._ranges, ord(character))


class _NamedMembers(Members):
    """Also by Unicode's properties, in any case where the case is ignored."""

    def __init__(self, node: Set, tree: Tree) -> None:
        super().__init__(node.ranges, node.negated)
        self._table = patterns_characters.folding(unicode=True) if tree.folded else dict[int, tuple[int, ...]]()
        self._properties = regex.compile(f"[{''.join(node.properties)}]", cache_pattern=False)

    def has(self, character: str) -> bool:
        cases = map(chr, self._table.get(ord(character), (ord(character),)))
        return any(super(_NamedMembers, self).has(one) or self._properties.match(one) is not None for one in cases)


def compile_program(tree: Tree) -> Program:
    return _Compiler(tree).program()


class _Compiler:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.made = Program(tree.groups, 2 * (tree.groups + 1))
        self.code = self.made.code
        self.cases = Cases(tree)
        self.writer = Writer(tree, ascii_only=False)

    def program(self) -> Program:
        self.add(self.tree.root, backwards=False)
        self.put(FOUND)
        self.made.only_at_start = "m" not in self.tree.flags and _begins_with_start(self.tree.root)
        first = None if may_be_empty(self.tree.root) else self.first(self.tree.root)
        if first is not None:
            self.made.next_start = _compile(f"[{first}]").search
        if self.tree.folded and any(op == BACK for op, _, _ in self.code):
            table = patterns_characters.folding(unicode=self.tree.unicode)
            self.made.cases = {chr(code): chr(cases[0]) for code, cases in table.items()}
        return self.made

    def put(self, op: int, one: int = 0, two: int = 0) -> int:
        self.code.append((op, one, two))
        return len(self.code) - 1

    def put_member(self, op: int, members: Members, two: int = 0) -> None:
        self.put(op, len(self.made.members), two)
        self.made.members.append(members)

    def register(self) -> int:
        self.made.registers += 1
        return self.made.registers - 1

    def add(self, node: Node, *, backwards: bool) -> None:
        match node:
            case Sequence():
                for item in reversed(node.items) if backwards else node.items:
                    self.add(item, backwards=backwards)
            case Choice():
                self.choice(node, backwards)
            case Group():
                self.group(node, backwards)
            case Look():
                at = self.put(LOOK)
                self.add(node.inner, backwards=not node.ahead)
                self.put(FOUND)
                self.code[at] = LOOK, int(node.positive), len(self.code)
            case Repeat():
                self.repeat(node, backwards)
            case Character():
                self.character(node, backwards)
            case Set():
                self.put_member(MEMBER_BEFORE if backwards else MEMBER, self.members(node))
            case Back():
                self.put(BACK, 2 * node.number, int(backwards))
            case Edge():
                self.edge(node.kind)

    def choice(self, node: Choice, backwards: bool) -> None:
        ends: list[int] = []
        for option in node.options[:-1]:
            split = self.put(SPLIT)
            self.add(option, backwards=backwards)
            ends.append(self.put(JUMP))
            self.code[split] = SPLIT, split + 1, len(self.code)
        self.add(node.options[-1], backwards=backwards)
        for end in ends:
            self.code[end] = JUMP, len(self.code), 0

    def group(self, node: Group, backwards: bool) -> None:
        if node.number:
            self.put(SAVE, 2 * node.number + backwards)
        self.add(node.inner, backwards=backwards)
        if node.number:
            self.put(SAVE, 2 * node.number + (not backwards))

    def character(self, node: Character, backwards: bool) -> None:
        ranges = self.cases.of(((node.code, node.code),))
        if patterns_characters.size(ranges) > 1:
            self.add(Set(((node.code, node.code),)), backwards=backwards)
        else:
            self.put(CHARACTER_BEFORE if backwards else CHARACTER, len(self.made.characters))
            self.made.characters.append(chr(node.code))

    def members(self, node: Set) -> Members:
        return _NamedMembers(node, self.tree) if node.properties else Members(self.cases.of(node.ranges), node.negated)

    def repeat(self, node: Repeat, backwards: bool) -> None:
        if node.most == 0:
            return
        inner = Set(((node.inner.code, node.inner.code),)) if isinstance(node.inner, Character) else node.inner
        if isinstance(inner, Set) and not inner.properties and node.greedy and not backwards:
            most = "" if node.most == MOST else str(node.most)
            run = f"{self.writer.set(inner)}{{{min(node.least, _LONGEST_COUNT)},{most}}}"
            self.put(RUN, len(self.made.runs), node.least)
            self.made.runs.append(_compile(run).match)
        elif node.least == 0 and node.most == 1 and not may_be_empty(node.inner):
            # What is in it took no part yet: whatever repeats it forgot that.
            split = self.put(SPLIT)
            self.add(node.inner, backwards=backwards)
            first, second = (split + 1, len(self.code)) if node.greedy else (len(self.code), split + 1)
            self.code[split] = SPLIT, first, second
        else:
            self.loop(node, backwards)

    def loop(self, node: Repeat, backwards: bool) -> None:
        captures = tuple(register for number in node.groups for register in (2 * number, 2 * number + 1))
        loop = Loop(self.register(), self.register(), node.least, node.most, node.greedy, captures)
        self.put(START, loop.count)
        number = len(self.made.loops)
        self.made.loops.append(loop)
        at = self.put(LOOP)
        self.put(ROUND, number)
        self.add(node.inner, backwards=backwards)
        self.put(AGAIN, loop.begin, at)
        self.code[at] = LOOP, number, len(self.code)

    def edge(self, kind: str) -> None:
        multiline = "m" in self.tree.flags
        if kind == "^":
            self.put(LINE_START if multiline else TEXT_START)
        elif kind == "$":
            self.put(LINE_END if multiline else TEXT_END)
        else:
            words = patterns_characters.word_characters(folded=self.tree.folded, unicode=self.tree.unicode)
            self.put_member(BOUNDARY, Members(words, negated=False), int(kind == "b"))

    def first(self, node: Node) -> str | None:
        """What a match can begin with, as the inside of a class; None where that is not told by one character."""
        match node:
            case Character():
                return self.writer.set(Set(((node.code, node.code),)))[1:-1]
            case Set():
                written = self.writer.set(node)
                return None if node.negated or not written.startswith("[") or node.properties else written[1:-1]
            case Group():
                return self.first(node.inner)
            case Repeat() if node.least > 0:
                return self.first(node.inner)
            case Choice():
                options = [None if may_be_empty(option) else self.first(option) for option in node.options]
                return None if None in options else "".join(one or "" for one in options)
            case Sequence():
                return self.first_of(node)
            case _:
                return None

    def first_of(self, node: Sequence) -> str | None:
        found = ""
        for item in node.items:
            if isinstance(item, Look | Edge):
                continue
            inner = item.inner if isinstance(item, Repeat) else item
            first = None if may_be_empty(inner) else self.first(inner)
            if first is None:
                return None
            found += first
            if not may_be_empty(item):
                return found
        return None


def _compile(written: str) -> "regex.Pattern[str]":
    return regex.compile(written, regex.VERSION0, cache_pattern=False)


def _begins_with_start(node: Node) -> bool:
    match node:
        case Edge():
            return node.kind == "^"
        case Sequence():
            return bool(node.items) and _begins_with_start(node.items[0])
        case Group():
            return _begins_with_start(node.inner)
        case Choice():
            return all(map(_begins_with_start, node.options))
        case _:
            return False
