"""Math and Number, with the results that node gives."""

import math
from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.language.transformation import transform

from .build import LITERAL_NULL, call, incoming, level, of


def text_of(name: str, *arguments: Any) -> str:
    """A result as text: the way a transformation shows NaN, the infinities and 3 that is not 3.0."""
    refs = [incoming(str(at)) for at in range(len(arguments))]
    document = level({1: (name, *refs), 2: ("t:${x}", of(1))}, {"out": of(2)}, takes=[str(ref.name) for ref in refs])
    return transform(document, {str(at): value for at, value in enumerate(arguments)})["out"]


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("add", (1, 2.0), "3"),
        ("add", (0.1, 0.2), "0.30000000000000004"),
        ("add", ("1", 2), "12"),
        ("add", (1, None), "1"),
        ("add", (True, True), "2"),
        ("add", (1, UNDEFINED), "NaN"),
        ("add", ([1], {}), "1[object Object]"),
        ("add", (9007199254740991, 2), "9007199254740992"),
        ("subtract", ("5", "2"), "3"),
        ("subtract", (1,), "NaN"),
        ("multiply", (3, 0.1), "0.30000000000000004"),
        ("multiply", ("a", 1), "NaN"),
        ("multiply", (1e200, 1e200), "Infinity"),
        ("divide", (6, 3), "2"),
        ("divide", (1, 0), "Infinity"),
        ("divide", (-1, 0), "-Infinity"),
        ("divide", (0, 0), "NaN"),
        ("remainder", (-7, 3), "-1"),
        ("exponentiation", (2, 10), "1024"),
        ("exponentiation", (16, 0.5), "4"),
        ("exponentiation", (-8, 0.5), "NaN"),
        ("exponentiation", (0, -1), "Infinity"),
        ("exponentiation", (-10, 401), "-Infinity"),
        ("floor", (-1.5,), "-2"),
        ("ceil", ("1.2",), "2"),
        ("round", (2.5,), "3"),
        ("round", (-2.5,), "-2"),
        ("round", (0.49999999999999994,), "0"),
        ("trunc", (-1.7,), "-1"),
        ("abs", (-math.inf,), "Infinity"),
        ("sqrt", (9,), "3"),
        ("sqrt", (-1,), "NaN"),
        ("sign", (-3,), "-1"),
        ("max", (1, "3", 2), "3"),
        ("max", (), "-Infinity"),
        ("min", (1, None), "0"),
        ("min", (1, UNDEFINED), "NaN"),
        ("max", ([1, 2],), "NaN"),
    ],
)
def test_math(name: str, arguments: tuple[Any, ...], expected: str) -> None:
    assert text_of(f"Math.{name}", *arguments) == expected


def test_arguments_that_were_not_given_are_no_candidates_for_the_maximum() -> None:
    assert call("Math.max", 1, LITERAL_NULL, 2) == 2


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("parseFloat", ("12.5px",), "12.5"),
        ("parseFloat", ("  -.5e2x",), "-50"),
        ("parseFloat", ("Infinityx",), "Infinity"),
        ("parseFloat", ("abc",), "NaN"),
        ("parseFloat", (None,), "NaN"),
        ("parseInt", ("12px",), "12"),
        ("parseInt", (" -0x1F",), "-31"),
        ("parseInt", ("077",), "77"),
        ("parseInt", ("zz", 36), "1295"),
        ("parseInt", ("12", 2), "1"),
        ("parseInt", ("2", 2), "NaN"),
        ("parseInt", ("1", 1), "NaN"),
        ("parseInt", (5e-7,), "5"),
        ("parseInt", ("12", 0), "12"),
        ("toString", (255, 16), "ff"),
        ("toString", (-7.25, 2), "-111.01"),
        ("toString", (0.1, 3), "0.0022002200220022002200220022002201"),
        ("toString", (1e21,), "1e+21"),
        ("toString", (12, UNDEFINED), "12"),
        ("toFixed", (1.005, 2), "1.00"),
        ("toFixed", (2.5,), "3"),
        ("toFixed", (0, 3), "0.000"),
        ("toFixed", (1e21, 2), "1e+21"),
    ],
)
def test_numbers_from_and_to_text(name: str, arguments: tuple[Any, ...], expected: str) -> None:
    assert text_of(f"Number.{name}", *arguments) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("isInteger", 5.0, True),
        ("isInteger", 5.5, False),
        ("isInteger", "5", False),
        ("isInteger", True, False),
        ("isInteger", math.inf, False),
        ("isNaN", math.nan, True),
        ("isNaN", "x", False),
        ("isNaN", UNDEFINED, False),
        ("isFinite", 1, True),
        ("isFinite", math.inf, False),
        ("isSafeInteger", 2**53, False),
    ],
)
def test_questions_about_numbers(name: str, value: object, expected: bool) -> None:
    assert call(f"Number.{name}", value) is expected


def test_a_radix_beyond_36_is_refused() -> None:
    with pytest.raises(LanguageError, match="radix must be between 2 and 36"):
        call("Number.toString", 1, 37)


def test_whole_results_show_as_integers() -> None:
    assert repr(call("Math.divide", 6, 2)) == "3"
