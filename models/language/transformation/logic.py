"""Conditions, equality, order. What a condition does not need is never evaluated."""

from collections.abc import Callable, Mapping

from ..javascript import coercion as javascript
from ..javascript.coercion import UNDEFINED
from .budget import Work
from .calls import Call, LazyMethod, Method, Operands
from .value import Value


def _ternary(operand: Operands) -> Work:
    test = yield operand(0)
    return (yield operand(1 if javascript.truthy(test) else 2))


def _first(decided: Callable[[Value], bool]) -> LazyMethod:
    """The first operand that decides, else the last one, as it is: `&&`, `||` and `??` give operands, not booleans."""

    def method(operand: Operands) -> Work:
        value: Value = UNDEFINED
        for index in range(max(operand.count, 2)):
            value = yield operand(index)
            if decided(value):
                break
        return value

    return method


def _not_nullish(value: Value) -> bool:
    return value is not None and value is not UNDEFINED


def _not(call: Call) -> bool:
    return not javascript.truthy(call[0])


def _compared(test: Callable[[Value, Value], bool], *, expected: bool = True) -> Method:
    def method(call: Call) -> bool:
        walked = call.world.budget.walked
        return test(walked(call[0]), walked(call[1])) is expected

    return method


def _identity(call: Call) -> bool:
    return javascript.strictly_equal(call[0], call[1])


def _ordered(operator: str) -> Method:
    return _compared(lambda left, right: javascript.compare(left, operator, right))


LAZY: Mapping[str, LazyMethod] = {
    "Conditional.ternary": _ternary,
    "Logical.and": _first(lambda value: not javascript.truthy(value)),
    "Logical.or": _first(javascript.truthy),
    "Logical.nullish": _first(_not_nullish),
}

METHODS: Mapping[str, Method] = {
    "Boolean.toString": lambda call: call.made(javascript.text(call.receiver())),
    "Boolean.valueOf": lambda call: call.receiver(),
    "Logical.not": _not,
    "Equality.equality": _compared(javascript.loosely_equal),
    "Equality.inequality": _compared(javascript.loosely_equal, expected=False),
    "Equality.identity": _identity,
    "Equality.nonidentity": lambda call: not _identity(call),
    "Equality.deepEquals": _compared(javascript.deeply_equal),
    "Relational.greaterThan": _ordered(">"),
    "Relational.greaterThanOrEqual": _ordered(">="),
    "Relational.lessThan": _ordered("<"),
    "Relational.lessThanOrEqual": _ordered("<="),
}
