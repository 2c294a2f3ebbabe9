"""Methods that newer editions of ECMAScript brought, and those that few authors use, with node's results."""

from typing import Any

import pytest
from jobyard.models.language.collation import LONGEST_COMPARED
from jobyard.models.language.errors import LanguageError

from .build import call


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("Array.copyWithin", ([1, 2, 3, 4], 0, 2), [3, 4, 3, 4]),
        ("Array.copyWithin", ([1, 2, 3, 4], -1, 0, 2), [1, 2, 3, 1]),
        ("Array.entries", (["a"],), [[0, "a"]]),
        ("Array.keys", (["a", "b"],), [0, 1]),
        ("Array.of", (1, [2]), [1, [2]]),
        ("Array.toReversed", ([1, 2],), [2, 1]),
        ("Array.toSpliced", ([1, 2, 3], 1, 1, "x"), [1, "x", 3]),
        ("Array.values", ([1, None],), [1, None]),
        ("Array.with", ([1, 2], -1, "x"), [1, "x"]),
        ("Boolean.toString", (True,), "true"),
        ("Date.setFullYear", (0, 2024, 1, 30), "2024-03-01T00:00:00.000Z"),
        ("Date.setHours", ("2020-01-02", 25), "2020-01-03T01:00:00.000Z"),
        ("Date.setMonth", ("2020-01-31", 1), "2020-03-02T00:00:00.000Z"),
        ("Date.setTime", (0, 1000), "1970-01-01T00:00:01.000Z"),
        ("Date.setUTCMinutes", (0, -1), "1969-12-31T23:59:00.000Z"),
        ("Math.atan2", (1, 1), 0.7853981633974483),
        ("Math.cbrt", (27,), 3),
        ("Math.clz32", (1,), 31),
        ("Math.cosh", (1000,), None),
        ("Math.exp", (0,), 1),
        ("Math.fround", (5.5,), 5.5),
        ("Math.hypot", (3, 4), 5),
        ("Math.imul", (2**32 - 1, 5), -5),
        ("Math.log10", (1000,), 3),
        ("Math.log2", (8,), 3),
        ("Math.log", (-1,), None),
        ("Number.toExponential", (12345,), "1.2345e+4"),
        ("Number.toExponential", (0.00015, 0), "1e-4"),
        ("Number.toPrecision", (1234.5678, 6), "1234.57"),
        ("Number.toPrecision", (1234.5678, 2), "1.2e+3"),
        ("Number.toFixed", (-0.0, 1), "0.0"),
        ("Object.hasOwn", ({"a": None}, "a"), True),
        ("Object.is", (0, -0.0), False),
        ("Object.is", (float("nan"), float("nan")), True),
        ("String.at", ("abc", -1), "c"),
        ("String.fromCharCode", (0xD83D, 0xDE00), "😀"),
        ("String.fromCodePoint", (0x1F600,), "😀"),
        ("String.isWellFormed", ("a😀",), True),
        ("String.localeCompare", ("a", "B"), -1),
        ("String.localeCompare", ("a", "A"), -1),
        ("String.localeCompare", ("résumé", "resume"), 1),
        ("String.localeCompare", ("a-b", "a1"), -1),
        ("String.localeCompare", ("a", "a"), 0),
        ("String.toLocaleUpperCase", ("ß",), "SS"),
    ],
)
def test_it_gives_what_javascript_gives(name: str, arguments: tuple[Any, ...], expected: object) -> None:
    assert call(name, *arguments) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("Array.with", ([1], 1, 2), "Invalid index: 1"),
        ("Number.toExponential", (1, 101), r"toExponential\(\) argument must be between 0 and 100"),
        ("Number.toPrecision", (1, 0), r"toPrecision\(\) argument must be between 1 and 100"),
        ("String.fromCodePoint", (-1,), "Invalid code point -1"),
        ("String.localeCompare", ("a" * (LONGEST_COMPARED + 1), "b"), "is over the limit of 100000"),
    ],
)
def test_it_refuses_what_javascript_refuses_and_what_costs_too_much(
    name: str, arguments: tuple[Any, ...], reason: str
) -> None:
    with pytest.raises(LanguageError, match=reason):
        call(name, *arguments)
