"""Number's ways to text: fixed, exponential and significant digits, and other radixes."""

import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite

from ...json import is_number
from ..errors import LanguageError
from ..javascript import coercion as javascript
from ..javascript.coercion import UNDEFINED
from ..javascript.values import to_integer
from .calls import Call, Method

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def in_radix(value: int | float, radix: int) -> str:
    if radix == 10 or not math.isfinite(value):
        return javascript.number_text(value)
    magnitude = abs(float(value))
    whole = math.floor(magnitude)
    digits = _fraction(magnitude - whole, magnitude, radix)
    if digits and digits[0] == radix:
        whole, digits = whole + 1, []
    text = _whole(whole, radix)
    if digits:
        text += "." + "".join(_DIGITS[digit] for digit in digits)
    return f"-{text}" if value < 0 else text


def _whole(value: int, radix: int) -> str:
    digits: list[str] = []
    rest = float(value)
    while rest >= radix * 2**53:
        rest /= radix
        digits.append("0")
    while True:
        digit = math.fmod(rest, radix)
        digits.append(_DIGITS[int(digit)])
        rest = (rest - digit) / radix  # in doubles, as V8 does it: their rounding shows in the digits
        if rest <= 0:
            break
    return "".join(reversed(digits))


def _fraction(fraction: float, magnitude: float, radix: int) -> list[int]:
    """The digits after the point; a first digit equal to the radix means that the fraction rounds up to one."""
    precision = max(0.5 * (math.nextafter(magnitude, math.inf) - magnitude), math.nextafter(0.0, 1.0))
    digits: list[int] = []
    while fraction >= precision:
        fraction *= radix
        precision *= radix
        digit = int(fraction)
        digits.append(digit)
        fraction -= digit
        if (fraction > 0.5 or (fraction == 0.5 and digit % 2 == 1)) and fraction + precision > 1:
            return _rounded_up(digits, radix)
    return digits


def _rounded_up(digits: list[int], radix: int) -> list[int]:
    while digits:
        digits[-1] += 1
        if digits[-1] < radix:
            return digits
        digits.pop()
    return [radix]


_EXACTLY = Context(prec=1200)  # a double has at most 1075 digits
_LARGEST_FIXED = 1e21  # from here on toFixed writes as toString does


def _to_string(call: Call) -> str:
    value = call.receiver()
    if not is_number(value) or call[1] is UNDEFINED:
        return call.text(0)
    radix = to_integer(call.number(1))
    if not 2 <= radix <= 36:
        raise LanguageError("toString() radix must be between 2 and 36")
    return in_radix(value, int(radix))


def _to_fixed(call: Call) -> str:
    call.receiver()
    value, digits = call.number(0), _digits(call, least=0)
    if not isfinite(value) or abs(value) >= _LARGEST_FIXED:
        return javascript.number_text(value)
    return f"{_sign(value)}{_rounded(value, -digits):f}"


def _to_exponential(call: Call) -> str:
    call.receiver()
    value = call.number(0)
    # A number that has no digits is written before its argument is looked at, as the standard has it.
    if not isfinite(value):
        return javascript.number_text(value)
    if call[1] is UNDEFINED:
        return _sign(value) + _exponential(Decimal(repr(float(abs(value)))).normalize(_EXACTLY))
    digits = _digits(call, least=0)
    return _sign(value) + _exponential(_significant(value, digits + 1), digits)


def _to_precision(call: Call) -> str:
    call.receiver()
    value = call.number(0)
    if call[1] is UNDEFINED or not isfinite(value):
        return javascript.number_text(value)
    digits = _digits(call, least=1)
    rounded = _significant(value, digits)
    if rounded.adjusted() < -6 or rounded.adjusted() >= digits:
        return _sign(value) + _exponential(rounded, digits - 1)
    return f"{_sign(value)}{rounded.quantize(Decimal(1).scaleb(rounded.adjusted() - digits + 1), context=_EXACTLY):f}"


def _digits(call: Call, least: int) -> int:
    digits = to_integer(call.number(1)) if call.has(1) else 0
    if not least <= digits <= 100:
        name = call.name.partition(".")[2]
        raise LanguageError(f"{name}() argument must be between {least} and 100")
    return int(digits)


def _sign(value: int | float) -> str:
    return "-" if value < 0 else ""


def _rounded(value: int | float, place: int) -> Decimal:
    """The magnitude to a power of ten, exactly; halves go up."""
    return Decimal(value).copy_abs().quantize(Decimal(1).scaleb(place), ROUND_HALF_UP, _EXACTLY)


def _significant(value: int | float, digits: int) -> Decimal:
    if value == 0:
        return Decimal(0)
    return _rounded(value, Decimal(value).adjusted() - digits + 1)


def _exponential(value: Decimal, fraction: int | None = None) -> str:
    """`d.ddde+x`; `fraction` is how many digits come after the point, all that there are where it is None."""
    exponent = value.adjusted() if value else 0
    digits = "".join(map(str, value.as_tuple().digits)) or "0"
    digits = digits.rstrip("0") if fraction is None else digits[: fraction + 1].ljust(fraction + 1, "0")
    digits = digits or "0"
    point = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{point}e{'-' if exponent < 0 else '+'}{abs(exponent)}"


METHODS: Mapping[str, Method] = {
    "Number.toExponential": _to_exponential,
    "Number.toFixed": _to_fixed,
    "Number.toPrecision": _to_precision,
    "Number.toString": _to_string,
}
