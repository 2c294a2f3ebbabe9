"""Tasks of jobs and of workflows, and the built-in tasks of the catalogue."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, cast

import strawberry

from ...models.documents.moments import milliseconds, text_of
from ...models.json import JsonObject, array_at, object_at, text_at
from ...resolvers.builtin_tasks.task import BuiltInTask
from ...resolvers.search.projection import Fields, fields
from ..accounts.people import Group
from ..context import RequestInfo
from ..enums import DecoratorType, FinishState, Location, TaskStatus, TaskType, TransitionType
from ..execution.selection import reads, selected_fields
from ..fields import KEY, OWNER, READS, Plain, deprecated_for, id_or_object, list_field, source, value_field
from ..node import Kind, Node, encode_id
from ..scalars import JSON, DateTime

if TYPE_CHECKING:
    from .iterations import Iteration


@strawberry.type(description="A place on the canvas of the workflow editor.")
class Point:
    x: float | None = value_field("x", "The horizontal position, to the right.")
    y: float | None = value_field("y", "The vertical position, downwards.")


@strawberry.type(description="A mark on a value inside variables.")
class Decorator:
    type: DecoratorType | None = value_field("type", "The kind of the mark.")
    pointer: str | None = value_field("pointer", "A JSON pointer to the marked value.")
    display_path: str | None = value_field("displayPath", "The editor's text for the marked part.")


@strawberry.type(description="The incoming and outgoing values of a task.")
class TaskVariables:
    incoming: JSON | None = value_field("incoming", "The incoming values by name, with unresolved references.")
    outgoing: JSON | None = value_field(
        "outgoing", "The targets of outgoing values by name: null, or the job variable that takes the value."
    )
    error: JSON | None = value_field("error", "The job variable that takes the task's error, or an empty text.")
    decorators: list[Decorator] = list_field("decorators", "The marks on incoming values.")


@strawberry.type(description="A transition from a task to another task.")
class Transition:
    task: strawberry.ID | None = value_field("task", "The id of the target task.")
    type: TransitionType | None = value_field("type", "The kind of the transition: forward, back, or into a loop.")


@strawberry.type(description="The transitions from a task, by the finish state of the task.")
class TaskTransitions:
    success: list[Transition] = list_field("success", "The transitions after success.")
    failure: list[Transition] = list_field("failure", "The transitions after failure.")
    error: list[Transition] = list_field("error", "The transitions after an error.")
    loop: list[Transition] = list_field("loop", "The transitions for each element of a loop.")


@strawberry.type(description="Ids of tasks, grouped by outcome.")
class TaskBuckets:
    incomplete: list[strawberry.ID] = list_field("incomplete", "The tasks that may still finish.")
    complete: list[strawberry.ID] = list_field("complete", "The tasks that finished and lead to the waiting task.")
    error: list[strawberry.ID] = list_field("error", "The tasks that finished otherwise, or never ran.")


@strawberry.type(description="The start and the end of a job, at workflow_start and workflow_end.")
class TaskMetrics:
    started_at: DateTime | None = value_field("start_time", "The start of the job.", text_of)
    ended_at: DateTime | None = value_field("end_time", "The end of the job.", text_of)
    start_time: float | None = value_field(
        "start_time",
        "The start of the job, in milliseconds since the epoch.",
        milliseconds,
        deprecated=deprecated_for("startedAt"),
    )
    end_time: float | None = value_field(
        "end_time",
        "The end of the job, in milliseconds since the epoch.",
        milliseconds,
        deprecated=deprecated_for("endedAt"),
    )
    run_time: float | None = value_field("run_time", "The duration of the job, in milliseconds.")
    finish_state: FinishState | None = value_field("finish_state", "The outcome of the job.")
    user: strawberry.ID | None = value_field("user", "The account that started the job.")


@strawberry.type(description="The automatic retries of a task, before the job follows a transition.")
class RetrySettings:
    state: list[FinishState] = list_field("state", "The finish states that lead to a retry.")
    auto_retry: bool | None = value_field("autoRetry", "Whether the engine retries the task.")
    limit: int | None = value_field("limit", "The largest number of retries.")
    delay: int | None = value_field("delay", "The pause before each retry, in milliseconds.")
    count: int | None = value_field("count", "The number of retries so far.")
    finished_retrying: bool | None = value_field("finishedRetrying", "Whether the retries are exhausted.")


@strawberry.type(description="The progress of a loop of child jobs.")
class Loop:
    at_least_one_complete: bool | None = value_field(
        "atLeastOneComplete", "Whether at least one child job is complete."
    )
    finished_count: float | None = value_field("finishedCount", "The number of ended child jobs.")
    outgoing: list[JSON] = list_field("outgoing", "The results of the child jobs, in the order of the elements.")


@strawberry.type(description="A job that a childJob task started.")
class ChildJob:
    id: strawberry.ID | None = value_field("_id", "The id of the child job.")
    name: str | None = value_field("name", "The name of the child job's workflow.")
    iteration: float | None = value_field("iteration", "The index of the child job's element in a loop.")


@strawberry.type(description="A result of the editor's search.")
class Match:
    key: str | None = value_field("key", "The name of the found field.")
    highlight_string: str | None = value_field("highlightString", "The found text.")


def _id_field(kind: Kind, description: str) -> Any:
    def read(root: Mapping[str, object]):
        return encode_id(kind, text_at(root, OWNER), text_at(root, KEY))

    return strawberry.field(resolver=read, description=description, metadata={READS: Plain("whole", "", read)})


@strawberry.type
class Authored:
    """The fields of a task that the author of the workflow writes."""

    task_id: strawberry.ID = value_field(
        KEY, "The short id of the task: 1 to 4 hex digits, workflow_start or workflow_end."
    )
    name: str | None = value_field("name", "The method that the task calls.")
    app: str | None = value_field("app", "The application or adapter type that has the method.")
    location: Location | None = value_field("location", "The kind of the component that has the method.")
    location_type: str | None = value_field("locationType", "The adapter type, or an integration's `Name:version`.")
    type: TaskType | None = value_field("type", "The kind of the task: automatic, operation or manual.")
    variables: TaskVariables | None = value_field(
        "variables", "The incoming and outgoing values, as written by the author."
    )
    transitions: TaskTransitions | None = value_field("transitions", "The transitions from the task.")
    groups: list[Group] = list_field(
        "groups",
        "The groups whose members may see and work the task; empty: everybody who may see the job.",
        id_or_object,
    )
    actor: str | None = value_field(
        "actor", "The account of the execution: Pronghorn (the engine), job, a task or an account."
    )
    retry_settings: RetrySettings | None = value_field("retrySettings", "The automatic retries of the task.")
    scheduled: bool | None = value_field("scheduled", "Whether the task may run only at certain times.")
    summary: str | None = value_field("summary", "The title of the task on the canvas.")
    description: str | None = value_field("description", "The effect of the method.")
    display_name: str | None = value_field("displayName", "The application's name on the canvas.")
    canvas_name: str | None = value_field("canvasName", "The method's name on the canvas.")
    deprecated: bool | None = value_field("deprecated", "Whether the method is deprecated.")
    view: str | None = value_field("view", "The path of the page where a person works the task.")
    host_app: str | None = value_field("hostApp", "The application of the task's page.")
    task_version: float | None = value_field("taskVersion", "The version of the task's page.")
    matched: list[Match] = list_field("matched", "Results of the editor's search that the document contains.")
    x: float | None = value_field("x", "The position of the task on an older canvas.")
    y: float | None = value_field("y", "The position of the task on an older canvas.")
    grid_coordinate: Point | None = value_field("gridCoordinate", "The position of the task on the canvas grid.")
    node_location: Point | None = value_field("nodeLocation", "The position of the task on the canvas.")


@strawberry.type(description="A task of a workflow, as written by the author.")
class WorkflowTask(Authored, Node):
    id: strawberry.ID = _id_field("WorkflowTask", "The opaque id of the task and the workflow together.")


OneIteration: TypeAlias = Annotated["Iteration", strawberry.lazy(".iterations")]


def _selected_fields(info: RequestInfo) -> Fields:
    from .iterations import Iteration  # a circular import: Iteration has fields of this module's types

    return selected_fields(info, Iteration)


async def _load_latest(task: Mapping[str, object], info: RequestInfo, keys: Fields) -> JsonObject | None:
    ids = array_at(task, "iterations")
    return await info.context["loaders"].iterations.load((str(ids[-1]), keys)) if ids else None


async def _latest_values(task: Mapping[str, object], info: RequestInfo) -> JsonObject:
    """The values of the latest iteration, read once for all fields that return some of the values."""
    return object_at(await _load_latest(task, info, fields("variables")) or {}, "variables")


@strawberry.type(description="A task of a job.")
class Task(Authored, Node):
    id: strawberry.ID = _id_field(
        "Task",
        "The opaque id of the task and the job together. Arguments that take a `taskId` also take the opaque id.",
    )
    status: TaskStatus | None = value_field("status", "The status of the task.")
    finish_state: FinishState | None = value_field("finish_state", "The outcome of the latest iteration.")
    start_time: DateTime | None = value_field("start_time", "The start of the latest iteration.")
    ended_at: DateTime | None = value_field("end_time", "The end of the latest iteration.", text_of)
    end_time: float | None = value_field(
        "end_time",
        "The end of the latest iteration, in milliseconds since the epoch.",
        milliseconds,
        deprecated=deprecated_for("endedAt"),
    )
    iterations: list[strawberry.ID] = list_field(
        "iterations",
        "The ids of the task's iterations, oldest first; `everyIteration` returns the iterations themselves.",
    )
    previous: TaskBuckets | None = value_field("previous", "The preceding tasks, grouped by outcome.")
    end_tasks: TaskBuckets | None = value_field(
        "endTasks", "The tasks without a transition that workflow_end also waits for."
    )
    metrics: TaskMetrics | None = value_field(
        "metrics", "The start, the end and the outcome of the job, at workflow_start and workflow_end."
    )
    owner: str | None = value_field("owner", "The owner of the task: Pronghorn (the engine) or a user.")
    child_jobs: list[ChildJob] = list_field("childJobs", "The child jobs that the task started, at most 10000.")
    loop: Loop | None = value_field("loop", "The progress of the task's loop of child jobs.")
    server_id: str | None = value_field("serverId", "The server that ran the task.")

    @strawberry.field(
        description="The iterations of the task, oldest first, without iterations that the caller may not see.",
        metadata=reads("iterations"),
    )
    async def every_iteration(self, info: RequestInfo) -> list[OneIteration]:
        ids = array_at(source(self), "iterations")
        info.context["loaders"].count_nested(len(ids))
        found = await info.context["loaders"].iterations.load_many([(str(id), _selected_fields(info)) for id in ids])
        return cast(list[OneIteration], [iteration for iteration in found if iteration is not None])

    @strawberry.field(
        description="The latest iteration of the task; null before the first iteration, and where the caller "
        "may not see the iteration.",
        metadata=reads("iterations"),
    )
    async def latest_iteration(self, info: RequestInfo) -> OneIteration | None:
        info.context["loaders"].count_nested(1)
        return cast(OneIteration | None, await _load_latest(source(self), info, _selected_fields(info)))

    @strawberry.field(
        description="The incoming values of the latest iteration, with resolved references.",
        metadata=reads("iterations"),
    )
    async def incoming(self, info: RequestInfo) -> JSON | None:
        return (await _latest_values(source(self), info)).get("incoming")

    @strawberry.field(description="The outgoing values of the latest iteration.", metadata=reads("iterations"))
    async def outgoing(self, info: RequestInfo) -> JSON | None:
        return (await _latest_values(source(self), info)).get("outgoing")

    @strawberry.field(
        description="The error of the latest iteration, even if an error transition caught the error; null "
        "without an error.",
        metadata=reads("iterations"),
    )
    async def error(self, info: RequestInfo) -> JSON | None:
        return (await _latest_values(source(self), info)).get("error") or None


@strawberry.type(description="An incoming value of a task.")
class IncomingValue:
    name: str = strawberry.field(description="The name of the value in workflow documents.")
    meaning: str | None = strawberry.field(
        description="The type and the purpose of the value, where the name does not say enough."
    )


@strawberry.type(description="A built-in task of this server.")
class CatalogueTask:
    app: str = strawberry.field(description="The application that has the method.")
    name: str = strawberry.field(description="The method. A workflow's task refers to a built-in task by app and name.")
    location: Location = strawberry.field(description="The kind of the component that has the method.")
    type: TaskType = strawberry.field(description="The kind of the task: automatic, operation or manual.")
    actor: str | None = strawberry.field(
        description="The default account of the execution: Pronghorn (the system) or job (the account that "
        "started the job). Null for a manual task, which a person works."
    )
    description: str = strawberry.field(
        description="The effect of the task, the conditions of failure, and peculiarities."
    )
    incoming: list[IncomingValue] = strawberry.field(
        description="The incoming values of the task, in order, at most 20."
    )
    outgoing: list[str] = strawberry.field(
        description="The names of the outgoing values of the task, in order, at most 20."
    )
    more_outgoing: bool = strawberry.field(
        description="Whether the task also returns values that a document names, such as the outgoing values "
        "of a transformation."
    )


def as_catalogue_task(task: BuiltInTask) -> CatalogueTask:
    return CatalogueTask(
        app=task.app,
        name=task.name,
        location=Location(task.location),
        type=TaskType(task.type),
        actor=task.actor,
        description=task.description,
        incoming=[IncomingValue(name=name, meaning=task.meanings.get(name)) for name in task.incoming],
        outgoing=list(task.outgoing),
        more_outgoing=task.more_outgoing,
    )
