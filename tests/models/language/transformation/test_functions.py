"""The author's functions: callbacks, their context, functions of outer levels, recursion."""

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.transformation import transform

from .build import incoming, level, of, this_arg

DOUBLE = level({1: ("Math.multiply", incoming("n"), 2)}, {"r": of(1)}, takes=["n"], id="double")


def test_the_example_of_the_reference_labels_people() -> None:
    label = level(
        {1: ("t:${p}-${n}", incoming("thisArg", "/0_prefix"), incoming("currentValue", "/name"))},
        {"newValue": of(1)},
        takes=["currentValue", "index", "array", this_arg("0_prefix")],
        id="f_label",
    )
    steps = {1: ("Array.map", incoming("people"), "f_label", incoming("prefix")), 5: ("Array.length", of(1))}
    document = level(steps, {"labels": of(1), "count": of(5)}, takes=["people", "prefix"], functions=[label])
    given = {"people": [{"name": "Ada"}, {"name": "Bo"}], "prefix": "dev"}
    assert transform(document, given) == {"labels": ["dev-Ada", "dev-Bo"], "count": 2}


def test_reduce_gives_accumulator_item_index_and_array_and_its_context_from_the_fourth_argument_on() -> None:
    add = level(
        {1: ("new Array", *[incoming(name) for name in ("accumulator", "item", "index", "array")], incoming("ctx"))},
        {"r": of(1)},
        takes=["accumulator", "item", "index", "array", {"$id": "ctx", "isContext": True, "properties": {"1_b": {}}}],
        id="f",
    )
    document = level({1: ("Array.reduce", [7], "f", "start", "x", "y")}, {"out": of(1)}, functions=[add])
    assert transform(document, {}) == {"out": ["start", 7, 0, [7], {"1_b": "y"}]}


def test_reduce_without_a_first_value_starts_with_the_first_item() -> None:
    subtract = level({1: ("Math.subtract", incoming("a"), incoming("b"))}, {"r": of(1)}, takes=["a", "b"], id="f")
    steps = {1: ("Array.reduce", [10, 1, 2], "f"), 2: ("Array.reduceRight", [10, 1, 2], "f", None)}
    assert transform(level(steps, {"l": of(1), "r": of(2)}, functions=[subtract]), {}) == {"l": 7, "r": -9}
    with pytest.raises(LanguageError, match="Reduce of empty array with no initial value"):
        transform(level({1: ("Array.reduce", [], "f")}, {"out": of(1)}, functions=[subtract]), {})


def test_callbacks_that_choose_items() -> None:
    even = level(
        {1: ("Math.remainder", incoming("n"), 2), 2: ("Equality.identity", of(1), 0)}, {"r": of(2)}, takes=["n"], id="f"
    )
    names = ["filter", "find", "findIndex", "some", "every"]
    steps = {at: (f"Array.{name}", [1, 2, 3, 4], "f") for at, name in enumerate(names)}
    document = level(steps, {name: of(at) for at, name in enumerate(names)}, functions=[even])
    assert transform(document, {}) == {"filter": [2, 4], "find": 2, "findIndex": 1, "some": True, "every": False}


def test_find_without_a_match_is_undefined() -> None:
    never = level({1: ("new Boolean", False)}, {"r": of(1)}, id="f")
    assert transform(level({1: ("Array.find", [1], "f")}, {"out": of(1)}, functions=[never]), {}) == {}


def test_flat_map_flattens_one_level() -> None:
    twice = level({1: ("new Array", incoming("x"), incoming("x"))}, {"r": of(1)}, takes=["x"], id="f")
    document = level({1: ("Array.flatMap", [1, [2]], "f")}, {"out": of(1)}, functions=[twice])
    assert transform(document, {}) == {"out": [1, 1, [2], [2]]}


def test_sort_goes_by_the_function_and_by_text_without_one() -> None:
    by_number = level({1: ("Math.subtract", incoming("a"), incoming("b"))}, {"r": of(1)}, takes=["a", "b"], id="f")
    numbers = [10, 9, 1, 100, 9]
    steps = {1: ("Array.sort", numbers, "f"), 2: ("Array.sort", numbers, None)}
    document = level(steps, {"numbers": of(1), "texts": of(2)}, functions=[by_number])
    assert transform(document, {}) == {"numbers": [1, 9, 9, 10, 100], "texts": [1, 10, 100, 9, 9]}
    assert numbers == [10, 9, 1, 100, 9]


