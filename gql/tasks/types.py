"""Tasks of jobs and of workflows, and the built-in tasks of the catalogue."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, cast

import strawberry

from ...models.documents.moments import milliseconds, text_of
from ...models.json import JsonObject, array_at, object_at
from ...resolvers.builtin_tasks.task import BuiltInTask
from ...resolvers.search.projection import Fields, fields
from ..accounts.people import Group
from ..context import RequestInfo
from ..enums import DecoratorType, FinishState, Location, TaskStatus, TaskType, TransitionType
from ..execution.selection import reads, wanted
from ..fields import KEY, OWNER, READS, Plain, deprecated_for, id_or_object, list_field, source, value_field
from ..node import Kind, Node, encode_id
from ..scalars import JSON, DateTime

if TYPE_CHECKING:
    from .iterations import Iteration


@strawberry.type(description="A place on the canvas of the workflow editor.")
class Point:
    x: float | None = value_field("x", "To the right.")
    y: float | None = value_field("y", "Downwards.")


@strawberry.type(description="Marks a value inside variables.")
class Decorator:
    type: DecoratorType | None = value_field("type", "What it says of the value.")
    pointer: str | None = value_field("pointer", "A JSON pointer to the value.")
    display_path: str | None = value_field("displayPath", "How the editor shows the part that is meant.")


@strawberry.type(description="What goes into a task and comes out of it.")
class TaskVariables:
    incoming: JSON | None = value_field("incoming", "An object of incoming values by name, references unresolved.")
    outgoing: JSON | None = value_field(
        "outgoing", "An object by name: null, or the job variable that takes the value."
    )
    error: JSON | None = value_field(
        "error", "The job variable that takes the task's error; empty where there is none."
    )
    decorators: list[Decorator] = list_field("decorators", "Marks on incoming values.")


@strawberry.type(description="A way from a task to another.")
class Transition:
    task: strawberry.ID | None = value_field("task", "The id of the task it leads to.")
    type: TransitionType | None = value_field("type", "Whether it goes on, back, or into a loop.")


@strawberry.type(description="The ways out of a task, by the state it finishes in.")
class TaskTransitions:
    success: list[Transition] = list_field("success", "Taken on success.")
    failure: list[Transition] = list_field("failure", "Taken on failure.")
    error: list[Transition] = list_field("error", "Taken on error.")
    loop: list[Transition] = list_field("loop", "Taken for each element of a loop.")


@strawberry.type(description="Tasks by what became of them.")
class TaskBuckets:
    incomplete: list[strawberry.ID] = list_field("incomplete", "Still awaited.")
    complete: list[strawberry.ID] = list_field("complete", "Finished, and led here.")
    error: list[strawberry.ID] = list_field("error", "Finished otherwise, or never run.")


@strawberry.type(description="Times of the start and the end of a job.")
class TaskMetrics:
    started_at: DateTime | None = value_field("start_time", "When the job started.", text_of)
    ended_at: DateTime | None = value_field("end_time", "When the job ended.", text_of)
    start_time: float | None = value_field(
        "start_time",
        "When the job started, in milliseconds since the epoch.",
        milliseconds,
        deprecated=deprecated_for("startedAt"),
    )
    end_time: float | None = value_field(
        "end_time",
        "When the job ended, in milliseconds since the epoch.",
        milliseconds,
        deprecated=deprecated_for("endedAt"),
    )
    run_time: float | None = value_field("run_time", "How long the job took, in milliseconds.")
    finish_state: FinishState | None = value_field("finish_state", "How it ended.")
    user: strawberry.ID | None = value_field("user", "Who started the job.")


@strawberry.type(description="When the engine tries a task again by itself, before any transition is taken.")
class RetrySettings:
    state: list[FinishState] = list_field("state", "The finish states that are tried again.")
    auto_retry: bool | None = value_field("autoRetry", "Whether it tries at all.")
    limit: int | None = value_field("limit", "How often at most.")
    delay: int | None = value_field("delay", "How long it waits before each try, in milliseconds.")
    count: int | None = value_field("count", "How often it has tried.")
    finished_retrying: bool | None = value_field("finishedRetrying", "Whether it gave up.")


@strawberry.type(description="How far a loop of child jobs has come.")
class Loop:
    at_least_one_complete: bool | None = value_field("atLeastOneComplete", "Whether a child job is complete.")
    finished_count: float | None = value_field("finishedCount", "How many child jobs are over.")
    outgoing: list[JSON] = list_field("outgoing", "What the child jobs answered, in the order of the elements.")


@strawberry.type(description="A job that a childJob task started.")
class ChildJob:
    id: strawberry.ID | None = value_field("_id", "The child job's id.")
    name: str | None = value_field("name", "The name of its workflow.")
    iteration: float | None = value_field("iteration", "The index of its element in a loop.")


@strawberry.type(description="Where the editor's search found something.")
class Match:
    key: str | None = value_field("key", "The field.")
    highlight_string: str | None = value_field("highlightString", "The text found.")


def _id(kind: Kind, description: str) -> Any:
    def read(root: JsonObject):
        return encode_id(kind, root[OWNER], root[KEY])

    return strawberry.field(resolver=read, description=description, metadata={READS: Plain("whole", "", read)})


@strawberry.type
class Authored:
    """What the author of a workflow wrote of a task."""

    task_id: strawberry.ID = value_field(KEY, "Its short id: 1 to 4 hex digits, workflow_start or workflow_end.")
    name: str | None = value_field("name", "The method it calls.")
    app: str | None = value_field("app", "The application or adapter type that has the method.")
    location: Location | None = value_field("location", "Where the method lives.")
    location_type: str | None = value_field("locationType", "The adapter type, or an integration's `Name:version`.")
    type: TaskType | None = value_field("type", "Who does it.")
    variables: TaskVariables | None = value_field("variables", "What goes in and comes out, as its author wrote it.")
    transitions: TaskTransitions | None = value_field("transitions", "The ways out of it.")
    groups: list[Group] = list_field("groups", "Who may see and work it; empty: whoever can see the job.", id_or_object)
    actor: str | None = value_field(
        "actor", "In whose name it runs: Pronghorn (the engine), job, a task or an account."
    )
    retry_settings: RetrySettings | None = value_field("retrySettings", "When it is tried again by itself.")
    scheduled: bool | None = value_field("scheduled", "Whether it may run at certain times only.")
    summary: str | None = value_field("summary", "Its title on the canvas.")
    description: str | None = value_field("description", "What the method does.")
    display_name: str | None = value_field("displayName", "The application's name on the canvas.")
    canvas_name: str | None = value_field("canvasName", "The method's name on the canvas.")
    deprecated: bool | None = value_field("deprecated", "Whether the method is.")
    view: str | None = value_field("view", "The path of the page where a person works it.")
    host_app: str | None = value_field("hostApp", "The application that shows that page.")
    task_version: float | None = value_field("taskVersion", "The version of that page.")
    matched: list[Match] = list_field("matched", "Left over from the editor's search.")
    x: float | None = value_field("x", "Its place on an older canvas.")
    y: float | None = value_field("y", "Its place on an older canvas.")
    grid_coordinate: Point | None = value_field("gridCoordinate", "Its place on the canvas grid.")
    node_location: Point | None = value_field("nodeLocation", "Its place on the canvas.")


@strawberry.type(description="A task of a workflow, as its author wrote it.")
class WorkflowTask(Authored, Node):
    id: strawberry.ID = _id("WorkflowTask", "Of the task and its workflow; opaque.")


OneIteration: TypeAlias = Annotated["Iteration", strawberry.lazy(".iterations")]


def _wanted(info: RequestInfo) -> Fields:
    from .iterations import Iteration  # it has fields of this module's types

    return wanted(info, Iteration)


async def _latest(task: JsonObject, info: RequestInfo, keys: Fields) -> JsonObject | None:
    ids = array_at(task, "iterations")
    return await info.context["loaders"].iterations.load((ids[-1], keys)) if ids else None


async def _values(task: JsonObject, info: RequestInfo) -> JsonObject:
    """What went into the latest iteration and came out of it: read once for all the fields that show some of it."""
    return object_at(await _latest(task, info, fields("variables")) or {}, "variables")


@strawberry.type(description="A task of a job.")
class Task(Authored, Node):
    id: strawberry.ID = _id("Task", "Of the task and its job; opaque. Where `taskId` is taken, this is as well.")
    status: TaskStatus | None = value_field("status", "What it is doing.")
    finish_state: FinishState | None = value_field("finish_state", "How its latest iteration ended.")
    start_time: DateTime | None = value_field("start_time", "When its latest iteration started.")
    ended_at: DateTime | None = value_field("end_time", "When that ended.", text_of)
    end_time: float | None = value_field(
        "end_time",
        "When that ended, in milliseconds since the epoch.",
        milliseconds,
        deprecated=deprecated_for("endedAt"),
    )
    iterations: list[strawberry.ID] = list_field(
        "iterations", "The ids of its iterations, oldest first; `everyIteration` has them whole."
    )
    previous: TaskBuckets | None = value_field("previous", "The tasks before it.")
    end_tasks: TaskBuckets | None = value_field("endTasks", "Dead ends that workflow_end waits for too.")
    metrics: TaskMetrics | None = value_field(
        "metrics", "Times of workflow_start and workflow_end, and how it finished."
    )
    owner: str | None = value_field("owner", "Who has it in hand: Pronghorn (the engine) or a user.")
    child_jobs: list[ChildJob] = list_field("childJobs", "The jobs it started, at most 10000.")
    loop: Loop | None = value_field("loop", "How far its loop of child jobs has come.")
    server_id: str | None = value_field("serverId", "The server it ran on.")

    @strawberry.field(
        description="Its iterations themselves, oldest first; without those that you may not see.",
        metadata=reads("iterations"),
    )
    async def every_iteration(self, info: RequestInfo) -> list[OneIteration]:
        ids = array_at(source(self), "iterations")
        info.context["loaders"].count_nested(len(ids))
        found = await info.context["loaders"].iterations.load_many([(id, _wanted(info)) for id in ids])
        return cast(list[OneIteration], [one for one in found if one is not None])

    @strawberry.field(
        description="The latest of its iterations; null before there is one, and where you may not see it.",
        metadata=reads("iterations"),
    )
    async def latest_iteration(self, info: RequestInfo) -> OneIteration | None:
        info.context["loaders"].count_nested(1)
        return cast(OneIteration | None, await _latest(source(self), info, _wanted(info)))

    @strawberry.field(
        description="What its latest iteration was called with, references resolved.", metadata=reads("iterations")
    )
    async def incoming(self, info: RequestInfo) -> JSON | None:
        return cast(JSON | None, (await _values(source(self), info)).get("incoming"))

    @strawberry.field(description="What came out of its latest iteration.", metadata=reads("iterations"))
    async def outgoing(self, info: RequestInfo) -> JSON | None:
        return cast(JSON | None, (await _values(source(self), info)).get("outgoing"))

    @strawberry.field(
        description="What went wrong in its latest iteration, also where an error edge caught it; null where nothing "
        "did.",
        metadata=reads("iterations"),
    )
    async def error(self, info: RequestInfo) -> JSON | None:
        return cast(JSON | None, (await _values(source(self), info)).get("error") or None)


@strawberry.type(description="A value that a task takes.")
class IncomingValue:
    name: str = strawberry.field(description="Its name in workflow documents.")
    meaning: str | None = strawberry.field(description="Its type and what it is for, where there is more to say.")


@strawberry.type(description="A task that this server does by itself, as it was declared.")
class CatalogueTask:
    app: str = strawberry.field(description="The application that has it.")
    name: str = strawberry.field(description="The method; a workflow's task is found by app and name.")
    location: Location = strawberry.field(description="Where the method lives.")
    type: TaskType = strawberry.field(description="Who does it.")
    actor: str | None = strawberry.field(
        description="In whose name it runs where the document does not say: Pronghorn (the system) or job (whoever "
        "started the job). Null for a manual task, which a person does."
    )
    description: str = strawberry.field(description="What it does, when it fails, and what is peculiar to it.")
    incoming: list[IncomingValue] = strawberry.field(description="The values it takes, in order, at most 20.")
    outgoing: list[str] = strawberry.field(description="The names of the values it gives, in order, at most 20.")
    more_outgoing: bool = strawberry.field(
        description="Whether it gives other values, too, which a document names: a transformation's outgoing."
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
