"""The options of the transformation task, and what is given from outside."""

from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.transformation import transform
from jobyard.models.language.undefined import UNDEFINED

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
