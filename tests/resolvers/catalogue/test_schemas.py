"""validateJsonSchema."""

import pytest
from jobyard.models.documents import json_schema
from jobyard.models.json import Json, JsonObject
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.undefined import UNDEFINED

from .calls import assert_refused, assert_result, call

SCHEMA = {"type": "object", "required": ["vlan"], "properties": {"vlan": {"type": "integer", "maximum": 4094}}}


def test_a_value_that_fits_is_valid() -> None:
    assert_result("validateJsonSchema", {"jsonData": {"vlan": 7}, "schema": SCHEMA}, {"valid": True, "errors": []})


def test_a_value_that_does_not_fit_is_a_success_that_says_why() -> None:
    missing = {
        "keyword": "required",
        "instancePath": "",
        "schemaPath": "#/required",
        "message": "must have required property 'vlan'",
    }
    assert_result("validateJsonSchema", {"jsonData": {}, "schema": SCHEMA}, {"valid": False, "errors": [missing]})


@pytest.mark.parametrize(
    ("value", "unique"), [([1, 1.0], False), ([1, True, "1", [1]], True), ([{"a": 1, "b": 2}, {"b": 2, "a": 1}], False)]
)
def test_unique_items(value: Json, unique: bool) -> None:
    outcome = call("validateJsonSchema", {"jsonData": value, "schema": {"uniqueItems": True}})
    assert outcome.outgoing["result"]["valid"] is unique  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("incoming", "message"),
    [
        ({"jsonData": UNDEFINED, "schema": {}}, "'jsonData' must be a value, not undefined."),
        ({"jsonData": 1, "schema": "{}"}, "'schema' must be an object, not the text '{}'."),
        (
            {"jsonData": 1, "schema": {"$ref": "http://127.0.0.1:1/schema"}},
            "'schema' cannot be applied: Unresolvable: http://127.0.0.1:1/schema",
        ),
    ],
)
def test_what_cannot_be_checked_is_an_error(incoming: JsonObject, message: str) -> None:
    assert_refused("validateJsonSchema", incoming, message)


@pytest.mark.parametrize("schema", [{"type": "thing"}, {"properties": []}, {"minimum": "x"}, {"pattern": "("}])
def test_a_broken_schema_is_an_error(schema: JsonObject) -> None:
    value = {"pattern": "text", "minimum": 1}.get(next(iter(schema)), {"a": 1})
    with pytest.raises(LanguageError, match="'schema' cannot be applied"):
        call("validateJsonSchema", {"jsonData": value, "schema": schema})


def test_a_schema_that_unfolds_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_schema, "MOST_KEYWORDS", 10_000)
    twice = {
        f"d{at}": {"allOf": [{"$ref": f"#/definitions/d{at + 1}"}, {"$ref": f"#/definitions/d{at + 1}"}]}
        for at in range(60)
    }
    schema = {"$ref": "#/definitions/d0", "definitions": {**twice, "d60": {}}}
    with pytest.raises(LanguageError, match="applies more than 10000 keywords"):
        call("validateJsonSchema", {"jsonData": 1, "schema": schema})


def test_a_large_schema_on_a_large_value_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_schema, "MOST_KEYWORDS", 10_000)
    schema = {"items": {"allOf": [{"minimum": 0}] * 1000}}
    with pytest.raises(LanguageError, match="applies more than 10000 keywords"):
        call("validateJsonSchema", {"jsonData": [1] * 1000, "schema": schema})


def test_patterns_that_take_too_long_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_schema, "SEARCH_SECONDS", 0.05)
    slow = {"items": {"pattern": "^(?:(?:x+x+)+y|x+)$"}}  # fits every text, after a long while
    with pytest.raises(LanguageError, match=r"searches for patterns for more than 0\.05 s|took longer than"):
        call("validateJsonSchema", {"jsonData": ["x" * 16] * 10_000, "schema": slow})


@pytest.mark.parametrize("name", ["jsonData", "schema"])
def test_what_unfolds_without_end_is_refused(name: str) -> None:
    folded: Json = {}
    for _ in range(40):
        folded = {"allOf": [folded, folded]}
    incoming = {"jsonData": 1, "schema": {}} | {name: folded}
    assert_refused("validateJsonSchema", incoming, f"'{name}' holds more than 1000000 values.")


def test_an_error_does_not_repeat_a_large_value() -> None:
    outcome = call("validateJsonSchema", {"jsonData": "x" * 1_000_000, "schema": {"maxLength": 1}})
    assert len(outcome.outgoing["result"]["errors"][0]["message"]) == 1000  # type: ignore[union-attr]
