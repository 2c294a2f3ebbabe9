"""Iterations as they are documented, and the state that is read back out of them.

See reference/rest-api.md#iteration-document.
"""

from datetime import UTC, datetime
from typing import Any

from jobyard.models.documents.documented import documented_iteration
from jobyard.models.documents.progress import Stamp, iteration_document, read_state, task_entry
from jobyard.models.engine.graph import compile_graph
from jobyard.models.engine.outcomes import StartChildren
from jobyard.models.engine.state import TaskState, begin
from jobyard.models.language.javascript.coercion import UNDEFINED

from ...documents import chain, task

AT = datetime(2025, 1, 1, tzinfo=UTC)
HEADER: Any = {"name": "w", "ancestors": ["j"], "metrics": {"start_time": 0}}
GRAPH = compile_graph(chain("w", a1={**task("childJob"), "type": "manual", "view": "/a/view"}))


def document(state: TaskState) -> Any:
    job = begin(GRAPH, job_id="j", variables={}, description="why", at=0)
    return iteration_document(GRAPH, job, HEADER, "a1", state, Stamp(AT, "server-1", 1))


def test_an_iteration_has_the_documented_fields() -> None:
    told = document(
        TaskState(
            "complete", "success", iteration=2, start_time=1000, end_time=1500,
            incoming={"a": 1, "gone": UNDEFINED, "deep": [UNDEFINED]}, outgoing={"out": None},
        )
    )  # fmt: skip
    assert told["job"] == {"_id": "j", "task": "a1", "name": "w", "description": "why", "ancestors": ["j"]}
    assert (told["iteration"], told["name"], told["status"], told["view"]) == (2, "childJob", "complete", "/a/view")
    assert told["variables"] == {
        "incoming": {"a": 1, "deep": [None]},
        "outgoing": {"out": None},
        "error": "",
        "decorators": [],
    }
    assert documented_iteration(told)["metrics"] == {
        "user": None,
        "owner": "",
        "start_time": "1970-01-01T00:00:01.000Z",
        "end_time": 1500,
        "run_time": 500,
        "finish_state": "success",
        "server_id": "server-1",
        "retrying": None,
    }


def test_7_an_iteration_that_is_tried_again_says_which_attempt_is_next() -> None:
    assert document(TaskState("running", attempt=2, waits_for="retry"))["metrics"]["retrying"] == {"attempt": 2}


def test_the_error_of_a_task_stands_in_its_iteration() -> None:
    assert document(TaskState("error", "error", error={"code": 5}))["variables"]["error"] == {"code": 5}
    assert document(TaskState("complete", "success"))["variables"]["error"] == ""


def test_5_a_parent_that_is_read_back_counts_its_children_anew() -> None:
    waiting = TaskState(
        "running", iteration=1, attempt=2, waits_for="children", finished_children=1, child_complete=True,
        spawn=StartChildren("child", ({"n": 1}, {"n": 2}), sequential=True, looped=True),
    )  # fmt: skip
    job: Any = {
        "_id": "j",
        "status": "running",
        "metrics": {"start_time": 0},
        "tasks": {"a1": task_entry(waiting)},
    }
    read = read_state(GRAPH, job, {"a1": document(waiting)}).tasks["a1"]
    assert (read.spawn, read.attempt) == (waiting.spawn, 2)
    assert (read.finished_children, read.child_complete, read.ended) == (0, False, {})


def test_a_job_that_goes_on_leaves_the_document_as_it_was_read() -> None:
    """It may be on its way to somebody just now."""
    job: Any = {"_id": "j", "status": "running", "metrics": {"start_time": 0}, "tasks": {}}
    job["variables"] = {"a": 1}
    read_state(GRAPH, job, {}).variables["b"] = 2
    assert job["variables"] == {"a": 1}
