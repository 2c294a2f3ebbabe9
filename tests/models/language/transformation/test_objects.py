"""Object's methods."""

from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED

from .build import LITERAL_NULL, call


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("setProperty", ({"a": 1}, "b", 2), {"a": 1, "b": 2}),
        ("setProperty", ({"a": 1}, "a", None), {"a": None}),
        ("setProperty", ({"a": 1}, "a", UNDEFINED), {}),
        ("setProperty", ({}, 1, "x"), {"1": "x"}),
        ("setProperty", ([1, 2], "1", "x"), [1, "x"]),
        ("getProperty", ({"a": 1}, "a"), 1),
        ("getProperty", ({"1": "x"}, 1), "x"),
        ("getProperty", ({"a": 1}, "toString"), UNDEFINED),
        ("getProperty", ([1, 2], "length"), 2),
        ("getProperty", ("abc", "length"), 3),
        ("optional chaining", ({"a": {"b": [5]}}, "a", "b", 0), 5),
        ("optional chaining", ({"a": None}, "a", "b"), UNDEFINED),
        ("optional chaining", ({"a": None}, "a"), None),
        ("optional chaining", (None, "a"), UNDEFINED),
        ("optional chaining", ({"a": 1},), {"a": 1}),
        ("optional chaining", (None,), UNDEFINED),
        ("deleteProperty", ({"a": 1, "b": 2}, "a"), {"b": 2}),
        ("deleteProperty", ({"a": 1}, "z"), {"a": 1}),
        ("keys", ({"b": 1, "10": 1, "2": 1, "01": 1},), ["2", "10", "b", "01"]),
        ("keys", (["x", "y"],), ["0", "1"]),
        ("values", ({"b": 1, "2": 2},), [2, 1]),
        ("entries", ({"b": [1], "2": 2},), [["2", 2], ["b", [1]]]),
        ("fromEntries", ([["a", 1], ["b", 2], ["a", 3]],), {"a": 3, "b": 2}),
        ("hasOwnProperty", ({"a": None}, "a"), True),
        ("hasOwnProperty", ({"a": 1}, "toString"), False),
        ("hasOwnProperty", ([1], 0), True),
        ("assign", ({"a": 1, "b": 1}, {"b": 2}, None), {"a": 1, "b": 2}),
    ],
)
def test_object_methods(name: str, arguments: tuple[Any, ...], expected: object) -> None:
    before = repr(arguments)
    assert call(f"Object.{name}", *arguments) == expected
    assert repr(arguments) == before


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("getProperty", (None, "a"), r"Cannot read properties of null \(reading 'a'\)"),
        ("getProperty", (UNDEFINED, "a"), r"Cannot read properties of undefined \(reading 'a'\)"),
        ("setProperty", (UNDEFINED, "a", 1), r"Cannot set properties of undefined \(setting 'a'\)"),
        ("deleteProperty", (None, "a"), "Cannot delete property 'a' of null"),
        ("keys", (None,), "Cannot convert undefined or null to object"),
        ("fromEntries", ([1],), "Iterator value a number is not an entry object"),
    ],
)
def test_nothing_has_no_properties(name: str, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(LanguageError, match=message):
        call(f"Object.{name}", *arguments)


def test_keys_that_were_not_given_are_no_part_of_the_chain() -> None:
    assert call("Object.optional chaining", {"a": 1}, LITERAL_NULL) == {"a": 1}
