"""forEach (reference/execution.md#loops)."""

from jobyard.models.engine.outcomes import Finish, Outcome, TaskCall

from .play import Play, scripted, workflow


def each(data: str) -> dict[str, object]:
    return {"name": "each", "variables": {"incoming": {"data_array": data}, "outgoing": {"current_item": None}}}


def seen(value: str) -> dict[str, object]:
    return {"name": "append", "variables": {"incoming": {"value": value}}}


def test_the_body_runs_once_per_element_and_then_success_is_taken() -> None:
    document = workflow(
        {"f": each("$var.job.list"), "b": seen("$var.f.current_item"), "c": "success"},
        "start>f", "f-loop>b", "b>c", "f>end",
    )  # fmt: skip
    play = Play(document, {"list": ["x", "y", "z"]})
    assert play.state.status == "complete"
    assert play.state.variables["seen"] == ["x", "y", "z"]
    assert play.ran() == {"f": 4, "b": 3, "c": 3}


def test_an_empty_list_succeeds_at_once_and_its_body_never_runs() -> None:
    document = workflow({"f": each("$var.job.list"), "b": "success"}, "start>f", "f-loop>b", "f>end")
    play = Play(document, {"list": []})
    assert play.state.status == "complete"
    assert play.ran() == {"f": 1}
    assert play.state.tasks["b"].never_runs


def test_loops_nest() -> None:
    document = workflow(
        {"o": each("$var.job.list"), "i": each("$var.o.current_item"), "b": seen("$var.i.current_item")},
        "start>o", "o-loop>i", "i-loop>b", "o>end",
    )  # fmt: skip
    play = Play(document, {"list": [[1, 2], [], [3]]})
    assert play.state.status == "complete"
    assert play.state.variables["seen"] == [1, 2, 3]


def test_an_element_waits_until_every_branch_of_the_body_has_drained() -> None:
    document = workflow(
        {"f": each("$var.job.list"), "quick": seen("$var.f.current_item"), "slow": "sleep"},
        "start>f", "f-loop>quick", "f-loop>slow", "f>end",
    )  # fmt: skip
    play = Play(document, {"list": ["x", "y"]})
    assert play.state.variables["seen"] == ["x"]
    play.to_the_end()
    assert play.state.variables["seen"] == ["x", "y"]
    assert (play.state.status, play.now) == ("complete", 3000)


def test_loop_as_the_type_of_an_edge_is_read_like_loop_as_its_state() -> None:
    document = workflow({"f": each("$var.job.list"), "b": seen("$var.f.current_item")}, "start>f", "f>end")
    document["transitions"]["f"]["b"] = {"type": "loop", "state": "success"}
    assert Play(document, {"list": [7]}).state.variables["seen"] == [7]


def test_3_6_loops_nest_three_deep() -> None:
    document = workflow(
        {
            "o": each("$var.job.list"),
            "m": each("$var.o.current_item"),
            "i": each("$var.m.current_item"),
            "b": seen("$var.i.current_item"),
        },
        "start>o", "o-loop>m", "m-loop>i", "i-loop>b", "o>end",
    )  # fmt: skip
    play = Play(document, {"list": [[[1, 2], [3]], [], [[], [4]]]})
    assert play.state.status == "complete"
    assert play.state.variables["seen"] == [1, 2, 3, 4]
    assert play.ran() == {"o": 4, "m": 7, "i": 8, "b": 4}


def test_3_6_the_bodys_tasks_are_reset_before_each_element() -> None:
    document = workflow(
        {"f": each("$var.job.list"), "check": "check", "b": seen("$var.check.out"), "never": seen("no")},
        "start>f", "f-loop>check", "check>b", "check-failure>never", "f>end",
    )  # fmt: skip
    document["tasks"]["check"]["variables"]["incoming"] = {"states": ["success", "failure"]}
    play = Play(document, {"list": ["x", "y"]})
    assert play.state.variables["seen"] == ["check", "no"]
    assert play.ran() == {"f": 3, "check": 2, "b": 1, "never": 1}


def test_a_task_after_the_loop_sees_nothing_of_its_last_element() -> None:
    document = workflow(
        {"f": each("$var.job.list"), "b": "success", "after": seen("$var.f.current_item")},
        "start>f", "f-loop>b", "f>after", "after>end",
    )  # fmt: skip
    assert Play(document, {"list": ["x"]}).state.variables["seen"] == [None]


def test_two_loops_may_share_a_body() -> None:
    document = workflow(
        {"f": each("$var.job.list"), "g": each("$var.job.list"), "b": seen("ran")},
        "start>f", "f-loop>b", "f>g", "g-loop>b", "g>end",
    )  # fmt: skip
    play = Play(document, {"list": [1, 2]})
    assert (play.state.status, play.ran()) == ("complete", {"f": 3, "g": 3, "b": 4})


def test_a_revert_to_a_loop_begins_with_its_first_element_again() -> None:
    check = {"name": "check", "variables": {"incoming": {"states": ["failure", "success"]}}}
    document = workflow(
        {"f": each("$var.job.list"), "b": seen("$var.f.current_item"), "c": check},
        "start>f", "f-loop>b", "f>c", "c~failure>f", "c>end",
    )  # fmt: skip
    play = Play(document, {"list": [1, 2]})
    assert play.state.variables["seen"] == [1, 2, 1, 2]


def test_the_past_iterations_of_a_step_are_told_so_that_each_is_stored() -> None:
    document = workflow({"f": each("$var.job.list"), "b": seen("$var.f.current_item")}, "start>f", "f-loop>b", "f>end")
    play = Play(document, {"list": ["x", "y"]})
    told = [(id, task.iteration, task.status, task.finish_state) for id, task in play.changes.past]
    assert told == [
        ("f", 1, "complete", "loop"),
        ("b", 1, "complete", "success"),
        ("f", 2, "complete", "loop"),
    ]


def test_3_6_the_body_of_a_loop_inside_is_reset_too() -> None:
    document = workflow(
        {"o": each("$var.job.list"), "i": each("$var.o.current_item"), "b": seen("$var.i.current_item")},
        "start>o", "o-loop>i", "i-loop>b", "o>end",
    )  # fmt: skip
    assert Play(document, {"list": [[1], []]}).state.tasks["b"].never_runs


def test_an_element_whose_references_lead_nowhere_shows_nothing_of_the_one_before() -> None:
    loop = each("$var.job.list#/data")
    loop["variables"]["decorators"] = [{"type": "query", "pointer": "/incoming/data_array"}]  # type: ignore[index]
    spoil = {"name": "append", "variables": {"incoming": {}}}

    def play(call: TaskCall) -> Outcome:
        return Finish("success", writes={"list": {}}) if call.name == "append" else scripted(call)

    document = workflow({"f": loop, "b": spoil}, "start>f", "f-loop>b", "f-error>end")
    failed = Play(document, {"list": {"data": [1, 2]}}, function=play).state.tasks["f"]
    assert (failed.error, failed.incoming) == ("Query failed for task incoming variables: data_array", {})
