"""Branches and joins, with dead-path elimination (reference/execution.md#joins)."""

from jobyard.models.engine.outcomes import Finish, Outcome, TaskCall

from .play import Play, scripted, workflow


def test_all_edges_of_the_finish_state_are_taken() -> None:
    play = Play(workflow({"a": "success", "b": "success", "c": "success"}, "start>a", "a>b", "a>c", "b>end", "c>end"))
    assert play.ran() == {"a": 1, "b": 1, "c": 1}
    assert play.state.status == "complete"


def test_a_join_waits_for_every_live_branch() -> None:
    play = Play(
        workflow(
            {"a": "success", "b": "sleep", "c": "success", "d": "success"},
            "start>a",
            "a>b",
            "a>c",
            "b>d",
            "c>d",
            "d>end",
        )
    )
    assert play.ran() == {"a": 1, "b": 1, "c": 1}
    assert play.to_the_end().ran() == {"a": 1, "b": 1, "c": 1, "d": 1}
    assert play.state.status == "complete"


def test_a_task_whose_ways_are_all_closed_never_runs_and_closes_the_ways_after_it() -> None:
    play = Play(
        workflow(
            {"a": "success", "no": "success", "after": "success", "yes": "success", "join": "success"},
            "start>a",
            "a-failure>no",
            "no>after",
            "after>join",
            "a>yes",
            "yes>join",
            "join>end",
        )
    )
    assert play.ran() == {"a": 1, "yes": 1, "join": 1}
    assert [id for id, task in play.state.tasks.items() if task.never_runs] == ["no", "after"]
    assert play.state.status == "complete"


def test_a_predecessor_that_nothing_leads_to_holds_nobody_up() -> None:
    play = Play(workflow({"a": "success", "lost": "success"}, "start>a", "a>end", "lost>end"))
    assert play.state.status == "complete"
    assert play.ran() == {"a": 1}


def test_the_end_waits_for_what_still_runs_in_a_dead_end() -> None:
    play = Play(workflow({"a": "success", "slow": "sleep"}, "start>a", "start>slow", "a>end"))
    assert play.state.status == "running"
    play.to_the_end()
    assert play.state.status == "complete"
    assert play.state.end_time == 2000


def test_left_overs_of_deleted_tasks_in_transitions_are_ignored() -> None:
    document = workflow({"a": "success"}, "start>a", "a>end", "a>deleted", "gone>a", "gone>gone2")
    assert Play(document).state.status == "complete"


def test_3_2_a_predecessor_that_finished_otherwise_holds_nobody_up_and_opens_nothing() -> None:
    document = workflow(
        {"a": "success", "b": "failure", "join": "success"}, "start>a", "start>b", "a>join", "b>join", "join>end"
    )
    assert Play(document).ran() == {"a": 1, "b": 1, "join": 1}
    document = workflow({"a": "failure", "b": "failure", "join": "success"}, "start>a", "a>join", "b>join", "join>end")
    assert Play(document).state.tasks["join"].never_runs


def test_11_1_a_decision_takes_only_the_success_edge_to_the_task_it_chose() -> None:
    def decide(call: TaskCall) -> Outcome:
        return Finish("success", {"return_value": "c"}, chosen="c") if call.name == "decision" else scripted(call)

    document = workflow(
        {"a": "decision", "b": "success", "c": "success"}, "start>a", "a>b", "a>c", "a-failure>end", "b>end", "c>end"
    )
    play = Play(document, function=decide)
    assert (play.state.status, play.ran()) == ("complete", {"a": 1, "c": 1})
    assert play.state.tasks["b"].never_runs


def test_the_workflow_end_waits_for_every_live_branch_that_leads_to_it() -> None:
    play = Play(workflow({"a": "success", "b": "sleep"}, "start>a", "start>b", "a>end", "b>end"))
    assert play.state.status == "running"
    assert play.to_the_end().state.end_time == 2000


def test_nothing_leaves_the_workflow_end() -> None:
    document = workflow({"a": "success"}, "start>a", "a>end")
    document["transitions"]["workflow_end"] = {"a": {"type": "standard", "state": "success"}}
    assert Play(document).state.status == "complete"
