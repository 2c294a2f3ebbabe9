"""Numbers written in another radix: as many digits as tell the number from its neighbours, as V8 does it.

The standard leaves the digits open. Beyond 2**53 a number ends in zeros where it tells its neighbours no more apart.
"""

import math

from .. import javascript

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
