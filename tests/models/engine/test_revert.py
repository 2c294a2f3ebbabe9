"""Revert edges (execution facts, 3.5)."""

from jobyard.models.engine.events import Answered
from jobyard.models.engine.outcomes import Finish

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
    assert list(play.due()) == ["more"]
