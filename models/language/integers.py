"""How JavaScript turns arguments into integers: positions, counts, 32-bit numbers."""

import math

from . import javascript
from .undefined import UNDEFINED


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
