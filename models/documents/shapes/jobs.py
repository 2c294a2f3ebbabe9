"""The headers of jobs."""

from datetime import datetime
from typing import Required

from typing_extensions import TypedDict

from ...engine.lifecycle import JobStatus
from ...json import Json, JsonObject
from .commands import InboxEntry
from .events import JobEventDocument
from .tasks import IterationDocument, TaskEntry


class Lease(TypedDict, total=False, closed=True):
    """Which process runs a job. `adoptions` counts who took it over since it last went on."""

    owner: Required[str]
    epoch: Required[int]
    adoptions: int


class ParentTask(TypedDict, total=False, closed=True):
    """The task of another job that started a job. `element` is the index in its loop."""

    job: Required[str]
    task: Required[str]
    iteration: Required[int]
    attempt: Required[int]
    element: Required[int]


class JobMetrics(TypedDict, total=False, closed=True):
    """Times are epoch milliseconds; `user` is the account that started the job."""

    start_time: Required[int]
    end_time: int
    progress: float
    user: str | None
    owner: str | None


class Idempotency(TypedDict, total=False, closed=True):
    """The key of a start, with its account, and the hash of what was asked."""

    key: str
    request: str


class Outbox(TypedDict, total=False, closed=True):
    """The iterations that follow from a header: in it, or in `job_data`."""

    iterations: list[IterationDocument]
    parts: list[str]


class JobWarning(TypedDict, closed=True):
    """What may go wrong in a job or a workflow."""

    task: str
    name: str
    message: str


class SecretEntry(TypedDict, total=False, closed=True):
    """Where a secret is: in the job's variables, or in what a task gave."""

    pointer: Required[str]
    task: str
    variable: str


class OfWorkflow(TypedDict, total=False):
    """What a job has from its workflow just as it is there."""

    canvasVersion: Json
    encodingVersion: Json
    migrationVersion: Json
    font_size: Json
    created: Json
    created_by: Json
    createdVersion: Json
    lastUpdatedVersion: Json


class SecretMarks(TypedDict, total=False):
    """What a job, or its workflow, says of where its secrets are."""

    decorators: list[Json]
    child_secrets: list[SecretEntry]
    found_secrets: list[SecretEntry]


class JobHeader(OfWorkflow, SecretMarks, total=False, closed=True):
    """A job of ours as it is stored: what it is, where its tasks are, and how it is run.

    `handed_secrets` is of a parent as it starts a child, and nowhere stored.
    """

    _id: Required[str]
    name: Required[str]
    type: Json
    status: Required[JobStatus]
    description: str | None
    groups: list[Json]
    watchers: list[Json]
    ancestors: Required[list[str]]
    tags: list[Json]
    errorHandler: Json
    preAutomationTime: Json
    sla: Json
    last_updated: datetime
    last_updated_by: str | None
    metrics: Required[JobMetrics]
    variables: Required[JsonObject]
    tasks: Required[dict[str, TaskEntry]]
    error: list[JsonObject]
    warnings: list[JobWarning]
    validationErrors: list[JsonObject]
    parent: ParentTask
    # Ours alone:
    workflow_version: Required[str]
    state_version: int
    seq: Required[int]
    lease: Lease
    inbox: list[InboxEntry]
    outbox: Outbox
    event: JobEventDocument
    idempotency: Idempotency
    found_by: list[str]
    handed_secrets: list[SecretEntry]
    sealed_by: list[str]
    spent: JsonObject
    trace: str  # the `traceparent` of the start: every server continues that trace
