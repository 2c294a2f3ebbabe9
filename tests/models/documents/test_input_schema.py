"""Start variables against an inputSchema (reference/execution.md#input-schemas)."""

from typing import Any

import pytest
from jobyard.models.schemas.checking import faults_of


@pytest.mark.parametrize(
    ("schema", "fits", "not_fitting"),
    [
        ({"maximum": 4094, "exclusiveMaximum": False}, 4094, 4095), ({"minimum": 0, "exclusiveMinimum": True}, 1, 0),
        ({"maximum": 3, "exclusiveMaximum": True}, 2, 3), ({"exclusiveMaximum": 3}, 2, 3),
        ({"type": "string", "nullable": True}, None, 1), ({"type": ["string", {"enum": [7]}]}, 7, 8),
        ({"divisibleBy": 3}, 6, 7), ({"disallow": "string"}, 1, "a"), ({"extends": {"type": "string"}}, "a", 1),
        ({"extends": [{}, {"type": "string"}]}, "a", 1), ({"dependencies": {"a": "b"}}, {"a": 1, "b": 1}, {"a": 1}),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1, "b": 1}, {"a": 1}),
        ({"dependentSchemas": {"a": {"maxProperties": 1}}}, {"a": 1}, {"a": 1, "b": 1}),
        ({"type": "any", "enum": [1, None]}, None, 2),
    ],
)  # fmt: skip
def test_other_drafts_mean_what_they_say(schema: dict[str, Any], fits: Any, not_fitting: Any) -> None:
    whole = {"properties": {"x": schema}}
    assert list(faults_of(whole, {"x": fits})) == []
    assert len(list(faults_of(whole, {"x": not_fitting}))) == 1


@pytest.mark.parametrize("keyword", ["prefixItems", "unevaluatedProperties", "minContains", "$dynamicRef"])
def test_a_keyword_that_would_forbid_something_is_not_left_out(keyword: str) -> None:
    (fault,) = faults_of({"properties": {"x": {keyword: False}}}, {"x": [1]})
    assert f"the keyword {keyword} of a newer draft is not applied here" in fault.message


def test_all_faults_come_at_once_in_the_documented_form() -> None:
    schema = {
        "type": "object",
        "properties": {"size": {"type": "integer"}, "list": {"type": "array", "items": {"type": "string"}}},
        "required": ["size", "name"],
    }
    found = [fault.documented for fault in faults_of(schema, {"size": "x", "list": ["a", 1]})]
    assert sorted(found, key=lambda fault: fault["instancePath"]) == [
        {
            "keyword": "required",
            "instancePath": "",
            "schemaPath": "#/required",
            "message": "must have required property 'name'",
        },
        {
            "keyword": "type",
            "instancePath": "/list/1",
            "schemaPath": "#/properties/list/items/type",
            "message": "must be string",
        },
        {
            "keyword": "type",
            "instancePath": "/size",
            "schemaPath": "#/properties/size/type",
            "message": "must be integer",
        },
    ]


@pytest.mark.parametrize(
    ("schema", "variables"),
    [
        ({}, {"anything": 1}),
        ({"type": "object", "properties": {}}, {"extra": 1}),
        ({"properties": {"a": {"type": "string", "required": True}}}, {"a": "x"}),  # draft 3, as one author writes it
        ({"properties": {"a": {"type": ["string", "null"]}}}, {"a": None}),
    ],
)
def test_what_published_schemas_allow_is_allowed(schema: dict[str, Any], variables: dict[str, Any]) -> None:
    assert faults_of(schema, variables) == []


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"$ref": "http://127.0.0.1:1/schema.json"}, "the workflow's inputSchema cannot be applied"),
        ({"type": "colour"}, "the workflow's inputSchema cannot be applied"),
        ({"pattern": "^(x|x)*$"}, "the workflow's inputSchema cannot be applied"),
        ({"pattern": "("}, "the workflow's inputSchema cannot be applied"),
    ],
)
def test_a_schema_that_is_broken_or_hostile_is_one_fault(part: dict[str, Any], message: str) -> None:
    (fault,) = faults_of({"properties": {"a": part}}, {"a": "x" * 40 + "!"})
    assert fault.message.startswith(message)
