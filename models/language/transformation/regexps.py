"""Regular expressions as values, and the methods that are theirs. They keep no position between two calls."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from ...json import Json
from .. import code_units, javascript
from ..patterns import Pattern
from ..undefined import UNDEFINED
from .budget import Budget
from .calls import Call, Method
from .properties import Matched

if TYPE_CHECKING:
    import regex


@dataclass(frozen=True, eq=False)
class RegExp(javascript.Exotic):
    pattern: Pattern

    @property
    def everywhere(self) -> bool:
        return "g" in self.pattern.flags

    def text(self) -> str:
        return f"/{self.pattern.source or '(?:)'}/{''.join(sorted(self.pattern.flags))}"

    def match(self, text: str, budget: Budget, start: int = 0) -> "regex.Match[str] | None":
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
        # Characters beyond the first 65536 in what is matched by characters: each counts twice in a position.
        by_characters = self.units is text and not text.isascii()
        self._wide = [at for at, character in enumerate(text) if character > "\uffff"] if by_characters else []

    def matched(self, found: "regex.Match[str] | None") -> Matched | None:
        """What `exec` gives: the match and its groups, with `index`, `input` and `groups` besides."""
        if found is None:
            return None
        named = {name: _joined(group) for name, group in found.groupdict().items()}
        return Matched(
            [_joined(group) for group in (found.group(), *found.groups())],
            {"index": self.position(found), "input": self.text, "groups": named or UNDEFINED},
        )

    def position(self, found: "regex.Match[str]") -> int:
        """Where the match begins, in UTF-16 code units."""
        return found.start() + bisect_left(self._wide, found.start())


def _joined(group: str | None) -> Json:
    return UNDEFINED if group is None else code_units.join_units(group)


def all_matches(expression: RegExp, text: str, budget: Budget) -> "list[regex.Match[str]]":
    """Every match, one after the other; a sticky expression's only while each begins where the last one ended."""
    found = budget.all_matches(expression.pattern, text)
    if "y" not in expression.pattern.flags:
        return found
    ends = [0, *(match.end() for match in found)]
    return [match for match, _ in takewhile(lambda pair: pair[0].start() == pair[1], zip(found, ends, strict=False))]


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
