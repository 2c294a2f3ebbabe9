"""Regular expressions as values, and String's methods that search with a text or an expression."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from ..errors import LanguageError
from ..javascript import coercion as javascript
from ..javascript import values
from ..javascript.coercion import UNDEFINED
from ..javascript.values import to_uint32
from ..patterns import Match, Pattern
from .budget import Budget
from .calls import Call, Method
from .properties import Matched
from .value import Members, Value

# What a literal cannot hold as it is; a slash within a class can stay.
_WRITTEN = {"/": "\\/", "\n": "\\n", "\r": "\\r", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_UNWRITTEN = re.compile(r"(\\[^\n\r\u2028\u2029]|\[(?:\\.|[^\]\\\n\r\u2028\u2029])*\])|\\?([/\n\r\u2028\u2029])")


@dataclass(frozen=True, eq=False)
class RegExp(javascript.Exotic):
    pattern: Pattern

    @property
    def everywhere(self) -> bool:
        return "g" in self.pattern.flags

    def text(self) -> str:
        source = _UNWRITTEN.sub(lambda found: found[1] or _WRITTEN[found[2]], self.pattern.source)
        return f"/{source or '(?:)'}/{''.join(sorted(self.pattern.flags))}"

    def match(self, text: str, budget: Budget, start: int = 0) -> Match | None:
        """The first match from `start` on, or at `start` alone when the expression is sticky."""
        found = budget.search(self.pattern, text, start)
        return None if found and "y" in self.pattern.flags and found.start() != start else found


def regexp(call: Call, source: int, flags: int | None = None) -> RegExp:
    """An argument as a regular expression; a text is the source of one, undefined the empty one."""
    pattern = call[source]
    letters = UNDEFINED if flags is None else call[flags]
    if isinstance(pattern, RegExp):
        return pattern if letters is UNDEFINED else RegExp(Pattern(pattern.pattern.source, javascript.text(letters)))
    return RegExp(
        Pattern(
            "(?:)" if pattern is UNDEFINED or pattern == "" else call.text(source),
            "" if letters is UNDEFINED else javascript.text(letters),
        )
    )


class Reading:
    """One text as one expression reads it: `units` is what matches are found in."""

    def __init__(self, expression: RegExp, text: str) -> None:
        self.text = text
        self.units = expression.pattern.units(text)
        self._names = expression.pattern.names
        # Characters beyond the first 65536 in what is matched by characters: each counts twice in a position.
        by_characters = "u" in expression.pattern.flags and not text.isascii()
        self._wide = [at for at, character in enumerate(self.units) if character > "\uffff"] if by_characters else []

    def matched(self, found: Match | None) -> Matched | None:
        """What `exec` gives: the match and its groups, with `index`, `input` and `groups` besides."""
        if found is None:
            return None
        groups = [_joined(group) for group in (found.group(), *found.groups())]
        named: Members = {name: groups[number] for name, number in self._names.items()}
        return Matched(
            groups,
            {"index": self.position(found), "input": self.text, "groups": named or UNDEFINED},
        )

    def position(self, found: Match) -> int:
        """Where the match begins, in UTF-16 code units."""
        return found.start() + bisect_left(self._wide, found.start())


def _joined(group: str | None) -> Value:
    return UNDEFINED if group is None else values.join_units(group)


def all_matches(expression: RegExp, text: str, budget: Budget) -> list[Match]:
    """Every match, one after the other; a sticky expression's only while each begins where the last one ended."""
    found = budget.all_matches(expression.pattern, text)
    if "y" not in expression.pattern.flags:
        return found
    nexts = [0, *(match.end() + (match.start() == match.end()) for match in found)]
    return [match for match, _ in takewhile(lambda pair: pair[0].start() == pair[1], zip(found, nexts, strict=False))]


def _test(call: Call) -> bool:
    expression = regexp(call, 0)
    return expression.match(expression.pattern.units(call.text(1)), call.world.budget) is not None


def _exec(call: Call) -> Value:
    expression = regexp(call, 0)
    reading = Reading(expression, call.text(1))
    return reading.matched(expression.match(reading.units, call.world.budget))


_REPLACEMENT = re.compile(r"\$(?:([$&`'])|(\d{1,2})|<([^>]*)>)")


def _split(call: Call) -> list[Value]:
    limit = 2**32 - 1 if call[2] is UNDEFINED else to_uint32(call.number(2))
    separator = call[1]
    if separator is UNDEFINED:
        parts: list[Value] = [call.own_text()]
    elif isinstance(separator, RegExp):
        units = separator.pattern.units(call.own_text())
        found = _split_by_matches(units, separator.pattern, limit, call.world.budget)
        parts = [UNDEFINED if part is None else values.join_units(part) for part in found]
    else:
        units, between = call.own_units(), call.units(1)
        parts = list(units) if between == "" else [values.join_units(part) for part in units.split(between)]
    return call.made(parts[:limit])


