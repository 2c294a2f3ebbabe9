"""JSON as text, with the results that node gives."""

from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.language.transformation import transform

from .build import LITERAL_NULL, call, level, of


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (({"b": 1, "2": [True, None, UNDEFINED], "u": UNDEFINED},), '{"2":[true,null,null],"b":1}'),
        ((['é"\n\u0001\u2028/'],), '["é\\"\\n\\u0001\u2028/"]'),
        (("\ud83d",), '"\\ud83d"'),
        (([1e21, 1e-7, 1.0, float("nan"), float("inf")],), "[1e+21,1e-7,1,null,null]"),
        (({"a": [1, {}], "b": []}, LITERAL_NULL, 2), '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}'),
        (({"a": 1, "b": {"a": 2, "c": 3}}, ["a", "b"]), '{"a":1,"b":{"a":2}}'),
        (({"a": 1}, "", "--"), '{\n--"a": 1\n}'),
        ((UNDEFINED,), UNDEFINED),
        ((None,), "null"),
    ],
)
def test_stringify(arguments: tuple[Any, ...], expected: object) -> None:
    assert call("JSON.stringify", *arguments) == expected


def test_stringify_writes_dates_as_text_and_other_objects_as_empty() -> None:
    steps = {1: ("new Date#1", 0), 2: ("new RegExp", "a"), 3: ("new Array", of(1), of(2)), 4: ("JSON.stringify", of(3))}
    assert transform(level(steps, {"out": of(4)}), {}) == {"out": '["1970-01-01T00:00:00.000Z",{}]'}


@pytest.mark.parametrize(
    ("text", "expected"),
    [(' {"a": [1.0, 1e3, null]} ', {"a": [1, 1000, None]}), ("12", 12), ('"\\u00e9"', "é"), (5, 5), (None, None)],
)
def test_parse(text: object, expected: object) -> None:
    assert repr(call("JSON.parse", text)) == repr(expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Unexpected end of JSON input"),
        ('{"a":', "Unexpected end of JSON input"),
        ("[1,]", r"Unexpected token \] in JSON at position 3"),
        ("NaN", "Unexpected token N in JSON"),
        ("'a'", "Unexpected token ' in JSON at position 0"),
        (UNDEFINED, "Unexpected token u in JSON at position 0"),
    ],
)
def test_what_is_not_json_is_refused(text: object, message: str) -> None:
    with pytest.raises(LanguageError, match=message):
        call("JSON.parse", text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, "number"), ("", "string"), (None, "object"), ([], "object"), (True, "boolean"), (UNDEFINED, "undefined")],
)
def test_type_of(value: object, expected: str) -> None:
    assert call("JSON.type of", value) == expected
