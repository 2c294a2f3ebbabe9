"""childJob as the engine sees it (reference/execution.md#child-jobs): children start, end, and their parent goes on."""

from typing import Any

from jobyard.models.engine.endings import child_end
from jobyard.models.engine.events import ChildEnded, Woken
from jobyard.models.engine.outcomes import Finish
from jobyard.models.engine.rules import DEFAULT_RULES, Rules
from jobyard.models.engine.sizes import LARGEST_VALUE

from .play import Play, workflow


def spawning(count: int, **more: Any) -> dict[str, Any]:
    return {"name": "children", "variables": {"incoming": {"each": list(range(count)), **more}}}


def play(task: dict[str, Any]) -> Play:
    return Play(workflow({"a": task, "b": "success"}, "start>a", "a>end", "a-error>b", "b>end"))


def elements(started: Play) -> list[int]:
    return [effect.element for effect in started.pending_effects().values()]


def test_5_parallel_children_are_all_due_and_the_task_goes_on_when_the_last_has_ended() -> None:
    parallel = play(spawning(3))
    assert elements(parallel) == [0, 1, 2]
    assert parallel.child_ended("a", 2)
    assert parallel.child_ended("a", 0, "canceled")
    assert elements(parallel) == [1]
    assert parallel.state.status == "running"
    assert parallel.child_ended("a", 1)
    assert parallel.state.tasks["a"].outgoing == {"statuses": ["canceled", "complete", "complete"]}
    assert parallel.state.status == "complete"


def test_5_sequential_children_are_due_one_after_the_other() -> None:
    sequence = play(spawning(3, sequential=True))
    assert elements(sequence) == [0]
    assert not sequence.child_ended("a", 2)
    assert sequence.child_ended("a", 0, "canceled")
    assert elements(sequence) == [1]
    sequence.to_the_end()
    assert sequence.state.tasks["a"].outgoing == {"statuses": ["canceled", "complete", "complete"]}


def test_5_a_loop_counts_its_children_and_whether_one_is_complete() -> None:
    parallel = play(spawning(3))
    task = parallel.state.tasks["a"]
    parallel.child_ended("a", 1, "canceled")
    assert (task.finished_children, task.child_complete) == (1, False)
    parallel.child_ended("a", 2)
    assert (task.finished_children, task.child_complete) == (2, True)


def test_the_end_of_a_child_counts_once() -> None:
    parallel = play(spawning(2))
    assert parallel.child_ended("a", 0)
    assert not parallel.child_ended("a", 0, "canceled")
    assert parallel.state.tasks["a"].ended == {0: {"status": "complete", "variables": {}}}


def test_5_no_child_complete_is_the_tasks_error() -> None:
    parallel = play(spawning(2))
    parallel.child_ended("a", 0, "canceled")
    parallel.child_ended("a", 1, "canceled")
    assert (parallel.state.tasks["a"].finish_state, parallel.ran()) == ("error", {"a": 1, "b": 1})


def test_5_a_child_in_error_lets_its_parent_wait_unless_the_rules_say_otherwise() -> None:
    child = Play(workflow({"a": "failure"}, "start>a", "a>end")).state
    assert child.status == "error"
    assert child_end(child, DEFAULT_RULES) is None
    assert child_end(child, Rules(child_error="propagate")) == "error"


def test_5_complete_and_canceled_children_have_ended_whatever_the_rules() -> None:
    child = Play(workflow({}, "start>end")).state
    assert child_end(child, DEFAULT_RULES) == "complete"
    child.status = "canceled"
    assert child_end(child, DEFAULT_RULES) == "canceled"


def test_7_a_retry_starts_other_children_and_forgets_the_first() -> None:
    settings = {"autoRetry": True, "limit": 1, "delay": 0, "state": ["error"]}
    retried = play({**spawning(1), "retrySettings": settings})
    (first,) = retried.pending_effects().values()
    retried.child_ended("a", 0, "canceled")
    (timer,) = retried.pending_effects()
    assert timer == "a/1/2"
    retried.now += 1
    task = retried.state.tasks["a"]
    retried.send(Woken("a", 1, 2))
    (second,) = retried.pending_effects().values()
    assert first.child_id != second.child_id
    assert not retried.send(ChildEnded("a", 1, 1, 0, "complete", {}))
    assert task.ended == {}


def test_a_child_that_could_not_be_started_ends_the_task_and_no_other_is_due() -> None:
    parallel = play(spawning(3))
    parallel.answer("a", Finish("error", error="Error starting child job: Cannot find workflow child"))
    assert parallel.pending_effects() == {}
    assert parallel.state.tasks["a"].error == "Error starting child job: Cannot find workflow child"
    assert not parallel.child_ended("a", 0)


def test_children_that_answer_too_much_together_are_the_tasks_error() -> None:
    parallel = play(spawning(3))
    half = "x" * (LARGEST_VALUE // 2)
    parallel.child_ended("a", 0, text=half)
    assert parallel.state.status == "running"
    parallel.child_ended("a", 1, text=half)
    assert parallel.state.tasks["a"].error == (
        "The child jobs answer more than the 33,554,432 characters as JSON that may be."
    )
