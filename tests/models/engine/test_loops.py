"""forEach (execution facts, 3.6)."""

from .play import Play, workflow


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
