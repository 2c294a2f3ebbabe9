"""Comparisons as authors write them, and groups of them."""

import math

import pytest
from jobyard.models.json import Json, JsonObject
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.evaluation import evaluate, flag
from jobyard.models.language.javascript.coercion import UNDEFINED


def holds(left: object, operator: str, right: object, **queries: str) -> bool:
    evaluation = {"operand_1": left, "operator": operator, "operand_2": right, **queries}
    return evaluate(True, [{"all_true_flag": True, "evaluations": [evaluation]}], lambda operand: operand)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("a", "a", True), ("a", "b", False), ("a", "A", False), ("", "", True), ("", "a", False), ("a", "", False),
        ("7", 7, True), (7, "7", True), ("7", "7", True), ("7", "7.0", True), (7, 7.0, True), (7, "seven", False),
        ("seven", 7, False), ("12", "", False), (0, "", False), ("", 0, False), (0, [], False), (" ", "", False),
        ("007", 7, True), ("12345678901234567890", "12345678901234567890", True), ("1e999", "1e999", True),
        (True, "true", True), ("true", True, True), ("false", False, True), (True, 1, True), (True, "yes", False),
        (False, 0, True), (False, "", False), (False, None, False), (1, True, True), ("abc", True, False),
        (None, None, True), (None, UNDEFINED, True), (UNDEFINED, None, True), (UNDEFINED, UNDEFINED, True),
        (None, "", False), (None, 0, False), (0, None, False), ("null", None, True), (None, "null", True),
        ("null", "null", True), (UNDEFINED, "undefined", False), ("abc", None, False),
        ([1, {"a": 2}], [1, {"a": 2.0}], True), ([1, 2], [2, 1], False), ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ('{"a": [1]}', {"a": [1]}, True), ({"a": 1}, '{"a": 1}', True), ([1], 1, False), ([], "", False),
        ({}, [], False), ({}, "{}", True), ({"a": 1}, "", False), ([], None, False),
        (math.nan, math.nan, False), ("NaN", "NaN", True), ('"a"', '"a"', True), ("[1", "[1", True),
    ],
)  # fmt: skip
def test_equality_converts_the_second_operand_to_the_type_of_the_first(left: Json, right: Json, equal: bool) -> None:
    assert holds(left, "==", right) is equal
    assert holds(left, "!=", right) is not equal


@pytest.mark.parametrize(
    ("left", "operator", "right", "expected"),
    [
        (5, ">", 3, True), ("5", ">", "10", False), ("5", "<", 10, True), (5, ">=", "5", True), (5, "<=", 4, False),
        ([], "<", 1, True), ([], ">", 0, False), ([3], "<", 5, True), ([1, 2], "<", 5, False), ({}, "<", 5, False),
        (math.nan, "<", 1, False), (math.nan, ">=", 1, False), (1, "<", math.nan, False),
        ("abc", "<", "abd", True), ("2024-01-31", "<", "2024-02-01", True), ("abc", "<", None, False),
        (None, "<", 1, True), (UNDEFINED, "<", 1, False), (UNDEFINED, ">=", 1, False), (5, "<", "many", False),
        (True, ">", 0, True), ("17.3.1", ">", 17, True),
    ],
)  # fmt: skip
def test_relations_are_javascripts(left: Json, operator: str, right: Json, expected: bool) -> None:
    assert holds(left, operator, right) is expected


@pytest.mark.parametrize(
    ("whole", "part", "contained"),
    [
        ("interface eth0 up", "eth0", True), ("interface eth0", r"eth\d", True), ("interface", "^face", False),
        ("a(b", "(b", True), ("INC0012", "INC", True), ("abc", "", True), (12345, 34, True), ("12345", "34", True),
        ({"a": None}, "a", True), ({"a": 1}, "b", False), ('{"a": 1}', "a", True), ({"1": 0}, 1, True),
        (["10.0.0.1", "10.0.0.2"], "10.0.0.2", True), (["a"], "b", False), ([1, 2], "2", True), (["2"], 2, True),
        ([{"a": 1}], {"a": 1}, True), ([[1], [2]], [2], True), ([], "", False), ('["a"]', "a", True),
        (None, "x", False), (UNDEFINED, "undefined", False), (True, "true", True),
    ],
)  # fmt: skip
def test_contains_searches_text_keys_and_elements(whole: Json, part: Json, contained: bool) -> None:
    assert holds(whole, "contains", part) is contained
    assert holds(whole, "!contains", part) is not contained


@pytest.mark.parametrize("operator", ["", "=", "===", "matches", None, 3])
def test_an_unknown_operator_is_false(operator: Json) -> None:
    assert holds(1, operator, 1) is False


def test_queries_look_into_both_operands() -> None:
    left, right = {"response": {"status": "FAILED"}}, {"wanted": ["FAILED"]}
    assert holds(left, "==", right, query="response.status", rightQuery="wanted[0]") is True
    assert holds(left, "==", None, query="response.nope") is True
    assert holds({"loop": [{"state": "ok"}]}, "<", 1, query="loop[*state=FAILED]") is True
    assert holds({"loop": [{"state": "FAILED"}]}, "<", 1, query="loop[*state=FAILED]") is False


TRUE: JsonObject = {"operand_1": 1, "operator": "==", "operand_2": 1}
FALSE: JsonObject = {"operand_1": 1, "operator": "==", "operand_2": 2}


@pytest.mark.parametrize(
    ("outer", "groups", "expected"),
    [
        (True, [(True, [TRUE, TRUE]), (True, [TRUE])], True),
        (True, [(True, [TRUE, FALSE]), (True, [TRUE])], False),
        (True, [(False, [TRUE, FALSE]), (True, [TRUE])], True),
        (False, [(True, [TRUE, FALSE]), (True, [TRUE])], True),
        (False, [(True, [FALSE]), (False, [FALSE, FALSE])], False),
        ("false", [(True, [FALSE]), (True, [TRUE])], True),
        ("true", [(True, [FALSE]), (True, [TRUE])], False),
        (None, [(None, [FALSE, TRUE])], True),
        (True, [], True),
        (False, [], False),
        (True, [(False, [])], False),
    ],
)
def test_the_flags_join_comparisons_and_groups(outer: Json, groups: list[Json], expected: bool) -> None:
    written = [{"all_true_flag": together, "evaluations": evaluations} for together, evaluations in groups]
    assert evaluate(outer, written, lambda operand: operand) is expected


def test_operands_are_resolved_by_the_caller() -> None:
    values = {"size": "7"}
    evaluation = {
        "operand_1": {"task": "job", "variable": "size"},
        "operator": "<",
        "operand_2": {"task": "job", "variable": "limit"},
    }

    def resolve(operand: Json) -> object:
        return values.get(operand["variable"], UNDEFINED)

    group = {"all_true_flag": True, "evaluations": [evaluation, "not an evaluation"]}
    assert evaluate(True, [group, None], resolve) is False
    values["limit"] = "10"
    assert evaluate(True, [group, None], resolve) is True


def test_a_regular_expression_that_explodes_is_an_error_and_not_false() -> None:
    with pytest.raises(LanguageError, match=r"took longer than 0\.04 s"):
        holds("a" * 60 + "b", "contains", "^(a|a|aa)+$")


@pytest.mark.parametrize(("value", "expected"), [(True, True), ("true", True), ("false", False), (None, False)])
def test_a_flag_may_be_written_as_text(value: Json, expected: bool) -> None:
    assert flag(value) is expected
