"""Whether a job merely waits follows from what its header stores."""

from dataclasses import replace

import pytest
from jobyard.models.engine.effects import Rest, rest_of
from jobyard.models.engine.graph import compile_graph
from jobyard.models.engine.state import JobState, TaskState, begin

from .play import workflow

GRAPH = compile_graph(workflow({"a1": "delay", "b2": "delay"}, "start>a1", "a1>b2", "b2>end"))


def state(**tasks: TaskState) -> JobState:
    begun = begin(GRAPH, job_id="j", variables={}, description=None, at=0)
    return replace(begun, tasks={**begun.tasks, **tasks})


def running(**fields: object) -> TaskState:
    return replace(TaskState(status="running", iteration=1, attempt=1), **fields)


@pytest.mark.parametrize(
    ("task", "rest"),
    [
        (running(waits_for="person"), Rest()),
        (running(waits_for="time", wake_at=5), Rest(5)),
        (running(waits_for="retry", wake_at=7), Rest(7)),
        (running(waits_for="children"), Rest(None, ("a1",))),
        (running(waits_for="provider"), None),
        (running(), None),
    ],
)
def test_it_waits_for_people_moments_and_children(task: TaskState, rest: Rest | None) -> None:
    assert rest_of(GRAPH, state(a1=task)) == rest


def test_a_job_with_a_task_that_may_begin_does_not_wait() -> None:
    assert rest_of(GRAPH, state()) is None
    done = TaskState(status="complete", finish_state="success", iteration=1)
    assert rest_of(GRAPH, state(a1=done)) is None
    assert rest_of(GRAPH, state(a1=done, b2=running(waits_for="person"))) == Rest()


def test_a_paused_job_waits_whatever_may_begin() -> None:
    assert rest_of(GRAPH, replace(state(), status="paused")) == Rest()


def test_a_job_that_is_over_or_was_cut_short_does_not_wait() -> None:
    waits = running(waits_for="person")
    assert rest_of(GRAPH, replace(state(a1=waits), status="error")) is None
    assert rest_of(GRAPH, replace(state(a1=waits), stopped_early=True)) is None


def test_the_earliest_moment_counts() -> None:
    both = state(a1=running(wake_at=9), b2=running(wake_at=4))
    assert rest_of(GRAPH, both) == Rest(4)
