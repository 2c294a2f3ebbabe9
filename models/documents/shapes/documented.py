"""Jobs, tasks and iterations in their documented form, as clients read them; who wrote them may have left keys out."""

from typing import Required

from typing_extensions import TypedDict

from ...json import Json, JsonObject
from .jobs import JobWarning
from .tasks import TaskVariables


class Point(TypedDict, total=False, closed=True):
    x: float
    y: float


class Match(TypedDict, total=False, closed=True):
    key: str
    highlightString: str


class RetrySettings(TypedDict, total=False, closed=True):
    """`count` and `finishedRetrying` are of a task of a job."""

    state: str
    autoRetry: bool
    limit: float
    delay: float
    count: int
    finishedRetrying: bool


class Transition(TypedDict, total=False, closed=True):
    task: str
    type: str


class Transitions(TypedDict, total=False, closed=True):
    """The ways out of a task, by the state it finishes in."""

    success: list[Transition]
    failure: list[Transition]
    error: list[Transition]
    loop: list[Transition]


class Edge(TypedDict, total=False, closed=True):
    """A way between two tasks; `source` and `target` are those of the map of maps that holds it."""

    source: str
    target: str
    state: str
    type: str


class Buckets(TypedDict, total=False, closed=True):
    """Tasks by what became of them."""

    incomplete: list[str]
    complete: list[str]
    error: list[str]


class TaskMetrics(TypedDict, total=False, closed=True):
    start_time: Json
    end_time: Json
    run_time: float
    finish_state: str | None
    user: str | None


class Loop(TypedDict, total=False, closed=True):
    atLeastOneComplete: bool
    finishedCount: int
    outgoing: list[Json]


class ChildJob(TypedDict, total=False, closed=True):
    _id: Required[str]
    name: str
    iteration: int


class TaskFields(TypedDict, total=False):
    """What the author of a workflow says of a task."""

    name: str
    app: str
    location: str
    locationType: str | None
    type: str
    variables: TaskVariables
    transitions: Transitions
    groups: list[Json]
    actor: str
    retrySettings: RetrySettings
    scheduled: Json
    summary: str
    description: str
    displayName: str
    canvasName: str
    deprecated: bool
    view: str
    hostApp: str
    taskVersion: Json
    matched: list[Match]
    x: float
    y: float
    gridCoordinate: Point
    nodeLocation: Point


class TaskForm(TaskFields, total=False, closed=True):
    """A task of a job: its definition with what became of it."""

    taskId: str
    status: str
    finish_state: str
    start_time: Json
    end_time: Json
    iterations: list[str]
    previous: Buckets
    endTasks: Buckets
    metrics: TaskMetrics
    owner: str | None
    childJobs: list[ChildJob]
    loop: Loop
    serverId: str


class ErrorEntry(TypedDict, total=False, closed=True):
    task: str
    message: Json
    timestamp: Json


class ValidationError(TypedDict, total=False, closed=True):
    keyword: str
    instancePath: str
    schemaPath: str
    message: str
    params: JsonObject


class ParentForm(TypedDict, total=False, closed=True):
    job: str
    task: str
    iteration: int
    element: int


class MetricsForm(TypedDict, total=False, closed=True):
    start_time: Json
    end_time: Json
    progress: float
    user: str | None
    owner: str | None


class JobForm(TypedDict, total=False, closed=True):
    """A job, whoever wrote it."""

    _id: Required[str]
    uuid: str
    name: str
    description: str | None
    type: str
    status: str
    variables: JsonObject
    error: list[ErrorEntry]
    warnings: list[JobWarning]
    validationErrors: list[ValidationError]
    metrics: MetricsForm
    groups: list[Json]
    watchers: list[Json]
    parent: ParentForm
    ancestors: list[str]
    decorators: list[Json]
    tags: list[Json]
    errorHandler: Json
    sla: float
    preAutomationTime: float
    created: Json
    created_by: Json
    createdVersion: str
    last_updated: Json
    last_updated_by: Json
    lastUpdatedVersion: str
    font_size: int
    canvasVersion: float
    encodingVersion: int
    migrationVersion: int
    tasks: dict[str, TaskForm]
    transitions: dict[str, dict[str, Edge]]


class JobOfIterationForm(TypedDict, total=False, closed=True):
    _id: Required[str]
    task: Required[str]
    name: str
    description: str | None
    ancestors: list[str]


class IterationMetricsForm(TypedDict, total=False, closed=True):
    start_time: Json
    claim_time: Json
    end_time: Json
    run_time: float | None
    finish_state: str | None
    user: str | None
    owner: str | None
    server_id: str
    retrying: JsonObject | None


class IterationForm(TypedDict, total=False, closed=True):
    """An iteration of a task, as GET /operations-manager/tasks documents it."""

    _id: Required[str]
    job: JobOfIterationForm
    name: str | None
    app: str | None
    location: str | None
    type: str | None
    status: str
    groups: list[Json]
    view: str | None
    variables: TaskVariables
    metrics: IterationMetricsForm
    last_updated: Json
    encodingVersion: int


class FormShown(TypedDict, total=False, closed=True):
    """What a front end needs to show the form of a task."""

    schema: JsonObject
    uiSchema: JsonObject
    bindingSchema: JsonObject
    validationSchema: JsonObject
    data: JsonObject


class Permission(TypedDict, closed=True):
    """Whether an account may do something with a job, and why not."""

    action: str
    allowed: bool
    reason: str | None
