"""Tasks that put arrays together, take them apart, or make something else of them: one row is one call."""

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.models.engine.rules import Rules
from jobyard.models.json import Json, JsonObject
from jobyard.models.language.javascript.coercion import UNDEFINED

from .calls import assert_refused, assert_result, call

LETTERS = ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("name", "incoming", "result"),
    [
        ("arrayPush", {"arr": [], "elementN": "Lemon"}, ["Lemon"]),
        ("arrayPush", {"arr": [1], "elementN": [2]}, [1, [2]]),
        ("arrayPush", {"arr": [1], "elementN": None}, [1, None]),
        ("arrayPush", {"arr": [1], "elementN": UNDEFINED}, [1, None]),
        ("unshift", {"arr": ["old"], "elementN": "new"}, ["new", "old"]),
        ("unshift", {"arr": ["old"], "elementN": ["new"]}, [["new"], "old"]),
        ("unshift", {"arr": [], "elementN": UNDEFINED}, [None]),
        ("arrayPop", {"arr": [1, 2, 3]}, [1, 2]),
        ("arrayPop", {"arr": []}, []),
        ("arrayShift", {"arr": [1, 2, 3]}, [2, 3]),
        ("arrayShift", {"arr": []}, []),
        ("arrayConcat", {"arr": [1], "arrayN": [2, [3]]}, [1, 2, [3]]),
        ("arraySlice", {"arr": LETTERS, "begin": 1, "end": 4}, ["b", "c", "d"]),
        ("arraySlice", {"arr": LETTERS, "begin": 2, "end": -1}, ["c", "d"]),
        ("arraySlice", {"arr": LETTERS, "begin": "-2", "end": ""}, ["d", "e"]),
        ("arraySlice", {"arr": LETTERS, "begin": "", "end": None}, LETTERS),
        ("arraySlice", {"arr": LETTERS, "begin": 4, "end": 1}, []),
        ("arraySlice", {"arr": LETTERS, "begin": -99, "end": 99}, LETTERS),
        ("fill", {"arr": ["1", "2"], "value": [7], "start": "", "end": ""}, [[7], [7]]),
        ("fill", {"arr": ["x", "y", "z"], "value": 0, "start": 2, "end": 2}, ["x", "y", "z"]),
        ("fill", {"arr": ["x", "y", "z"], "value": 0, "start": -2, "end": -1}, ["x", 0, "z"]),
        ("fill", {"arr": ["x"], "value": UNDEFINED}, [None]),
        ("fill", {"arr": ["x"], "value": 0, "start": 0, "end": 1e15}, [0]),
        ("copyWithin", {"arr": ["a", "b", "c", "d"], "target": 2, "start": 0, "end": 2}, ["a", "b", "a", "b"]),
        ("copyWithin", {"arr": LETTERS, "target": 0, "start": 3}, ["d", "e", "c", "d", "e"]),
        ("copyWithin", {"arr": LETTERS, "target": 1, "start": 0, "end": ""}, ["a", "a", "b", "c", "d"]),
        ("copyWithin", {"arr": LETTERS, "target": -2, "start": -3, "end": -1}, ["a", "b", "c", "c", "d"]),
        ("copyWithin", {"arr": LETTERS, "target": 9, "start": 0, "end": 2}, LETTERS),
        ("copyWithin", {"arr": LETTERS, "target": 0, "start": 3, "end": 1}, LETTERS),
        ("reverse", {"arr": ["1", None, 3]}, [3, None, "1"]),
        ("arrayLength", {"arr": [1, None]}, 2),
        ("isArray", {"arr": []}, True),
        ("isArray", {"arr": "[]"}, False),
        ("isArray", {"arr": None}, False),
        ("isArray", {}, False),
        ("arrayToString", {"arr": [1, None, ["a", "b"], {}]}, "1,,a,b,[object Object]"),
        ("join", {"arr": ["a", None, UNDEFINED, 2], "separator": "-"}, "a---2"),
        ("join", {"arr": ["a", "b"], "separator": ""}, "ab"),
        ("join", {"arr": ["a", "b"], "separator": None}, "a,b"),
        ("join", {"arr": ["a", "b"]}, "a,b"),
        ("join", {"arr": []}, ""),
        ("map", {"arr": ["a", "b", "c"], "map": [1, 2, 3]}, {"a": 1, "b": 2, "c": 3}),
        ("map", {"arr": [1.0, True], "map": [None]}, {"1": None, "true": None}),
        ("map", {"arr": ["a"], "map": [1, 2]}, {"a": 1}),
    ],
)
def test_result(name: str, incoming: JsonObject, result: Json) -> None:
    assert_result(name, incoming, result)


