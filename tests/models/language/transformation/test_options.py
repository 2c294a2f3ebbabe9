"""The options of the transformation task, and what is given from outside."""

from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.language.transformation import transform

from .build import incoming, level, of

TWO = level({}, {"out": incoming("arg1")}, takes=["arg2", "arg1", {"$id": "arg3", "optional": True}])


def test_missing_required_incoming_values_are_named_in_the_documented_error() -> None:
    with pytest.raises(LanguageError) as caught:
        transform(TWO, {"arg1": UNDEFINED}, {"validateIncoming": True})
    assert caught.value.message == {
        "code": 500,
        "message": {
            "apiVersion": "1",
            "method": "transformations.run",
            "error": {
                "code": 500,
                "message": "Missing one of the following required instances: arg2, arg1",
                "errors": [],
            },
        },
    }


@pytest.mark.parametrize("options", [None, {}, {"validateIncoming": False}])
def test_missing_incoming_values_are_undefined_when_nobody_validates(options: dict[str, Any] | None) -> None:
    assert transform(TWO, {}, options) == {}


def test_null_is_not_missing() -> None:
    assert transform(TWO, {"arg1": None, "arg2": None}, {"validateIncoming": True}) == {"out": None}


def test_an_undefined_incoming_value_falls_back_to_the_default_of_its_schema() -> None:
    document = level({}, {"out": incoming("x")}, takes=[{"$id": "x", "default": "d"}])
    assert transform(document, {}, {"validateIncoming": True}) == {"out": "d"}
    assert transform(document, {"x": None}) == {"out": None}
    assert transform(document, {}, {"revertToDefaultValue": False}) == {}


SCHEMA = {
    "$id": "x",
    "type": "object",
    "properties": {
        "a": {"default": 1},
        "list": {"type": "array", "items": {"properties": {"b": {"default": 2}, "c": {"properties": {"d": {}}}}}},
    },
}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"a": 1}),
        ({"a": None}, {"a": None}),
        ({"a": 5, "other": 6}, {"a": 5, "other": 6}),
        ({"a": 5, "list": [{}, {"b": 3}, 4]}, {"a": 5, "list": [{"b": 2}, {"b": 3}, 4]}),
        ([], []),
    ],
)
def test_keys_that_are_not_given_fall_back_to_the_defaults_of_their_schemas(given: Any, expected: Any) -> None:
    document = level({}, {"out": incoming("x")}, takes=[SCHEMA])
    assert transform(document, {"x": given}) == {"out": expected}
    assert transform(document, {"x": given}, {"revertToDefaultValue": False}) == {"out": given}


def test_a_value_without_defaults_is_not_copied() -> None:
    given = [{"a": 1}]
    document = level(
        {}, {"out": incoming("x")}, takes=[{"$id": "x", "items": {"properties": {"a": {"type": "number"}}}}]
    )
    assert transform(document, {"x": given})["out"] is given


def test_an_outgoing_value_to_which_nothing_is_assigned_falls_back_to_its_default() -> None:
    document = level({}, {"out": incoming("x")}, takes=["x"])
    document["outgoing"] = [{"$id": "out", "default": "d"}, {"$id": "more", "default": []}]
    assert transform(document, {}) == {"out": "d", "more": []}
    assert transform(document, {"x": 1}) == {"out": 1, "more": []}
    assert transform(document, {"x": 1}, {"revertToDefaultValue": False}) == {"out": 1}


@pytest.mark.parametrize(
    ("schema", "value", "fault"),
    [
        ({"type": "array"}, {}, "x must be array"),
        ({"type": ["string", "number"]}, True, "x must be string, number"),
        ({"type": "integer"}, 1.5, "x must be integer"),
        ({"type": "boolean"}, "true", "x must be boolean"),
        ({"type": "string", "enum": ["a", "b"]}, "c", 'x must be one of ["a","b"]'),
        ({"const": {"a": 1}}, {"a": 2}, 'x must be {"a":1}'),
    ],
)
def test_a_value_of_another_kind_than_its_schema_says_is_refused_where_it_is_validated(
    schema: dict[str, Any], value: Any, fault: str
) -> None:
    document = level({}, {"out": incoming("x")}, takes=[{"$id": "x", **schema}])
    with pytest.raises(LanguageError) as caught:
        transform(document, {"x": value}, {"validateIncoming": True})
    assert caught.value.message["message"]["error"]["message"] == (
        f"The incoming values do not fit their schemas: {fault}"
    )
    assert transform(document, {"x": value}) == {"out": value}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer"}, 2.0), ({"type": "number"}, 1), ({"type": "string"}, None), ({"type": "any"}, 1),
        ({"type": "object"}, {}), ({"type": "null"}, None), ({"enum": [1, [2]]}, [2]), ({"const": None}, None),
    ],
)  # fmt: skip
def test_a_value_that_fits_and_null_are_taken(schema: dict[str, Any], value: Any) -> None:
    document = level({}, {"out": incoming("x")}, takes=[{"$id": "x", **schema}])
    assert transform(document, {"x": value}, {"validateIncoming": True}) == {"out": value}


def query(expression: str, data: object) -> object:
    assert isinstance(data, dict)
    return data.get(expression, UNDEFINED)


@pytest.mark.parametrize(
    ("pass_on_null", "expected"),
    [(False, {"found": 1}), (True, {"found": 1, "lost": None}), ("true", {"found": 1, "lost": None})],
)
def test_a_query_is_asked_and_finds_null_instead_of_nothing_when_told_to(
    pass_on_null: object, expected: dict[str, object]
) -> None:
    steps = {name: ("WorkFlowEngine.query", pass_on_null, key, {"a": 1}) for name, key in ((1, "a"), (2, "b"))}
    assert transform(level(steps, {"found": of(1), "lost": of(2)}), {}, query=query) == expected


def test_a_query_without_a_query_language_is_refused() -> None:
    with pytest.raises(LanguageError, match="no query language"):
        transform(level({1: ("WorkFlowEngine.query", False, "a", {})}, {"out": of(1)}), {})
