"""The ways between tasks (reference/execution.md#transitions)."""

from typing import Any

import pytest

from ...engine.play import workflow
from .findings import found

STUB = {"name": "stub"}
EACH = {"name": "forEach"}


def drawn(*edges: str, **tasks: Any) -> list[str]:
    return found(workflow(tasks, *edges))


def test_branches_that_join_and_reverts_to_what_came_before_are_fine() -> None:
    edges = ("start>a", "a>b", "a-failure>c", "b>d", "c>d", "d-failure>e", "e~success>b", "d>end")
    assert drawn(*edges, a=STUB, b=STUB, c=STUB, d=STUB, e=STUB) == []


def test_nested_loops_whose_bodies_end_in_dead_ends_are_fine() -> None:
    edges = ("start>a", "a-loop>b", "b>c", "c-loop>d", "c>e", "a>f", "f>end")
    assert drawn(*edges, a=EACH, b=STUB, c=EACH, d=STUB, e=STUB, f=STUB) == []


def test_a_task_without_an_edge_for_a_state_is_no_finding() -> None:
    assert drawn("start>a", "a>end", a={"name": "query"}) == []


def test_the_end_cannot_be_reached() -> None:
    assert drawn("start>a", a=STUB) == ["error workflow_end cannot be reached: a job ends in error"]


def test_start_or_end_are_missing() -> None:
    assert found({"name": "w", "tasks": {}})[:2] == [
        "error workflow_start is missing",
        "error workflow_end is missing",
    ]


def test_nothing_between_start_and_end() -> None:
    assert drawn("start>end") == ["warning There is nothing to do between workflow_start and workflow_end"]


def test_tasks_that_nothing_leads_to() -> None:
    tasks = {f"a{number}": STUB for number in range(12)}
    (warning,) = drawn("start>end", **tasks)
    assert warning == (
        "warning Never run, since nothing leads to them: a0, a1, a2, a3, a4, a5, a6, a7, a8, a9 and 2 more"
    )


def test_what_is_wrong_with_a_task_that_never_runs_is_no_finding() -> None:
    lost = {"name": "query", "variables": {"incoming": {"obj": "$var.nope.x"}}}
    assert drawn("start>a", "a>end", a=STUB, b=lost) == ["warning Never run, since nothing leads to them: b"]


def test_tasks_in_a_circle() -> None:
    edges = ("start>a", "a>b", "b>c", "c-failure>b", "c>d", "d>end")
    assert drawn(*edges, a=STUB, b=STUB, c=STUB, d=STUB) == [
        "error Wait for each other in a circle, and never run: b, c. A way back must be a revert"
    ]


def test_an_edge_to_itself() -> None:
    assert drawn("start>a", "a-failure>a", "a>end", a=STUB) == [
        "error Wait for each other in a circle, and never run: a. A way back must be a revert"
    ]


@pytest.mark.parametrize(
    ("edge", "finding"),
    [
        ("b~failure>f", "error task b (stub): It reverts to f, which does not come before it"),
        ("b~failure>d", "error task b (stub): It reverts to d, which does not come before it"),
        ("b~failure>end", "error task b (stub): It reverts to workflow_end, which is no task that can run again"),
        ("b~failure>start", "error task b (stub): It reverts to workflow_start, which is no task that can run again"),
        ("b~failure>b", "warning task b (stub): It reverts to itself, which the editor of such documents refuses"),
        (
            "b~success>a",
            "error task b (stub): A revert and another edge leave it on success: only the revert is taken",
        ),
    ],
)
def test_a_revert_that_leads_nowhere(edge: str, finding: str) -> None:
    edges = ("start>a", "a>b", "a>d", "b>c", "c>f", "f>end", "d>end", edge)
    assert drawn(*edges, a=STUB, b=STUB, c=STUB, d=STUB, f=STUB) == [finding]


def test_two_reverts_of_one_state() -> None:
    edges = ("start>a", "a>b", "b>c", "c>end", "c~failure>a", "c~failure>b")
    assert drawn(*edges, a=STUB, b=STUB, c=STUB) == [
        "error task c (stub): Two reverts leave it on failure: a task can go back to one other only"
    ]


def test_a_loop_edge_to_the_end() -> None:
    assert drawn("start>a", "a>b", "b>end", "a-loop>end", a=EACH, b=STUB) == [
        "error task a (forEach): A loop edge leads to workflow_end, which is in no body"
    ]


@pytest.mark.parametrize("edge", ["b>c", "b>end"])
def test_an_edge_out_of_a_body(edge: str) -> None:
    target = {"b>c": "c", "b>end": "workflow_end"}[edge]
    assert drawn("start>a", "a>c", "a-loop>b", "c>end", edge, a=EACH, b=STUB, c=STUB) == [
        f"error task b (stub): The edge to {target} crosses the boundary of a forEach's body: "
        "only the forEach leads in and on"
    ]


def test_an_edge_into_a_body() -> None:
    findings = drawn("start>s", "s>a", "s>x", "a-loop>b", "x>b", "a>end", s=STUB, a=EACH, b=STUB, x=STUB)
    assert len(findings) == 1
    assert "The edge to b crosses the boundary of a forEach's body" in findings[0]


def test_a_revert_out_of_a_body() -> None:
    edges = ("start>s", "s>a", "a-loop>b", "b~failure>s", "a>end")
    assert drawn(*edges, s=STUB, a=EACH, b=STUB) == [
        "warning task b (stub): It reverts to s across the boundary of a forEach's body"
    ]


def test_loops_without_a_body_and_bodies_without_a_loop() -> None:
    assert drawn("start>a", "a>b", "b>end", "b-loop>c", a=EACH, b=STUB, c=STUB) == [
        "warning task a (forEach): There is no loop edge: nothing is done for the elements",
        "warning task b (stub): Only forEach ends in loop: what is behind the loop edge never runs",
    ]


def test_edges_that_are_never_taken() -> None:
    assert drawn("start>a", "a>end", "start-failure>b", "b>end", "a-done>b", a=STUB, b=STUB) == [
        "warning task workflow_start (): Only success leaves workflow_start, not failure: never taken",
        "warning task a (stub): The edge to b is never taken: no task ends 'done'",
    ]


def test_a_way_back_over_tasks_that_do_not_wait() -> None:
    edges = ("start>a", "a>b", "b>c", "c~failure>a", "c>end")
    at_once = {"name": "newVariable", "variables": {"incoming": {"name": "n", "value": 1}}}
    assert drawn(*edges, a=at_once, b=at_once, c=at_once) == [
        "warning task c (newVariable): It goes back to a, and no task in between waits: unless a condition ends that, "
        "it goes round until the job's budget is used up"
    ]
    assert drawn(*edges, a=at_once, b={"name": "delay"}, c=at_once) == []
    assert drawn(*edges, "a-failure>c", a=at_once, b={"name": "delay"}, c=at_once) != []


def test_a_task_that_goes_back_to_itself_goes_round_too() -> None:
    at_once = {"name": "newVariable", "variables": {"incoming": {"name": "n", "value": 1}}}
    found = drawn("start>a", "a~failure>a", "a>end", a=at_once)
    assert [one for one in found if "goes back to a, and no task in between waits" in one] != []