@pytest.mark.parametrize(
    ("name", "incoming", "result"),
    [
        ("arrayIncludes", {"arr": [1, "2"], "searchElement": 2, "fromIndex": ""}, False),
        ("arrayIncludes", {"arr": [1.0, "2"], "searchElement": 1, "fromIndex": ""}, True),
        ("arrayIncludes", {"arr": ["a", "b"], "searchElement": "a", "fromIndex": 1}, False),
        ("arrayIncludes", {"arr": [float("nan")], "searchElement": float("nan")}, True),
        ("arrayIncludes", {"arr": [None], "searchElement": UNDEFINED}, False),
        ("arrayIncludes", {"arr": [True], "searchElement": 1}, False),
        ("arrayIncludes", {"arr": [[1]], "searchElement": [1]}, False),
        ("arrayIndexOf", {"arr": ["a", "b", "a"], "searchElement": "a", "fromIndex": -2}, 2),
        ("arrayIndexOf", {"arr": ["a"], "searchElement": "z"}, -1),
        ("arrayIndexOf", {"arr": [float("nan")], "searchElement": float("nan")}, -1),
        ("arrayLastIndexOf", {"arr": ["a", "b", "a", "b"], "searchElement": "b"}, 3),
        ("arrayLastIndexOf", {"arr": ["a", "b", "a", "b"], "searchElement": "b", "fromIndex": 2}, 1),
        ("arrayLastIndexOf", {"arr": ["a", "b", "a", "b"], "searchElement": "a", "fromIndex": "-2"}, 2),
        ("arrayLastIndexOf", {"arr": ["a"], "searchElement": "a", "fromIndex": -2}, -1),
    ],
)
def test_search(name: str, incoming: JsonObject, result: Json) -> None:
    assert_result(name, incoming, result)


NAMES = [{"name": name} for name in ("cat", "dog", "hamster", "ant", "Lion")]


@pytest.mark.parametrize(
    ("incoming", "result"),
    [
        ({"arr": ["b", "C", "a"], "key": "", "limit": "", "reverse": False}, ["C", "a", "b"]),
        ({"arr": ["ant", "bee", "Cat", "dog"], "reverse": True}, ["dog", "bee", "ant", "Cat"]),
        ({"arr": [10, 9, 1.0]}, [1.0, 9, 10]),
        ({"arr": [10, "9", True]}, [10, "9", True]),
        ({"arr": [2, None, 1], "reverse": "true"}, [2, 1, None]),
        ({"arr": [float("nan"), 1, 2]}, [1, 2, float("nan")]),
        ({"arr": ["\uff5e", "\U0001f600"]}, ["\U0001f600", "\uff5e"]),
        ({"arr": NAMES, "key": "name", "limit": 4}, [{"name": name} for name in ("Lion", "ant", "cat", "dog")]),
        ({"arr": [{"n": 2}, {}, {"n": 1}], "key": "n", "limit": 0}, [{"n": 1}, {"n": 2}, {}]),
        (
            {"arr": [{"n": 1, "a": 1}, {"n": 1, "a": 2}], "key": "n", "reverse": True},
            [{"n": 1, "a": 1}, {"n": 1, "a": 2}],
        ),
        ({"arr": []}, []),
    ],
)
def test_sort(incoming: JsonObject, result: Json) -> None:
    assert_result("sort", incoming, result)


