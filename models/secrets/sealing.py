"""Secrets at rest: in a stored document an envelope stands in place of each value that is marked.

An envelope is `{"$sealed": "1:<key id>:<base64>"}`. Foreign keys that begin with `$` are stored with an escape, so this
one cannot be anybody's. What a document of the database has sealed, its field `sealed_by` says: the ids of the keys.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias, TypeGuard, TypeVar, cast

from ..json import Json, JsonObject, is_array, is_object
from .masking import EVERY, MASK, Path

ENVELOPE = "$sealed"
SEALED: Final = "sealed_by"  # of a stored document, ours alone

Change: TypeAlias = Callable[[JsonObject], Json]
Seal: TypeAlias = Callable[[Json], Json]
Part = TypeVar("Part")
Values = TypeVar("Values", bound=Mapping[str, object])


def is_envelope(value: object) -> TypeGuard[JsonObject]:
    return is_object(value) and isinstance(value.get(ENVELOPE), str)


def key_of(envelope: Mapping[str, object]) -> str:
    """The id of the key that sealed it."""
    return [*str(envelope[ENVELOPE]).split(":", 2), ""][1]


def keys_in(*values: object) -> list[str]:
    """The ids of all keys that sealed something in the values, in order."""
    found: set[str] = set()
    for value in values:
        changed(value, lambda one: (found.add(key_of(one)), one)[1])
    return sorted(found)


def changed(value: Part, change: Change) -> Part:
    """A copy with every envelope changed; the very same object where there is none."""
    return cast(Part, _changed(value, change))  # an envelope stands where a value of any type may stand


def _changed(value: object, change: Change) -> object:
    if is_envelope(value):
        return change(value)
    if is_object(value):
        items = {key: _changed(item, change) for key, item in value.items()}
        return items if any(items[key] is not item for key, item in value.items()) else value
    if is_array(value):
        several = [_changed(item, change) for item in value]
        return several if any(one is not other for one, other in zip(several, value, strict=True)) else value
    return value


def hidden(value: Part) -> Part:
    """A copy with a mask in place of every envelope."""
    return changed(value, lambda envelope: MASK)


def sealed_at(values: Values, paths: Iterable[Path], seal: Seal) -> Values:
    """A copy with an envelope in place of what each way leads to; the very same object where there is nothing."""
    sealed: Any = values
    for path in outermost(paths):
        sealed = _sealed(sealed, path, seal)
    return sealed


def outermost(paths: Iterable[Path]) -> list[Path]:
    """The paths without those that lead into what another one leads to."""
    found: list[Path] = []
    for path in sorted(paths, key=len):
        if path and not any(_leads_into(path, other) for other in found):
            found.append(path)
    return found


def _leads_into(path: Path, other: Path) -> bool:
    return all(theirs in (EVERY, ours) for ours, theirs in zip(path, other, strict=False))


def _sealed(value: Json, path: Sequence[str], seal: Seal) -> Json:
    if is_envelope(value):
        return value
    if not path:
        return seal(value)
    key, rest = path[0], path[1:]
    if is_object(value) and key in value:
        return {**value, key: _sealed(value[key], rest, seal)}
    if is_array(value) and key == EVERY:
        return [_sealed(one, rest, seal) for one in value]
    if is_array(value) and key.isdecimal() and int(key) < len(value):
        index = int(key)
        return [*value[:index], _sealed(value[index], rest, seal), *value[index + 1 :]]
    return value
