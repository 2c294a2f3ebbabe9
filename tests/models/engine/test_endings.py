"""How a job ends in error (reference/execution.md#job-errors)."""

from jobyard.models.engine.outcomes import Finish

from .play import Play, workflow

NO_TRANSITIONS = (
    "Job has no available transitions. {} could have led to the workflow end task, but did not. "
    "These tasks performed in a way that the end of the workflow could not be reached."
)


def test_a_finish_state_without_an_edge_ends_the_job_with_the_documented_message() -> None:
    play = Play(workflow({"a": "failure", "b": "success"}, "start>a", "a>b", "b>end"))
    assert play.state.status == "error"
    assert play.messages() == [("job", NO_TRANSITIONS.format("b"))]
    assert play.state.end_time is None


def test_an_unhandled_error_has_an_entry_of_its_own_before_the_jobs() -> None:
    play = Play(workflow({"a": "error", "b": "success"}, "start>a", "a>end", "b>end", "a-failure>b"))
    assert play.state.status == "error"
    assert play.messages() == [("a", "it broke"), ("job", NO_TRANSITIONS.format("a, b"))]


def test_a_failure_edge_does_not_catch_an_error() -> None:
    play = Play(workflow({"a": "error", "b": "success"}, "start>a", "a-failure>b", "b>end"))
    assert play.ran() == {"a": 1}
    assert play.state.status == "error"


def test_a_handled_error_stays_on_the_task_and_in_the_variable_the_author_named() -> None:
    broken = {"name": "error", "variables": {"incoming": {}, "error": "$var.job.why"}}
    play = Play(workflow({"a": broken, "b": "success"}, "start>a", "a-error>b", "b>end"))
    assert play.state.status == "complete"
    assert play.state.errors == []
    assert play.state.variables == {"why": "it broke"}
    assert play.state.tasks["a"].status == "error"


def test_a_closed_way_does_not_cut_off_what_runs_beside_it() -> None:
    play = Play(
        workflow({"a": "failure", "slow": "sleep", "late": "append"}, "start>a", "a>end", "start>slow", "slow>late")
    )
    assert play.state.status == "running"
    play.to_the_end()
    assert play.ran() == {"a": 1, "slow": 1, "late": 1}
    assert play.state.status == "error"


def test_a_workflow_without_any_task_completes_at_once() -> None:
    assert Play(workflow({}, "start>end")).state.status == "complete"


def test_a_start_that_leads_nowhere_ends_in_error() -> None:
    play = Play(workflow({"a": "success"}, "a>end"))
    assert play.state.status == "error"
    assert play.messages() == [("job", NO_TRANSITIONS.format("a"))]


def test_an_exception_inside_a_task_is_its_error() -> None:
    play = Play(workflow({"a": {"name": "each", "variables": {"incoming": {}}}}, "start>a", "a>end"))
    assert play.messages()[0] == ("a", "each failed: KeyError: 'data_array'")


def test_3_4_an_error_that_says_nothing_is_the_empty_text() -> None:
    silent = {"name": "stop", "variables": {"incoming": {}, "error": "$var.job.why"}}
    play = Play(workflow({"a": silent}, "start>a", "a-error>end"), function=lambda call: Finish("error"))
    assert (play.state.tasks["a"].error, play.state.variables) == ("", {"why": ""})


def test_a_sentence_names_at_most_a_hundred_of_the_tasks_before_the_end() -> None:
    tasks = {f"t{number}": "failure" for number in range(102)}
    play = Play(workflow(tasks, *(f"start>{id}" for id in tasks), *(f"{id}>end" for id in tasks)))
    (entry,) = play.state.errors
    assert "t99 and 2 more could have led" in entry["message"]


def test_standard_edges_in_a_circle_end_in_error() -> None:
    play = Play(workflow({"a": "success", "b": "success"}, "start>a", "a>b", "b>a", "b>end"))
    assert play.state.status == "error"


def test_a_loop_whose_body_waits_for_the_loop_itself_ends_in_error() -> None:
    each = {"name": "each", "variables": {"incoming": {"data_array": [1]}}}
    document = workflow(
        {"f": each, "y": "success", "b": "success"}, "start>f", "f-loop>b", "f>y", "y>b", "f-failure>end"
    )
    play = Play(document)
    assert (play.state.status, play.pending_effects()) == ("error", {})
