"""Arithmetic, rounding, logarithms and angles, and Number's ways from text."""

import math
import re
import struct
from collections.abc import Callable, Mapping
from functools import reduce
from typing import TypeGuard

from ...json import is_number
from ..javascript import coercion as javascript
from ..javascript.values import to_int32, to_uint32
from .calls import Call, Method
from .value import Value, is_array, is_object

_FLOAT = re.compile(r"[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII)
_MOST_DIGITS = 1100  # more significant digits than this are Infinity in any radix
Number = int | float


def _folded(operation: Callable[[Number, Number], Number]) -> Method:
    def method(call: Call) -> Number:
        operands = [call.number(index) for index in range(max(len(call.arguments), 2))]
        return javascript.number(reduce(operation, operands))

    return method


def _add(call: Call) -> Value:
    """`+`: with a text, array, object or date on either side it joins texts."""
    return reduce(_sum, (call.world.budget.walked(call[index]) for index in range(max(len(call.arguments), 2))))


def _sum(left: Value, right: Value) -> Value:
    if any(
        isinstance(value, (str, javascript.Exotic)) or is_array(value) or is_object(value) for value in (left, right)
    ):
        return javascript.text(left) + javascript.text(right)
    return javascript.number(javascript.to_number(left) + javascript.to_number(right))


def _divide(dividend: Number, divisor: Number) -> Number:
    if divisor == 0:
        return math.nan if dividend == 0 or math.isnan(dividend) else math.copysign(math.inf, dividend)
    return dividend / divisor


def _remainder(dividend: Number, divisor: Number) -> Number:
    if divisor == 0 or math.isinf(dividend):
        return math.nan
    return math.fmod(dividend, divisor)


def power(base: Number, exponent: Number) -> Number:
    if math.isnan(exponent) or (abs(base) == 1 and math.isinf(exponent)):
        return math.nan
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan


def _rounded(value: Number) -> Number:
    below = math.floor(value)
    return below + 1 if value - below >= 0.5 else below


def _of_finite(operation: Callable[[Number], Number]) -> Method:
    def method(call: Call) -> Number:
        value = call.number(0)
        return javascript.number(operation(value)) if math.isfinite(value) else value

    return method


def _sign(call: Call) -> Number:
    value = call.number(0)
    return value if math.isnan(value) else (value > 0) - (value < 0)


def _extreme(choose: Callable[[list[Number]], Number], of_none: float) -> Method:
    def method(call: Call) -> Number:
        values = [call.number(index) for index in range(len(call.arguments)) if call.has(index)]
        if any(math.isnan(value) for value in values):
            return math.nan
        return choose(values) if values else of_none

    return method


def _square_root(call: Call) -> Number:
    value = call.number(0)
    return math.nan if value < 0 else javascript.number(math.sqrt(value))


def _parse_float(call: Call) -> Number:
    found = _FLOAT.match(call.text(0).lstrip(javascript.WHITE_SPACE))
    return javascript.number(float(found.group().replace("Infinity", "inf"))) if found else math.nan


def _parse_int(call: Call) -> Number:
    text, radix = call.text(0).strip(javascript.WHITE_SPACE), to_int32(call.number(1)) if call.has(1) else 0
    sign = -1 if text.startswith("-") else 1
    text = text[1:] if text[:1] in ("-", "+") and text else text
    if radix in (0, 16) and text[:2].lower() == "0x":
        text, radix = text[2:], 16
    radix = radix or 10
    if not 2 <= radix <= 36:
        return math.nan
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"[:radix]
    valid = re.match(f"[{digits}]*", text, re.IGNORECASE | re.ASCII)
    found = valid.group() if valid else ""
    if found == "":
        return math.nan
    significant = found.lstrip("0") or "0"
    return sign * (javascript.number(int(significant, radix)) if len(significant) <= _MOST_DIGITS else math.inf)


def _is_integer(value: Value) -> TypeGuard[int | float]:
    return is_number(value) and math.isfinite(value) and value == math.floor(value)


def _function(operation: Callable[[float], float]) -> Method:
    """Outside of its domain it is NaN; beyond the largest number infinite, with the sign of its argument."""

    def method(call: Call) -> Number:
        value = float(call.number(0))
        try:
            return javascript.number(operation(value))
        except ValueError:
            return math.nan
        except OverflowError:
            return math.copysign(math.inf, value)

    return method


def _logarithm(operation: Callable[[float], float], pole: float = 0.0) -> Method:
    return _function(lambda value: -math.inf if value == pole else operation(value))


def _inverse_hyperbolic_tangent(value: float) -> float:
    return math.copysign(math.inf, value) if abs(value) == 1 else math.atanh(value)


def _cube_root(value: float) -> float:
    # The machine's last digit is not always right, and a whole root is what people see.
    root = math.cbrt(value)
    return root if not math.isfinite(root) or round(root) ** 3 != value else float(round(root))


def _hyperbolic_cosine(value: float) -> float:
    return math.cosh(abs(value))


def _exponential(operation: Callable[[float], float]) -> Callable[[float], float]:
    """`e ** x` overflows upwards only."""
    return lambda value: math.inf if value > 710 else operation(value)


def _single(value: float) -> float:
    """The nearest number of single precision."""
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def _hypotenuse(call: Call) -> Number:
    values = [float(call.number(index)) for index in range(len(call.arguments)) if call.has(index)]
    return javascript.number(math.hypot(*values))


METHODS: Mapping[str, Method] = {
    "Math.abs": lambda call: abs(call.number(0)),
    "Math.add": _add,
    "Math.ceil": _of_finite(math.ceil),
    "Math.divide": _folded(_divide),
    "Math.exponentiation": _folded(power),
    "Math.floor": _of_finite(math.floor),
    "Math.max": _extreme(max, -math.inf),
    "Math.min": _extreme(min, math.inf),
    "Math.multiply": _folded(lambda left, right: left * right),
    "Math.pow": _folded(power),
    "Math.random": lambda call: call.world.draw(),
    "Math.remainder": _folded(_remainder),
    "Math.round": _of_finite(_rounded),
    "Math.sign": _sign,
    "Math.sqrt": _square_root,
    "Math.subtract": _folded(lambda left, right: left - right),
    "Math.trunc": _of_finite(math.trunc),
    "Number.isFinite": lambda call: is_number(value := call[0]) and math.isfinite(value),
    "Number.isInteger": lambda call: _is_integer(call[0]),
    "Number.isNaN": lambda call: is_number(value := call[0]) and math.isnan(value),
    "Number.isSafeInteger": lambda call: _is_integer(value := call[0]) and abs(value) < 2**53,
    "Number.parseFloat": _parse_float,
    "Number.parseInt": _parse_int,
    "Number.valueOf": lambda call: call.receiver(),
    "Math.acos": _function(math.acos),
    "Math.acosh": _function(math.acosh),
    "Math.asin": _function(math.asin),
    "Math.asinh": _function(math.asinh),
    "Math.atan": _function(math.atan),
    "Math.atan2": lambda call: javascript.number(math.atan2(call.number(0), call.number(1))),
    "Math.atanh": _function(_inverse_hyperbolic_tangent),
    "Math.cbrt": _function(_cube_root),
    "Math.clz32": lambda call: 32 - to_uint32(call.number(0)).bit_length(),
    "Math.cos": _function(math.cos),
    "Math.cosh": _function(_hyperbolic_cosine),
    "Math.exp": _function(_exponential(math.exp)),
    "Math.expm1": _function(_exponential(math.expm1)),
    "Math.fround": _function(_single),
    "Math.hypot": _hypotenuse,
    "Math.imul": lambda call: to_int32(to_int32(call.number(0)) * to_int32(call.number(1))),
    "Math.log": _logarithm(math.log),
    "Math.log10": _logarithm(math.log10),
    "Math.log1p": _logarithm(math.log1p, pole=-1.0),
    "Math.log2": _logarithm(math.log2),
    "Math.sin": _function(math.sin),
    "Math.sinh": _function(math.sinh),
    "Math.tan": _function(math.tan),
    "Math.tanh": _function(math.tanh),
}
