"""Whatever an author draws: it ends or waits for something named, and order decides nothing."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jobyard.models.engine.advance import apply
from jobyard.models.engine.events import Answered, Resumed
from jobyard.models.engine.outcomes import Finish
from jobyard.models.engine.state import JobState

from .play import Play, workflow

NAMES = ("success", "failure", "error", "provider", "person")
STATES = ("success", "failure", "error")


@st.composite
def graphs(draw: st.DrawFn, reverts: bool = True) -> dict[str, Any]:
    """Any acyclic graph of up to eight tasks, with a revert or two of a task that succeeds the second time.

    A revert cuts off what runs beside it, so how often a task ran depends on who was first: `reverts` leaves them out.
    """
    count = draw(st.integers(1, 8))
    ids = [f"t{index}" for index in range(count)]
    tasks: dict[str, Any] = {id: draw(st.sampled_from(NAMES)) for id in ids}
    drawn = [f"start>{ids[0]}"]
    for index, id in enumerate(ids):
        for target in [*ids[index + 1 :], "end"]:
            if draw(st.booleans()):
                drawn.append(f"{id}-{draw(st.sampled_from(STATES))}>{target}")
        if reverts and draw(st.integers(0, 4)) == 0:
            tasks[id] = {"name": "check", "variables": {"incoming": {"states": ["failure", "success"]}}}
            drawn.append(f"{id}~failure>{draw(st.sampled_from(ids[: index + 1]))}")
    return workflow(tasks, *drawn)


def outcome_of(state: JobState) -> Any:
    return (
        state.status,
        {id: (task.status, task.finish_state, task.never_runs, task.iteration) for id, task in state.tasks.items()},
        sorted(str(entry["message"]) for entry in state.errors),
    )


def answers(play: Play, order: st.DataObject | None = None) -> Play:
    """Answer what waits for a provider or a person, in the given order, each task the same way."""
    while play.state.status == "running":
        waiting = sorted(id for id, task in play.state.tasks.items() if task.waits_for in ("provider", "person"))
        if not waiting:
            assert play.due(), "a running job waits for something"
            play.to_the_end()
            continue
        id = order.draw(st.sampled_from(waiting)) if order else waiting[0]
        state = STATES[sum(id.encode()) % 3]
        play.answer(id, Finish(state, error="it broke" if state == "error" else None))  # type: ignore[arg-type]
    return play


@given(graphs())
@settings(max_examples=150, deadline=None)
def test_every_graph_ends_or_waits_for_something_named(document: dict[str, Any]) -> None:
    play = answers(Play(document))
    assert play.state.status in ("complete", "error")
    assert (play.state.status == "complete") == (play.state.tasks["workflow_end"].status == "complete")


@given(graphs(reverts=False), st.data())
@settings(max_examples=150, deadline=None)
def test_the_order_in_which_independent_tasks_finish_decides_nothing(
    document: dict[str, Any], data: st.DataObject
) -> None:
    in_order, mixed = answers(Play(document)), answers(Play(document), data)
    assert outcome_of(mixed.state) == outcome_of(in_order.state)


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_an_event_applied_twice_is_an_event_applied_once(document: dict[str, Any]) -> None:
    play = Play(document)
    for id in sorted(play.state.running):
        task = play.state.tasks[id]
        event = Answered(id, task.iteration, task.attempt, Finish("success"))
        play.send(event)
        before = copy.deepcopy(play.state)
        apply(play.definition, play.state, event, play.now)
        assert play.state == before


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_resuming_between_any_two_events_changes_nothing(document: dict[str, Any]) -> None:
    play, other = Play(document), Play(document)
    while play.state.running and play.state.status == "running":
        id = min(play.state.running)
        other.send(Resumed())
        play.answer(id, Finish("success"))
        other.answer(id, Finish("success"))
    assert outcome_of(play.state) == outcome_of(other.state)
