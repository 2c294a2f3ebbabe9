"""The syntax of json-query: an expression becomes tokens."""

import re
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, cast

from ...bounded_cache import BoundedCache
from ..errors import LanguageError
from ..javascript.coercion import UNDEFINED, WHITE_SPACE, UndefinedType
from ..patterns import Pattern

Operator: TypeAlias = Literal["=", "~", ":", "<", ">", "<=", ">="]


@dataclass(frozen=True)
class SubQuery:
    """`{...}`, a query on the root, or the function behind `:` in a condition, a query on the item."""

    tokens: tuple["Token", ...]


Part: TypeAlias = str | UndefinedType | SubQuery


@dataclass(frozen=True)
class Root:
    arguments: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Parent:
    """`..`: there is never one, as a query always starts at the root."""


@dataclass(frozen=True)
class Or:
    """`|`: go on from the start unless there is a truthy value."""


@dataclass(frozen=True)
class Values:
    """`[*]`, and `[**]` that also flattens the arrays among the values."""

    flatten: bool


@dataclass(frozen=True)
class Get:
    key: Part


@dataclass(frozen=True)
class Condition:
    key: Part
    operator: Operator
    value: Part | Pattern
    negated: bool
    junction: Literal["", "&", "|"] = ""


@dataclass(frozen=True)
class Select:
    """`[k=v]`, the first item, or `[*k=v]`, all. A None among the conditions is one without an operator."""

    conditions: tuple[Condition | None, ...]
    every: bool


@dataclass(frozen=True)
class Call:
    """`:name(arguments)`."""

    name: str
    arguments: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Deep:
    """`[]`: the first truthy result of the rest, over the items."""

    tokens: tuple["Token", ...]


Token: TypeAlias = Root | Parent | Or | Values | Get | Select | Call | Deep


LONGEST_EXPRESSION = 10_000  # characters
DEEPEST_NESTING = 32  # queries within queries

_cache: BoundedCache[str, tuple[Token, ...]] = BoundedCache(room=200_000)  # characters

_OPENING = {"[": "select", "{": "meta", "(": "arguments"}
_CLOSING = "]})"
_JUNCTION = re.compile(r"[&|]")
_OPERATOR = re.compile(r"!?(?:=|~|:|<=|>=|<|>)")
_BRACKET = re.compile(r"[\[({]|[\])}]")
_REGULAR_EXPRESSION = re.compile("/([^\n\r\u2028\u2029]*)/([a-z]?)")
_COMMA = re.compile(",")


def tokens_of(expression: str) -> tuple[Token, ...]:
    """Read an expression; one that is too long or nested too deep is a LanguageError."""
    return _cache.get_or_make(expression, lambda: (_tokens_of(expression), len(expression)))


def _tokens_of(expression: str) -> tuple[Token, ...]:
    if len(expression) > LONGEST_EXPRESSION:
        raise LanguageError(f"A query of {len(expression)} characters is over the limit of {LONGEST_EXPRESSION}.")
    parameters = iter(range(len(expression)))
    return _Reading(re.sub(r"\?", lambda _: f"?{next(parameters)}", expression), nesting=0).tokens()


