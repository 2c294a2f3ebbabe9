"""Revert edges (reference/execution.md#reverts)."""

import pytest
from jobyard.models.engine import step
from jobyard.models.engine.events import Answered
from jobyard.models.engine.outcomes import Finish, TaskCall
from jobyard.models.language.patterns import Pattern

from .play import Play, workflow


def test_a_revert_runs_its_target_and_everything_after_it_again() -> None:
    check = {"name": "check", "variables": {"incoming": {"states": ["failure", "failure", "success"]}}}
    play = Play(workflow({"a": "append", "b": "append", "c": check}, "start>a", "a>b", "b>c", "c~failure>b", "c>end"))
    assert play.ran() == {"a": 1, "b": 3, "c": 3}
    assert play.state.status == "complete"
    assert play.state.variables["seen"] == [None] * 4  # job variables are not rolled back


def test_a_revert_re_opens_a_branch_that_still_runs_and_forgets_its_late_answer() -> None:
    document = workflow(
        {"a": "success", "slow": "provider", "ask": "person", "join": "success"},
        "start>a", "a>slow", "a>ask", "slow>join", "ask>join", "join>end", "ask~failure>a",
    )  # fmt: skip
    play = Play(document)
    late = play.state.tasks["slow"]
    assert play.answer("ask", Finish("failure"))
    assert play.ran() == {"a": 2, "slow": 2, "ask": 2}
    assert (late.iteration, play.state.tasks["slow"].iteration) == (1, 2)
    assert not play.send(Answered("slow", 1, 1, Finish("success")))
    assert play.state.tasks["slow"].status == "running"


def test_predecessors_outside_of_the_re_opened_part_keep_what_they_resolved() -> None:
    check = {"name": "check", "variables": {"incoming": {"states": ["failure", "success"]}}}
    document = workflow(
        {"side": "success", "a": "success", "join": "success", "c": check},
        "start>side", "start>a", "side>join", "a>join", "join>c", "c~failure>join", "c>end",
    )  # fmt: skip
    play = Play(document)
    assert play.ran() == {"side": 1, "a": 1, "join": 2, "c": 2}
    assert play.state.status == "complete"


def test_circles_without_a_wait_leave_room_for_others() -> None:
    play = Play(workflow({"a": "success"}, "start>a", "a~success>a"))
    assert play.state.status == "running"
    assert play.ran() == {"a": 1000}
    assert list(play.pending_effects()) == ["more"]


def test_3_5_an_iteration_that_a_revert_cuts_off_is_canceled_and_told() -> None:
    document = workflow(
        {"a": "success", "slow": "provider", "ask": "person"},
        "start>a", "a>slow", "a>ask", "slow>end", "ask>end", "ask~failure>a",
    )  # fmt: skip
    play = Play(document)
    play.now = 3000
    play.answer("ask", Finish("failure"))
    told = {id: (task.iteration, task.status, task.finish_state, task.end_time) for id, task in play.changes.past}
    assert told == {"slow": (1, "canceled", "canceled", 3000), "ask": (1, "complete", "failure", 3000)}


def test_3_5_outputs_of_re_opened_tasks_no_longer_count() -> None:
    check = {"name": "check", "variables": {"incoming": {"states": ["failure", "success"]}}}
    seen = {"name": "append", "variables": {"incoming": {"value": "$var.c.out"}}}
    play = Play(workflow({"a": seen, "c": check}, "start>a", "a>c", "c~failure>a", "c>end"))
    assert play.state.variables["seen"] == [None, None]


def test_3_5_parallel_branches_get_new_iterations_and_join_again() -> None:
    document = workflow(
        {"a": "success", "b": "success", "c": "success", "join": "success", "ask": "person"},
        "start>a", "a>b", "a>c", "b>join", "c>join", "join>ask", "ask~failure>a", "ask>end",
    )  # fmt: skip
    play = Play(document)
    play.answer("ask", Finish("failure"))
    assert play.ran() == {"a": 2, "b": 2, "c": 2, "join": 2, "ask": 2}
    play.answer("ask", Finish("success"))
    assert play.state.status == "complete"


def test_what_a_step_left_at_its_bound_is_done_whatever_happens_next() -> None:
    document = workflow({"a": "success", "ask": "person"}, "start>a", "a~success>a", "start>ask", "ask>end")
    play = Play(document)
    before = play.ran()["a"]
    assert play.state.stopped_early
    play.answer("ask", Finish("success"))
    assert play.ran()["a"] > before


def test_a_step_ends_early_where_each_round_opens_many_tasks_again() -> None:
    behind = {f"t{number}": "person" for number in range(10 * step.REOPENED_FOR_ONE)}
    edges = [f"never-failure>{id}" for id in behind]
    document = workflow(
        {"a": "success", "never": "person", **behind}, "start>a", "a~success>a", "a-failure>never", *edges
    )
    play = Play(document)
    # Of a round, that of its one task is a tenth.
    assert play.state.stopped_early
    assert play.ran()["a"] <= step.TASKS_IN_ONE_STEP // 10


def test_a_step_ends_early_after_tasks_that_searched_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "SEARCHES_OF_ONE", 1e-9)  # as if the searches of this test took seconds

    def finding(call: TaskCall) -> Finish:
        return Finish("success" if Pattern("a+").search("b" * 10_000 + "a") else "failure")

    play = Play(workflow({"a": "find"}, "start>a", "a~success>a", "a-failure>end"), function=finding)
    assert play.state.stopped_early
    assert play.ran() == {"a": 1}


def test_a_task_that_nothing_leads_to_stays_closed_when_a_revert_names_it() -> None:
    document = workflow({"a": "failure", "lost": "success"}, "start>a", "a~failure>lost", "lost>end")
    play = Play(document)
    assert play.state.tasks["lost"].never_runs
    assert play.ran() == {"a": 1}
