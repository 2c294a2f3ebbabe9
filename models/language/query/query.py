"""json-query: what an expression finds in a value, as npm's json-query 2.2.2 with regular expressions allowed.

UNDEFINED and null differ: a missing last key gives UNDEFINED, and anything falsy on the way to it gives null.
"""

import re
from collections.abc import Callable, Sequence

from ...json import Json, JsonObject, is_array, is_object
from ..errors import LanguageError
from ..javascript.coercion import UNDEFINED, WHITE_SPACE, compare, loosely_equal, strictly_equal, text, truthy
from ..javascript.values import property_of, values_of
from ..patterns import Pattern, searching
from .syntax import Call, Condition, Deep, Get, Or, Parent, Part, Root, Select, SubQuery, Token, Values, tokens_of

MOST_VISITS = 500_000  # items that one query may look at; queries within queries multiply

_NUMBER_AHEAD = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]+|\d+)", re.ASCII)


def query(expression: str, data: object) -> object:
    """What `expression` finds in `data`; "" finds all of it. The result shares its parts with `data`."""
    with searching():
        return _Query(data).value(tokens_of(expression), None)


def replace_at(expression: str, data: object, value: Json) -> Json:
    """A copy of `data` with `value` at the place that a plain path of keys names; "" names the whole.

    Objects on the way that are missing are made. Anything that is not a path of keys is a LanguageError.
    """
    return _replaced(data, [_plain_key(token, expression) for token in tokens_of(expression) if token != Root()], value)


def _plain_key(token: Token, expression: str) -> str:
    if isinstance(token, Get) and isinstance(token.key, str):
        return token.key
    raise LanguageError(f"The query '{expression}' does not name one place: only keys, as in a.b[c], can be set.")


def _replaced(data: object, path: Sequence[str], value: Json) -> Json:
    parents: list[JsonObject] = []
    place: object = data
    for key in path:
        if place is None or place is UNDEFINED:
            place = {}
        if not is_object(place):
            raise LanguageError(f"There is no object that could hold '{key}'.")
        parents.append(place)
        place = place.get(key)
    for parent, key in zip(reversed(parents), reversed(path), strict=True):
        value = {**parent, key: value}
    return value