def test_sort_is_stable_and_takes_booleans_for_numbers_as_javascript_does() -> None:
    by_key = level(
        {1: ("Math.subtract", incoming("a", "/k"), incoming("b", "/k"))}, {"r": of(1)}, takes=["a", "b"], id="key"
    )
    greater = level(
        {1: ("Relational.greaterThan", incoming("a"), incoming("b"))}, {"r": of(1)}, ["a", "b"], id="greater"
    )
    rows = [{"k": 1, "n": 0}, {"k": 0, "n": 1}, {"k": 1, "n": 2}, {"k": 0, "n": 3}]
    steps = {1: ("Array.sort", incoming("rows"), "key"), 2: ("Array.sort", [3, 1, 2], "greater")}
    document = level(steps, {"rows": of(1), "same": of(2)}, takes=["rows"], functions=[by_key, greater])
    out = transform(document, {"rows": rows})
    assert [row["n"] for row in out["rows"]] == [1, 3, 0, 2]
    assert out["same"] == [3, 1, 2]


def test_a_callback_returns_its_first_outgoing_and_a_function_step_all_of_them() -> None:
    pair = level(
        {1: ("Math.add", incoming("x"), 1)}, {"more": of(1), "same": incoming("x"), "none": of(9)}, takes=["x"], id="f"
    )
    steps = {1: ("Array.map", [1, 2], "f"), 2: ("f:f", 5)}
    document = level(steps, {"map": of(1), "step": of(2), "same": of(2, "/same")}, functions=[pair])
    assert transform(document, {}) == {"map": [2, 3], "step": {"more": 6, "same": 5}, "same": 5}


def test_functions_find_those_of_outer_levels_and_the_innermost_of_one_name() -> None:
    inner_double = level({1: ("t:inner ${n}", incoming("n"))}, {"r": of(1)}, takes=["n"], id="double")
    uses = level({1: ("Array.map", incoming("x"), "double")}, {"r": of(1)}, takes=["x"], id="uses")
    shadows = {**uses, "id": "shadows", "functions": [inner_double]}
    steps = {1: ("Array.map", [[1, 2]], "uses"), 2: ("Array.map", [[1, 2]], "shadows")}
    document = level(steps, {"outer": of(1), "inner": of(2)}, functions=[uses, shadows, DOUBLE])
    assert transform(document, {}) == {"outer": [[2, 4]], "inner": [["inner 1", "inner 2"]]}


def test_an_inner_function_is_not_seen_from_outside() -> None:
    holder = level({}, {"r": incoming("x")}, takes=["x"], functions=[DOUBLE], id="holder")
    with pytest.raises(LanguageError, match="no function 'double'"):
        transform(level({1: ("Array.map", [1], "double")}, {"out": of(1)}, functions=[holder]), {})


def test_a_context_property_is_known_by_its_number_though_it_was_not_declared() -> None:
    reads = level({}, {"r": incoming("thisArg", "/1_renamed")}, takes=["x", this_arg()], id="f")
    document = level({1: ("Array.map", [0], "f", "a", "b")}, {"out": of(1)}, functions=[reads])
    assert transform(document, {}) == {"out": ["b"]}


def test_arguments_that_were_not_given_are_undefined_in_the_function() -> None:
    kind = level({1: ("JSON.type of", incoming("y"))}, {"r": of(1)}, takes=["x", "y"], id="f")
    assert transform(level({1: ("f:f", 1)}, {"out": of(1, "/r")}, functions=[kind]), {}) == {"out": "undefined"}


def test_a_function_may_call_itself_and_end_by_a_condition() -> None:
    factorial = level(
        {
            1: ("Conditional.ternary", of(2), 1, of(3)),
            2: ("Relational.lessThan", incoming("n"), 2),
            3: ("Math.multiply", incoming("n"), of(4, "/r")),
            4: ("f:factorial", of(5)),
            5: ("Math.subtract", incoming("n"), 1),
        },
        {"r": of(1)},
        takes=["n"],
        id="factorial",
    )
    document = level({1: ("f:factorial", 10)}, {"out": of(1, "/r")}, functions=[factorial])
    assert transform(document, {}) == {"out": 3628800}


def test_map_without_a_function_is_refused() -> None:
    with pytest.raises(LanguageError, match=r"Array\.map: undefined is not a function"):
        transform(level({1: ("Array.map", [1], None)}, {"out": of(1)}), {})