class _Reading:
    """One pass over one text: `mode` says what the characters since `start` are."""

    def __init__(self, text: str, nesting: int) -> None:
        if nesting > DEEPEST_NESTING:
            raise LanguageError(f"The query has more than {DEEPEST_NESTING} queries within queries.")
        self.text = text
        self.nesting = nesting
        self.found: list[Token | list[Token]] = []  # an inner list is a Deep that is still being read
        self.deep: list[Token] | None = None
        self.mode = "get"
        self.start = 0

    def tokens(self) -> tuple[Token, ...]:
        depth = 0
        offset = 0
        for index, character in enumerate(self.text):
            if index == offset:
                if character not in ":.":
                    self.found.append(Root())
                elif self.text.startswith("..", index):
                    self.found.append(Parent())
            if depth == 0 and (character in ".:" or character in _OPENING):
                self.close(index)
                self.mode = {".": "get", ":": "call"}.get(character) or _OPENING[character]
            elif depth == 0 and character == "|":
                self.close(index)
                self.deep = None
                self.found.append(Or())
                offset = index + 1
            if character in _OPENING:
                depth += 1
            elif character in _CLOSING:
                depth -= 1
                if depth == 0:
                    self.close(index)
        self.close(len(self.text))
        return tuple(Deep(tuple(token)) if isinstance(token, list) else token for token in self.found)

    def close(self, end: int) -> None:
        piece = self.text[self.start : end]
        if self.mode == "select":
            self.close_select(piece)
        elif self.mode == "call" and piece:
            self.push(Call(_trimmed(piece)))
        elif self.mode == "arguments":
            self.close_arguments(piece)
        elif self.mode == "get" and _trimmed(piece):
            self.push(Get(_trimmed(piece)))
        self.mode = "get"
        self.start = end + 1

    def push(self, token: Token) -> None:
        if self.deep is None:
            self.found.append(token)
        else:
            self.deep.append(token)

    def close_select(self, piece: str) -> None:
        if piece:
            self.push(_select(piece, self.nesting))
        else:
            self.deep = []
            self.found.append(self.deep)

    def close_arguments(self, piece: str) -> None:
        """Arguments belong to the last token outside a Deep, and matter to two kinds only."""
        if not self.found:
            raise LanguageError(f"The query '{self.text}' gives arguments to nothing.")
        last = self.found[-1]
        parts = [","] if piece == "," else _split(piece, _COMMA)
        # Read also where nobody looks at them: what cannot be read is an error of the whole query.
        arguments = tuple(_part(_trimmed(part), self.nesting) for part in parts)
        if isinstance(last, (Root, Call)):
            self.found[-1] = replace(last, arguments=arguments)


def _select(text: str, nesting: int) -> Token:
    if text in ("*", "**"):
        return Values(flatten=text == "**")
    every = text.startswith("*")
    text = text.removeprefix("*")
    pieces = _split(text, _JUNCTION, keep=True)
    if len(pieces) < 2:
        condition = _condition(_trimmed(text), nesting)
        return Select((condition,), every) if condition else Get(_part(_trimmed(text), nesting))
    if len(pieces) % 2 == 0:
        raise LanguageError(f"The condition '{text}' ends in '{pieces[-1]}'.")
    conditions = [_condition(_trimmed(pieces[0]), nesting)]
    for junction, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        condition = _condition(_trimmed(piece), nesting)
        if condition:
            conditions.append(
                replace(condition, junction=cast(Literal["&", "|"], junction))
            )  # the regex finds these two
    return Select(tuple(conditions), every)


def _condition(text: str, nesting: int) -> Condition | None:
    pieces = _split(text, _OPERATOR, most=2, keep=True)
    if len(pieces) != 3:
        return None
    operator = cast(Operator, pieces[1].removeprefix("!"))  # the regex finds these only
    key, right = _part(_trimmed(pieces[0]), nesting), _trimmed(pieces[2])
    value: Part | Pattern
    if operator == ":":
        value = SubQuery(_Reading(":" + right, nesting + 1).tokens())
    elif operator == "~" and (written := _REGULAR_EXPRESSION.fullmatch(right)):
        value = Pattern(written[1], written[2])
    else:
        value = _part(right, nesting)
    return Condition(key, operator, value, negated=pieces[1].startswith("!"))


def _part(text: str, nesting: int) -> Part:
    if text.startswith("{") and text.endswith("}"):
        return SubQuery(_Reading(text[1:-1], nesting + 1).tokens())
    # A parameter: nobody passes any.
    return UNDEFINED if text.startswith("?") else text


def _split(text: str, delimiter: re.Pattern[str], *, most: int | None = None, keep: bool = False) -> list[str]:
    """Split at delimiters outside of brackets, into at most `most` parts; `keep` puts the delimiters between them."""
    pieces: list[str] = []
    start = 0
    left = len(text) + 1 if most is None else most
    for zone_start, zone_end in _outside_brackets(text):
        position = zone_start
        while left > 1 and (found := delimiter.search(text, position, zone_end)):
            pieces.append(text[start : found.start()])
            if keep:
                pieces.append(found[0])
            start = position = found.end()
            left -= 1
    return [*pieces, text[start:]] if start < len(text) else pieces


def _outside_brackets(text: str) -> list[tuple[int, int]]:
    zones: list[tuple[int, int]] = []
    depth = start = 0
    for bracket in _BRACKET.finditer(text):
        if bracket[0] in _OPENING:
            if depth == 0:
                zones.append((start, bracket.start()))
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                start = bracket.end()
    if depth == 0 and start < len(text):
        zones.append((start, len(text)))
    return zones


def _trimmed(text: str) -> str:
    return text.strip(WHITE_SPACE)