def _split_by_matches(text: str, separator: Pattern, limit: int, budget: Budget) -> list[str | None]:
    found = budget.all_matches(separator, text)
    if text == "":
        return [] if found else [text]
    parts: list[str | None] = []
    begin = 0
    for match in found:
        if match.start() == len(text) or len(parts) >= limit:
            break
        if match.end() > begin:
            parts += [text[begin : match.start()], *match.groups()]
            begin = match.end()
    return [*parts, text[begin:]]


def _match(call: Call) -> Value:
    expression, budget = regexp(call, 1), call.world.budget
    reading = Reading(expression, call.own_text())
    if not expression.everywhere:
        return reading.matched(expression.match(reading.units, budget))
    return [values.join_units(found.group()) for found in all_matches(expression, reading.units, budget)] or None


def _match_all(call: Call) -> list[Value]:
    expression = regexp(call, 1)
    if isinstance(call[1], RegExp):
        _require_everywhere(expression, "matchAll")
    reading = Reading(expression, call.own_text())
    return [reading.matched(found) for found in all_matches(expression, reading.units, call.world.budget)]


def _require_everywhere(expression: RegExp, method: str) -> None:
    if not expression.everywhere:
        raise LanguageError(f"{method} was called with {expression.text()}, which has no flag g.")


def _search(call: Call) -> int:
    expression = regexp(call, 1)
    reading = Reading(expression, call.own_text())
    found = expression.match(reading.units, call.world.budget)
    return -1 if found is None else reading.position(found)


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    stop: int
    groups: Sequence[str | None] = ()
    named: Mapping[str, str | None] = field(default_factory=dict[str, str | None])


def _replacing(*, always_all: bool) -> Method:
    def method(call: Call) -> str:
        text, what, by, budget = call.own_text(), call[1], call.text(2), call.world.budget
        if isinstance(what, RegExp):
            if always_all:
                _require_everywhere(what, "replaceAll")
            text = what.pattern.units(text)
            hits = _matching(what, text, budget)
        else:
            hits = _occurrences(text, call.text(1), always_all, budget)
        parts: list[str] = []
        end = length = 0
        for hit in hits:
            filled = _filled(by, text, hit)
            length += len(filled)
            budget.refuse_longer(length)
            parts += [text[end : hit.start], filled]
            end = hit.stop
        return values.join_units(budget.joined([*parts, text[end:]]))

    return method


def _matching(what: RegExp, text: str, budget: Budget) -> list[_Hit]:
    if what.everywhere:
        found = all_matches(what, text, budget)
    else:
        first = what.match(text, budget)
        found = [] if first is None else [first]
    names = what.pattern.names
    return [_hit(match, names) for match in found]


def _hit(match: Match, names: Mapping[str, int]) -> _Hit:
    groups = match.groups()
    return _Hit(match.start(), match.end(), groups, {name: groups[number - 1] for name, number in names.items()})


def _occurrences(text: str, what: str, everywhere: bool, budget: Budget) -> list[_Hit]:
    budget.allow_array(text.count(what) if everywhere else 1)
    hits: list[_Hit] = []
    at = text.find(what)
    while at >= 0:
        hits.append(_Hit(at, at + len(what)))
        at = text.find(what, at + max(len(what), 1)) if everywhere and at < len(text) else -1
    return hits


def _filled(by: str, text: str, hit: _Hit) -> str:
    """The replacement with `$&`, `$1`, `$<name>` and their like filled in."""

    def fill(mark: re.Match[str]) -> str:
        sign, number, name = mark.groups()
        if sign is not None:
            return {"$": "$", "&": text[hit.start : hit.stop], "`": text[: hit.start], "'": text[hit.stop :]}[sign]
        if name is not None:
            return (hit.named.get(name) or "") if hit.named else mark.group()
        return _group(number, hit.groups, mark.group())

    return _REPLACEMENT.sub(fill, by)


def _group(number: str, groups: Sequence[str | None], unchanged: str) -> str:
    """Two digits mean a group when there are so many, else the first one does and the second is text."""
    for digits in (number, number[:1]):
        if 1 <= int(digits) <= len(groups):
            return (groups[int(digits) - 1] or "") + number[len(digits) :]
    return unchanged


METHODS: Mapping[str, Method] = {
    "RegExp.exec": _exec,
    "RegExp.test": _test,
    "RegExp.toString": lambda call: regexp(call, 0).text(),
    "String.match": _match,
    "String.matchAll": _match_all,
    "String.replace": _replacing(always_all=False),
    "String.replaceAll": _replacing(always_all=True),
    "String.search": _search,
    "String.split": _split,
}
