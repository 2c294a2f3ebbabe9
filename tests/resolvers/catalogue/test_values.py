"""The small functions on arrays, texts, objects and numbers: one row is one call and its one outgoing value."""

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.models.engine.rules import Rules
from jobyard.models.json import Json, JsonObject
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.undefined import UNDEFINED
from jobyard.resolvers.catalogue import BUILT_IN

from .calls import call


@pytest.mark.parametrize(
    ("name", "incoming", "result"),
    [
        ("arrayPush", {"arr": [], "elementN": "Lemon"}, ["Lemon"]),
        ("arrayPush", {"arr": [1], "elementN": [2]}, [1, [2]]),
        ("arrayPush", {"arr": [1], "elementN": UNDEFINED}, [1, None]),
        ("arrayConcat", {"arr": [1], "arrayN": [2, [3]]}, [1, 2, [3]]),
        ("arrayLength", {"arr": [1, None]}, 2),
        ("arrayIncludes", {"arr": [1, "2"], "searchElement": 2, "fromIndex": ""}, False),
        ("arrayIncludes", {"arr": [1.0, "2"], "searchElement": 1, "fromIndex": ""}, True),
        ("arrayIncludes", {"arr": ["a", "b"], "searchElement": "a", "fromIndex": 1}, False),
        ("arrayIndexOf", {"arr": ["a", "b", "a"], "searchElement": "a", "fromIndex": -2}, 2),
        ("arrayIndexOf", {"arr": ["a"], "searchElement": "z"}, -1),
        ("arrayToString", {"arr": [1, None, ["a", "b"], {}]}, "1,,a,b,[object Object]"),
        ("join", {"arr": ["a", None, 2], "separator": "-"}, "a--2"),
        ("join", {"arr": ["a", "b"], "separator": ""}, "ab"),
        ("join", {"arr": ["a", "b"]}, "a,b"),
        ("stringConcat", {"str": "red", "stringN": " is"}, "red is"),
        ("stringConcat", {"str": "a", "stringN": ["/", 3.0, None]}, "a/3null"),
        ("stringLength", {"str": "a\U0001f600"}, 3),
        ("split", {"str": "a,b,c", "separator": ",", "limit": ""}, ["a", "b", "c"]),
        ("split", {"str": "a,b,c", "separator": ",", "limit": 2}, ["a", "b"]),
        ("split", {"str": "abc", "separator": ""}, ["a", "b", "c"]),
        ("split", {"str": "a,b"}, ["a,b"]),
        ("substring", {"str": "abcdef", "indexStart": 2, "indexEnd": ""}, "cdef"),
        ("substring", {"str": "abcdef", "indexStart": "4", "indexEnd": 1}, "bcd"),
        ("substring", {"str": "abcdef", "indexStart": -3, "indexEnd": 99}, "abcdef"),
        ("substring", {"str": "\U0001f600b", "indexStart": 1, "indexEnd": 3}, "�b"),
        ("replace", {"str": "aba", "substr": "a", "newSubstr": "[$&$$]"}, "[a$]ba"),
        ("replace", {"str": "abc", "substr": "b", "newSubstr": "<$`|$'>"}, "a<a|c>c"),
        ("replace", {"str": "abc", "substr": "z", "newSubstr": "y"}, "abc"),
        ("replace", {"str": "abc", "substr": "", "newSubstr": "y"}, "yabc"),
        ("toLowerCase", {"str": "ÄbC"}, "äbc"),
        ("toUpperCase", {"str": "äbC"}, "ÄBC"),
        ("setObjectKey", {"obj": {}, "path": ["a"], "value": [1]}, {"a": [1]}),
        ("setObjectKey", {"obj": {"a": {"b": 1}}, "path": ["a", "c", "d"], "value": 2}, {"a": {"b": 1, "c": {"d": 2}}}),
        ("setObjectKey", {"obj": {"a": [1, {"b": 2}]}, "path": ["a", 1, "b"], "value": 3}, {"a": [1, {"b": 3}]}),
        ("setObjectKey", {"obj": {"a": [1]}, "path": ["a", 3], "value": 4}, {"a": [1, None, None, 4]}),
        ("setObjectKey", {"obj": {"a": "text"}, "path": ["a", "b"], "value": 1}, {"a": {"b": 1}}),
        ("setObjectKey", {"obj": "", "path": "a", "value": UNDEFINED}, {"a": None}),
        ("setObjectKey", {"obj": {"a": 1}, "path": [], "value": 2}, {"a": 1}),
        ("objectToString", {"value": {"a": [1.0, None]}, "replacer": "", "space": ""}, '{"a":[1,null]}'),
        ("objectToString", {"value": {"a": 1, "b": {"a": 2, "c": 3}}, "replacer": ["b", "a"]}, '{"b":{"a":2},"a":1}'),
        ("objectToString", {"value": {"a": 1}, "replacer": [], "space": 2}, "{}"),
        ("objectToString", {"value": {"a": 1}, "replacer": "null", "space": 2}, '{\n  "a": 1\n}'),
        ("objectToString", {"value": {"a": 1}, "replacer": None, "space": "--"}, '{\n--"a": 1\n}'),
        ("objectToString", {"value": "text", "replacer": "", "space": ""}, '"text"'),
        ("parse", {"text": '{"a": [1.0]}'}, {"a": [1]}),
        ("parse", {"text": "null"}, None),
        ("numberToString", {"num": 255, "radix": 16}, "ff"),
        ("numberToString", {"num": 3.0, "radix": ""}, "3"),
        ("numberToString", {"num": -0.625, "radix": 2}, "-0.101"),
        ("numberToString", {"num": "42", "radix": 10}, "42"),
    ],
)
def test_result(name: str, incoming: JsonObject, result: Json) -> None:
    outgoing = BUILT_IN["WorkFlowEngine", name].outgoing[0]
    assert repr(call(name, incoming)) == repr(Finish("success", {outgoing: result}))