class _Query:
    """One query on one root value."""

    def __init__(self, data: object) -> None:
        self.root = UNDEFINED if data is None else data
        self.visits = 0

    def value(self, tokens: Sequence[Token], item: object) -> object:
        """Read the tokens from `item` on, or from the root where the item is null or undefined."""
        start = UNDEFINED if item is None else item
        current = self.root if start is UNDEFINED else start
        for token in tokens:
            match token:
                case Root(arguments):
                    current = self.part(arguments[0]) if arguments else self.root
                case Get(key):
                    current = self.get(current, key)
                case Select():
                    current = self.select(current, token)
                case Values(flatten):
                    current = self.values(current, flatten=flatten)
                case Or():
                    if truthy(current):
                        break
                    current = start
                case Call(name, arguments):
                    current = self.call(current, name, arguments)
                case Deep(inner):
                    current = self.deep(current, inner)
                case Parent():
                    current = UNDEFINED
        return current

    def part(self, part: Part) -> object:
        return self.value(part.tokens, None) if isinstance(part, SubQuery) else part

    def get(self, current: object, part: Part) -> object:
        if part == "":
            return current
        key = self.part(part)
        if not truthy(current):
            return None
        if not is_array(current) or _counts_as_index(key):
            return property_of(current, key)
        self.visit(len(current))
        found: list[object] = []
        for item in current:
            value = property_of(item, key)
            if is_array(value):
                found.extend(value)
            elif value is not UNDEFINED:
                found.append(value)
        self.visit(len(found))
        return found

    def values(self, current: object, *, flatten: bool) -> list[object]:
        if not truthy(current):
            return []
        found: list[object] = []
        for value in values_of(current):
            if flatten and is_array(value):
                found.extend(value)
            else:
                found.append(value)
        self.visit(len(found))
        return found

    def select(self, current: object, select: Select) -> object:
        if not is_array(current):
            return None
        tests = [self.test(condition) for condition in select.conditions]
        found: list[object] = []
        for item in current:
            self.visit(len(tests))
            accepted = False
            for junction, test in tests:
                # Every condition is looked at, as in the package: a later one may still raise.
                outcome = test(item)
                if junction == "&":
                    accepted = accepted and outcome
                elif junction == "|":
                    accepted = accepted or outcome
                else:
                    accepted = outcome
            if accepted and not select.every:
                return item
            if accepted:
                found.append(item)
        return found if select.every else None

    def test(self, condition: Condition | None) -> tuple[str, Callable[[object], bool]]:
        if condition is None:
            raise LanguageError("The first of several conditions has no operator.")
        key = self.part(condition.key)
        test = (
            self.function_test(key, condition.value) if condition.operator == ":" else self.value_test(key, condition)
        )
        return condition.junction, (lambda item: not test(item)) if condition.negated else test

    def function_test(self, key: object, function: Part | Pattern) -> Callable[[object], bool]:
        tokens = function.tokens if isinstance(function, SubQuery) else ()
        return lambda item: truthy(self.value(tokens, property_of(item, key) if truthy(key) else item))

    def value_test(self, key: object, condition: Condition) -> Callable[[object], bool]:
        if isinstance(condition.value, Pattern):
            pattern = condition.value
            return lambda item: _matches(property_of(item, key), pattern)
        value = self.part(condition.value)
        if condition.operator == "~":
            return lambda item: _contains(property_of(item, key), value)
        if condition.operator == "=":
            return lambda item: _equals(property_of(item, key), value)
        return lambda item: compare(property_of(item, key), condition.operator, value)

    def call(self, current: object, name: str, arguments: Sequence[Part]) -> object:
        """`get` reads any key, dots and all. An unknown function leaves the value as it is."""
        if name != "get":
            return current
        # All are evaluated, as in the package: one that is not used may still raise.
        key = [*(self.part(argument) for argument in arguments), UNDEFINED][0]
        return UNDEFINED if current is None or current is UNDEFINED else property_of(current, key)

    def deep(self, current: object, tokens: Sequence[Token]) -> object:
        if not truthy(current):
            return None
        if not tokens:
            return current
        if isinstance(current, str):
            raise LanguageError("'[]' looks into arrays and objects, not into text.")
        for item in values_of(current):
            self.visit(1)
            value = self.value(tokens, item)
            if truthy(value):
                return value
        return None

    def visit(self, items: int) -> None:
        self.visits += items
        if self.visits > MOST_VISITS:
            raise LanguageError(f"The query looks at more than {MOST_VISITS} items.")


def _counts_as_index(key: object) -> bool:
    """`parseInt(key) == key`."""
    name = text(key)
    ahead = _NUMBER_AHEAD.match(name.lstrip(WHITE_SPACE))
    if ahead is None:
        return False
    digits = ahead[0].lower()
    return loosely_equal(float(int(digits, 16)) if "x" in digits else float(digits), key)


def _equals(value: object, wanted: object) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return value == wanted
    if isinstance(value, bool) and wanted in ("true", "false"):
        return value == (wanted == "true") or loosely_equal(value, wanted)
    return loosely_equal(value, wanted)


def _matches(value: object, pattern: Pattern) -> bool:
    if not truthy(value):
        return False
    if not isinstance(value, str):
        raise LanguageError("A regular expression matches text only.")
    return pattern.search(value) is not None


def _contains(value: object, wanted: object) -> bool:
    if not truthy(value):
        return False
    if isinstance(value, str):
        return text(wanted) in value
    if is_array(value):
        return any(strictly_equal(item, wanted) for item in value)
    raise LanguageError("Only text and arrays can contain something (~).")
