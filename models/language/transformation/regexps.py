"""Regular expressions as values, and the methods that are theirs. They keep no position between two calls."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from ...json import Json, JsonObject
from .. import code_units, javascript
from ..patterns import Match, Pattern
from ..undefined import UNDEFINED
from .budget import Budget
from .calls import Call, Method
from .properties import Matched

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
    given = call[source]
    letters = UNDEFINED if flags is None else call[flags]
    if isinstance(given, RegExp):
        return given if letters is UNDEFINED else RegExp(Pattern(given.pattern.source, javascript.text(letters)))
    return RegExp(
        Pattern(
            "(?:)" if given is UNDEFINED or given == "" else call.text(source),
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
        named: JsonObject = {name: groups[number] for name, number in self._names.items()}
        return Matched(
            groups,
            {"index": self.position(found), "input": self.text, "groups": named or UNDEFINED},
        )

    def position(self, found: Match) -> int:
        """Where the match begins, in UTF-16 code units."""
        return found.start() + bisect_left(self._wide, found.start())


def _joined(group: str | None) -> Json:
    return UNDEFINED if group is None else code_units.join_units(group)


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


def _exec(call: Call) -> Json:
    expression = regexp(call, 0)
    reading = Reading(expression, call.text(1))
    return reading.matched(expression.match(reading.units, call.world.budget))


METHODS: Mapping[str, Method] = {
    "RegExp.exec": _exec,
    "RegExp.test": _test,
    "RegExp.toString": lambda call: regexp(call, 0).text(),
}
