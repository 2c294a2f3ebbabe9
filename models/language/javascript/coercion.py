"""JavaScript's coercions and comparisons, which queries, evaluations and transformations are specified in."""

import json
import math
import re
from enum import Enum
from typing import Any, Final, Literal

from ...json import is_array, is_number, is_object


class Undefined(Enum):
    UNDEFINED = "undefined"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = Undefined.UNDEFINED
UndefinedType = Literal[Undefined.UNDEFINED]


_DECIMAL = re.compile(r"[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII)
_PREFIXED = {"0x": 16, "0o": 8, "0b": 2}
WHITE_SPACE = (
    " \t\n\r\v\f\u00a0\ufeff\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


class Exotic:
    """An object that JSON does not have (a date, a set, a regular expression), and what it is coerced to."""

    def text(self) -> str:
        return "[object Object]"

    def primitive(self) -> str | int | float:
        """What `<` compares and `-` subtracts."""
        return self.text()

    def plain(self) -> Any:
        """What `JSON.stringify` writes in its place."""
        return {}


def number(value: int | float) -> int | float:
    """The same number as JSON shows it: 3 and not 3.0, and never an int beyond what a double holds exactly."""
    if isinstance(value, int):
        return value if abs(value) <= 2**53 else number(float(value)) if abs(value) < 2**1023 else math.inf
    return int(value) if value.is_integer() and abs(value) <= 2**53 else value


def truthy(value: object) -> bool:
    if is_array(value) or is_object(value):
        return True
    if isinstance(value, float) and math.isnan(value):
        return False
    return bool(value)


def number_text(value: int | float) -> str:
    """`String(n)`: 1 for 1.0, 1e+21 from there on, NaN, Infinity."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(float(value)).partition("e")
    if not exponent:
        return mantissa.removesuffix(".0")
    power = int(exponent)
    sign, digits = ("-", mantissa[1:]) if mantissa.startswith("-") else ("", mantissa)
    if 0 < power < 21:
        whole, _, fraction = digits.removesuffix(".0").partition(".")
        return f"{sign}{whole}{fraction.ljust(power, '0')}"
    if -7 < power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{digits.replace('.', '')}"
    return f"{mantissa.removesuffix('.0')}e{'+' if power > 0 else '-'}{abs(power)}"


def text(value: object) -> str:
    """`String(value)`: arrays join with commas (null and undefined as nothing), objects are "[object Object]"."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_number(value):
        return number_text(value)
    if is_array(value):
        return ",".join("" if item is None or item is UNDEFINED else text(item) for item in value)
    return value.text() if isinstance(value, Exotic) else "[object Object]"


def to_number(value: object) -> int | float:
    """`Number(value)`; NaN where JavaScript says so."""
    if isinstance(value, bool):
        return int(value)
    if is_number(value):
        return value
    if value is None:
        return 0
    if isinstance(value, str):
        return _parsed(value.strip(WHITE_SPACE))
    if is_array(value):
        return to_number(text(value))
    return to_number(value.primitive()) if isinstance(value, Exotic) else math.nan


def _parsed(digits: str) -> int | float:
    if digits == "":
        return 0
    base = _PREFIXED.get(digits[:2].lower())
    if base is not None:
        try:
            return number(int(digits[2:], base)) if re.fullmatch(r"[0-9a-zA-Z]+", digits[2:]) else math.nan
        except ValueError:
            return math.nan
    if not _DECIMAL.fullmatch(digits):
        return math.nan
    return number(float(digits.replace("Infinity", "inf")))


def type_of(value: object) -> str:
    """`typeof value`."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    return "number" if is_number(value) else "object"


def strictly_equal(left: Any, right: Any) -> bool:
    """`===`. Arrays and objects are equal only to themselves, as in JavaScript."""
    if type_of(left) != type_of(right):
        return False
    if type_of(left) == "object":
        return left is right
    return bool(left == right)


def loosely_equal(left: object, right: object) -> bool:
    """`==`."""
    empty = (None, UNDEFINED)
    if any(left is one for one in empty) or any(right is one for one in empty):
        return any(left is one for one in empty) and any(right is one for one in empty)
    left_type, right_type = type_of(left), type_of(right)
    if left_type == right_type:
        return strictly_equal(left, right)
    if "boolean" in (left_type, right_type):
        return loosely_equal(
            to_number(left) if left_type == "boolean" else left, to_number(right) if right_type == "boolean" else right
        )
    if left_type == "object":
        return loosely_equal(text(left), right)
    if right_type == "object":
        return loosely_equal(left, text(right))
    return to_number(left) == to_number(right)


def deeply_equal(left: Any, right: Any) -> bool:
    """Equality of JSON values: 1 equals 1.0, NaN equals NaN, true is not 1, order matters in arrays only."""
    if is_object(left) and is_object(right):
        return left.keys() == right.keys() and all(deeply_equal(left[key], right[key]) for key in left)
    if is_array(left) and is_array(right):
        return len(left) == len(right) and all(deeply_equal(one, other) for one, other in zip(left, right, strict=True))
    return type_of(left) == type_of(right) and bool(left == right or (left != left and right != right))


def compare(left: object, operator: str, right: object) -> bool:
    """`<`, `<=`, `>` or `>=`: two texts by code unit, anything else as numbers; NaN compares false."""
    one, other = _primitive(left), _primitive(right)
    if isinstance(one, str) and isinstance(other, str):
        first: Any = one.encode("utf-16-be", "surrogatepass")
        second: Any = other.encode("utf-16-be", "surrogatepass")
    else:
        first, second = to_number(one), to_number(other)
    if operator == "<":
        return bool(first < second)
    if operator == "<=":
        return bool(first <= second)
    if operator == ">":
        return bool(first > second)
    return bool(first >= second)


def _primitive(value: object) -> object:
    if isinstance(value, Exotic):
        return value.primitive()
    return text(value) if is_array(value) or is_object(value) else value


def to_json(value: object, indent: int | str | None = None) -> str:
    """`JSON.stringify(value, null, indent)`; NaN and infinities become null, undefined members go."""
    separators = (",", ":") if not indent else (",", ": ")
    return json.dumps(_plain(value), ensure_ascii=False, separators=separators, indent=indent or None)


def _plain(value: object) -> object:
    if is_object(value):
        return {key: _plain(item) for key, item in value.items() if item is not UNDEFINED}
    if is_array(value):
        return [_plain(item) for item in value]
    if is_number(value):
        return number(value) if math.isfinite(value) else None
    if isinstance(value, Exotic):
        return value.plain()
    return None if value is UNDEFINED else value
