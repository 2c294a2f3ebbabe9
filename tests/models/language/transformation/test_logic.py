"""Conditions, equality and order, with the results that node gives."""

from typing import Any

import pytest
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.language.transformation import transform

from .build import LITERAL_NULL, call, incoming, level, of


@pytest.mark.parametrize(
    ("left", "right", "loose", "strict", "deep"),
    [
        (1, "1", True, False, False),
        (1, 1.0, True, True, True),
        (0, "", True, False, False),
        (False, 0, True, False, False),
        (None, UNDEFINED, True, False, False),
        (None, 0, False, False, False),
        ([1], "1", True, False, False),
        ([1], [1], False, False, True),
        ({"a": [1, None]}, {"a": [1, None]}, False, False, True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False, False, True),
        ([1, 2], [2, 1], False, False, False),
        (float("nan"), float("nan"), False, False, True),
        ("a", "a", True, True, True),
    ],
)
def test_three_kinds_of_equality(left: object, right: object, loose: bool, strict: bool, deep: bool) -> None:
    assert call("Equality.equality", left, right) is loose
    assert call("Equality.inequality", left, right) is not loose
    assert call("Equality.identity", left, right) is strict
    assert call("Equality.nonidentity", left, right) is not strict
    assert call("Equality.deepEquals", left, right) is deep


def test_a_value_is_identical_to_itself_wherever_it_went() -> None:
    steps = {1: ("Object.getProperty", incoming("o"), "list"), 2: ("Equality.identity", of(1), incoming("o", "/list"))}
    assert transform(level(steps, {"out": of(2)}, takes=["o"]), {"o": {"list": []}}) == {"out": True}


@pytest.mark.parametrize(
    ("left", "right", "less", "less_or_equal", "greater", "greater_or_equal"),
    [
        (1, 2, True, True, False, False),
        ("10", "9", True, True, False, False),
        ("10", 9, False, False, True, True),
        ("a", 1, False, False, False, False),
        (None, 0, False, True, False, True),
        (UNDEFINED, 0, False, False, False, False),
        ([2], 10, True, True, False, False),
        ("a😀", "a\uffff", True, True, False, False),
    ],
)
def test_order(
    left: object, right: object, less: bool, less_or_equal: bool, greater: bool, greater_or_equal: bool
) -> None:
    assert call("Relational.lessThan", left, right) is less
    assert call("Relational.lessThanOrEqual", left, right) is less_or_equal
    assert call("Relational.greaterThan", left, right) is greater
    assert call("Relational.greaterThanOrEqual", left, right) is greater_or_equal


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("and", (1, "x"), "x"),
        ("and", (0, "x"), 0),
        ("and", ("a", "b", "", "c"), ""),
        ("and", (True, LITERAL_NULL), UNDEFINED),
        ("or", ("", 0), 0),
        ("or", (None, [], "x"), []),
        ("or", (UNDEFINED, LITERAL_NULL), UNDEFINED),
        ("nullish", (None, 0), 0),
        ("nullish", ("", 1), ""),
        ("nullish", (UNDEFINED, None), None),
    ],
)
def test_logical_methods_give_operands(name: str, arguments: tuple[Any, ...], expected: object) -> None:
    assert call(f"Logical.{name}", *arguments) == expected


@pytest.mark.parametrize("value", ["", 0, None, UNDEFINED, False, float("nan")])
def test_six_values_are_falsy(value: object) -> None:
    assert call("Logical.not", value) is True
    assert call("Conditional.ternary", value, "then", "else") == "else"


@pytest.mark.parametrize("value", ["0", "false", [], {}, -1])
def test_everything_else_is_truthy(value: object) -> None:
    assert call("Logical.not", value) is False
    assert call("Conditional.ternary", value, "then", "else") == "then"


def test_an_alternative_that_was_not_given_is_undefined() -> None:
    assert call("Conditional.ternary", False, "then", LITERAL_NULL) is UNDEFINED
