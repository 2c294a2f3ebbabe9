"""No workflow fills the memory or the database: what a task is given and gives has a bound."""

from typing import Any

import pytest
from jobyard.models.engine.outcomes import Finish, Outcome, StartChildren, TaskCall
from jobyard.models.engine.sizes import DEEPEST, LARGEST_ERROR, LARGEST_JOB, LARGEST_VALUE, Sizes
from jobyard.models.language.errors import LanguageError

from .play import Play, scripted, workflow


@pytest.mark.parametrize(("value", "size"), [("abc", 5), (1, 8), (None, 8), ([], 32), (["a"], 36), ({"k": "v"}, 41)])
def test_sizes_are_about_those_of_json_and_of_what_objects_cost(value: Any, size: int) -> None:
    assert Sizes().measure(value) == size


def test_a_value_that_shares_its_parts_is_measured_without_unfolding_it() -> None:
    value: Any = "x"
    for _ in range(DEEPEST):
        value = [value, value]
    assert Sizes().measure(value) > 2**DEEPEST


def test_a_value_deeper_than_the_database_takes_is_refused_also_where_its_parts_are_known() -> None:
    value: Any = 1
    for _ in range(DEEPEST):
        value = [value]
    sizes = Sizes()
    assert sizes.measure(value) > 0
    with pytest.raises(LanguageError, match="A value is nested more than 88 levels deep"):
        sizes.measure([value])
    for _ in range(10**5):
        value = [value]
    with pytest.raises(LanguageError, match="nested more than 88"):
        sizes.measure(value)


def doubling(call: TaskCall) -> Outcome:
    if call.name != "double":
        return scripted(call)
    value = call.variables.get("v", "x")
    twice = call.incoming.get("twice")
    return Finish("success", writes={"v": [value, value] if twice else value + value})


@pytest.mark.parametrize("twice", [False, True])
def test_a_variable_that_doubles_in_circles_is_the_tasks_error_at_the_bound(twice: bool) -> None:
    double = {"name": "double", "variables": {"incoming": {"twice": twice}}}
    play = Play(workflow({"a": double}, "start>a", "a~success>a", "a-error>end"), function=doubling)
    assert play.state.status == "complete"
    assert play.state.tasks["a"].error.startswith("The job variable 'v' has ")
    assert LARGEST_VALUE / 8 < Sizes().measure(play.state.variables["v"]) <= LARGEST_VALUE


def test_what_a_task_is_given_has_the_same_bound() -> None:
    one = {"task": "job", "variable": "big"}
    merge = {"name": "merge", "variables": {"incoming": {"data_to_merge": [{"key": "k", "value": one}] * 5}}}
    play = Play(workflow({"a": merge}, "start>a", "a-error>end"), {"big": "x" * (LARGEST_VALUE // 4)})
    assert play.state.tasks["a"].error.startswith("What the task is given has 41,943,")
    assert play.state.tasks["a"].incoming == {}


def test_what_child_jobs_are_given_together_has_the_same_bound() -> None:
    big = {"v": "x" * (LARGEST_VALUE // 4)}
    play = Play(
        workflow({"a": "children"}, "start>a", "a-error>end"), function=lambda call: StartChildren("w", (big,) * 5)
    )
    assert play.state.tasks["a"].error.startswith("What the child jobs are given has 41,943,")


def test_an_error_is_short() -> None:
    big = "x" * LARGEST_ERROR
    play = Play(workflow({"a": "t"}, "start>a", "a-error>end"), function=lambda call: Finish("error", error=big))
    assert play.state.tasks["a"].error == (
        "The task's error has 262,146 characters as JSON, more than the 262,144 that may be."
    )


def test_the_variables_and_outputs_of_a_job_have_a_bound_together() -> None:
    big = "x" * (LARGEST_VALUE - 100)

    def give(call: TaskCall) -> Outcome:
        return Finish("success", {"out": big})

    ids = [f"t{number}" for number in range(10)]
    drawn = [f"{above}>{id}" for above, id in zip(["start", *ids], ids, strict=False)]
    play = Play(workflow(dict.fromkeys(ids, "give"), *drawn, "t9>end", "t8-error>end"), function=give).to_the_end()
    assert len(big) * 8 < LARGEST_JOB < len(big) * 9
    assert play.state.tasks["t7"].finish_state == "success"
    assert play.state.tasks["t8"].error == (
        "With this, the variables and outputs of the job have more than the 268,435,456 characters as JSON that may be."
    )
