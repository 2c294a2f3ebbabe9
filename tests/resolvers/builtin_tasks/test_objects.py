"""Tasks on objects, and those between values and texts that spell them: one row is one call."""

import math

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.models.json import Json, JsonObject
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED

from .calls import assert_refused, assert_result, call


@pytest.mark.parametrize(
    ("name", "incoming", "result"),
    [
        ("setObjectKey", {"obj": {}, "path": ["a"], "value": [1]}, {"a": [1]}),
        ("setObjectKey", {"obj": {"a": {"b": 1}}, "path": ["a", "c", "d"], "value": 2}, {"a": {"b": 1, "c": {"d": 2}}}),
        ("setObjectKey", {"obj": {"a": [1, {"b": 2}]}, "path": ["a", 1, "b"], "value": 3}, {"a": [1, {"b": 3}]}),
        ("setObjectKey", {"obj": {"a": [1]}, "path": ["a", 3], "value": 4}, {"a": [1, None, None, 4]}),
        ("setObjectKey", {"obj": {"a": "text"}, "path": ["a", "b"], "value": 1}, {"a": {"b": 1}}),
        ("setObjectKey", {"obj": "", "path": "a", "value": UNDEFINED}, {"a": None}),
        ("setObjectKey", {"obj": {"a": 1}, "path": [], "value": 2}, {"a": 1}),
        ("assign", {"target": {"a": 1}, "sourceN": {"b": 2}}, {"a": 1, "b": 2}),
        ("assign", {"target": {"a": {"x": 1}}, "sourceN": {"a": {"y": 2}}}, {"a": {"y": 2}}),
        ("assign", {"target": {}, "sourceN": [{"a": 1}, None, {"a": 2}]}, {"a": 2}),
        ("assign", {"target": {"a": 1}, "sourceN": {"a": None}}, {"a": None}),
        ("assign", {"target": {"a": 1}, "sourceN": UNDEFINED}, {"a": 1}),
        ("keys", {"obj": {"b": 1, "10": 2, "a": None, "9": 3}}, ["9", "10", "b", "a"]),
        ("keys", {"obj": {}}, []),
        ("values", {"obj": {"b": 1, "10": 2, "a": None}}, [2, 1, None]),
        ("objectHasOwnProperty", {"obj": {"a": None}, "prop": "a"}, True),
        ("objectHasOwnProperty", {"obj": {"a": None}, "prop": "toString"}, False),
        ("extractField", {"obj": {"a": [1]}, "field": "a"}, [1]),
        ("extractField", {"obj": {"a": None}, "field": "a"}, None),
        ("extractField", {"obj": ["x", "y"], "field": 1}, "y"),
        (
            "FlattenJSONFormInput",
            {"input": {"a": ["x"], "b": [], "c": [1, 2], "d": {"e": ["y"]}, "f": [[1]]}},
            {"a": "x", "b": [], "c": [1, 2], "d": {"e": ["y"]}, "f": [1]},
        ),
    ],
)
def test_objects(name: str, incoming: JsonObject, result: Json) -> None:
    assert_result(name, incoming, result)


@pytest.mark.parametrize(
    ("name", "incoming", "result"),
    [
        ("objectToString", {"value": {"a": [1.0, None]}, "replacer": "", "space": ""}, '{"a":[1,null]}'),
        ("objectToString", {"value": {"a": 1, "b": {"a": 2, "c": 3}}, "replacer": ["b", "a"]}, '{"b":{"a":2},"a":1}'),
        ("objectToString", {"value": {"a": 1}, "replacer": [], "space": 2}, "{}"),
        ("objectToString", {"value": {"a": 1}, "replacer": "null", "space": 2}, '{\n  "a": 1\n}'),
        ("objectToString", {"value": {"a": 1}, "replacer": None, "space": "--"}, '{\n--"a": 1\n}'),
        ("objectToString", {"value": {"b": 1, "2": 2, "1": math.nan}, "space": 0}, '{"1":null,"2":2,"b":1}'),
        ("objectToString", {"value": {"a": 1}, "space": 99}, '{\n          "a": 1\n}'),
        ("objectToString", {"value": "text", "replacer": "", "space": ""}, '"text"'),
        ("objectToString", {"value": None}, "null"),
        ("parse", {"text": '{"a": [1.0]}'}, {"a": [1]}),
        ("parse", {"text": "null"}, None),
        ("numberToString", {"num": 255, "radix": 16}, "ff"),
        ("numberToString", {"num": 3.0, "radix": ""}, "3"),
        ("numberToString", {"num": -0.625, "radix": 2}, "-0.101"),
        ("numberToString", {"num": "42", "radix": 10}, "42"),
        ("numberToString", {"num": 1e21, "radix": None}, "1e+21"),
        ("parseInt", {"str": "0xF", "radix": 16}, 15),
        ("parseInt", {"str": "0xF", "radix": ""}, 15),
        ("parseInt", {"str": "  1.655", "radix": 10}, 1),
        ("parseInt", {"str": "-12px"}, -12),
        ("parseInt", {"str": "102", "radix": 2}, 2),
        ("parseInt", {"str": 15.9}, 15),
        ("parseInt", {"str": "px12"}, math.nan),
        ("parseInt", {"str": None}, math.nan),
        ("parseInt", {"str": "1", "radix": 99}, math.nan),
        ("asciiToBase64", {"input": "user:secret"}, "dXNlcjpzZWNyZXQ="),
        ("asciiToBase64", {"input": "ä"}, "w6Q="),
        ("asciiToBase64", {"input": ""}, ""),
    ],
)
def test_conversions(name: str, incoming: JsonObject, result: Json) -> None:
    assert_result(name, incoming, result)


