"""newVariable, push, pop, shift, modify, makeData, updateJobDescription."""

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.models.json import Json
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED

from .calls import call


@pytest.mark.parametrize("value", ["big", None, [1], 0])
def test_new_variable_sets_a_job_variable(value: Json) -> None:
    assert call("newVariable", {"name": "v", "value": value}) == Finish(
        "success", {"value": value}, writes={"v": value}
    )


def test_new_variable_without_a_value_fails() -> None:
    assert call("newVariable", {"name": "v", "value": UNDEFINED}) == Finish("failure")


@pytest.mark.parametrize("name", ["", None, 5])
def test_new_variable_needs_a_name(name: Json) -> None:
    with pytest.raises(LanguageError, match="'name' must name a job variable"):
        call("newVariable", {"name": name, "value": 1})


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({}, ["x"]), ({"seen": None}, ["x"]), ({"seen": [1]}, [1, "x"])],
)
def test_push_appends_to_the_variable_or_makes_it(variables: dict[str, Json], expected: Json) -> None:
    outcome = call("push", {"job_variable": "seen", "item_to_push": "x"}, variables=variables)
    assert outcome == Finish("success", {"job_variable_value": expected}, writes={"seen": expected})


def test_push_appends_an_array_as_one_item_and_leaves_the_variable_itself_alone() -> None:
    seen: list[Json] = [1]
    outcome = call("push", {"job_variable": "seen", "item_to_push": [2]}, variables={"seen": seen})
    assert outcome == Finish("success", {"job_variable_value": [1, [2]]}, writes={"seen": [1, [2]]})
    assert seen == [1]


def test_push_on_what_is_no_array_is_an_error() -> None:
    with pytest.raises(LanguageError, match="'seen' must be an array, not the text 'abc'"):
        call("push", {"job_variable": "seen", "item_to_push": 1}, variables={"seen": "abc"})


@pytest.mark.parametrize(
    ("name", "outgoing", "item", "left"),
    [("pop", "popped_item", "c", ["a", "b"]), ("shift", "shifted_item", "a", ["b", "c"])],
)
def test_pop_and_shift_take_an_item(name: str, outgoing: str, item: str, left: list[str]) -> None:
    fruits = ["a", "b", "c"]
    outcome = call(name, {"job_variable": "fruits"}, variables={"fruits": fruits})
    assert outcome == Finish("success", {outgoing: item}, writes={"fruits": left})
    assert fruits == ["a", "b", "c"]


@pytest.mark.parametrize("name", ["pop", "shift"])
@pytest.mark.parametrize("variables", [{}, {"fruits": []}])
def test_pop_and_shift_fail_on_nothing(name: str, variables: dict[str, Json]) -> None:
    assert call(name, {"job_variable": "fruits"}, variables=variables) == Finish("failure")


@pytest.mark.parametrize(
    ("target", "query", "value", "expected"),
    [
        (False, "", True, True),
        ("before", "", "after", "after"),
        ("before", "ignored", "after", "after"),
        ({"status": {"sync": True}, "n": 1}, "status.sync", False, {"status": {"sync": False}, "n": 1}),
        ({"a": 1}, "b[c]", 2, {"a": 1, "b": {"c": 2}}),
        ({"a": 1}, "a", UNDEFINED, {"a": None}),
    ],
)
def test_modify_sets_one_field_of_a_copy(target: Json, query: str, value: Json, expected: Json) -> None:
    incoming = {"object_to_update": target, "query": query, "new_value": value}
    assert call("modify", incoming) == Finish("success", {"updated_object": expected})


def test_modify_does_not_reach_into_arrays() -> None:
    with pytest.raises(LanguageError, match="There is no object that could hold '0'"):
        call("modify", {"object_to_update": {"a": [1]}, "query": "a[0]", "new_value": 2})


@pytest.mark.parametrize(
    ("source", "output_type", "variables", "output"),
    [
        ("Who are you <!var1!>", "string", {"var1": "Bruce"}, "Who are you Bruce"),
        ("<!unknown!>", "string", {}, "<!unknown!>"),
        ('{"name":"<!v!>","tags":<!t!>}', "json", {"v": "Bruce", "t": ["a"]}, {"name": "Bruce", "tags": ["a"]}),
        ("[3.0]", "json", "", [3]),
        ("<!n!>0", "number", {"n": 4}, 40),
        (" 1e3 ", "number", None, 1000),
        ("", "number", None, 0),
        ("true", "boolean", "", True),
        ("False", "boolean", "", False),
        ("", "boolean", "", False),
        ({"a": 1}, "string", "", '{"a":1}'),
    ],
)
def test_make_data_fills_and_casts(source: Json, output_type: str, variables: Json, output: Json) -> None:
    outcome = call("makeData", {"input": source, "outputType": output_type, "variables": variables})
    assert repr(outcome) == repr(Finish("success", {"output": output}))


@pytest.mark.parametrize(
    ("source", "output_type", "message"),
    [
        ("{", "json", "This text is not JSON"),
        ("many", "number", "'many' cannot be read as a number"),
        ("x", "date", "'outputType' must be string, json, number or boolean, not 'date'"),
    ],
)
def test_make_data_refuses_what_does_not_cast(source: str, output_type: str, message: str) -> None:
    with pytest.raises(LanguageError, match=message):
        call("makeData", {"input": source, "outputType": output_type, "variables": {}})


@pytest.mark.parametrize(("given", "written"), [("Blue", "Blue"), (None, ""), (5, "5"), ({"a": 1}, '{"a":1}')])
def test_update_job_description_overwrites_it(given: Json, written: str) -> None:
    assert call("updateJobDescription", {"description": given}) == Finish(
        "success", {"description": written}, job_description=written
    )
