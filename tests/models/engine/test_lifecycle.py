"""The statuses of jobs and tasks, and the page that shows them."""

import re
from pathlib import Path
from typing import get_args

import pytest
from jobyard.models.engine.endings import apply_command
from jobyard.models.engine.events import Canceled, Paused, Unpaused
from jobyard.models.engine.lifecycle import (
    ACTIONS,
    ACTIVE,
    ENDED,
    FINAL,
    FOREIGN,
    TASK_DONE,
    TASK_OPEN,
    TASK_OVER,
    UNFINISHED,
    ActionName,
    JobEnd,
    JobStatus,
    TaskStatus,
    allows,
)
from jobyard.models.engine.state import JobState

PAGE = (Path(__file__).parents[3] / "docs" / "lifecycle.md").read_text()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| `")]
STATUSES: tuple[JobStatus, ...] = get_args(JobStatus)


def test_every_status_is_active_or_ended_and_final_or_unfinished() -> None:
    assert sorted((*ACTIVE, *ENDED)) == sorted((*FINAL, *UNFINISHED)) == sorted(STATUSES)
    assert set(FINAL) < set(ENDED) == set(get_args(JobEnd))
    assert sorted((*TASK_OPEN, *TASK_OVER)) == sorted(get_args(TaskStatus))
    assert set(TASK_DONE) < set(TASK_OVER)


def test_every_action_is_in_the_table_and_allowed_in_statuses_that_there_are() -> None:
    assert set(ACTIONS) == set(get_args(ActionName))
    for action in ACTIONS.values():
        assert action.allowed
        assert set(action.allowed) <= {*STATUSES, *FOREIGN}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    ("name", "command"), [("pause", Paused()), ("resume", Unpaused()), ("cancel", Canceled())], ids=str
)
def test_the_engine_carries_out_what_the_table_allows(
    status: JobStatus, name: ActionName, command: Paused | Unpaused | Canceled
) -> None:
    state = JobState("0" * 24, status, None, {}, 0, None, {})
    done = apply_command(state, command, 1)
    assert (done is not None) is allows(status, name)
    assert state.status == (ACTIONS[name].becomes if allows(status, name) else status)


def test_the_page_has_every_status_with_its_actions() -> None:
    of_statuses = {row[0].strip("`"): re.findall(r"`(\w+)`", row[2]) for row in ROWS if row[0].strip("`") in STATUSES}
    assert list(of_statuses) == list(STATUSES)
    for status, actions in of_statuses.items():
        assert sorted(actions) == sorted(name for name in ACTIONS if allows(status, name)), status
    assert [row[0].strip("`") for row in ROWS if "The status is final." in row[1]] == list(FINAL)


def test_the_page_has_every_action_with_what_it_leads_to() -> None:
    becomes = {row[0].strip("`"): row[2].strip("`") or None for row in ROWS if row[0].strip("`") not in STATUSES}
    assert becomes == {name: action.becomes for name, action in ACTIONS.items()}
