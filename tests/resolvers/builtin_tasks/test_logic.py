"""query, evaluation, merge, deepmerge, decision."""

from typing import Any

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.models.engine.rules import Rules
from jobyard.models.json import Json
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED

from .calls import call


@pytest.mark.parametrize(
    ("expression", "pass_on_null", "expected"),
    [
        ("a.b", False, Finish("success", {"return_data": 1})),
        ("", False, Finish("success", {"return_data": {"a": {"b": 1}, "nul": None}})),
        (None, False, Finish("success", {"return_data": {"a": {"b": 1}, "nul": None}})),
        ("nope", False, Finish("failure")),
        ("nope", "false", Finish("failure")),
        ("nope", None, Finish("failure")),
        ("nope", True, Finish("success", {"return_data": None})),
        ("nope", "true", Finish("success", {"return_data": None})),
        ("nope.x", False, Finish("success", {"return_data": None})),
        ("nul", False, Finish("success", {"return_data": None})),
    ],
)
def test_query_fails_where_nothing_is_found_and_passes_null_on(
    expression: Json, pass_on_null: Json, expected: Finish
) -> None:
    incoming = {"pass_on_null": pass_on_null, "query": expression, "obj": {"a": {"b": 1}, "nul": None}}
    assert call("query", incoming) == expected


def test_query_gives_whole_numbers_without_fraction() -> None:
    outcome = call("query", {"pass_on_null": False, "query": "n", "obj": {"n": 3.0}})
    assert repr(outcome) == repr(Finish("success", {"return_data": 3}))


def test_query_wants_its_expression_as_text() -> None:
    with pytest.raises(LanguageError, match="'query' must be a text, not the number 5"):
        call("query", {"query": 5, "obj": {}})


@pytest.mark.parametrize(
    ("size", "expected"), [(12, Finish("success", {"return_value": True})), ("7", Finish("failure"))]
)
def test_evaluation_succeeds_or_fails(size: Json, expected: Finish) -> None:
    comparison = {"operand_1": size, "operator": ">", "operand_2": 10, "query": ""}
    groups = [{"all_true_flag": True, "evaluations": [comparison]}]
    assert call("evaluation", {"all_true_flag": True, "evaluation_groups": groups, "options": ""}) == expected


def test_evaluation_of_a_missing_operand() -> None:
    groups = [{"all_true_flag": True, "evaluations": [{"operand_1": UNDEFINED, "operator": "==", "operand_2": None}]}]
    assert call("evaluation", {"all_true_flag": True, "evaluation_groups": groups}) == Finish(
        "success", {"return_value": True}
    )


def test_decision_gives_the_task_of_the_first_that_holds() -> None:
    def decision(size: int, task_id: str) -> Json:
        comparison = {"operand_1": size, "operator": ">", "operand_2": 10}
        return {"all_true_flag": True, "evaluations": [comparison], "taskId": task_id}

    chosen = call("decision", {"decisionArray": [decision(5, "b1"), decision(12, "b2"), decision(13, "b3")]})
    assert chosen == Finish("success", {"return_value": "b2"}, chosen="b2")
    assert call("decision", {"decisionArray": [decision(5, "b1")]}) == Finish("failure")


@pytest.mark.parametrize(
    ("items", "merged"),
    [
        ([{"key": "a", "value": 1}, {"key": "b", "value": UNDEFINED}], {"a": 1, "b": None}),
        ([{"key": "only", "value": [1]}], {"only": [1]}),
        ([{"key": "", "value": 1}, {"value": UNDEFINED}, {"key": None, "value": 2}], [1, None, 2]),
        ([], None),
    ],
)
def test_merge_makes_an_object_with_keys_and_an_array_without(items: Json, merged: Json) -> None:
    assert call("merge", {"data_to_merge": items}) == Finish("success", {"merged_object": merged})