@pytest.mark.parametrize(
    ("name", "incoming"),
    [
        ("objectToString", {"replacer": "", "space": ""}),
        ("extractField", {"obj": {"a": 1}, "field": "b"}),
        ("extractField", {"obj": ["a"], "field": 1}),
    ],
)
def test_a_result_that_is_undefined_is_a_failure(name: str, incoming: JsonObject) -> None:
    assert call(name, incoming) == Finish("failure")


@pytest.mark.parametrize(
    ("name", "incoming", "message"),
    [
        ("setObjectKey", {"obj": 5, "path": ["a"], "value": 1}, "'obj' must be an object, not the number 5."),
        (
            "setObjectKey",
            {"obj": [], "path": [5000], "value": 1},
            "'path' has the index 5000, in an array of 0 elements.",
        ),
        ("setObjectKey", {"obj": [], "path": [-1], "value": 1}, "'path' has the index -1, in an array of 0 elements."),
        ("assign", {"target": None, "sourceN": {}}, "'target' must be an object, not null."),
        ("assign", {"target": {}, "sourceN": "a"}, "'sourceN' must be an object, not the text 'a'."),
        ("keys", {"obj": []}, "'obj' must be an object, not an array."),
        ("values", {"obj": None}, "'obj' must be an object, not null."),
        ("objectHasOwnProperty", {"obj": {}, "prop": 1}, "'prop' must be a text, not the number 1."),
        ("extractField", {"obj": "a", "field": "length"}, "'obj' must be an object, not the text 'a'."),
        ("extractField", {"obj": {}, "field": ["a"]}, "'field' must be a key."),
        ("FlattenJSONFormInput", {"input": ["a"]}, "'input' must be an object, not an array."),
        ("parse", {"text": 5}, "'text' must be a text, not the number 5."),
        ("numberToString", {"num": True, "radix": 99}, "'radix' must be between 2 and 36, not 99."),
        ("numberToString", {"num": ""}, "'num' must be a number, not the empty text."),
        ("asciiToBase64", {"input": 5}, "'input' must be a text, not the number 5."),
    ],
)
def test_a_wrong_type_is_an_error_that_names_it(name: str, incoming: JsonObject, message: str) -> None:
    assert_refused(name, incoming, message)


def test_parse_of_what_is_no_json_is_an_error() -> None:
    with pytest.raises(LanguageError, match="This text is not JSON"):
        call("parse", {"text": "{"})


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("setObjectKey", {"path": ["a", "b", 0], "value": 2}),
        ("assign", {"sourceN": {"a": 1}}),
        ("FlattenJSONFormInput", {}),
    ],
)
def test_the_incoming_object_is_left_alone(name: str, rest: JsonObject) -> None:
    target: Json = {"a": {"b": [1]}}
    first = {"setObjectKey": "obj", "assign": "target", "FlattenJSONFormInput": "input"}[name]
    call(name, {first: target, **rest})
    assert target == {"a": {"b": [1]}}


def test_a_deep_value_has_a_bottom() -> None:
    deep: Json = {}
    for _ in range(300):
        deep = {"a": deep}
    assert_refused("objectToString", {"value": deep, "replacer": ["a"]}, "A value is nested deeper than 120 levels.")


def test_a_value_that_unfolds_without_end_is_refused() -> None:
    folded: Json = [1]
    for _ in range(100):
        folded = [folded, folded]
    with pytest.raises(LanguageError, match="copied or searched more data"):
        call("objectToString", {"value": folded})
