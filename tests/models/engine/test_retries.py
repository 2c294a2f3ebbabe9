"""Automatic retries (reference/execution.md#retries): in the same task, before any transition."""

from typing import Any

import pytest
from jobyard.models.engine.events import Timer
from jobyard.models.engine.outcomes import Finish, Outcome, TaskCall
from jobyard.models.engine.retries import LONGEST_DELAY
from jobyard.models.language.javascript.coercion import UNDEFINED

from .play import Play, scripted, workflow


def flaky(failures: int, **settings: Any) -> dict[str, Any]:
    return {
        "name": "flaky",
        "variables": {"incoming": {"failures": failures}, "error": "$var.job.why"},
        "retrySettings": {"autoRetry": True, "limit": 3, "delay": 3000, "state": ["error"], **settings},
    }


def play(task: dict[str, Any]) -> Play:
    return Play(workflow({"a": task, "b": "success"}, "start>a", "a-error>b", "a>end", "b>end"))


def test_7_a_retry_comes_before_any_transition_and_waits_its_delay_in_milliseconds() -> None:
    retried = play(flaky(2))
    assert retried.pending_effects() == {"a/1/2": Timer("a", 1, 2, 4000)}
    retried.to_the_end()
    assert (retried.state.status, retried.now, retried.state.tasks["a"].attempt) == ("complete", 7000, 3)
    assert (retried.state.errors, retried.state.variables, retried.ran()) == ([], {}, {"a": 1})


def test_7_retries_end_at_their_limit_and_the_error_edge_is_taken() -> None:
    retried = play(flaky(9, limit=2)).to_the_end()
    assert (retried.state.status, retried.state.tasks["a"].attempt) == ("complete", 3)
    assert retried.ran() == {"a": 1, "b": 1}
    assert retried.state.variables == {"why": "not yet"}


@pytest.mark.parametrize("settings", [{"autoRetry": False}, {"limit": 0}, {"state": ["failure"]}, {"limit": None}])
def test_7_nothing_is_retried_without_autoretry_a_limit_and_the_state(settings: dict[str, Any]) -> None:
    assert play(flaky(1, **settings)).ran() == {"a": 1, "b": 1}


def test_7_a_failure_is_retried_where_the_settings_say_so() -> None:
    failing = {"name": "failure", "retrySettings": {"autoRetry": True, "limit": 1, "delay": 0, "state": ["failure"]}}
    retried = Play(workflow({"a": failing}, "start>a", "a-failure>end")).to_the_end()
    assert (retried.state.status, retried.state.tasks["a"].attempt) == ("complete", 2)


@pytest.mark.parametrize(("delay", "at"), [(-5, 1000), (0.4, 1000), (10**30, 1000 + LONGEST_DELAY), (None, 1000)])
def test_a_delay_that_is_no_time_is_the_nearest_one_that_is(delay: Any, at: int) -> None:
    assert play(flaky(1, delay=delay)).state.tasks["a"].wake_at == at


def test_an_attempt_that_is_retried_leaves_no_outputs_and_no_error_to_refer_to() -> None:
    retried = play(flaky(1))
    assert (retried.state.tasks["a"].outgoing, retried.state.tasks["a"].error) == ({}, None)


def test_a_retry_resolves_its_references_anew() -> None:
    written = {"name": "flaky", "variables": {"incoming": {"failures": 1, "value": "$var.job.seen"}}}
    document = workflow({"a": {**flaky(1), **written}, "b": "append"}, "start>a", "start>b", "a>end", "b>end")
    retried = Play(document)
    assert retried.state.tasks["a"].incoming["value"] is UNDEFINED
    assert retried.to_the_end().state.tasks["a"].incoming["value"] == [None]


def test_a_loop_that_is_retried_has_no_element_meanwhile() -> None:
    def each(call: TaskCall) -> Outcome:
        if call.name != "each":
            return scripted(call)
        return Finish("loop", {"current_item": "x"}) if call.iteration == 1 else Finish("error")

    settings = flaky(0)["retrySettings"]
    document = workflow({"f": {"name": "each", "retrySettings": settings}, "b": "success"}, "start>f", "f-loop>b")
    retried = Play(document, function=each)
    assert (retried.state.tasks["f"].waits_for, retried.state.tasks["f"].outgoing) == ("retry", {})
