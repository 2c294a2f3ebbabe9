"""What is checked at once is quick, and what is not is known as quickly."""

from time import process_time
from typing import Any

import pytest
from jobyard.models.schemas.checking import check_at_once

QUICK = 0.05  # s of the processor; measured: 8 ms at most

PROPERTIES = {f"p{at}": {"type": "string", "title": "P", "enum": ["a", "b"], "maxLength": 9} for at in range(50)}


TREE: Any = {
    "properties": {"below": {"items": {"$ref": "#/definitions/node"}}},
    "definitions": {"node": {"type": "object", "properties": {"below": {"items": {"$ref": "#/definitions/node"}}}}},
}


def doubled(word: str) -> Any:
    links = {f"d{at}": {word: [{"$ref": f"#/definitions/d{at + 1}"}] * 2} for at in range(40)}
    return {"$ref": "#/definitions/d0", "definitions": {**links, "d40": {"type": "string"}}}


def nested(depth: int) -> Any:
    return {"anyOf": [nested(depth - 1)] * 2} if depth else {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "value", "faults"),
    [
        ({}, ["anything"] * 1_000_000, 0),
        ({"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}, [], 1),
        ({"properties": PROPERTIES, "required": list(PROPERTIES)}, dict.fromkeys(PROPERTIES, "a"), 0),
        ({"properties": PROPERTIES, "required": list(PROPERTIES)}, {}, 50),
        ({"items": {"type": "integer"}, "uniqueItems": True}, list(range(200)), 0),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, 1),
        ({"properties": {"x": {"pattern": "^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$"}}}, {"x": "10.0.0.1"}, 0),
        ({"patternProperties": {"^a": {"type": "string"}}, "additionalProperties": False}, {"a": 1, "b": 1}, 2),
        ({"properties": {"x": {"$ref": "#/definitions/d"}}, "definitions": {"d": {"type": "string"}}}, {"x": 1}, 1),
        (TREE, {"below": [{"below": []}, {"below": [{}, 1]}]}, 1),
    ],
)
def test_what_is_small_is_checked_at_once(schema: Any, value: Any, faults: int) -> None:
    found = check_at_once(schema, value)
    assert found is not None
    assert len(found) == faults


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        *(({"properties": {"x": {word: "^a"}}}, {"x": "a"}) for word in ("$ref", "$schema", "$id")),
        ({"$schema": "http://json-schema.org/draft-04/schema#", "items": {"$ref": "#"}}, [[]]),
        ({"patternProperties": {f"^k{at}": {} for at in range(90)}}, dict.fromkeys(map(str, range(400)))),
        ({"pattern": "((a{1000}){1000}){1000}"}, "a"),
        ({"pattern": "(" * 50 + "a" + "){2}" * 50}, "a"),
        ({"items": {"pattern": "(a|aa)+$"}}, ["a" * 1000 + "!"] * 20),
        ({"items": {"pattern": "x" * 1000}}, ["a"]),
        (doubled("allOf"), 1),
        (doubled("anyOf"), 1),
        ({"maxLength": 9}, "x" * 1_000_000),
        ({"maxItems": 9}, [0] * 1_000_000),
        ({"enum": ["x"] * 10_000}, "a"),
        ({"uniqueItems": True}, [{"n": at} for at in range(3000)]),
        ({"items": {"enum": [{"a": at} for at in range(400)]}}, [{"a": -1}] * 400),
        ({"allOf": [{"contains": {"const": at}} for at in range(100)]}, list(range(1000, 3000))),
        (nested(11), 1),
        ({"items": {"required": [f"k{at}" for at in range(1000)]}}, [{}] * 100),
        ({"items": {"maxLength": 1}}, ["x" * 1500] * 90),
        ({"properties": dict.fromkeys(map(str, range(900)), False)}, dict.fromkeys(map(str, range(900)), "y" * 90)),
        ({"items": {"multipleOf": 3}}, [10**4000] * 100),
        ({"items": {"dependencies": {"a": [f"k{at}" for at in range(2000)]}}}, [{"a": 1}] * 100),
        ({"items": {"type": ["string"] * 2000}}, [1] * 200),
    ],
)
def test_what_is_not_is_left_to_a_process_as_soon(schema: Any, value: Any) -> None:
    before = process_time()
    assert check_at_once(schema, value) is None
    assert process_time() - before < QUICK
