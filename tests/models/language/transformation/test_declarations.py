"""Declarations; an argument that was not given differs from one that is undefined or null."""

from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED

from .build import LITERAL_NULL, call


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("new Array", (), []),
        ("new Array", ([],), [[]]),
        ("new Array", (3,), [3]),
        ("new Array", (1, None, UNDEFINED), [1, None, None]),
        ("new Array", (LITERAL_NULL,), []),
        ("new Array#1", (2,), [None, None]),
        ("new Array#1", (LITERAL_NULL,), []),
        ("new Object", (LITERAL_NULL,), {}),
        ("new Object", ("{}",), {}),
        ("new Object", ('{"a": [1.0]}',), {"a": [1]}),
        ("new Object", ({"a": 1},), {"a": 1}),
        ("new Object", ("no JSON",), "no JSON"),
        ("new String", (LITERAL_NULL,), ""),
        ("new String", (None,), "null"),
        ("new String", (UNDEFINED,), "undefined"),
        ("new String", ([1, {}],), "1,[object Object]"),
        ("new String", (1e21,), "1e+21"),
        ("new Number", (LITERAL_NULL,), 0),
        ("new Number", ("0x10",), 16),
        ("new Number", (None,), 0),
        ("new Number", (UNDEFINED,), None),
        ("new Boolean", (LITERAL_NULL,), False),
        ("new Boolean", ("false",), True),
        ("new Null", (), None),
        ("new Undefined", (), UNDEFINED),
    ],
)
def test_declarations(name: str, arguments: tuple[Any, ...], expected: object) -> None:
    result = call(name, *arguments)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize("length", [-1, 1.5, "x"])
def test_an_array_length_is_a_whole_number(length: object) -> None:
    with pytest.raises(LanguageError, match="Invalid array length"):
        call("new Array#1", length)


def test_an_unknown_declaration_is_named() -> None:
    with pytest.raises(LanguageError, match="'new Proxy' is unknown"):
        call("new Proxy")
