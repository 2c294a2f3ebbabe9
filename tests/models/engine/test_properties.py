"""Whatever an author draws: it ends or waits for something named, order decides nothing, and no crash is noticed."""

import copy
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jobyard.models.engine.advance import apply
from jobyard.models.engine.events import Answered, ChildEnded, ChildStart, Event, MoreToDo, ProviderCall, Resumed, Timer
from jobyard.models.engine.events import Woken as WokenUp
from jobyard.models.engine.outcomes import Finish
from jobyard.models.engine.state import JobState

from .graphs import STATES, documents, graphs
from .play import Play
from .stored import StoredPlay

MOST_EVENTS = 2000


def outcome_of(state: JobState) -> Any:
    tasks = {
        id: (task.status, task.finish_state, task.never_runs, task.iteration, task.attempt, task.outgoing, task.error)
        for id, task in state.tasks.items()
    }
    return state.status, tasks, state.variables, sorted(str((one["task"], one["message"])) for one in state.errors)


def answer(task_id: str, iteration: int, attempt: int) -> Answered:
    """Each task answers the same way, whoever asks and whenever."""
    state = STATES[sum(task_id.encode()) % 3]
    error = "it broke" if state == "error" else None
    return Answered(task_id, iteration, attempt, Finish(state, {"out": task_id}, error=error))  # type: ignore[arg-type]


def possible(play: Play) -> list[Event]:
    """What may happen next, in a fixed order. Time is not a person: it passes when nothing else happens."""
    events: list[Event] = []
    timers: list[Timer] = []
    for _, effect in sorted(play.pending_effects().items()):
        match effect:
            case Timer():
                timers.append(effect)
            case ProviderCall():
                events.append(answer(effect.task_id, effect.iteration, effect.attempt))
            case ChildStart():
                status = "canceled" if (effect.element + len(effect.task_id)) % 3 == 0 else "complete"
                events.append(
                    ChildEnded(effect.task_id, effect.iteration, effect.attempt, effect.element, status, {"n": 1})
                )
            case MoreToDo():
                events.append(Resumed())
    for id, task in sorted(play.state.tasks.items()):
        if task.waits_for == "person":
            events.append(answer(id, task.iteration, task.attempt))
    if events or not timers:
        return events
    first = min(timers, key=lambda timer: (timer.at, timer.task_id))
    play.now = max(play.now, first.at)
    return [WokenUp(first.task_id, first.iteration, first.attempt)]


def to_the_end(play: Play, order: st.DataObject | None = None, stops: st.DataObject | None = None) -> Play:
    """Let everything happen, in the given order or the first thing first; stop and resume where `stops` says so."""
    for _ in range(MOST_EVENTS):
        if play.state.status != "running":
            break
        events = possible(play)
        assert events, "a running job waits for something that somebody can bring about"
        event = order.draw(st.sampled_from(events)) if order is not None else events[0]
        if stops is None or not stops.draw(st.booleans()):
            play.send(event)
            continue
        assert isinstance(play, StoredPlay)
        play.read_back()
        # What happens may reach the job before anybody goes on with it.
        for one in (Resumed(), event) if stops.draw(st.booleans()) else (event, Resumed()):
            play.send(one)
    return play


@given(st.one_of(graphs(), documents()))
@settings(max_examples=200, deadline=None)
def test_every_graph_ends_or_waits_for_something_named(document: dict[str, Any]) -> None:
    play = to_the_end(Play(document))
    assume(play.state.status != "running")  # it goes in circles, as drawn: something was due at every turn
    assert play.state.status in ("complete", "error")
    assert (play.state.status == "complete") == (play.state.tasks["workflow_end"].status == "complete")
    assert (play.state.status == "error") == any(entry["task"] == "job" for entry in play.state.errors)
    assert all(task.waits_for is None for task in play.state.tasks.values())


@given(graphs(reverts=False), st.data())
@settings(max_examples=150, deadline=None)
def test_the_order_in_which_independent_tasks_finish_decides_nothing(
    document: dict[str, Any], data: st.DataObject
) -> None:
    in_order, mixed = to_the_end(Play(document)), to_the_end(Play(document), order=data)
    assert outcome_of(mixed.state) == outcome_of(in_order.state)


@given(graphs(), st.data())
@settings(max_examples=150, deadline=None)
def test_an_event_applied_twice_is_an_event_applied_once(document: dict[str, Any], data: st.DataObject) -> None:
    play = Play(document)
    for _ in range(8):
        if play.state.status != "running":
            break
        event = data.draw(st.sampled_from(possible(play)))
        play.send(event)
        before, due_before = copy.deepcopy(play.state), play.pending_effects()
        again = apply(play.definition, play.state, event, play.now)
        assert not again
        assert outcome_of(play.state) == outcome_of(before)
        assert play.pending_effects() == due_before


@given(st.one_of(graphs(), documents()), st.data())
@settings(max_examples=200, deadline=None)
def test_stopping_and_resuming_between_any_two_events_changes_nothing(
    document: dict[str, Any], data: st.DataObject
) -> None:
    straight = to_the_end(Play(document))
    assume(straight.state.status != "running")  # it goes in circles, as drawn
    assert outcome_of(to_the_end(StoredPlay(document), stops=data).state) == outcome_of(straight.state)


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_what_is_stored_at_the_end_reads_as_the_state_at_the_end(document: dict[str, Any]) -> None:
    play = StoredPlay(document)
    to_the_end(play)
    state = play.state
    play.read_back()
    assert outcome_of(play.state) == outcome_of(state)
    counts = {id: sum(one["job"]["task"] == id for one in play.iterations.values()) for id in state.tasks}
    assert {id: count for id, count in counts.items() if count} == play.ran()
    assert all(one["status"] != "running" for one in play.iterations.values() if one["_id"] not in running(play))


def running(play: StoredPlay) -> set[str]:
    """Iterations of tasks that the job's end left open: loops that wait for themselves."""
    return {one["_id"] for one in play.iterations.values() if play.state.tasks[one["job"]["task"]].status == "running"}
