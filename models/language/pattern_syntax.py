"""JavaScript's regular expressions written anew for Python's `regex`, with the same meaning.

Both share most of their syntax. Where they do not, the author meant JavaScript's: `$` is never before a last newline,
`\\d` is ASCII, `{` is a text unless it counts, a reference to a group that took no part matches the empty text. Only
which empty rounds of a repeated group count is left to the machine.
"""

import re

from .errors import LanguageError

_LINE_ENDS = r"\n\r\u2028\u2029"
_DIGITS = "0-9"
_WORDS = "A-Za-z0-9_"
_SPACES = r"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_CLASSES = {
    "d": _DIGITS,
    "w": _WORDS,
    "s": _SPACES,
    # What is left, as ranges: a class can be inside a class.
    "D": r"\x00-/:-\U0010ffff",
    "W": r"\x00-/:-@\[-\^`{-\U0010ffff",
    "S": r"\x00-\x08\x0e-\x1f!-\x9f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff"
    r"\u3001-\ufefe\uff00-\U0010ffff",
}
_BOUNDARY = rf"(?:(?<=[{_WORDS}])(?![{_WORDS}])|(?<![{_WORDS}])(?=[{_WORDS}]))"
_NO_BOUNDARY = rf"(?:(?<=[{_WORDS}])(?=[{_WORDS}])|(?<![{_WORDS}])(?![{_WORDS}]))"
_CONTROLS = {"f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_GROUPS = ("(?:", "(?=", "(?!", "(?<=", "(?<!", "(")

_COUNT = re.compile(r"\{(\d+)(?:(,)(\d*))?\}", re.ASCII)
_NAME = re.compile(r"\(\?<([^\W\d]\w*)>")
_REFERENCE = re.compile(r"\\k<([^\W\d]\w*)>")
_BACK = re.compile(r"\\([1-9]\d*)", re.ASCII)
_OCTAL = re.compile(r"\\([0-3][0-7]{0,2}|[4-7][0-7]?)")
_CODE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|c([A-Za-z]))")
_PROPERTY = re.compile(r"\\([pP])\{(?:Script=|sc=|General_Category=|gc=)?(\w+)\}", re.ASCII)


def as_python(source: str, flags: str) -> str:
    """`source` for `regex`; LanguageError for what is no regular expression in JavaScript."""
    return _Translation(source, flags).written()


class _Translation:
    """One pass over the source. `out` holds what was written so far, one element for each term."""

    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.multiline = "m" in flags
        self.dot_all = "s" in flags
        self.unicode = "u" in flags
        self.at = 0
        self.out: list[str] = []
        opening = _openings(source)
        self.groups = len(opening)
        self.named = [name for name in opening if name]
        if len(set(self.named)) < len(self.named):
            raise self.refuse("two groups have one name")
        self.open: list[str] = []  # the groups that are open, as they begin
        self.repeatable = False  # whether a quantifier may follow

    def written(self) -> str:
        while self.at < len(self.source):
            self.term(self.source[self.at])
        return "".join(self.out)

    def refuse(self, reason: str) -> LanguageError:
        return LanguageError(f"Invalid regular expression /{self.source}/: {reason}.")

    def put(self, text: str, width: int, *, repeatable: bool = True) -> None:
        self.out.append(text)
        self.at += width
        self.repeatable = repeatable

    def term(self, character: str) -> None:
        match character:
            case "\\":
                self.escape()
            case "[":
                self.character_class()
            case "(":
                self.group()
            case ")":
                # Only what looks behind cannot be repeated.
                self.put(")", 1, repeatable=not (self.open and self.open.pop().startswith("(?<")))
            case "|":
                self.put("|", 1, repeatable=False)
            case ".":
                self.put(r"(?s:.)" if self.dot_all else f"[^{_LINE_ENDS}]", 1)
            case "^":
                self.put(f"(?<![^{_LINE_ENDS}])" if self.multiline else r"\A", 1, repeatable=False)
            case "$":
                self.put(f"(?![^{_LINE_ENDS}])" if self.multiline else r"\Z", 1, repeatable=False)
            case "*" | "+" | "?":
                self.quantifier(character)
            case "{":
                count = _COUNT.match(self.source, self.at)
                if count is None:
                    self.put(r"\{", 1)
                else:
                    self.quantifier(count[0])
            case _:
                self.put(_literal(character), 1)

    def quantifier(self, written: str) -> None:
        if not self.repeatable:
            raise self.refuse("nothing to repeat")
        self.put(written, len(written), repeatable=False)
        if self.source.startswith("?", self.at):
            self.put("?", 1, repeatable=False)

    def group(self) -> None:
        if name := _NAME.match(self.source, self.at):
            self.open.append("(")
            self.put(f"(?P<{name[1]}>", len(name[0]), repeatable=False)
            return
        opening = next(one for one in _GROUPS if self.source.startswith(one, self.at))
        if opening == "(" and self.source.startswith("(?", self.at):
            raise self.refuse("invalid group")
        self.open.append(opening)
        self.put(opening, len(opening), repeatable=False)

    def escape(self) -> None:
        letter = self.source[self.at + 1 : self.at + 2]
        if letter == "":
            raise self.refuse("\\ at the end")
        back = _BACK.match(self.source, self.at)
        if letter in ("b", "B"):
            self.put(_BOUNDARY if letter == "b" else _NO_BOUNDARY, 2, repeatable=False)
        elif back and len(back[1]) < 5 and int(back[1]) <= self.groups:
            # A group that took no part matches the empty text, as everywhere.
            self.put(rf"(?({back[1]})\g<{back[1]}>|)", len(back[0]))
        elif letter == "k" and self.named:
            reference = _REFERENCE.match(self.source, self.at)
            if reference is None or reference[1] not in self.named:
                raise self.refuse("invalid named reference")
            self.put(rf"(?({reference[1]})\g<{reference[1]}>|)", len(reference[0]))
        else:
            written, width, _ = self.atom()
            self.put(f"[{written}]" if letter in _CLASSES else written, width)

    def atom(self, *, within: bool = False) -> tuple[str, int, bool]:
        """An escape that means characters, in a class or not; its width in the source, and whether it is one alone."""
        letter = self.source[self.at + 1 : self.at + 2]
        if letter in _CLASSES and letter:
            return _CLASSES[letter], 2, False
        if letter in _CONTROLS and letter:
            return _literal(_CONTROLS[letter]), 2, True
        code = _CODE.match(self.source, self.at)
        if code and (code[3] is None or self.unicode):
            point = ord(code[4]) % 32 if code[4] else int(code[1] or code[2] or code[3], 16)
            if point > 0x10FFFF:
                raise self.refuse("invalid Unicode escape")
            return _literal(chr(point)), len(code[0]), True
        if self.unicode and (named := _PROPERTY.match(self.source, self.at)):
            return rf"\{named[1]}{{{named[2]}}}", len(named[0]), False
        if octal := _OCTAL.match(self.source, self.at):
            return _literal(chr(int(octal[1], 8))), len(octal[0]), True
        if within and letter == "b":
            return r"\x08", 2, True
        if letter == "c":
            return r"\\", 1, True  # a backslash, and then a c
        if self.unicode and letter.isalnum():
            raise self.refuse("invalid escape")
        return _literal(letter), 2, True

    def character_class(self) -> None:
        if self.source.startswith("[]", self.at):
            self.put("(?!)", 2)
            return
        if self.source.startswith("[^]", self.at):
            self.put("(?s:.)", 3)
            return
        negated = self.source.startswith("[^", self.at)
        self.at += 2 if negated else 1
        members: list[tuple[str, bool]] = []  # as written, and whether it is one character
        while not self.source.startswith("]", self.at):
            if self.at >= len(self.source):
                raise self.refuse("unterminated character class")
            members.append(self.member())
        self.put(f"[{'^' if negated else ''}{''.join(_ranges(members))}]", 1)

    def member(self) -> tuple[str, bool]:
        character = self.source[self.at]
        if character == "-":
            self.at += 1
            return "-", False
        if character != "\\":
            self.at += 1
            return _literal(character), True
        if self.at + 1 >= len(self.source):
            raise self.refuse("\\ at the end")
        written, width, single = self.atom(within=True)
        self.at += width
        return written, single


def _ranges(members: list[tuple[str, bool]]) -> list[str]:
    """The members with their ranges: a hyphen makes one between two characters, and is a hyphen anywhere else."""
    written: list[str] = []
    position = 0
    while position < len(members):
        between = members[position + 1 : position + 2] == [("-", False)] and position + 2 < len(members)
        if between and members[position][1] and members[position + 2][1]:
            written.append(f"{members[position][0]}-{members[position + 2][0]}")
            position += 3
        elif between and members[position + 2][0] == "-":
            written.append(f"{_member(members[position][0])}-\\-")
            position += 3
        else:
            written.append(_member(members[position][0]))
            position += 1
    return written


def _member(written: str) -> str:
    return r"\-" if written == "-" else written


def _openings(source: str) -> list[str]:
    """The names of the capturing groups in their order, empty for those without one."""
    names: list[str] = []
    position = 0
    in_class = False
    while position < len(source):
        character = source[position]
        if character == "\\":
            position += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "(":
            name = _NAME.match(source, position)
            if name or not source.startswith("(?", position):
                names.append(name[1] if name else "")
        position += 1
    return names


def _literal(character: str) -> str:
    return character if character.isalnum() or ord(character) > 127 or character in " _" else f"\\x{ord(character):02x}"
