"""What happened to jobs, in `job_events`."""

from datetime import datetime
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from ...engine.changes import TaskChange
from ...engine.lifecycle import JobStatus
from ...json import Json


class Act(TypedDict, closed=True):
    """What a person did with a job; `user` is None where the job starts or ends with another."""

    act: str
    user: str | None
    task: str | None


class _Event(TypedDict):
    _id: str
    job: str
    seq: int
    topic: str | None
    status: JobStatus
    tasks: list[TaskChange]
    name: str | None
    type: Json
    groups: list[Json]
    root: str
    parent: str | None
    user: str | None
    stored: datetime
    acts: NotRequired[list[Act]]
    to_audit: NotRequired[Literal[True]]  # until the acts are copied to the audit events


class JobEventDocument(_Event, closed=True):
    """One write of a job. `_id` is `<job>/<seq>`."""


class FollowedEvent(_Event, closed=True):
    """The same with the cursor behind which a subscriber goes on."""

    cursor: str


class Nudge(TypedDict, closed=True):
    """It tells the process that runs a job to look, and nobody else."""

    _id: str
    job: str
    nudge: Literal[True]
    stored: datetime


class History(TypedDict, closed=True):
    """The latest events of a job, or those before a cursor."""

    events: list[FollowedEvent]
    has_earlier: bool
