"""Arguments as integers, as ECMAScript converts them."""

import math

import pytest
from jobyard.models.language.javascript import values
from jobyard.models.language.javascript.coercion import UNDEFINED


@pytest.mark.parametrize(
    ("value", "expected"),
    [("7.9", 7), (-1.9, -1), (None, 0), (UNDEFINED, 0), (math.inf, math.inf), ("x", 0), (True, 1)],
)
def test_to_integer_drops_the_fraction_and_takes_nan_for_zero(value: object, expected: float) -> None:
    assert values.to_integer(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(UNDEFINED, 9), (-1, 3), (-9, 0), (2, 2), (9, 4), (None, 0), (-math.inf, 0), (math.inf, 4)]
)
def test_a_negative_position_counts_from_the_end(value: object, expected: int) -> None:
    assert values.relative(value, 4, absent=9) == expected


@pytest.mark.parametrize(
    ("value", "unsigned", "signed"),
    [(-1, 2**32 - 1, -1), (2**32 + 5, 5, 5), (2**31, 2**31, -(2**31)), (math.inf, 0, 0), ("3.7", 3, 3)],
)
def test_numbers_wrap_to_32_bits(value: object, unsigned: int, signed: int) -> None:
    assert (values.to_uint32(value), values.to_int32(value)) == (unsigned, signed)
