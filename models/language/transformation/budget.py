"""The bounds on one transformation: what its author wrote may not stop or fill the server."""

from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeAlias, TypeVar

from ..errors import LanguageError
from ..patterns import MATCH_SECONDS, Match, Pattern, SlowMatchError
from .value import Value, is_array, is_object

_Found = TypeVar("_Found")
_Made = TypeVar("_Made")

MOST_STEPS = 1_000_000
MOST_VOLUME = 200_000_000  # array items written or searched; an object's key counts 8, eight characters count 1
MOST_CALLS_DEEP = 200
MOST_WORK_DEEP = 100_000
DEEPEST_VALUE = 120  # MongoDB stores 100 levels
LONGEST_ARRAY = 1_000_000
LONGEST_TEXT = 16_000_000
STEPS_OF_A_MATCH = 10
MOST_SLOW_MATCHES = 20


class Budget:
    """What one transformation has left; every method that copies or reads through a value pays for it."""

    def __init__(self, steps: int = MOST_STEPS, volume: int = MOST_VOLUME) -> None:
        self._steps = steps
        self._volume = volume
        self._slow_matches = MOST_SLOW_MATCHES

    def take_step(self, count: int = 1) -> None:
        self._steps -= count
        if self._steps < 0:
            raise LanguageError(f"The transformation evaluated more than {MOST_STEPS} steps.")

    def spend(self, volume: int) -> None:
        self._volume -= volume
        if self._volume < 0:
            raise LanguageError("This copied or searched more data than one transformation or task may.")

    def allow_array(self, length: int | float) -> None:
        if length > LONGEST_ARRAY:
            raise LanguageError(f"An array of {length} items is over the limit of {LONGEST_ARRAY}.")
        self.spend(int(length))

    def allow_text(self, length: int | float) -> None:
        self.refuse_longer(length)
        self.spend(int(length) >> 3)

    def refuse_longer(self, length: int | float) -> None:
        if length > LONGEST_TEXT:
            raise LanguageError(f"A text of {length} characters is over the limit of {LONGEST_TEXT}.")

    def joined(self, parts: Sequence[str], separator: str = "") -> str:
        self.allow_text(sum(map(len, parts)) + len(separator) * len(parts))
        return separator.join(parts)

    def search(self, pattern: Pattern, text: str, start: int) -> Match | None:
        """The first match from `start` on."""
        length = len(text) - start
        return self._timed(lambda seconds: pattern.search(text, start, seconds), length, 5e-8)

    def all_matches(self, pattern: Pattern, text: str) -> list[Match]:
        found = self._timed(lambda seconds: pattern.all_matches(text, seconds), len(text), 1e-6)
        self.allow_array(len(found))
        return found

    def _timed(self, match: Callable[[float], _Found], length: int, seconds_each: float) -> _Found:
        """Many matches may be quick and few slow, so that all of them together end soon."""
        expected = length * seconds_each
        self.take_step(STEPS_OF_A_MATCH)
        self.spend(length >> 3)
        try:
            return match(0.005 + expected)
        except SlowMatchError:
            self._slow_matches -= 1
            if self._slow_matches < 0:
                raise
            return match(MATCH_SECONDS + expected)

    def made(self, value: _Made) -> _Made:
        """Pay for a value that was just made, one level deep, and give it back."""
        if is_array(value):
            self.allow_array(len(value))
        elif is_object(value):
            self.allow_array(len(value))
            self.spend(8 * len(value))
        elif isinstance(value, str):
            self.allow_text(len(value))
        return value

    def walked(self, value: _Made) -> _Made:
        """Pay for reading through a value as it would be written out, and give it back.

        A value made of parts that occur in it many times is as large as all of them: `a = [b, b]; b = [c, c]; ...`.
        """
        if is_array(value) or is_object(value):
            self.spend(written_size(value))
        return value


def written_size(value: dict[str, Any] | list[Any]) -> int:
    """How many values there are in `value`, counting a part as often as it occurs; refuses too deep a nesting."""
    known: dict[int, tuple[int, int]] = {}
    open_parts = [_Part(value)]
    while True:
        part = open_parts[-1]
        inner = next(part.rest, None)
        if inner is None:
            known[id(part.value)] = (part.size, part.height)
            open_parts.pop()
            if not open_parts:
                return part.size
            open_parts[-1].add(part.size, part.height)
        elif id(inner) in known:
            part.add(*known[id(inner)])
        else:
            open_parts.append(_Part(inner))
        if len(open_parts) + open_parts[-1].height > DEEPEST_VALUE:
            raise LanguageError(f"A value is nested deeper than {DEEPEST_VALUE} levels.")


class _Part:
    """An array or object on the way: what was counted of it, and the arrays and objects in it still to be visited."""

    def __init__(self, value: dict[str, Any] | list[Any]) -> None:
        self.value = value
        self.size = 1 + len(value)
        self.height = 0
        items: list[Value] = list(value.values()) if is_object(value) else value
        self.rest = (item for item in items if is_array(item) or is_object(item))

    def add(self, size: int, height: int) -> None:
        self.size += size - 1
        self.height = max(self.height, height + 1)


Work: TypeAlias = Generator["Work", Value, Value]


def finish(work: Work) -> Value:
    """Run `work`, and what it asks for, to the end; its answer."""
    stack = [work]
    answer: Value = None
    while True:
        try:
            part = stack[-1].send(answer)
        except StopIteration as end:
            stack.pop()
            answer = end.value
            if not stack:
                return answer
        else:
            if len(stack) >= MOST_WORK_DEEP:
                raise LanguageError("The transformation's steps depend on each other too deeply.")
            stack.append(part)
            answer = None