@pytest.mark.parametrize(
    ("values", "merged"),
    [
        ([{"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"d": 4}], {"a": {"b": 3, "c": 2}, "d": 4}),
        ([{"a": [{"x": 1}, 2]}, {"a": [{"y": 2}]}], {"a": [{"x": 1, "y": 2}, 2]}),
        ([{"a": [1, 2]}, {"a": [3, 4]}], {"a": [3, 4]}),
        ([{"a": [1]}, {"a": [3, 4]}], {"a": [3, 4]}),
        ([{"a": 1}, {"a": UNDEFINED}, UNDEFINED, None], {"a": 1}),
        ([{"a": {"b": 1}}, {"a": None}], {"a": None}),
    ],
)
def test_deepmerge_merges_at_any_depth_and_the_last_wins(values: list[Json], merged: Json) -> None:
    items = [{"key": "", "value": value} for value in values]
    assert call("deepmerge", {"data_to_merge": items}) == Finish("success", {"merged_object": merged})


def test_deepmerge_sets_keys_to_null_and_skips_what_is_undefined() -> None:
    items = [{"key": "a", "value": {"b": 1}}, {"key": "a", "value": UNDEFINED}, {"key": "c", "value": None}]
    assert call("deepmerge", {"data_to_merge": items}) == Finish(
        "success", {"merged_object": {"a": {"b": 1}, "c": None}}
    )


@pytest.mark.parametrize("other", ["something", 42, True, [1], None, UNDEFINED, ""])
def test_deepmerge_ignores_what_is_no_object(other: Any) -> None:
    items = [{"key": "", "value": {"a": {"b": 1}}}, {"key": "", "value": other}, {"key": "", "value": {"a": {"c": 2}}}]
    assert call("deepmerge", {"data_to_merge": items}) == Finish("success", {"merged_object": {"a": {"b": 1, "c": 2}}})


def test_deepmerge_leaves_what_it_was_given_as_it_is() -> None:
    first: Json = {"a": {"b": 1}}
    call("deepmerge", {"data_to_merge": [{"key": "", "value": first}, {"key": "", "value": {"a": {"c": 2}}}]})
    assert first == {"a": {"b": 1}}


def test_deepmerge_has_a_bottom() -> None:
    deep: Json = {}
    for _ in range(300):
        deep = {"a": deep}
    with pytest.raises(LanguageError, match="200 levels"):
        call("deepmerge", {"data_to_merge": [{"key": "", "value": deep}, {"key": "", "value": deep}]})


@pytest.mark.parametrize("name", ["merge", "deepmerge"])
def test_merging_wants_a_list(name: str) -> None:
    with pytest.raises(LanguageError, match="'data_to_merge' must be an array, not the empty text"):
        call(name, {"data_to_merge": ""})


def test_12_merge_single_null_gives_null_for_fewer_than_two_items() -> None:
    items = [{"key": "a", "value": 1}]
    rules = Rules(merge_single="null")
    assert call("merge", {"data_to_merge": items}) == Finish("success", {"merged_object": {"a": 1}})
    assert call("merge", {"data_to_merge": items}, rules=rules) == Finish("success", {"merged_object": None})
    assert call("merge", {"data_to_merge": items * 2}, rules=rules) == Finish("success", {"merged_object": {"a": 1}})


@pytest.mark.parametrize(
    ("array_relational", "left", "operator", "right", "state"),
    [
        ("js", [7], ">", 1, "success"),
        ("length", [7], ">", 1, "failure"),
        ("length", [], "<", 1, "success"),
        ("length", "[1,2]", ">=", 2, "success"),
        ("js", "[1,2]", ">=", 2, "failure"),
        ("length", 3, ">", [1, 2], "success"),
        ("length", [7], "==", 7, "failure"),
    ],
)
def test_12_array_relational_says_what_an_array_counts_beside_a_number(
    array_relational: Any, left: Json, operator: str, right: Json, state: str
) -> None:
    comparison = {"operand_1": left, "operator": operator, "operand_2": right}
    groups = [{"all_true_flag": True, "evaluations": [comparison]}]
    rules = Rules(array_relational=array_relational)
    outcome = call("evaluation", {"all_true_flag": True, "evaluation_groups": groups}, rules=rules)
    assert isinstance(outcome, Finish)
    assert outcome.state == state
