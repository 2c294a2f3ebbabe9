"""Steps are a graph: what is needed is evaluated, once, in whatever order the document has them."""

from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.language.transformation import bare_output, compile_document, outgoing_names, transform

from .build import incoming, level, of

BROKEN = ("Object.getProperty", None, "x")


def test_steps_are_evaluated_in_the_order_of_their_data() -> None:
    steps = {
        1: ("Math.multiply", of(2), 10),
        2: ("Math.add", of(3), 1),
        3: ("Array.length", incoming("list")),
    }
    document = level(steps, {"out": of(1)}, takes=["list"])
    assert transform(document, {"list": [0, 0]}) == {"out": 30}
    document["steps"].reverse()
    assert transform(document, {"list": [0, 0]}) == {"out": 30}


def test_a_step_that_nothing_asks_for_is_not_evaluated() -> None:
    assert transform(level({1: BROKEN, 2: ("Math.add", 1, 2)}, {"out": of(2)}), {}) == {"out": 3}


def test_a_step_is_evaluated_once() -> None:
    numbers = iter([0.25, 0.75])
    document = level({1: ("Math.random",)}, {"one": of(1), "two": of(1)})
    assert transform(document, {}, draw=lambda: next(numbers)) == {"one": 0.25, "two": 0.25}


def test_random_numbers_are_a_half_when_nobody_draws() -> None:
    assert transform(level({1: ("Math.random",)}, {"out": of(1)}), {}) == {"out": 0.5}


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (("Conditional.ternary", True, "then", of(2)), "then"),
        (("Conditional.ternary", 0, of(2), "else"), "else"),
        (("Logical.and", "", of(2)), ""),
        (("Logical.or", "left", of(2)), "left"),
        (("Logical.nullish", False, of(2)), False),
    ],
)
def test_a_branch_that_is_not_taken_is_not_evaluated(step: tuple[Any, ...], expected: object) -> None:
    assert transform(level({1: step, 2: BROKEN}, {"out": of(1)}), {}) == {"out": expected}


def test_a_step_that_depends_on_itself_is_refused() -> None:
    with pytest.raises(LanguageError, match="depends on itself"):
        transform(level({1: ("Math.add", of(2), 1), 2: ("Math.add", of(1), 1)}, {"out": of(1)}), {})


def test_undefined_outgoings_are_left_out_and_null_ones_are_not() -> None:
    document = level({}, {"none": incoming("none"), "nothing": incoming("nothing")}, takes=["none", "nothing"])
    assert transform(document, {"none": None}) == {"none": None}
    assert transform(document, {"none": None, "nothing": UNDEFINED}) == {"none": None}


def test_undefined_within_a_result_goes_with_its_key_and_is_null_in_an_array() -> None:
    document = level({}, {"out/list/1": incoming("x"), "out/gone": incoming("nothing")}, takes=["x"])
    assert transform(document, {"x": 7}) == {"out": {"list": [None, 7]}}


def test_what_json_does_not_have_becomes_what_json_makes_of_it() -> None:
    steps = {
        1: ("new Date#1", 0),
        2: ("new RegExp", "a"),
        3: ("Number.parseFloat", "x"),
        4: ("Math.divide", 1, 0),
        5: ("new Set", ["a"]),
        6: ("new Array", of(1), of(2), of(3), of(4), of(5), "\ud83d"),
    }
    expected = ["1970-01-01T00:00:00.000Z", {}, None, None, {}, "\ufffd"]
    assert transform(level(steps, {"out": of(6)}), {}) == {"out": expected}


def test_several_assigns_build_one_outgoing_object() -> None:
    outgoing = {"out/b/c": incoming("x"), "out/b/a~1d": incoming("y", "/1"), "out": incoming("base")}
    document = level({}, outgoing, takes=["x", "y", "base"])
    given = {"x": 1, "y": [0, 2], "base": {"kept": True, "b": {"e": 3}}}
    assert transform(document, given) == {"out": {"kept": True, "b": {"e": 3, "c": 1, "a/d": 2}}}
    assert given["base"] == {"kept": True, "b": {"e": 3}}


def test_an_assign_may_write_into_an_argument() -> None:
    document = level({1: ("Object.keys", {"a": 1})}, {"out": of(1)}, takes=["x"])
    document["steps"].append(
        {
            "type": "assign",
            "from": {"location": "incoming", "name": "x", "ptr": ""},
            "to": {"location": "method", "name": 1, "ptr": "/args/0/value/b"},
        }
    )
    assert transform(document, {"x": 1}) == {"out": ["a", "b"]}


def test_a_pointer_that_leads_nowhere_reads_undefined() -> None:
    outgoing = {
        "a": incoming("x", "/no/way"),
        "b": incoming("x", "/list/5"),
        "c": of(99),
        "d": incoming("x", "/list/1"),
    }
    assert transform(level({}, outgoing, takes=["x"]), {"x": {"list": [1, 2]}}) == {"d": 2}


def test_parts_that_need_no_change_are_handed_on_as_they_are() -> None:
    big = {"rows": [{"n": 1}]}
    assert transform(level({}, {"out": incoming("x")}, takes=["x"]), {"x": big})["out"] is big


def test_a_template_fills_its_names_in_the_order_they_first_appear() -> None:
    steps = {1: ("t:${b}-${a}-${b}$", incoming("x"), incoming("y"))}
    given = {"x": {"k": 1}, "y": [1, None, 2]}
    expected = {"out": "[object Object]-1,,2-[object Object]$"}
    assert transform(level(steps, {"out": of(1)}, takes=["x", "y"]), given) == expected


def test_a_document_without_steps_yields_nothing() -> None:
    assert transform({"outgoing": [{"$id": "out"}]}, {}) == {}


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(LanguageError, match=r"Array\.shuffle is unknown"):
        transform(level({1: ("Array.shuffle", [])}, {"out": of(1)}), {})


def test_one_outgoing_is_a_bare_value_and_several_are_an_object() -> None:
    one, two = level({}, {"a": incoming("x")}), level({}, {"a": incoming("x"), "b": incoming("x")})
    assert bare_output(one, {"a": 1}) == 1
    assert bare_output(one, {}) is UNDEFINED
    assert bare_output(two, {"a": 1}) == {"a": 1}
    assert outgoing_names(two) == ["a", "b"]


def test_a_compiled_document_transforms_again_and_again() -> None:
    compiled = compile_document(level({1: ("Math.add", incoming("x"), 1)}, {"out": of(1)}, takes=["x"]))
    assert [transform(compiled, {"x": x})["out"] for x in (1, 2)] == [2, 3]


def switch() -> dict[str, Any]:
    steps = {1: ("Conditional.switch", incoming("x"), "a", "b"), 2: ("Math.add", 1, 1), 3: BROKEN}
    document = level(steps, {"out": of(2), "other": of(3)}, takes=["x"])
    document["steps"][2]["context"] = "#/1[case_0]"
    document["steps"][3]["context"] = "#/1[1]"
    return document


def test_a_step_in_a_case_is_evaluated_in_that_case_alone() -> None:
    assert transform(switch(), {"x": "a"}) == {"out": 2}
    assert transform(switch(), {"x": "c"}) == {}
    with pytest.raises(LanguageError, match="Cannot read properties of undefined"):
        transform(switch(), {"x": "b"})
