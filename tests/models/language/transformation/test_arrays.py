"""Array's methods without a callback. The array they are given stays as it was."""

import copy
from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.language.transformation import transform

from .build import LITERAL_NULL, call, level, of

NAN = float("nan")


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("push", ([1], 2), [1, 2]),
        ("push", ([1], [2], UNDEFINED), [1, [2], None]),
        ("push", ([1], LITERAL_NULL), [1]),
        ("unshift", ([1], 2, 3), [2, 3, 1]),
        ("pop", ([1, 2],), {"value": 2, "array": [1]}),
        ("shift", ([1, 2],), {"value": 1, "array": [2]}),
        ("pop", ([],), {"array": []}),
        ("shift", ([],), {"array": []}),
        ("concat", ([1], [2, [3]], 4, None), [1, 2, [3], 4, None]),
        ("join", ([1, None, "a", [2, 3]],), "1,,a,2,3"),
        ("join", ([1, 2], ""), "12"),
        ("join", ([1, 2], UNDEFINED), "1,2"),
        ("join", ([1, 2], None), "1null2"),
        ("includes", ([1, NAN], NAN), True),
        ("includes", ([1, 2], "1"), False),
        ("includes", ([1, 2, 3], 1, 1), False),
        ("includes", ([0], False), False),
        ("indexOf", ([1, NAN], NAN), -1),
        ("indexOf", ([1, 2, 1], 1, -1), 2),
        ("lastIndexOf", ([1, 2, 1], 1), 2),
        ("lastIndexOf", ([1, 2, 1], 1, -2), 0),
        ("fill", ([1, 2, 3], "x"), ["x", "x", "x"]),
        ("fill", ([1, 2, 3], "x", 1, -1), [1, "x", 3]),
        ("reverse", ([1, 2, 3],), [3, 2, 1]),
        ("slice", ([1, 2, 3], -2), [2, 3]),
        ("slice", ([1, 2, 3], 0, -1), [1, 2]),
        ("slice", ([1, 2, 3],), [1, 2, 3]),
        ("splice", ([1, 2, 3], 1, 1), {"spliced": [2], "array": [1, 3]}),
        ("splice", ([1, 2, 3], -1), {"spliced": [3], "array": [1, 2]}),
        ("splice", ([1, 2, 3], 1, 0, "a", "b"), {"spliced": [], "array": [1, "a", "b", 2, 3]}),
        ("splice", ([1, 2, 3],), {"spliced": [], "array": [1, 2, 3]}),
        ("setIndex", ([1, 2], 0, "x"), ["x", 2]),
        ("setIndex", ([1], 3, "x"), [1, None, None, "x"]),
        ("setIndex", ([1], -1, "x"), [1]),
        ("getIndex", ([1, 2], 1), 2),
        ("getIndex", ([1, 2], "0"), 1),
        ("getIndex", ([1, 2], -1), UNDEFINED),
        ("getIndex", ("ab", 1), "b"),
        ("length", ([1, 2],), 2),
        ("length", ("ab",), 2),
        ("length", ({},), UNDEFINED),
        ("isArray", ([],), True),
        ("isArray", ("[]",), False),
        ("isArray", (UNDEFINED,), False),
        ("from", ("a😀",), ["a", "😀"]),
        ("from", ({"length": 2, "1": "x"},), [None, "x"]),
        ("from", (5,), []),
        ("toString", ([1, [2, None]],), "1,2,"),
        ("flat", ([1, [2, [3, [4]]]], 2), [1, 2, 3, [4]]),
        ("at", ([1, 2, 3], -1), 3),
        ("includes", ("abc", "b"), True),
    ],
)
def test_array_methods(name: str, arguments: tuple[Any, ...], expected: object) -> None:
    before = copy.deepcopy([one for one in arguments if one is not LITERAL_NULL])
    assert call(f"Array.{name}", *arguments) == expected
    assert repr([one for one in arguments if one is not LITERAL_NULL]) == repr(before)


@pytest.mark.parametrize("value", [None, UNDEFINED])
def test_reading_an_index_of_nothing_is_an_error(value: object) -> None:
    with pytest.raises(LanguageError, match=r"Cannot read properties of (null|undefined) \(reading '0'\)"):
        call("Array.getIndex", value, 0)


def test_an_object_is_not_an_array() -> None:
    with pytest.raises(LanguageError, match=r"Array\.push: an object is not an array"):
        call("Array.push", {}, 1)


def test_a_set_keeps_first_occurrences() -> None:
    item = {"a": 1}
    steps = {1: ("new Set", ["b", 1, "1", "b", 1, None, None, True]), 2: ("Array.from", of(1)), 3: ("Set.size", of(1))}
    assert transform(level(steps, {"out": of(2), "size": of(3)}), {}) == {"out": ["b", 1, "1", None, True], "size": 5}
    objects = {1: ("new Set", [item, {"a": 1}]), 2: ("Array.from", of(1))}
    assert transform(level(objects, {"out": of(2)}), {}) == {"out": [item, item]}


def test_set_methods_give_new_sets() -> None:
    steps = {
        1: ("new Set", ["a"]),
        2: ("Set.add", of(1), "b"),
        3: ("Set.delete", of(2), "a"),
        4: ("Array.from", of(3)),
        5: ("Set.has", of(1), "b"),
    }
    assert transform(level(steps, {"values": of(4), "has": of(5)}), {}) == {"values": ["b"], "has": False}
