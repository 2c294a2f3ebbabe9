"""A transformation that would never end, or would fill the memory, gets an error."""

from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.transformation import transform
from jobyard.models.language.transformation.budget import Budget, written_size

from .build import call, incoming, level, of


def test_a_function_that_calls_itself_for_ever_is_refused() -> None:
    forever = level({1: ("f:f", incoming("x"))}, {"r": of(1, "/r")}, takes=["x"], id="f")
    with pytest.raises(LanguageError, match="more than 200 deep"):
        transform(level({1: ("f:f", 1)}, {"out": of(1)}, functions=[forever]), {})


def test_a_callback_that_maps_with_itself_for_ever_is_refused() -> None:
    forever = level({1: ("Array.map", [1], "f")}, {"r": of(1)}, id="f")
    with pytest.raises(LanguageError, match="more than 200 deep"):
        transform(level({1: ("Array.map", [1], "f")}, {"out": of(1)}, functions=[forever]), {})


def test_a_long_chain_of_steps_does_not_exhaust_the_stack() -> None:
    steps = {at: ("Math.add", of(at + 1), 1) for at in range(5000)} | {5000: ("Math.add", 0, 0)}
    assert transform(level(steps, {"out": of(0)}), {}) == {"out": 5000}


def test_the_number_of_steps_is_bounded() -> None:
    budget = Budget(steps=2)
    budget.take_step(2)
    with pytest.raises(LanguageError, match="evaluated more than"):
        budget.take_step()


def test_the_volume_of_copies_is_bounded() -> None:
    budget = Budget(volume=10)
    budget.made([0] * 10)
    with pytest.raises(LanguageError, match="copied or searched more data"):
        budget.made([0])


def doubled(times: int) -> dict[int, tuple[Any, ...]]:
    return {0: ("new Array", "x")} | {at: ("new Array", of(at - 1), of(at - 1)) for at in range(1, times)}


@pytest.mark.parametrize("last", ["new Array", "JSON.stringify", "Array.join", "new String", "t:${x}"])
def test_a_small_graph_of_a_huge_value_is_not_written_out(last: str) -> None:
    steps = {**doubled(60), 99: (last, of(59))}
    with pytest.raises(LanguageError, match="copied or searched more data"):
        transform(level(steps, {"out": of(99)}), {})


def test_a_shared_part_counts_as_often_as_it_occurs() -> None:
    shared = [1, 2]
    assert written_size([shared, shared, {"a": shared}]) == 1 + 3 + 3 + (1 + 3)


def test_texts_that_double_stop_at_the_longest() -> None:
    steps = {0: ("String.concat", "xxxxxxxx")} | {at: ("String.concat", of(at - 1), of(at - 1)) for at in range(1, 60)}
    with pytest.raises(LanguageError, match="characters is over the limit"):
        transform(level(steps, {"out": of(59)}), {})


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("String.repeat", ("abc", 1e9)),
        ("String.padStart", ("a", 1e12)),
        ("String.padEnd", ("a", float("inf"))),
        ("String.replaceAll", ("a" * 20_000, "a", "$`")),
        ("new Array#1", (4e9,)),
        ("Array.from", ({"length": 1e9},)),
        ("Array.setIndex", ([], 4294967294, 1)),
        ("Object.setProperty", ([], "4294967294", 1)),
    ],
)
def test_lengths_are_bounded(name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(LanguageError, match="over the limit"):
        call(name, *arguments)


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("name", ["Array.toString", "JSON.stringify", "new Array", "Array.flat"])
def test_values_nested_too_deeply_are_refused(name: str) -> None:
    with pytest.raises(LanguageError, match="nested deeper than 120"):
        call(name, nested(5000))


def test_values_of_a_hundred_levels_are_handled() -> None:
    deep = nested(100)
    assert call("JSON.parse", call("JSON.stringify", deep)) == deep
    assert call("Equality.deepEquals", deep, nested(100)) is True
    assert call("new String", deep) == ""


def test_json_nested_too_deeply_is_refused() -> None:
    with pytest.raises(LanguageError, match="nested too deeply"):
        call("JSON.parse", "[" * 200_000)


def test_large_numbers_overflow_to_infinity() -> None:
    assert call("Number.toString", 10, 10) == "10"
    steps = {
        1: ("Math.exponentiation", 10, 1e9),
        2: ("Number.parseInt", "9" * 50_000),
        3: ("t:${a} ${b}", of(1), of(2)),
    }
    assert transform(level(steps, {"out": of(3)}), {}) == {"out": "Infinity Infinity"}


def test_functions_nested_too_deeply_are_refused() -> None:
    function: dict[str, Any] = {"id": "f"}
    for _ in range(100):
        function = {"id": "f", "functions": [function]}
    with pytest.raises(LanguageError, match="nested deeper than 50"):
        transform(function, {})


def test_slow_regular_expressions_are_cut_short() -> None:
    tests = level({1: ("RegExp.test", "(a|aa)+$", incoming("text"))}, {"r": of(1)}, takes=["text"], id="f")
    document = level({1: ("Array.map", incoming("texts"), "f")}, {"out": of(1)}, takes=["texts"], functions=[tests])
    with pytest.raises(LanguageError, match="took longer than"):
        transform(document, {"texts": ["a" * 60 + "b"] * 50})