@pytest.mark.parametrize(
    ("name", "incoming", "message"),
    [
        ("arrayPush", {"arr": "abc", "elementN": 1}, "'arr' must be an array, not the text 'abc'."),
        ("arrayConcat", {"arr": [], "arrayN": {}}, "'arrayN' must be an array, not an object."),
        ("arrayLength", {}, "'arr' must be an array, not undefined."),
        ("arrayPop", {"arr": None}, "'arr' must be an array, not null."),
        ("arraySlice", {"arr": [], "begin": {}}, "'begin' must be a number, not an object."),
        ("arrayIncludes", {"arr": [], "fromIndex": "x"}, "'fromIndex' must be a number, not the text 'x'."),
        ("copyWithin", {"arr": [], "target": ""}, "'target' must be a number, not the empty text."),
        ("map", {"arr": [[1]], "map": []}, "'arr' must hold texts and numbers: element 0 cannot be a key."),
        ("map", {"arr": ["a", None], "map": []}, "'arr' must hold texts and numbers: element 1 cannot be a key."),
        ("sort", {"arr": [1], "key": "name"}, "'arr' must be an object, not the number 1."),
        ("sort", {"arr": [1], "limit": -1}, "'limit' must not be negative, as -1 is."),
        ("sort", {"arr": [1], "reverse": "down"}, "'reverse' must be true or false, not the text 'down'."),
        (
            "sort",
            {"arr": [{}, 1]},
            "'arr' can be sorted by numbers and texts, not by arrays or objects: name a 'key'.",
        ),
    ],
)
def test_a_wrong_type_is_an_error_that_names_it(name: str, incoming: JsonObject, message: str) -> None:
    assert_refused(name, incoming, message)


@pytest.mark.parametrize("name", ["reverse", "sort", "fill", "copyWithin", "arrayPop", "arrayPush"])
def test_the_incoming_array_is_left_alone(name: str) -> None:
    items = [3, 1, 2]
    call(name, {"arr": items} | ({"target": 0, "start": 1} if name == "copyWithin" else {}))
    assert items == [3, 1, 2]


def test_an_array_that_doubles_without_end_is_refused() -> None:
    half = [0] * 600_000
    assert_refused(
        "arrayConcat", {"arr": half, "arrayN": half}, "An array of 1200000 items is over the limit of 1000000."
    )


def test_a_text_that_grows_without_end_is_refused() -> None:
    parts = ["x" * 100_000] * 1000
    assert_refused(
        "join", {"arr": parts, "separator": ""}, "A text of 100000000 characters is over the limit of 16000000."
    )


@pytest.mark.parametrize(("element", "pushed"), [([2, [3]], [1, 2, [3]]), ("ab", [1, "ab"]), ([], [1])])
def test_12_array_push_array_spread_appends_the_elements_of_an_array(element: Json, pushed: Json) -> None:
    outcome = call("arrayPush", {"arr": [1], "elementN": element}, rules=Rules(array_push_array="spread"))
    assert outcome == Finish("success", {"pushedArray": pushed})


@pytest.mark.parametrize("backwards", [False, True])
def test_many_elements_are_sorted_in_pieces_and_those_of_one_value_keep_their_order(backwards: bool) -> None:
    elements = [{"k": at * 7919 % 503, "at": at} for at in range(25_000)]
    expected = sorted(elements, key=lambda one: one["k"], reverse=backwards)
    assert_result("sort", {"arr": elements, "key": "k", "reverse": backwards}, expected)
    texts = [str(one["k"]) for one in elements]
    assert_result("sort", {"arr": texts, "reverse": backwards}, sorted(texts, reverse=backwards))
