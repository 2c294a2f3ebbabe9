"""What checking a value against a schema costs, so that only what is surely quick is done in the server's own process.

Nothing there can be stopped from outside: not a search of the library's, not an allocation. So a small schema and value
are checked at once, each keyword paying before it is applied; all else is for a process with limits.
"""

from collections.abc import Mapping

from ..json import Json, is_array, is_object
from ..language.patterns import PatternTooLarge, parts_of

LARGEST_AT_ONCE = 5_000  # of a schema, and of a value: values and keys in it, and so many pieces of text
PIECE = 32  # characters
MOST_UNITS = 40_000  # each 0.3 microseconds at most: 12 ms
QUICK_SEARCH_SECONDS = 0.005
LONGEST_QUICK_PATTERN = 200  # characters
MOST_QUICK_PARTS = 1_000  # of a compiled pattern, each 1 microsecond at most

# What may lead to another draft of the language, with searches that have no limit. A property of such a name is taken
# for the keyword, which costs it a detour.
_NEVER_AT_ONCE = {
    *("$id", "$schema", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor"),
}

_UNIT = 0.3e-6  # s
_APPLY = 20
_REFER = 150
_SEARCH = 20
_DESCEND = 12
_DESCENDS_FOR_EACH = {"additionalItems", "additionalProperties", "contains", "items", "propertyNames"}
_COMBINES = {"allOf", "anyOf", "oneOf"}
_READS_ARGUMENT = {
    *("const", "dependencies", "dependentRequired", "dependentSchemas", "disallow", "enum", "extends", "type"),
}


class TooMuchAtOnce(Exception):
    """This is for a process with limits."""


class AtOnce:
    """What is left of MOST_UNITS; `size` is the weight of the schema and the value together."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._left = MOST_UNITS
        self._patterns: set[str] = set()  # that were paid for

    def apply(self, keyword: str, argument: Json, instance: Json) -> None:
        """Pay for one keyword on one value, without what is applied to the parts of either."""
        parts, listed = _length(instance), _length(argument)
        units = _APPLY + listed + _DESCEND * min(parts, listed)
        if keyword in _DESCENDS_FOR_EACH:
            units += _DESCEND * parts
        elif keyword == "format" and argument == "regex":
            raise TooMuchAtOnce  # to compile it is work
        elif keyword == "$ref":
            units += _REFER + (len(argument) if isinstance(argument, str) else 0)
        elif keyword in _COMBINES:
            units += _DESCEND * listed
        elif keyword in _READS_ARGUMENT:
            units += 2 * (_weight(argument, self._left) or self._left)
        elif keyword == "uniqueItems":
            units += 8 * (_weight(instance, self._left) or self._left)
        self._pay(units)

    def tell(self) -> None:
        """Pay for an error, whose message quotes a value and a part of the schema."""
        self._pay(_APPLY + self._size // 4)

    def search(self, pattern: str, within: str) -> None:
        """Pay for a search, without the time that it takes; TooMuchAtOnce for a pattern that is large."""
        if pattern not in self._patterns:
            if len(pattern) > LONGEST_QUICK_PATTERN:
                raise TooMuchAtOnce
            try:
                parts = parts_of(pattern)
            except PatternTooLarge:
                raise TooMuchAtOnce from None
            if parts > MOST_QUICK_PARTS:
                raise TooMuchAtOnce
            self._patterns.add(pattern)
            self._pay(4 * parts + 10 * len(pattern))
        self._pay(_SEARCH + len(within) // PIECE)

    def spend(self, seconds: float) -> None:
        self._pay(int(seconds / _UNIT))

    def _pay(self, units: int) -> None:
        self._left -= units
        if self._left < 0:
            raise TooMuchAtOnce


def weight_of_schema(schema: Mapping[str, object]) -> int | None:
    """The weight where a value can be checked against it at once, as far as can be told before; else None."""
    return _weight({key: part for key, part in schema.items() if key != "$schema"}, LARGEST_AT_ONCE, of_schema=True)


def weight_of_value(value: Json) -> int | None:
    """The weight where the value can be checked at once, as far as can be told before; else None."""
    return _weight(value, LARGEST_AT_ONCE)


def _leads_away(part: Mapping[str, Json]) -> bool:
    """Whether this part of a schema may lead anywhere but to another part of it; its root may name another draft."""
    reference = part.get("$ref", "#/")
    return not (isinstance(reference, str) and reference.startswith("#/") and _NEVER_AT_ONCE.isdisjoint(part))


def _weight(value: object, most: int, *, of_schema: bool = False) -> int | None:
    """None where it is more than `most`, or a schema that may lead anywhere; looks at no more than that."""
    weight = 0
    waiting: list[object] = [value]
    while waiting:
        part = waiting.pop()
        weight += 1
        if isinstance(part, str):
            weight += len(part) // PIECE
        elif isinstance(part, int):
            weight += part.bit_length() // 64
        elif is_array(part):
            weight += len(part)
            if weight <= most:
                waiting += part
        elif is_object(part):
            weight += len(part)
            if weight <= most:
                if of_schema and _leads_away(part):
                    return None
                weight += sum(map(len, part)) // PIECE
                waiting += part.values()
        if weight > most:
            return None
    return weight


def _length(value: Json) -> int:
    return len(value) if is_array(value) or is_object(value) else 0
