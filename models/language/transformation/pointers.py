"""Where a JSON pointer reads a value from, and where it writes one to without touching what was there."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from ..javascript.coercion import UNDEFINED
from .budget import Budget
from .calls import ABSENT, Absent
from .properties import index_of, own
from .value import Members, Value, is_array, is_object

Pointer: TypeAlias = tuple[str, ...]


def read(value: Value, pointer: Pointer) -> Value:
    """The value at `pointer`; undefined when the way there is interrupted."""
    for key in pointer:
        value = own(value, key)
    return value


def written(root: Value | Absent, pointer: Pointer, value: Value, budget: Budget) -> Value:
    """A copy of `root` with `value` at `pointer`; what is missing on the way becomes an array or an object."""
    if not pointer:
        return value
    copy = at = _copied(root, pointer[0], budget)
    for key, following in pairwise(pointer):
        child = _copied(own(at, key), following, budget)
        _put(at, key, child, budget)
        at = child
    _put(at, pointer[-1], value, budget)
    return copy


def with_item(array: Sequence[Value], index: int, value: Value, budget: Budget) -> list[Value]:
    """A copy of `array` with `value` at `index`, and undefined where it had no items before that."""
    copy = budget.made(list(array))
    _put(copy, str(index), value, budget)
    return copy


def _copied(container: Value | Absent, key: str, budget: Budget) -> Members | list[Value]:
    if is_object(container):
        return budget.made(dict(container))
    if is_array(container):
        return budget.made(list(container))
    missing = container is UNDEFINED or container is None or container is ABSENT
    return [] if missing and (key == "-" or index_of(key) is not None) else {}


def _put(container: Members | list[Value], key: str, value: Value, budget: Budget) -> None:
    if is_object(container):
        container[key] = value
        return
    index = len(container) if key == "-" else index_of(key)
    if index is None:
        return
    if index >= len(container):
        budget.allow_array(index + 1)
        container.extend([UNDEFINED] * (index + 1 - len(container)))
    container[index] = value
