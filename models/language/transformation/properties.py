"""An object's, array's or text's own properties, by JavaScript's rules of keys and their order."""

from ...json import is_number
from ..javascript import coercion as javascript
from ..javascript import values
from ..javascript.coercion import UNDEFINED
from ..javascript.values import is_index, keys_of
from .value import Members, Value, is_array, is_object

LARGEST_INDEX = 2**32 - 2


class Matched(list[Value]):
    """The array that a regular expression's match gives, with the properties it has besides its items."""

    def __init__(self, groups: list[Value], besides: Members) -> None:
        super().__init__(groups)
        self.besides = besides


def index_of(key: Value) -> int | None:
    """The array index that a key means: 3 and "3", and not "03" or "x"."""
    if is_number(key):
        return int(key) if 0 <= key <= LARGEST_INDEX and key == int(key) else None
    name = javascript.text(key)
    return int(name) if is_index(name) else None


def own(value: Value, key: Value) -> Value:
    """The property `key` of `value`; undefined where there is none."""
    if is_object(value):
        return value.get(key if isinstance(key, str) else javascript.text(key), UNDEFINED)
    if is_array(value):
        index = index_of(key)
        if index is not None:
            return value[index] if index < len(value) else UNDEFINED
        if key == "length":
            return len(value)
        return value.besides.get(javascript.text(key), UNDEFINED) if isinstance(value, Matched) else UNDEFINED
    if isinstance(value, str):
        return _of_text(value, key)
    return UNDEFINED


def has(value: Value, key: str) -> bool:
    if is_object(value):
        return key in value
    if is_array(value):
        return _has_item(len(value), key)
    return isinstance(value, str) and _has_item(values.length(value), key)


def keys(value: Value) -> list[str]:
    """`Object.keys(value)`."""
    if is_array(value):
        return [str(index) for index in range(len(value))]
    if isinstance(value, str):
        return [str(index) for index in range(values.length(value))]
    return keys_of(value) if is_object(value) else []


def _has_item(length: int, key: str) -> bool:
    index = index_of(key)
    return key == "length" if index is None else index < length


def _of_text(value: str, key: Value) -> Value:
    if key == "length":
        return values.length(value)
    index = index_of(key)
    if index is None:
        return UNDEFINED
    units = values.split_units(value)
    return units[index] if index < len(units) else UNDEFINED