def test_a_result_that_is_undefined_is_a_failure() -> None:
    assert call("objectToString", {"replacer": "", "space": ""}) == Finish("failure")


@pytest.mark.parametrize(
    ("name", "incoming", "message"),
    [
        ("arrayPush", {"arr": "abc", "elementN": 1}, "'arr' must be an array, not the text 'abc'."),
        ("arrayConcat", {"arr": [], "arrayN": {}}, "'arrayN' must be an array, not an object."),
        ("arrayLength", {}, "'arr' must be an array, not undefined."),
        ("arrayIncludes", {"arr": [], "fromIndex": "x"}, "'fromIndex' must be a number, not the text 'x'."),
        ("stringLength", {"str": 5}, "'str' must be a text, not the number 5."),
        ("split", {"str": None, "separator": ","}, "'str' must be a text, not null."),
        ("replace", {"str": "a", "substr": 1, "newSubstr": "b"}, "'substr' must be a text, not the number 1."),
        ("replace", {"str": "a", "substr": "a", "newSubstr": None}, "'newSubstr' must be a text, not null."),
        ("toLowerCase", {"str": []}, "'str' must be a text, not an array."),
        ("setObjectKey", {"obj": 5, "path": ["a"], "value": 1}, "'obj' must be an object, not the number 5."),
        (
            "setObjectKey",
            {"obj": [], "path": [5000], "value": 1},
            "'path' has the index 5000, in an array of 0 elements.",
        ),
        ("setObjectKey", {"obj": [], "path": [-1], "value": 1}, "'path' has the index -1, in an array of 0 elements."),
        ("parse", {"text": 5}, "'text' must be a text, not the number 5."),
        ("numberToString", {"num": True, "radix": 99}, "'radix' must be between 2 and 36, not 99."),
        ("numberToString", {"num": ""}, "'num' must be a number, not the empty text."),
    ],
)
def test_a_wrong_type_is_an_error_that_names_it(name: str, incoming: JsonObject, message: str) -> None:
    with pytest.raises(LanguageError) as refused:
        call(name, incoming)
    assert refused.value.message == message


def test_parse_of_what_is_no_json_is_an_error() -> None:
    with pytest.raises(LanguageError, match="This text is not JSON"):
        call("parse", {"text": "{"})


def test_set_object_key_leaves_the_object_alone() -> None:
    target: Json = {"a": {"b": [1]}}
    call("setObjectKey", {"obj": target, "path": ["a", "b", 0], "value": 2})
    assert target == {"a": {"b": [1]}}


def test_a_replacement_that_would_grow_without_end_is_refused() -> None:
    with pytest.raises(LanguageError, match="The text would be longer than 16777216 characters"):
        call("replace", {"str": "a" * 100_001, "substr": "a", "newSubstr": "$'" * 200})


def test_a_deep_value_has_a_bottom() -> None:
    deep: Json = {}
    for _ in range(300):
        deep = {"a": deep}
    with pytest.raises(LanguageError, match="200 levels"):
        call("objectToString", {"value": deep, "replacer": ["a"]})


@pytest.mark.parametrize(("element", "pushed"), [([2, [3]], [1, 2, [3]]), ("ab", [1, "ab"]), ([], [1])])
def test_12_array_push_array_spread_appends_the_elements_of_an_array(element: Json, pushed: Json) -> None:
    outcome = call("arrayPush", {"arr": [1], "elementN": element}, rules=Rules(array_push_array="spread"))
    assert outcome == Finish("success", {"pushedArray": pushed})
