"""What a finish leaves behind: outputs, job variables, the task's error.

See reference/execution.md#outgoing-values and #job-variables.
"""

from typing import Any

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.models.language.javascript.coercion import UNDEFINED

from .play import Play, workflow


def finished(finish: Finish, **variables: Any) -> Play:
    task = {"name": "t", "variables": {"incoming": {}, **variables}}
    return Play(workflow({"a": task}, "start>a", "a>end", "a-error>end"), function=lambda call: finish)


@pytest.mark.parametrize(
    ("target", "variables"),
    [("$var.job.y", {"y": 7}), ("$var.job.with a space", {"with a space": 7}), (None, {}), ("", {}), ("$var.b2.y", {})],
)
def test_4_2_only_a_job_variable_takes_an_output_which_stays_one_in_any_case(target: Any, variables: Any) -> None:
    play = finished(Finish("success", {"k": 7}), outgoing={"k": target})
    assert (play.state.variables, play.state.tasks["a"].outgoing) == (variables, {"k": 7})


def test_4_2_undefined_results_are_not_stored() -> None:
    play = finished(Finish("success", {"k": UNDEFINED, "n": None}), outgoing={"k": "$var.job.y", "n": "$var.job.n"})
    assert (play.state.variables, play.state.tasks["a"].outgoing) == ({"n": None}, {"n": None})


def test_4_2_the_error_goes_to_the_job_variable_that_the_author_named() -> None:
    play = finished(Finish("error", error={"code": 5}), error="$var.job.why")
    assert (play.state.variables, play.state.tasks["a"].error) == ({"why": {"code": 5}}, {"code": 5})


def test_4_2_no_error_goes_there_when_there_is_none() -> None:
    assert finished(Finish("success"), error="$var.job.why").state.variables == {}


def test_11_4_a_recorded_answer_is_not_mapped_to_job_variables() -> None:
    play = finished(Finish("success", {"k": 7}, mapped=False), outgoing={"k": "$var.job.y"})
    assert (play.state.variables, play.state.tasks["a"].outgoing) == ({}, {"k": 7})


def test_11_1_a_task_may_overwrite_the_description_of_the_job() -> None:
    assert finished(Finish("success", job_description="new")).state.description == "new"
