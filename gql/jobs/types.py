"""Jobs, the waits of jobs, and the results of commands."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated, TypeAlias, cast

import strawberry

from ...models.documents.moments import milliseconds, text_of
from ...models.documents.waits import waits_of
from ...models.json import object_at, text_at
from ...resolvers.jobs import bulk, control, follow
from ...resolvers.search import views
from ...resolvers.search.projection import Fields, fields
from ...resolvers.store.removal import Deleted
from ..accounts.people import Group, User
from ..context import MIN_LIST_COST, RequestInfo
from ..enums import JobAction, JobStatus, JobType
from ..execution.selection import reads, reads_all, selected_fields
from ..fields import (
    Dereference,
    Exclude,
    Include,
    deprecated_for,
    edges_of,
    entries_of,
    id_or_object,
    list_field,
    map_field,
    source,
    value_field,
)
from ..node import Node
from ..scalars import JSON, DateTime
from ..tasks.types import Decorator, Task
from ..workflows.types import Warning, Workflow, WorkflowTransition


@strawberry.enum(description="The kind of a wait of a task.")
class WaitKind(Enum):
    PERSON = strawberry.enum_value("person", description="The task waits for a person to finish the task.")
    TIME = strawberry.enum_value("time", description="The task waits for the time `until`.")
    RETRY = strawberry.enum_value("retry", description="The task waits for the next attempt, at `until`.")
    CHILDREN = strawberry.enum_value("children", description="The task waits for the child jobs that the task started.")
    PROVIDER = strawberry.enum_value(
        "provider", description="The task waits for the answer of an application or adapter, or for the engine."
    )


@strawberry.type(description="A task that a job waits for.")
class Wait:
    task_id: strawberry.ID = value_field("task", "The short id of the task.")
    name: str | None = value_field("name", "The method that the task calls.")
    summary: str | None = value_field("summary", "The title of the task on the canvas of the editor.")
    kind: WaitKind = value_field("kind", "The kind of the wait.")
    since: DateTime | None = value_field("since", "The start of the task's iteration.")
    until: DateTime | None = value_field(
        "until", "The time when the task continues without a person; null where the time is unknown."
    )
    groups: list[Group] = list_field(
        "groups", "The groups whose members may work the task; empty: everybody who may see the job.", id_or_object
    )
    started_children: int | None = value_field(
        "started_children", "The number of child jobs that the task has started so far."
    )
    ended_children: int | None = value_field("ended_children", "The number of child jobs that have ended.")


if TYPE_CHECKING:
    from .events import JobHistory

History: TypeAlias = Annotated["JobHistory", strawberry.lazy(".events")]


@strawberry.type(description="Whether the caller may send a command to a job in the job's present state.")
class JobPermission:
    action: JobAction = value_field("action", "The command.")
    allowed: bool = value_field("allowed", "Whether the caller may send the command now.")
    reason: str | None = value_field(
        "reason", "The reason of a refusal, as a sentence; null where the command is allowed."
    )


@strawberry.type(description="An error of a job.")
class Error:
    task: strawberry.ID | None = value_field(
        "task", "The id of the task with the error, or `job` for an error of the whole graph."
    )
    message: JSON | None = value_field("message", "A sentence, or the object that an application or adapter answered.")
    at: DateTime | None = value_field("timestamp", "The time of the error.", text_of)
    timestamp: float | None = value_field(
        "timestamp",
        "The time of the error, in milliseconds since the epoch.",
        milliseconds,
        deprecated=deprecated_for("at"),
    )


@strawberry.type(description="A violation of a JSON Schema by a value.")
class ValidationError:
    keyword: str | None = value_field("keyword", "The violated keyword of the schema.")
    instance_path: str | None = value_field("instancePath", "A JSON pointer to the value in the document.")
    schema_path: str | None = value_field("schemaPath", "A JSON pointer to the keyword in the schema.")
    message: str | None = value_field("message", "The requirement that the value violates.")


@strawberry.type(description="The task of the parent job that started the child job.")
class Parent:
    job: strawberry.ID | None = value_field("job", "The id of the parent job.")
    task: strawberry.ID | None = value_field("task", "The id of the childJob task.")
    iteration: float | None = value_field("iteration", "The index of the element in the task's loop; 0 without a loop.")
    element: float | None = value_field(
        "element", "The index of the element in the task's loop, the same number as `iteration`."
    )


@strawberry.type(description="Times, progress and accounts of a job.")
class JobMetrics:
    started_at: DateTime | None = value_field("start_time", "The start of the job.", text_of)
    ended_at: DateTime | None = value_field(
        "end_time", "The time when the job completed or was canceled; null for a job in error.", text_of
    )
    start_time: float | None = value_field(
        "start_time",
        "The start of the job, in milliseconds since the epoch.",
        milliseconds,
        deprecated=deprecated_for("startedAt"),
    )
    end_time: float | None = value_field(
        "end_time",
        "The time when the job completed or was canceled, in milliseconds since the epoch; null for a job in error.",
        milliseconds,
        deprecated=deprecated_for("endedAt"),
    )
    progress: float | None = value_field("progress", "The progress of the job, 0 to 1.")
    user: strawberry.ID | None = value_field("user", "The account that started the job.")
    owner: strawberry.ID | None = value_field("owner", "The account that owns the job.")


@strawberry.type(description="A job: one execution of a workflow, running or ended.")
class Job(Node):
    id: strawberry.ID = value_field("_id", "The id of the job, 24 hex digits.")
    uuid: strawberry.ID | None = value_field("uuid", "A second id of the job as a uuid, in documents of newer systems.")
    name: str | None = value_field("name", "The name of the job's workflow.")
    description: str | None = value_field("description", "The purpose of the job.")
    type: JobType | None = value_field("type", "The kind of the job.")
    status: JobStatus = value_field("status", "The status of the job.")
    variables: JSON | None = value_field(
        "variables", "The job's variables: the inputs, the values that tasks wrote, _id and initiator."
    )
    error: list[Error] = list_field(
        "error", "The errors of the job, oldest first, without errors that an error transition caught."
    )
    warnings: list[Warning] = list_field("warnings", "Warnings about possible errors of the job.")
    validation_errors: list[ValidationError] = list_field(
        "validationErrors", "The violations of the workflow's schemas by the job's variables."
    )
    metrics: JobMetrics | None = value_field("metrics", "Times, progress and accounts of the job.")
    groups: list[Group] = list_field(
        "groups", "The groups whose members may see and work the job; `default`: everybody.", id_or_object
    )
    watchers: list[User | None] = list_field(
        "watchers", "The accounts that follow the job; null in place of a deleted account.", id_or_object
    )
    parent: Parent | None = value_field("parent", "The task that started the job; null where a person started the job.")
    ancestors: list[strawberry.ID] | None = value_field(
        "ancestors", "The chain of parent jobs, from the root job to the job itself; null in some older documents."
    )
    decorators: list[Decorator] = list_field("decorators", "Marks on the job's variables.")
    tags: list[JSON] = list_field("tags", "The tags of the job, each as an id or as a whole tag.")
    error_handler: strawberry.ID | None = value_field(
        "errorHandler", "The task that would handle errors; the engine runs no error handler."
    )
    sla: float | None = value_field("sla", "The longest planned duration of the job, in milliseconds; 0: unlimited.")
    pre_automation_time: float | None = value_field(
        "preAutomationTime", "The duration of the same work before the automation, in milliseconds."
    )
    created: DateTime | None = value_field("created", "The creation time of the job's workflow.")
    created_by: User | None = value_field("created_by", "The account that created the job's workflow.", id_or_object)
    created_version: str | None = value_field("createdVersion", "The version of the system that created the workflow.")
    last_updated: DateTime | None = value_field("last_updated", "The time of the job's last change.")
    last_updated_by: User | None = value_field(
        "last_updated_by", "The account that last changed the job.", id_or_object
    )
    last_updated_version: str | None = value_field(
        "lastUpdatedVersion", "The version of the system that last changed the workflow."
    )
    font_size: int | None = value_field("font_size", "The text size on the canvas of the editor.")
    canvas_version: float | None = value_field(
        "canvasVersion", "The generation of the editor's canvas: 1, 1.5, 2 or 3."
    )
    encoding_version: int | None = value_field("encodingVersion", "The encoding of the stored document.")
    migration_version: int | None = value_field("migrationVersion", "The version of the document's schema.")
    tasks: list[Task] = map_field(
        "tasks", "The tasks of the job, with workflow_start and workflow_end, in the order of the workflow.", entries_of
    )
    transitions: list[WorkflowTransition] = map_field(
        "transitions", "The transitions between the tasks, as drawn by the author.", edges_of
    )

    @strawberry.field(
        description="The child jobs in the order of their starts, at most 10000 for all jobs of an answer. "
        "`jobs(filter: {parent: ID})` returns child jobs in pages.",
        metadata=reads("_id"),
    )
    async def children(self, info: RequestInfo) -> list["Job"]:
        key = (text_at(source(self), "_id"), selected_fields(info, Job))
        found = await info.context["loaders"].children.load(key) or []
        info.context["loaders"].count_nested(len(found))
        return cast(list[Job], found)

    @strawberry.field(
        description="The parent job, whose task started the job; null where a person started the job.",
        metadata=reads("parent"),
    )
    async def parent_job(self, info: RequestInfo) -> "Job | None":
        parent = text_at(object_at(source(self), "parent"), "job")
        if not parent:
            return None
        info.context["loaders"].count_nested(1)
        return cast(Job | None, await info.context["loaders"].jobs.load((parent, selected_fields(info, Job))))

    @strawberry.field(
        description="The tasks that a running or paused job waits for, the oldest wait first.",
        metadata=reads("status", "tasks"),
    )
    async def waits_for(self, info: RequestInfo) -> list[Wait]:
        entries = await info.context["loaders"].entries.load(
            (text_at(source(self), "_id"), Fields(frozenset({"tasks"})))
        )
        waits = waits_of(source(self), entries or {})
        info.context["loaders"].count_nested(len(waits))
        return cast(list[Wait], waits)

    @strawberry.field(
        description="The events of the job, the latest first: changes of the status and of tasks, and actions "
        "of people. The server keeps events for 30 days; a job that another program stored has no events. At "
        "most 200 at a time.",
        metadata=reads("_id"),
    )
    async def history(
        self,
        info: RequestInfo,
        last: Annotated[int, strawberry.argument(description="The number of events, at most 200.")] = 50,
        before: Annotated[
            str | None, strawberry.argument(description="The cursor of an event; the history returns earlier events.")
        ] = None,
    ) -> History:
        info.context["loaders"].spend(max(last, MIN_LIST_COST))
        return cast(History, await follow.history(info.context["services"], text_at(source(self), "_id"), last, before))

    @strawberry.field(
        description="The commands that the caller may send to the job in its present state, and the reason of "
        "each refusal.",
        metadata=reads("status", "parent"),
    )
    async def permissions(self, info: RequestInfo) -> list[JobPermission]:
        is_ours = await info.context["loaders"].ours.load((text_at(source(self), "_id"), fields("workflow_version")))
        return cast(
            list[JobPermission], control.permitted_actions(info.context["caller"], source(self), ours=bool(is_ours))
        )

    @strawberry.field(
        description="The present workflow of the job's name, which may have changed since the start of the "
        "job; null for a deleted workflow.",
        metadata=reads("name"),
    )
    async def workflow(self, info: RequestInfo) -> Workflow | None:
        name = text_at(source(self), "name")
        if not name:
            return None
        info.context["loaders"].count_nested(1)
        found = await info.context["loaders"].workflows.load((name, selected_fields(info, Workflow)))
        return cast(Workflow | None, found)

    @strawberry.field(
        description="The job in the documented REST form: every stored key, or the keys that the arguments select.",
        metadata=reads_all(),
    )
    async def documented(
        self, info: RequestInfo, include: Include = None, exclude: Exclude = None, dereference: Dereference = None
    ) -> JSON:
        (view,) = await views.view_jobs(
            info.context["services"],
            info.context["caller"],
            [source(self)],
            views.view_of(include, exclude, dereference),
        )
        return view


@strawberry.type(description="The result of a bulk command for one of the jobs.")
class JobResult:
    id: strawberry.ID = strawberry.field(description="The id of the job.")
    done: bool = strawberry.field(description="Whether the command was executed.")
    code: str | None = strawberry.field(
        description="The error code of a refused command, or of a job that the answer cannot include."
    )
    message: str | None = strawberry.field(description="The error as a sentence.")
    job: Job | None = strawberry.field(
        description="The job after the command; null where the command was refused, or the job is deleted or "
        "too large for the answer."
    )
    status: JobStatus | None = strawberry.field(description="The status of the job after the command.")
    deleted: "Deletion | None" = strawberry.field(description="The numbers of documents deleted with the job.")


@strawberry.type(description="The numbers of documents that were deleted with a job.")
class Deletion:
    jobs: int = strawberry.field(description="The number of jobs: the job and all child jobs.")
    tasks: int = strawberry.field(description="The number of iterations of tasks.")
    events: int = strawberry.field(description="The number of events.")
    values: int = strawberry.field(description="The number of large values in the collection `job_data`.")
    large_values: int = strawberry.field(description="The number of large values in GridFS.")


@strawberry.type(description="The effects of a repair on a job.")
class Repaired:
    job: Job = strawberry.field(description="The job after the repair; of a dry run, the unchanged job.")
    reset: list[strawberry.ID] = strawberry.field(description="The ids of the tasks that are open again.")
    runs_again: list[strawberry.ID] = strawberry.field(description="The ids of the reopened tasks that ran before.")
    skipped: list[strawberry.ID] = strawberry.field(description="The ids of the open tasks that will no longer run.")


def as_job_results(results: list[bulk.Result]) -> list[JobResult]:
    return [_as_job_result(result) for result in results]


def _as_job_result(result: bulk.Result) -> JobResult:
    problem, job = result.problem, result.job
    return JobResult(
        id=strawberry.ID(result.job_id),
        done=result.done,
        code=None if problem is None else problem.code,
        message=None if problem is None else problem.message,
        job=cast(Job | None, job),
        status=None if result.status is None else JobStatus(result.status),
        deleted=None if result.deleted is None else as_deletion(result.deleted),
    )


def as_deletion(deleted: Deleted) -> Deletion:
    return Deletion(**vars(deleted))


def as_repaired(repaired: control.RepairResult) -> Repaired:
    return Repaired(
        job=cast(Job, repaired.job),
        reset=[strawberry.ID(id) for id in repaired.reset],
        runs_again=[strawberry.ID(id) for id in repaired.again],
        skipped=[strawberry.ID(id) for id in repaired.skipped],
    )
