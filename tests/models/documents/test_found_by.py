"""Tokens: what a job is found by beside its documented fields."""

from typing import Any

from jobyard.models.documents.search_terms import (
    LONGEST_TEXT,
    LONGEST_TOKEN,
    MOST_VARIABLES,
    MOST_WORDS,
    found_by,
    tag_token,
    variable_token,
    word_token,
)


def variables(**values: Any) -> list[str]:
    return [token for token in found_by({"variables": values}) if token[0] == "v"]


def test_words_of_name_and_description_in_small_letters_each_once() -> None:
    assert found_by({"name": "Upgrade_IOS-XE 17", "description": "upgrade ÉCOLE"}) == [
        word_token(word) for word in ("upgrade", "ios", "xe", "17", "école")
    ]


def test_tags_by_id_and_by_name() -> None:
    assert found_by({"tags": ["a", {"_id": "b", "name": "Core"}, 5]}) == [tag_token(tag) for tag in ("a", "b", "Core")]


def test_variables_by_path_and_value_and_the_element_of_an_array_by_the_arrays_path() -> None:
    assert variables(device="edge-1", site={"code": 3, "hosts": [{"up": True}, "x"]}, nothing=None) == [
        variable_token("device", "edge-1"),
        variable_token("site.code", 3),
        variable_token("site.hosts", "x"),
        variable_token("site.hosts.up", True),
    ]


def test_a_jobs_own_id_and_initiator_are_no_variables_to_find_it_by() -> None:
    assert variables(_id="a" * 24, initiator="ada", mine=1) == [variable_token("mine", 1)]


def test_a_number_is_the_same_as_integer_and_fraction_and_no_text_or_boolean() -> None:
    assert variable_token("n", 1) == variable_token("n", 1.0)
    assert len({variable_token("n", value) for value in (1, "1", True)}) == 3


def test_variables_nearest_to_the_top_are_within_the_bound() -> None:
    nested = {f"n{number}": number for number in range(MOST_VARIABLES)}
    assert variables(deep=nested, top=1)[0] == variable_token("top", 1)
    assert len(variables(deep=nested, top=1)) == MOST_VARIABLES


def test_a_long_text_stands_as_a_hash_and_one_beyond_the_bound_not_at_all() -> None:
    (token,) = variables(a="x" * LONGEST_TEXT)
    assert token == variable_token("a", "x" * LONGEST_TEXT)
    assert len(token) <= LONGEST_TOKEN
    assert variables(a="x" * (LONGEST_TEXT + 1)) == []


def test_hostile_values_cost_little_and_give_no_more_than_the_bounds() -> None:
    endless: dict[str, Any] = {"a": [[]] * 1_000_000, "b": {str(number): number for number in range(100_000)}}
    words = " ".join(f"w{number}" for number in range(1_000_000))
    assert len(found_by({"description": words, "variables": endless})) <= MOST_WORDS + MOST_VARIABLES


def test_an_integer_that_the_database_cannot_hold_is_left_out() -> None:
    assert variables(huge=10**5000, small=1) == [variable_token("small", 1)]
