"""JavaScript's coercions, as ECMAScript gives them."""

import math

import pytest
from jobyard.models.language.javascript import coercion as javascript
from jobyard.models.language.javascript.coercion import UNDEFINED


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.0, "1"), (1e21, "1e+21"), (1.5e-7, "1.5e-7"), (0.000001, "0.000001"), (-0.00012, "-0.00012"), (True, "true"),
        (None, "null"), (UNDEFINED, "undefined"), ([1, None, [2, "x"]], "1,,2,x"), ({}, "[object Object]"),
        (math.nan, "NaN"), (-math.inf, "-Infinity"), (123456789012345680000, "123456789012345680000"),
    ],
)  # fmt: skip
def test_text_is_what_string_of_the_value_gives(value: object, expected: str) -> None:
    assert javascript.text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", 0), (" 12 ", 12), ("0x1f", 31), ("1e3", 1000), (None, 0), (True, 1), ([], 0), (["7"], 7), ("-.5", -0.5)],
)
def test_to_number_coerces_as_javascript_does(value: object, expected: float) -> None:
    assert javascript.to_number(value) == expected


@pytest.mark.parametrize("value", ["1_000", "12px", "inf", "nan", {}, [1, 2], UNDEFINED, "0x", "٣"])
def test_to_number_of_what_is_no_number_is_nan(value: object) -> None:
    assert math.isnan(javascript.to_number(value))


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("1", 1, True), (None, UNDEFINED, True), (None, 0, False), (True, "1", True), ([1], 1, True), ("a", "A", False),
        ({}, "[object Object]", True), ({}, {}, False), (math.nan, math.nan, False), ("", 0, True),
    ],
)  # fmt: skip
def test_loose_equality(left: object, right: object, equal: bool) -> None:
    assert javascript.loosely_equal(left, right) is equal


@pytest.mark.parametrize(
    ("left", "operator", "right", "holds"),
    [([], "<", 1, True), ("10", "<", "9", True), ("10", "<", 9, False), (None, ">=", 0, True), ("x", ">=", 0, False)],
)
def test_relations_compare_text_by_code_unit_and_the_rest_as_numbers(
    left: object, operator: str, right: object, holds: bool
) -> None:
    assert javascript.compare(left, operator, right) is holds


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1e20, "100000000000000000000"),
        (1.2345678901234568e20, "123456789012345680000"),
        (-1.5e16, "-15000000000000000"),
    ],
)
def test_large_numbers_are_written_with_the_digits_that_tell_them_apart_and_zeros(value: float, expected: str) -> None:
    assert javascript.text(value) == expected


def test_nan_is_deeply_equal_to_itself_and_not_strictly() -> None:
    assert javascript.deeply_equal([math.nan], [math.nan])
    assert not javascript.strictly_equal(math.nan, math.nan)
