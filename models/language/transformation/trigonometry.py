"""Math's logarithms, exponentials, angles and the like. JavaScript leaves their last digits to the machine."""

import math
import struct
from collections.abc import Callable, Mapping

from .. import javascript
from ..integers import to_int32, to_uint32
from .calls import Call, Method

Number = int | float


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
    values = [float(call.number(index)) for index in range(len(call.arguments)) if call.given(index)]
    return javascript.number(math.hypot(*values))


METHODS: Mapping[str, Method] = {
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
