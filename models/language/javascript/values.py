"""JavaScript's properties, integers and texts: keys of values, positions and counts, and UTF-16 code units."""

import math
import re
import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ...json import is_array, is_object
from ..errors import LanguageError
from . import coercion as javascript
from .coercion import UNDEFINED, text


def to_integer(value: object) -> int | float:
    """`ToIntegerOrInfinity`: NaN is 0, fractions go, infinities stay (as floats)."""
    converted = javascript.to_number(value)
    if math.isnan(converted):
        return 0
    return converted if math.isinf(converted) else int(converted)


def clamped(value: object, low: int, high: int) -> int:
    """The integer that `value` means, moved into `low` to `high`."""
    return int(min(max(to_integer(value), low), high))


def relative(value: object, length: int, absent: int) -> int:
    """A position of slice, splice or fill: negative counts from the end, undefined is `absent`."""
    if value is UNDEFINED:
        return absent
    position = to_integer(value)
    return clamped(position + length if position < 0 else position, 0, length)


def to_uint32(value: object) -> int:
    converted = to_integer(value)
    return 0 if math.isinf(converted) else int(converted) % 2**32


def to_int32(value: object) -> int:
    unsigned = to_uint32(value)
    return unsigned - 2**32 if unsigned >= 2**31 else unsigned


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


PIECE: Final = 50_000  # characters that are converted in one go, in which no other thread goes on: some ms


def split_units(text: str) -> str:
    """The same text with each character beyond the first 65536 as its two surrogates."""
    return text if text.isascii() else in_pieces(text, _split)


def join_units(units: str) -> str:
    """The inverse: pairs of surrogates become characters, single ones stay."""
    return units if units.isascii() else in_pieces(units, _join)


def length(text: str) -> int:
    return len(text) if text.isascii() else len(split_units(text))


def in_pieces(text: str, convert: Callable[[str], str]) -> str:
    """What `convert` makes of the text, which must not depend on what is around a piece."""
    if len(text) <= PIECE:
        return convert(text)
    pieces: list[str] = []
    begin = 0
    while begin < len(text):
        end = begin + PIECE
        if "\ud800" <= text[end - 1 : end] <= "\udbff" and "\udc00" <= text[end : end + 1] <= "\udfff":
            end += 1  # a pair stays together
        pieces.append(convert(text[begin:end]))
        begin = end
    return "".join(pieces)


def _split(text: str) -> str:
    if max(text) <= "\uffff":
        return text
    return "".join(map(chr, array("H", text.encode(_UTF_16, "surrogatepass"))))


def _join(units: str) -> str:
    if not _LONE_SURROGATE.search(units):
        return units
    return units.encode(_UTF_16, "surrogatepass").decode(_UTF_16, "surrogatepass")


def well_formed(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which neither JSON in UTF-8 nor BSON can hold."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


_UTF_16 = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"


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
            return length(value)
        units = split_units(value)
        return well_formed(units[int(name)]) if is_index(name) and int(name) < len(units) else UNDEFINED
    return UNDEFINED


def keys_of(document: Mapping[str, object]) -> list[str]:
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
    return list(well_formed(split_units(value))) if isinstance(value, str) else []


def is_index(key: str) -> bool:
    return _INDEX.fullmatch(key) is not None and int(key) < 2**32 - 1
