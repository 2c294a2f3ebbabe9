"""Opaque ids of what has one in its owner only: the tasks of a job, and those of a workflow.

A cache keeps objects by their ids, and a task `a1` is in every job. So its id says whose it is, and `taskId` is the
short id of the documents. Where a short id is taken, the opaque one is as well.
"""

import base64
import binascii
from typing import Literal, NamedTuple

from ..models.errors import TaskNotFound

Kind = Literal["Task", "WorkflowTask"]

LONGEST = 4096  # characters; a workflow's author chooses the ids of its tasks
_KINDS: tuple[Kind, ...] = ("Task", "WorkflowTask")


class TaskOf(NamedTuple):
    """The task `task` of the job, or of the workflow, `owner`."""

    kind: Kind
    owner: str
    task: str


def opaque(kind: Kind, owner: str, task: str) -> str:
    return base64.urlsafe_b64encode(f"{kind}:{owner}:{task}".encode()).decode().rstrip("=")


def task_of(id: str) -> TaskOf | None:
    """What an opaque id names; None for every other id."""
    if len(id) > LONGEST:
        return None
    try:
        text = base64.b64decode(id + "=" * (-len(id) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    kind, *named = text.split(":", 2)
    for known in _KINDS:
        if kind == known and len(named) == 2 and opaque(known, *named) == id:
            return TaskOf(known, *named)
    return None


def short(task: str, job_id: str) -> str:
    """The short id that either kind of id names in this job; TaskNotFound for the id of a task that is not its."""
    named = task_of(task)
    if named is None:
        return task
    if (named.kind, named.owner) != ("Task", job_id):
        raise TaskNotFound(task, job_id)
    return named.task
