"""What a job waits for follows from its documented tasks and the entries that its header stores."""

from typing import Any

import pytest
from jobyard.models.documents.waits import waits_of


def job(status: str = "running", **tasks: Any) -> dict[str, Any]:
    return {"status": status, "tasks": {id: {"status": "running", **task} for id, task in tasks.items()}}


@pytest.mark.parametrize(
    ("entry", "kind", "until"),
    [
        ({"waits_for": "time", "wake_at": 1000}, "time", "1970-01-01T00:00:01.000Z"),
        ({"waits_for": "retry", "wake_at": 0}, "retry", "1970-01-01T00:00:00.000Z"),
        ({"waits_for": "person"}, "person", None),
        ({"waits_for": "provider"}, "provider", None),
        ({}, "provider", None),
    ],
)
def test_the_entry_says_what_is_waited_for(entry: dict[str, Any], kind: str, until: str | None) -> None:
    (wait,) = waits_of(job(a1={"name": "x"}), {"a1": entry})
    assert (wait["kind"], wait["until"]) == (kind, until)


def test_a_job_of_another_program_is_understood_by_its_tasks() -> None:
    foreign = job(a1={"type": "manual"}, b2={"name": "childJob", "childJobs": [{}, {}]})
    assert [(wait["kind"], wait["started_children"]) for wait in waits_of(foreign, {})] == [
        ("person", None),
        ("children", 2),
    ]


def test_the_oldest_wait_comes_first_and_what_does_not_run_is_none() -> None:
    tasks = job(
        a1={"start_time": "2024-12-04T21:15:26.001Z"},
        b2={"start_time": "2024-12-04T21:15:25.001Z"},
        c3={"status": "complete"},
    )
    assert [wait["task"] for wait in waits_of(tasks, {})] == ["b2", "a1"]
    assert [wait["task"] for wait in waits_of({**tasks, "status": "paused"}, {})] == ["b2", "a1"]
    assert waits_of({**tasks, "status": "complete"}, {}) == []
