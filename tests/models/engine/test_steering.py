"""What operators do to a job: pause, resume, cancel, retry, continue, revert.

See reference/execution.md#control, reference/rest-api.md#jobs.
"""

from typing import Any

import pytest
from jobyard.models.engine.advance import apply
from jobyard.models.engine.events import Answered, Canceled, Continued, Paused, Retried, Reverted, Unpaused
from jobyard.models.engine.outcomes import Finish
from jobyard.models.engine.repair import repair_of
from jobyard.models.engine.reverts import NoRepair, Repair

from .play import Play, workflow


def broken() -> Play:
    """a, then b, which breaks, then c; d runs beside b."""
    tasks = {"a": "append", "b": "provider", "c": "append", "d": "append"}
    play = Play(workflow(tasks, "start>a", "a>b", "b>c", "c>end", "a>d"))
    play.answer("b", Finish("error", error="it broke"))
    assert play.state.status == "error"
    return play


def test_a_paused_job_starts_nothing_new_and_what_runs_may_finish() -> None:
    play = Play(workflow({"a": "provider", "b": "append"}, "start>a", "a>b", "b>end"))
    assert play.send(Paused())
    assert play.answer("a", Finish("success"))
    assert (play.state.status, play.ran()) == ("paused", {"a": 1})
    assert play.send(Unpaused())
    assert (play.state.status, play.ran()) == ("complete", {"a": 1, "b": 1})


def test_a_paused_job_tries_nothing_again_until_it_is_resumed() -> None:
    retry = {"autoRetry": True, "limit": 3, "delay": 10, "state": ["error"]}
    flaky = {"name": "flaky", "variables": {"incoming": {"failures": 1}}, "retrySettings": retry}
    play = Play(workflow({"a": flaky}, "start>a", "a>end"))
    play.send(Paused())
    (timer,) = play.pending_effects().values()
    play.now = timer.at
    before = play.state.tasks["a"].attempt
    play.send(Unpaused())
    assert play.state.tasks["a"].attempt == before
    assert play.to_the_end().state.status == "complete"


def test_a_canceled_job_is_over_and_what_runs_is_canceled() -> None:
    play = Play(workflow({"a": "provider", "b": "append"}, "start>a", "a>b", "b>end"))
    assert play.send(Canceled())
    assert (play.state.status, play.state.end_time) == ("canceled", play.now)
    assert play.state.tasks["a"].status == "canceled"
    assert play.state.tasks["b"].status == "incomplete"
    assert not play.answer("a", Finish("success"))


@pytest.mark.parametrize("command", [Paused(), Unpaused(), Canceled()])
def test_a_complete_job_cannot_be_steered(command: Any) -> None:
    play = Play(workflow({"a": "success"}, "start>a", "a>end"))
    assert not play.send(command)
    assert play.state.status == "complete"


def test_a_retried_task_runs_again_with_other_variables_and_what_was_given_up_after_it_is_open_again() -> None:
    play = broken()
    assert play.state.tasks["c"].never_runs
    assert play.send(Retried("b", {"x": 1}))
    assert (play.state.status, play.state.variables["x"]) == ("running", 1)
    play.answer("b", Finish("success"))
    assert (play.state.status, play.ran()) == ("complete", {"a": 1, "b": 2, "c": 1, "d": 1})
    assert play.state.errors == []


def test_a_repair_leaves_the_errors_of_what_it_does_not_repair() -> None:
    play = Play(workflow({"a": "error", "b": "error", "c": "success"}, "start>a", "start>b", "a>c", "b>c", "c>end"))
    assert [entry["task"] for entry in play.state.errors] == ["a", "b", "job"]
    assert play.send(Retried("a", {}))
    assert [entry["task"] for entry in play.state.errors] == ["b", "a", "job"]  # it fails again


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("a", "it is complete; only a task that finished with error or failure is retried"),
        ("c", "it is never run; only a task that finished with error or failure is retried"),
        ("workflow_end", "it is no task that runs"),
        ("nope", "the workflow has no such task"),
    ],
)
def test_what_cannot_be_retried_says_why(task: str, reason: str) -> None:
    play = broken()
    assert repair_of(play.definition.graph, play.state, Retried(task, {})) == NoRepair(reason)
    assert not play.send(Retried(task, {}))


def test_an_error_that_the_workflow_handled_is_not_retried() -> None:
    play = Play(workflow({"a": "error", "b": "person"}, "start>a", "a-error>b", "b>end"))
    repair = repair_of(play.definition.graph, play.state, Retried("a", {}))
    assert repair == NoRepair("its error was handled by the workflow; continue or revert the job instead")


def test_a_job_continues_from_a_task_and_skips_what_is_open_before_it() -> None:
    tasks = {"a": "provider", "b": "append", "c": "append"}
    play = Play(workflow(tasks, "start>a", "a>b", "b>c", "c>end"))
    play.answer("a", Finish("error", error="it broke"))
    assert repair_of(play.definition.graph, play.state, Continued("c", {})) == Repair("c", ("c", "workflow_end"))
    assert play.send(Continued("c", {"y": 2}))
    assert (play.state.status, play.ran()) == ("complete", {"a": 1, "c": 1})
    assert play.state.variables["y"] == 2


def test_a_job_does_not_continue_past_a_task_that_runs() -> None:
    play = Play(workflow({"a": "provider", "b": "append"}, "start>a", "a>b", "b>end"))
    assert repair_of(play.definition.graph, play.state, Continued("b", {})) == NoRepair("a still runs before it")


def test_a_job_goes_back_to_a_complete_task_and_runs_everything_after_it_again() -> None:
    play = broken()
    assert play.send(Reverted("a"))
    assert play.ran() == {"a": 2, "b": 2, "d": 2}
    play.answer("b", Finish("success"))
    assert (play.state.status, play.ran()) == ("complete", {"a": 2, "b": 2, "c": 1, "d": 2})


def test_a_command_applied_twice_is_a_command_applied_once() -> None:
    play = broken()
    assert play.send(Retried("b", {}))
    assert not play.send(Retried("b", {}))
    assert play.ran()["b"] == 2


def test_subscribers_are_told_each_change_of_a_task_in_order() -> None:
    play = Play(workflow({"a": "person", "b": "success", "c": "person"}, "start>a", "a>b", "b>c", "c>end"))
    told = apply(play.definition, play.state, Answered("a", 1, 1, Finish("success")), play.now).task_changes
    assert [(one["task"], one["status"], one["finish_state"]) for one in told] == [
        ("a", "complete", "success"),
        ("b", "complete", "success"),
        ("c", "running", None),
    ]
