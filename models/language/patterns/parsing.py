"""Reads a regular expression as ECMA-262 has it, Annex B without the flag `u`; its errors are errors here."""

import re
from typing import NoReturn

from ..errors import LanguageError
from ..javascript import values
from . import characters, properties
from .characters import LAST_CHARACTER, LAST_UNIT, Ranges
from .size import DEEPEST_GROUPS, PatternTooLarge
from .tree import MOST, Back, Character, Choice, Edge, Group, Look, Node, Repeat, Sequence, Set, Tree

_CONTROLS = {"f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
_LOOKS = {"(?=": (True, True), "(?!": (True, False), "(?<=": (False, True), "(?<!": (False, False)}

_COUNT = re.compile(r"\{(\d+)(?:(,)(\d*))?\}", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d*", re.ASCII)
_OCTAL = re.compile(r"[0-3][0-7]{0,2}|[4-7][0-7]?")
_HEX = re.compile(r"x([0-9a-fA-F]{2})")
_UNIT = re.compile(r"u([0-9a-fA-F]{4})")
_POINT = re.compile(r"u\{0*([0-9a-fA-F]{1,6})\}")
_PROPERTY = re.compile(r"[pP]\{(\w+)(?:=(\w+))?\}", re.ASCII)
_NAME = re.compile(r"<((?:[^<>\\]|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]+\})+)>")
_NAMED_CODE = re.compile(r"\\u\{?([0-9a-fA-F]+)\}?")
# What opens a capturing group, without a name and with one; escapes and classes are passed over.
_OPENING = re.compile(r"\\.|\[(?:\\.|[^\]\\])*|(\((?!\?))|(\(\?)(?=<[^=!])", re.DOTALL)


def parse(source: str, flags: str) -> Tree:
    """LanguageError for what is no regular expression in JavaScript, PatternTooLarge for one nested too deeply."""
    return _Parser(source, frozenset(flags)).tree()


class _Parser:
    def __init__(self, source: str, flags: frozenset[str]) -> None:
        self.source_text = source
        self.flags = flags
        self.unicode = "u" in flags
        self.source = values.join_units(source) if self.unicode else values.split_units(source)
        self.at = 0
        self.depth = 0
        self.opened = 0  # capturing groups so far
        self.names: dict[str, int] = {}
        self.groups, self.numbers = self.count_groups()

    def tree(self) -> Tree:
        root = self.choice()
        if self.at < len(self.source):
            self.refuse("a bracket that nothing opened")
        return Tree(self.source_text, root, self.groups, self.names, self.flags)

    def refuse(self, reason: str) -> NoReturn:
        raise LanguageError(f"Invalid regular expression /{self.source_text}/: {reason}.")

    def here(self, text: str) -> bool:
        return self.source.startswith(text, self.at)

    def count_groups(self) -> tuple[int, dict[str, int]]:
        """How many groups capture, and the numbers of those with names: what `\\2` and `\\k` mean may follow."""
        count, numbers = 0, dict[str, int]()
        for found in _OPENING.finditer(self.source):
            count += bool(found[1] or found[2])
            if found[2] and (name := _NAME.match(self.source, found.end())):
                numbers[_decoded(name[1])] = count
        return count, numbers

    def choice(self) -> Node:
        options = [self.sequence()]
        while self.here("|"):
            self.at += 1
            options.append(self.sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def sequence(self) -> Node:
        items: list[Node] = []
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            before = self.opened
            node = self.term()
            items.append(self.quantified(node, before))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def quantified(self, node: Node, before: int) -> Node:
        """The node with the quantifier that follows it, if one does."""
        character = self.source[self.at : self.at + 1]
        least, most = 0, MOST
        if character in ("*", "+", "?") and character:
            self.at += 1
            least, most = int(character == "+"), 1 if character == "?" else MOST
        elif character == "{" and (count := _COUNT.match(self.source, self.at)):
            self.at = count.end()
            least = min(int(count[1][:12]), MOST)
            most = least if not count[2] else min(int(count[3][:12]), MOST) if count[3] else MOST
            if _number(count[1]) > _number(count[3] or count[1]):
                self.refuse("numbers out of order in the quantifier")
        else:
            return node
        if isinstance(node, Edge) or (isinstance(node, Look) and (self.unicode or not node.ahead)):
            self.refuse("nothing to repeat")
        greedy = not self.here("?")
        self.at += not greedy
        return Repeat(node, least, most, greedy, range(before + 1, self.opened + 1))

    def term(self) -> Node:
        character = self.source[self.at]
        match character:
            case "(":
                return self.group()
            case "[":
                return self.character_class()
            case "\\":
                return self.escape()
            case "*" | "+" | "?":
                self.refuse("nothing to repeat")
            case "{" if self.unicode or _COUNT.match(self.source, self.at):
                self.refuse("nothing to repeat")
            case "}" | "]" if self.unicode:
                self.refuse(f"a lone {character}")
            case _:
                self.at += 1
        if character in "^$":
            return Edge(character)
        if character == ".":
            return Set(() if "s" in self.flags else characters.LINE_ENDS, negated=True)
        return Character(ord(character))

    def group(self) -> Node:
        opening = next((one for one in _LOOKS if self.here(one)), None)
        number = 0
        if opening is not None:
            self.at += len(opening)
        elif self.here("(?:"):
            self.at += 3
        else:
            number = self.opened = self.opened + 1
            self.at += 1
            if self.here("?<"):
                self.at += 1
                name = self.name()
                if name in self.names:
                    self.refuse("two groups have one name")
                self.names[name] = number
            elif self.here("?"):
                self.refuse("invalid group")
        self.depth += 1
        if self.depth > DEEPEST_GROUPS:
            raise PatternTooLarge(self.source_text, f"has groups within groups more than {DEEPEST_GROUPS} levels deep")
        inner = self.choice()
        self.depth -= 1
        if not self.here(")"):
            self.refuse("a group that nothing closes")
        self.at += 1
        return Group(inner, number) if opening is None else Look(inner, *_LOOKS[opening])

    def name(self) -> str:
        found = _NAME.match(self.source, self.at)
        if found is None:
            self.refuse("invalid name of a group")
        self.at = found.end()
        name = _decoded(found[1])
        # Python's identifiers are Unicode's; JavaScript has the dollar and two joiners beside them.
        if not re.sub("[$\u200c\u200d]", "_", name).isidentifier() or name[0] in "\u200c\u200d":
            self.refuse("invalid name of a group")
        return name

    def escape(self) -> Node:
        self.at += 1
        letter = self.source[self.at : self.at + 1]
        if letter == "":
            self.refuse("\\ at the end")
        if letter in "bB":
            self.at += 1
            return Edge(letter)
        if number := _NUMBER.match(self.source, self.at):
            if _number(number[0]) <= self.groups:
                self.at = number.end()
                return Back(int(number[0]))
            if self.unicode:
                self.refuse("a reference to a group that there is not")
        if letter == "k" and (self.unicode or self.numbers):
            return self.named_reference()
        found = self.wide_escape()
        return Character(self.character_escape(within=False)) if found is None else found

    def named_reference(self) -> Node:
        self.at += 1
        number = self.numbers.get(self.name()) if self.here("<") else None
        if number is None:
            self.refuse("invalid named reference")
        return Back(number)

    def wide_escape(self) -> Set | None:
        """`\\d`, `\\p{L}` and their like."""
        letter = self.source[self.at]
        unicode, folded = self.unicode, "i" in self.flags
        wide = {"d": characters.DIGITS, "s": characters.SPACES}.get(letter.lower())
        if letter in "wW":
            wide = characters.word_characters(folded=folded, unicode=unicode)
        if wide is not None:
            self.at += 1
            return Set(wide, negated=letter.isupper())
        if letter in "pP" and unicode:
            found = _PROPERTY.match(self.source, self.at)
            named = found and properties.named(found[1], found[2], negated=letter == "P")
            if not found or not named:
                self.refuse("invalid name of a property")
            self.at = found.end()
            return named
        return None

    def character_escape(self, *, within: bool) -> int:
        """The character that an escape means; `within` a class or not. `at` is behind the backslash."""
        letter = self.source[self.at]
        for syntax in (_HEX, _POINT, _UNIT):
            found = syntax.match(self.source, self.at)
            if found and (syntax is not _POINT or self.unicode):
                self.at = found.end()
                return self.code(int(found[1], 16), pair=syntax is _UNIT and self.unicode)
        if octal := _OCTAL.match(self.source, self.at):
            if self.unicode and (letter != "0" or re.compile("0[0-9]").match(self.source, self.at)):
                self.refuse("a number that is no reference")
            self.at = octal.end()
            return int(octal[0], 8)
        if letter == "c":
            return self.control(within=within)
        self.at += 1
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if self.unicode and letter not in _SYNTAX and not (within and letter == "-"):
            self.refuse("invalid escape")
        if letter == "k" and self.numbers:
            self.refuse("invalid named reference")
        return ord(letter)

    def code(self, code: int, *, pair: bool) -> int:
        if code > LAST_CHARACTER:
            self.refuse("invalid Unicode escape")
        if pair and 0xD800 <= code < 0xDC00 and self.here("\\"):
            low = _UNIT.match(self.source, self.at + 1)
            if low and 0xDC00 <= int(low[1], 16) < 0xE000:
                self.at = low.end()
                return 0x10000 + (code - 0xD800) * 0x400 + int(low[1], 16) - 0xDC00
        return code

    def control(self, *, within: bool) -> int:
        following = self.source[self.at + 1 : self.at + 2]
        if (
            following
            and following.isascii()
            and (following.isalpha() or (within and not self.unicode and (following.isdigit() or following == "_")))
        ):
            self.at += 2
            return ord(following) % 32
        if self.unicode:
            self.refuse("invalid escape")
        return ord("\\")  # and the letter follows

    def character_class(self) -> Set:
        negated = self.here("[^")
        self.at += 1 + negated
        members: list[Set | int] = []
        while not self.here("]"):
            if self.at >= len(self.source):
                self.refuse("unterminated character class")
            members.append(self.member())
            if self.here("-") and not self.here("-]"):
                self.at += 1
                if self.at >= len(self.source):
                    self.refuse("unterminated character class")
                members += self.range_of(members.pop(), self.member())
        self.at += 1
        return self.united(members, negated)

    def range_of(self, first: Set | int, last: Set | int) -> list[Set | int]:
        if isinstance(first, int) and isinstance(last, int):
            if first > last:
                self.refuse("a range of characters out of order")
            return [Set(((first, last),))]
        if self.unicode:
            self.refuse("a range with a class at its end")
        return [first, ord("-"), last]

    def member(self) -> Set | int:
        character = self.source[self.at]
        self.at += 1
        if character != "\\":
            return ord(character)
        if self.at >= len(self.source):
            self.refuse("\\ at the end")
        letter = self.source[self.at]
        if letter == "b":
            self.at += 1
            return 8
        wide = self.wide_escape()
        return self.character_escape(within=True) if wide is None else wide

    def united(self, members: list[Set | int], negated: bool) -> Set:
        top = LAST_CHARACTER if self.unicode else LAST_UNIT
        ranges: list[tuple[int, int]] = []
        named: list[str] = []
        for member in members:
            if isinstance(member, int):
                ranges.append((member, member))
            else:
                ranges += characters.complement(member.ranges, top) if member.negated else member.ranges
                named += member.properties
        together: Ranges = characters.merged(ranges)
        return Set(together, negated, tuple(dict.fromkeys(named)))


def _decoded(name: str) -> str:
    return values.join_units(_NAMED_CODE.sub(lambda code: chr(min(int(code[1], 16), LAST_CHARACTER)), name))


def _number(digits: str) -> int:
    """As a number; those with more digits than any count compare by their length."""
    digits = digits.lstrip("0")
    return int(digits or "0") if len(digits) < 16 else 10 ** min(len(digits), 4000)
