"""The sizes of a job's values, so that no workflow fills the memory or the database of a server.

Sizes are about those of JSON, in characters. Values share parts: forty tasks that each merge a value with itself make
one whose text has a million million characters. The sizes of parts are therefore remembered by identity.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from sys import getsizeof
from typing import Any

from ..json import Json, JsonObject, is_object
from ..language.errors import LanguageError
from .state import Held, JobState

LARGEST_VALUE = 32 * 1024 * 1024  # of the incoming values, and of the outgoing values, of one task
LARGEST_ERROR = 256 * 1024  # errors are stored in the job document itself
LARGEST_JOB = 256 * 1024 * 1024  # all variables and outputs of a job
LARGE_JOB = 4 * 1024 * 1024  # of which a step takes the memory of several ordinary ones
LONG = 512 * 1024  # to look at each part of so much takes 10 ms of processor, and more where it is stored
DEEPEST = 88  # levels; two more stand around a value where it is stored

CONTAINER = 32  # each object and array counts so much, and what is in it: what they cost is not the brackets
FEW = 100
MOST_COUNTED = 500_000
_SCALAR = 8
_SCALARS = (float, int, bool)
_CONTAINERS = (dict, list)
_OBJECT: Any = dict
_ANY_CONTAINER: Any = _CONTAINERS  # types that tell nothing of what is in them: documents hold more than JSON


@dataclass
class Sizes:
    """Measures values, which must not change while this object lives."""

    _known: dict[int, tuple[object, int, int]] = field(default_factory=dict[int, tuple[object, int, int]])

    def measure(self, value: Json) -> int:
        """The size of the value; LanguageError if it is nested too deeply to be stored."""
        if isinstance(value, str):
            return len(value) + 2
        return self._measure(value, 0)[0] if isinstance(value, _CONTAINERS) else _SCALAR

    def check(self, value: Json, what: str, largest: int = LARGEST_VALUE) -> int:
        """The size; LanguageError if it is more than `largest`."""
        size = self.measure(value)
        if size > largest:
            raise LanguageError(f"{what} has {size:,} characters as JSON, more than the {largest:,} that may be.")
        return size

    def _measure(self, value: Json, level: int) -> tuple[int, int]:
        """The size, and the number of levels inside."""
        if isinstance(value, str):
            return len(value) + 2, 0
        if not isinstance(value, _CONTAINERS):
            return _SCALAR, 0
        known = self._known.get(id(value))
        if known is None:
            # Incoming values and variables, which may be others' as well, are known each by itself.
            counted = _count(value) if level == 1 or (level == 0 and len(value) > FEW) else None
            size, depth = counted or self._sum(value, level)
            known = self._known[id(value)] = (value, size, depth)
        _, size, depth = known
        if level + depth >= DEEPEST:
            raise _too_deep()
        return size, depth

    def _sum(self, value: JsonObject | list[Json], level: int) -> tuple[int, int]:
        """The same part by part: a shared part is measured once."""
        if level >= DEEPEST:
            raise _too_deep()
        size, depth = CONTAINER, 0
        if is_object(value):
            size += sum(map(len, value)) + 4 * len(value)
        for item in value.values() if is_object(value) else value:
            if isinstance(item, str):
                size += len(item) + 3
            elif isinstance(item, _CONTAINERS):
                inner, levels = self._measure(item, level + 1)
                size += inner
                if levels >= depth:
                    depth = levels + 1
            else:
                size += _SCALAR
        return size, depth


def _own_size(value: JsonObject | list[Json]) -> int:
    """The size without the objects and arrays inside."""
    size = CONTAINER
    if is_object(value):
        size += sum(map(len, value)) + 4 * len(value)
    items: Any = value.values() if is_object(value) else value
    item: Any
    for item in items:
        kind: Any = type(item)  # pyright: ignore[reportUnknownVariableType] -- of whatever item
        if kind is int:
            size += _SCALAR
        elif kind is str:
            size += len(item) + 3
        elif kind is not dict and kind is not list:
            size += len(item) + 3 if isinstance(item, str) else _SCALAR
    return size


def _count(value: JsonObject | list[Json]) -> tuple[int, int] | None:
    """The size and levels, counted as if no part were shared, without remembering parts; None if there are too many
    parts or levels.
    """
    size, depth, left = 0, 0, MOST_COUNTED
    parts: list[Any] = [value]
    while True:
        inner: list[Any] = []
        for part in parts:
            size += _own_size(part)
            inner += [item for item in (part.values() if is_object(part) else part) if type(item) in _CONTAINERS]
            if len(inner) > left:
                return None
        if not inner:
            return size, depth
        left -= len(inner)
        depth += 1
        if depth > DEEPEST:
            return None
        parts = inner


def _too_deep() -> LanguageError:
    return LanguageError(f"A value is nested more than {DEEPEST} levels deep.")


def is_large(state: JobState) -> bool:
    """Whether a step of the job may need much memory."""
    if state.held is not None:
        return state.held.total > LARGE_JOB
    return is_large_job(state.variables, *(task.outgoing for task in state.tasks.values() if task.outgoing))


def is_large_job(*values: JsonObject) -> bool:
    """Whether a job with these values is large."""
    return not is_within(values, LARGE_JOB)


def takes_long(*values: object) -> bool:
    """Whether visiting each part of these values takes too long for the event loop."""
    return not is_within(values, LONG)


def size_of(value: object) -> int:
    """The size of the value as JSON, in about so many characters."""
    most = 2**62
    return most - _left(most, [value])


def memory_of(value: object) -> int:
    """About how many bytes the value takes in memory, without the names of its objects: `{"a": 1}` takes 200."""
    total = 0
    waiting: list[Iterable[Any]] = [[value]]
    while waiting:
        for part in waiting.pop():
            total += getsizeof(part)
            if isinstance(part, _OBJECT):
                waiting.append(part.values())
            elif isinstance(part, _ANY_CONTAINER):
                waiting.append(part)
    return total


def is_within(values: Iterable[object], most: int) -> bool:
    """Whether the values together have at most about so many characters as JSON; stops counting beyond."""
    return _left(most, list(values)) >= 0


def _left(left: int, values: list[Any]) -> int:
    waiting: list[Iterable[Any]] = [values]
    while waiting and left >= 0:
        for value in waiting.pop():
            if isinstance(value, str):
                left -= len(value)
            elif value is None or value.__class__ in _SCALARS:
                continue
            elif isinstance(value, _ANY_CONTAINER):
                left -= CONTAINER + len(value) * _SCALAR
                if left < 0:
                    break
                if isinstance(value, _OBJECT):
                    left -= len("".join(value))
                    waiting.append(value.values())
                else:
                    waiting.append(value)
    return left


def hold(state: JobState, sizes: Sizes, parts: dict[str, int]) -> None:
    """Store the new sizes of some variables and outputs; LanguageError if the job becomes too large."""
    if state.held is None:
        held = {f"job.{name}": sizes.measure(value) for name, value in state.variables.items()}
        held |= {id: sizes.measure(task.outgoing) for id, task in state.tasks.items() if task.outgoing}
        state.held = Held(held, sum(held.values()))
    total = state.held.total_with(parts)
    if total > LARGEST_JOB:
        raise LanguageError(
            f"With this, the variables and outputs of the job have more than the {LARGEST_JOB:,} characters "
            "as JSON that may be."
        )
    state.held.put(parts, total)
