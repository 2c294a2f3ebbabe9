"""The String methods that search with a text or a regular expression: split, match, search and replace."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...json import Json
from .. import code_units
from ..errors import LanguageError
from ..integers import to_uint32
from ..patterns import Match, Pattern
from ..undefined import UNDEFINED
from .budget import Budget
from .calls import Call, Method
from .regexps import Reading, RegExp, all_matches, regexp

_REPLACEMENT = re.compile(r"\$(?:([$&`'])|(\d{1,2})|<([^>]*)>)")


def _split(call: Call) -> list[Json]:
    limit = 2**32 - 1 if call[2] is UNDEFINED else to_uint32(call.number(2))
    separator = call[1]
    if separator is UNDEFINED:
        parts: list[Json] = [call.own_text()]
    elif isinstance(separator, RegExp):
        units = separator.pattern.units(call.own_text())
        found = _split_by_matches(units, separator.pattern, limit, call.world.budget)
        parts = [UNDEFINED if part is None else code_units.join_units(part) for part in found]
    else:
        units, between = call.own_units(), call.units(1)
        parts = list(units) if between == "" else [code_units.join_units(part) for part in units.split(between)]
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


def _match(call: Call) -> Json:
    expression, budget = regexp(call, 1), call.world.budget
    reading = Reading(expression, call.own_text())
    if not expression.everywhere:
        return reading.matched(expression.match(reading.units, budget))
    return [code_units.join_units(found.group()) for found in all_matches(expression, reading.units, budget)] or None


def _match_all(call: Call) -> list[Json]:
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
        return code_units.join_units(budget.joined([*parts, text[end:]]))

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
    "String.match": _match,
    "String.matchAll": _match_all,
    "String.replace": _replacing(always_all=False),
    "String.replaceAll": _replacing(always_all=True),
    "String.search": _search,
    "String.split": _split,
}
