"""Time, people, providers: what a job waits for follows from its state alone."""

from dataclasses import asdict

from jobyard.models.engine.advance import apply
from jobyard.models.engine.effects import pending_effects
from jobyard.models.engine.events import Answered, ProviderCall, Resumed, Timer, Woken
from jobyard.models.engine.outcomes import Finish
from jobyard.models.engine.state import JobState

from .play import Play, workflow


def test_a_sleeping_task_is_due_at_its_time_and_goes_on_when_woken() -> None:
    play = Play(workflow({"a": "sleep"}, "start>a", "a>end"))
    assert play.pending_effects() == {"a/1/1": Timer("a", 1, 1, 2000)}
    play.now = 2000
    assert play.send(Woken("a", 1, 1))
    assert play.state.status == "complete"


def test_an_event_that_comes_twice_changes_nothing_the_second_time() -> None:
    play = Play(workflow({"a": "provider", "b": "person"}, "start>a", "a>b", "b>end"))
    answer = Answered("a", 1, 1, Finish("success"))
    assert play.send(answer)
    before = asdict(play.state)
    assert not play.send(answer)
    assert asdict(play.state) == before


def test_a_person_is_nothing_a_runner_could_bring_about() -> None:
    play = Play(workflow({"a": "person"}, "start>a", "a>end"))
    assert play.pending_effects() == {}
    assert play.state.status == "running"
    assert play.answer("a", Finish("success"))
    assert play.state.status == "complete"


def test_a_state_that_was_read_back_asks_for_the_same_under_the_same_keys() -> None:
    play = Play(workflow({"a": "provider", "b": "sleep"}, "start>a", "start>b", "a>end", "b>end"))
    copy = JobState(**{name: getattr(play.state, name) for name in ("job_id", "status", "description", "variables")},
                    start_time=play.state.start_time, end_time=None, tasks=play.state.tasks)  # fmt: skip
    apply(play.definition, copy, Resumed(), 5000)
    assert pending_effects(play.definition.graph, copy) == play.pending_effects()
    assert set(play.pending_effects()) == {"a/1/1", "b/1/1"}
    assert isinstance(play.pending_effects()["a/1/1"], ProviderCall)


def test_progress_counts_the_tasks_that_need_no_more_work() -> None:
    play = Play(workflow({"a": "success", "b": "person"}, "start>a", "a>b", "b>end"))
    assert play.state.progress == 0.3333
    play.answer("b", Finish("success"))
    assert play.state.progress == 1
