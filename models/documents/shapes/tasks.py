"""Tasks: how an author defines them, where they are in a job, and their iterations."""

from datetime import datetime
from typing import Required

from typing_extensions import TypedDict

from ...engine.lifecycle import TaskStatus
from ...engine.outcomes import FinishState
from ...engine.state import WaitsFor
from ...json import Json, JsonObject


class Decorator(TypedDict, total=False, closed=True):
    """A mark on a value."""

    type: str
    pointer: str
    displayPath: str


class TaskVariables(TypedDict, total=False, closed=True):
    """The values of an iteration, or where an author says that they come from and go to."""

    incoming: JsonObject
    outgoing: JsonObject
    error: Json
    decorators: list[Json]


class TaskEntry(TypedDict, total=False, closed=True):
    """`tasks.<id>` of a job: the fields of the engine's TaskState that differ from their defaults."""

    status: TaskStatus
    finish_state: FinishState | None
    chosen: str | None
    never_runs: bool
    asked_for: bool
    iteration: int
    attempt: int
    element: int
    start_time: int | None
    end_time: int | None
    wake_at: int | None
    waits_for: WaitsFor | None
    finished_children: int
    child_complete: bool
    serverId: str


class JobOfIteration(TypedDict, total=False, closed=True):
    """Which task of which job an iteration is of."""

    _id: Required[str]
    task: Required[str]
    name: str
    description: str | None
    ancestors: list[str]


class Access(TypedDict, total=False, closed=True):
    """What the job says of who may see its iterations."""

    groups: list[Json]
    starter: str | None


class Retrying(TypedDict, closed=True):
    attempt: int


class IterationMetrics(TypedDict, total=False, closed=True):
    """`owner` and `user` are written by who works a task that waits for a person."""

    start_time: str | None
    end_time: int | None
    claim_time: str | None
    run_time: int | None
    finish_state: FinishState | None
    user: str | None
    owner: str | None
    server_id: str
    retrying: Retrying | None


class Answer(TypedDict, total=False, closed=True):
    """What a person answered to a task: it stays at the iteration until the engine has taken it."""

    finish_state: Required[str]
    variables: Required[JsonObject]
    at: Json


class Children(TypedDict, total=False, closed=True):
    """The child jobs of an iteration."""

    workflow: str
    variables: list[JsonObject]
    sequential: bool
    looped: bool
    attempt: int


class IterationDocument(TypedDict, total=False, closed=True):
    """One iteration of a task, in `tasks`. Releases that wrote no version wrote no `seq` either."""

    _id: Required[str]
    job: Required[JobOfIteration]
    iteration: Required[int]
    seq: int
    state_version: int
    name: Json
    app: Json
    location: Json
    type: Json
    view: Json
    status: str
    groups: list[Json]
    access: Access
    encodingVersion: int
    last_updated: datetime
    variables: Required[TaskVariables]
    metrics: IterationMetrics
    waits_for: WaitsFor | None
    secrets: list[Json]
    children: JsonObject  # as Children, with references in place of what is large
    answer: Answer
    sealed_by: list[str]
