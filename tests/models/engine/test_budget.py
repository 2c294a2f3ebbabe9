"""What a job may use up: circles and retries without an end come to one, which names the limit."""

from typing import Any

import pytest
from jobyard.models.documents.progress import SPENT, job_fields, read_state
from jobyard.models.engine.budget import Budget
from jobyard.models.engine.events import Canceled, Continued, Unpaused
from jobyard.models.engine.outcomes import Finish

from .play import Play, workflow

CIRCLE = workflow({"a": "success", "b": "success"}, "start>a", "a>b", "b~success>a")
LOOP = workflow(
    {"f": {"name": "each", "variables": {"incoming": {"data_array": list(range(100))}}}, "b": "success"},
    "start>f",
    "f-loop>b",
    "f>end",
)


def retrying(state: str, **settings: Any) -> dict[str, Any]:
    settings = {"autoRetry": True, "limit": 10**9, "delay": 0, "state": [state], **settings}
    return workflow(
        {"a": {"name": state, "retrySettings": settings}, "b": "success"}, "start>a", f"a-{state}>b", "b>end"
    )


def in_error(play: Play, setting: str) -> None:
    assert play.state.status == "error"
    ((task, message),) = [one for one in play.messages() if one[0] == "job"]
    assert (task, setting in message) == ("job", True)
    assert play.pending_effects() == {}


@pytest.mark.parametrize("document", [CIRCLE, LOOP])
def test_a_job_that_goes_in_circles_ends_when_its_iterations_are_used_up(document: dict[str, Any]) -> None:
    play = Play(document, budget=Budget(iterations=50)).to_the_end()
    in_error(play, "begun 50 iterations, which is the limit (JOBYARD_MOST_ITERATIONS)")
    assert sum(play.ran().values()) == 50


@pytest.mark.parametrize("state", ["error", "failure"])
def test_retries_without_a_delay_end_when_the_attempts_are_used_up(state: str) -> None:
    play = Play(retrying(state), budget=Budget(attempts=30)).to_the_end()
    in_error(play, "retried 30 times, which is the limit (JOBYARD_MOST_ATTEMPTS)")
    assert play.state.tasks["a"].attempt == 31


def test_the_attempts_of_all_iterations_count_together() -> None:
    document = retrying("failure", limit=4)
    document["transitions"]["b"]["a"] = {"type": "revert", "state": "success"}
    play = Play(document, budget=Budget(attempts=30)).to_the_end()
    in_error(play, "JOBYARD_MOST_ATTEMPTS")
    assert play.state.tasks["a"].iteration == 30 // 4 + 1


def test_what_all_iterations_hold_is_bounded() -> None:
    task = {"name": "success", "variables": {"incoming": {"out": "x" * 1000}}}
    play = Play(workflow({"a": task}, "start>a", "a~success>a"), budget=Budget(stored=100_000)).to_the_end()
    in_error(play, "hold 100,000 bytes, which is the limit (JOBYARD_MOST_BYTES)")
    assert 45 < play.ran()["a"] < 55


def test_who_reads_the_job_back_goes_on_counting() -> None:
    play = Play(retrying("failure", delay=10), budget=Budget(attempts=30))
    header: Any = {"_id": play.state.job_id, "status": "running", "metrics": {"start_time": 0}, "tasks": {}}
    named: Any = {**header, "name": "n", "variables": {}}
    stored: Any = {**header, SPENT: job_fields(play.state, named, ())[SPENT]}
    assert stored[SPENT] == {"attempts": 1, "stored": play.state.spent.stored}
    assert read_state(play.definition.graph, stored, {}).spent.attempts == 1


def test_a_job_whose_budget_is_used_up_can_be_canceled_and_does_not_go_on() -> None:
    play = Play(CIRCLE, budget=Budget(iterations=50)).to_the_end()
    assert not play.send(Unpaused())
    assert play.send(Continued("a", {}))
    assert play.state.status == "error"
    assert sum(play.ran().values()) == 50
    assert play.send(Canceled())
    assert play.state.status == "canceled"


def test_what_waits_for_a_person_meanwhile_still_takes_the_answer() -> None:
    document = workflow({"a": "success", "ask": "person"}, "start>a", "start>ask", "a~success>a", "ask>end")
    play = Play(document, budget=Budget(iterations=50)).to_the_end()
    in_error(play, "JOBYARD_MOST_ITERATIONS")
    assert play.answer("ask", Finish("success"))
    assert play.state.tasks["ask"].status == "complete"
    assert len(play.messages()) == 1


def test_a_step_ends_sooner_where_its_tasks_are_given_much() -> None:
    each = {"name": "each", "variables": {"incoming": {"data_array": ["x" * 1000] * 2000}}}
    play = Play(workflow({"f": each, "b": "success"}, "start>f", "f-loop>b", "f>end"))
    assert sum(play.ran().values()) < 150
    assert list(play.pending_effects()) == ["more"]
    assert play.to_the_end().state.status == "complete"
