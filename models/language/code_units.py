"""Text as JavaScript counts it: in UTF-16 code units, where an emoji has the length 2."""

import re
import sys
from array import array

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def split_units(text: str) -> str:
    """The same text with each character beyond the first 65536 as its two surrogates."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    units = array("H", text.encode(_UTF_16, "surrogatepass"))
    return "".join(map(chr, units))


def join_units(units: str) -> str:
    """The inverse: pairs of surrogates become characters, single ones stay."""
    if units.isascii() or not _LONE_SURROGATE.search(units):
        return units
    return units.encode(_UTF_16, "surrogatepass").decode(_UTF_16, "surrogatepass")


def length(text: str) -> int:
    return len(text) if text.isascii() else len(split_units(text))


def well_formed(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which neither JSON in UTF-8 nor BSON can hold."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


_UTF_16 = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"
