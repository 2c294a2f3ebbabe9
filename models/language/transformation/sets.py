"""Sets, and the sameness of values that sets and `includes` go by."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..javascript import coercion as javascript
from .calls import Call, Method
from .value import Value


def same_key(value: Value) -> tuple[str, object]:
    """Equal for what `SameValueZero` calls the same: NaN is itself, an object only itself."""
    kind = javascript.type_of(value)
    if kind == "object" and value is not None:
        return kind, id(value)
    if isinstance(value, float) and math.isnan(value):
        return kind, "NaN"
    return kind, value


@dataclass(frozen=True, eq=False)
class UniqueValues(javascript.Exotic):
    """A Set: each value once, in the order of its first occurrence."""

    values: tuple[Value, ...]

    def text(self) -> str:
        return "[object Set]"


def unique(values: Iterable[Value]) -> UniqueValues:
    first: dict[tuple[str, object], Value] = {}
    for value in values:
        first.setdefault(same_key(value), value)
    return UniqueValues(tuple(first.values()))


def _set(call: Call) -> UniqueValues:
    value = call.receiver()
    return value if isinstance(value, UniqueValues) else unique(call.array())


def _add(call: Call) -> UniqueValues:
    return unique([*_set(call).values, call[1]])


def _delete(call: Call) -> UniqueValues:
    gone = same_key(call[1])
    return UniqueValues(tuple(value for value in _set(call).values if same_key(value) != gone))


def _has(call: Call) -> bool:
    wanted = same_key(call[1])
    return any(same_key(value) == wanted for value in _set(call).values)


METHODS: Mapping[str, Method] = {
    "Set.add": _add,
    "Set.delete": _delete,
    "Set.entries": lambda call: call.made([[value, value] for value in _set(call).values]),
    "Set.has": _has,
    "Set.keys": lambda call: call.made(list(_set(call).values)),
    "Set.size": lambda call: len(_set(call).values),
    "Set.values": lambda call: call.made(list(_set(call).values)),
}
