"""Reading what JavaScript would read from a value: `value[key]` and `Object.keys(value)`."""

import re
from collections.abc import Sequence

from ..json import JsonObject, is_array, is_object
from . import code_units
from .errors import LanguageError
from .javascript import text
from .undefined import UNDEFINED

_INDEX = re.compile(r"0|[1-9]\d{0,9}", re.ASCII)


def property_of(value: object, key: object) -> object:
    """`value[key]`: UNDEFINED where there is none, a LanguageError on null and undefined. Prototypes have nothing."""
    name = key if isinstance(key, str) else text(key)
    if value is None or value is UNDEFINED:
        raise LanguageError(f"Cannot read properties of {text(value)} (reading '{name}')")
    if is_object(value):
        return value.get(name, UNDEFINED)
    if is_array(value):
        if name == "length":
            return len(value)
        return value[int(name)] if is_index(name) and int(name) < len(value) else UNDEFINED
    if isinstance(value, str):
        if name == "length":
            return code_units.length(value)
        units = code_units.split_units(value)
        return code_units.well_formed(units[int(name)]) if is_index(name) and int(name) < len(units) else UNDEFINED
    return UNDEFINED


def keys_of(document: JsonObject) -> list[str]:
    """The keys in JavaScript's order: those that are indexes first, ascending, then the others as they came."""
    indexes = [key for key in document if is_index(key)]
    if not indexes:
        return list(document)
    return sorted(indexes, key=int) + [key for key in document if not is_index(key)]


def values_of(value: object) -> Sequence[object]:
    """The values under `Object.keys(value)`: none for numbers and booleans."""
    if is_object(value):
        return [value[key] for key in keys_of(value)]
    if is_array(value):
        return [*value]
    return list(code_units.well_formed(code_units.split_units(value))) if isinstance(value, str) else []


def is_index(key: str) -> bool:
    return _INDEX.fullmatch(key) is not None and int(key) < 2**32 - 1
