"""Jobs, what they wait for, and what came of a command to one."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated, TypeAlias, cast

import strawberry

from ...models.documents.moments import milliseconds, text_of
from ...models.documents.waits import waits_of
from ...models.json import object_at
from ...resolvers.jobs import bulk, control, follow
from ...resolvers.search import views
from ...resolvers.search.projection import Fields, fields
from ..accounts.people import Group, User
from ..context import LEAST_OF_A_LIST, RequestInfo
from ..enums import JobAction, JobStatus, JobType
from ..execution.selection import reads, reads_all, wanted
from ..fields import (
    Dereference,
    Exclude,
    Include,
    documented,
    edges_of,
    entries_of,
    id_or_object,
    listed,
    mapped,
    now_as,
    source,
)
from ..node import Node
from ..scalars import JSON, DateTime
from ..tasks.types import Decorator, Task
from ..workflows.types import Warning, Workflow, WorkflowTransition


@strawberry.enum(description="What a task of a job waits for.")
class WaitKind(Enum):
    PERSON = strawberry.enum_value("person", description="Somebody who finishes it.")
    TIME = strawberry.enum_value("time", description="A moment, `until`.")
    RETRY = strawberry.enum_value("retry", description="Its next try, at `until`.")
    CHILDREN = strawberry.enum_value("children", description="Child jobs that it started.")
    PROVIDER = strawberry.enum_value("provider", description="The answer of an application or adapter, or the engine.")


@strawberry.type(description="A task that a job waits for.")
class Wait:
    task_id: strawberry.ID = documented("task", "The short id of the task.")
    name: str | None = documented("name", "The method that the task calls.")
    summary: str | None = documented("summary", "The title of the task on the canvas.")
    kind: WaitKind = documented("kind", "What the task waits for.")
    since: DateTime | None = documented("since", "When its iteration started.")
    until: DateTime | None = documented("until", "When it goes on by itself; null where nobody knows.")
    groups: list[Group] = listed("groups", "Who may work it; empty: whoever can see the job.", id_or_object)
    started_children: int | None = documented("started_children", "How many child jobs it has started so far.")
    ended_children: int | None = documented("ended_children", "How many of the child jobs are over.")


if TYPE_CHECKING:
    from .events import JobHistory

History: TypeAlias = Annotated["JobHistory", strawberry.lazy(".events")]


@strawberry.type(description="Whether the account that asks may do something with a job as it is now.")
class JobPermission:
    action: JobAction = documented("action", "What is to be done.")
    allowed: bool = documented("allowed", "Whether it may be done now.")
    reason: str | None = documented("reason", "Why not, in a sentence; null where it may be done.")


@strawberry.type(description="Something that went wrong in a job.")
class Error:
    task: strawberry.ID | None = documented("task", "The id of the task, or `job` for the graph as a whole.")
    message: JSON | None = documented("message", "A sentence, or the object that an application or adapter answered.")
    at: DateTime | None = documented("timestamp", "When.", text_of)
    timestamp: float | None = documented(
        "timestamp", "When, in milliseconds since the epoch.", milliseconds, deprecated=now_as("at")
    )


@strawberry.type(description="Where a value does not fit its JSON Schema.")
class ValidationError:
    keyword: str | None = documented("keyword", "The schema's keyword that is violated.")
    instance_path: str | None = documented("instancePath", "A JSON pointer to the value.")
    schema_path: str | None = documented("schemaPath", "A JSON pointer to the keyword.")
    message: str | None = documented("message", "What the value must be.")


@strawberry.type(description="The task of another job that started this one.")
class Parent:
    job: strawberry.ID | None = documented("job", "The job.")
    task: strawberry.ID | None = documented("task", "The id of its childJob task.")
    iteration: float | None = documented("iteration", "The index of its element in the loop; 0 without one.")
    element: float | None = documented("element", "The same number.")


@strawberry.type(description="Times and people of a job.")
class JobMetrics:
    started_at: DateTime | None = documented("start_time", "When it started.", text_of)
    ended_at: DateTime | None = documented(
        "end_time", "When it completed or was canceled; null for a job in error.", text_of
    )
    start_time: float | None = documented(
        "start_time",
        "When it started, in milliseconds since the epoch.",
        milliseconds,
        deprecated=now_as("startedAt"),
    )
    end_time: float | None = documented(
        "end_time",
        "When it completed or was canceled, in milliseconds since the epoch; null for a job in error.",
        milliseconds,
        deprecated=now_as("endedAt"),
    )
    progress: float | None = documented("progress", "How far it has come, 0 to 1.")
    user: strawberry.ID | None = documented("user", "Who started it.")
    owner: strawberry.ID | None = documented("owner", "Who owns it.")


@strawberry.type(description="A workflow that is being run, or was.")
class Job(Node):
    id: strawberry.ID = documented("_id", "24 hex digits.")
    uuid: strawberry.ID | None = documented("uuid", "A uuid, in documents of newer systems.")
    name: str | None = documented("name", "The name of its workflow.")
    description: str | None = documented("description", "What this job is for.")
    type: JobType | None = documented("type", "What kind of job it is.")
    status: JobStatus = documented("status", "What it is doing.")
    variables: JSON | None = documented("variables", "Its variables: inputs, what its tasks wrote, _id and initiator.")
    error: list[Error] = listed("error", "What went wrong, oldest first. What an error edge caught is not here.")
    warnings: list[Warning] = listed("warnings", "What may go wrong.")
    validation_errors: list[ValidationError] = listed("validationErrors", "Where its variables do not fit.")
    metrics: JobMetrics | None = documented("metrics", "Times and people.")
    groups: list[Group] = listed("groups", "Who may see and work it; `default`: everybody.", id_or_object)
    watchers: list[User | None] = listed("watchers", "Who follows it; null where the account is gone.", id_or_object)
    parent: Parent | None = documented("parent", "The task that started it; null where a person did.")
    ancestors: list[strawberry.ID] | None = documented(
        "ancestors", "The jobs above it, the root first and itself last; null in some older documents."
    )
    decorators: list[Decorator] = listed("decorators", "Marks on its variables.")
    tags: list[JSON] = listed("tags", "Ids or whole tags.")
    error_handler: strawberry.ID | None = documented("errorHandler", "The task that handles errors; none is run.")
    sla: float | None = documented("sla", "How long it may take, in milliseconds; 0: as long as it likes.")
    pre_automation_time: float | None = documented(
        "preAutomationTime", "How long it took before it was automated, in milliseconds."
    )
    created: DateTime | None = documented("created", "When its workflow was created.")
    created_by: User | None = documented("created_by", "Who created its workflow.", id_or_object)
    created_version: str | None = documented("createdVersion", "The version of the system that created it.")
    last_updated: DateTime | None = documented("last_updated", "When the job last changed.")
    last_updated_by: User | None = documented("last_updated_by", "Who last changed it.", id_or_object)
    last_updated_version: str | None = documented("lastUpdatedVersion", "The version of the system that changed it.")
    font_size: int | None = documented("font_size", "The size of text on the canvas.")
    canvas_version: float | None = documented("canvasVersion", "The generation of the canvas: 1, 1.5, 2 or 3.")
    encoding_version: int | None = documented("encodingVersion", "How the stored document is encoded.")
    migration_version: int | None = documented("migrationVersion", "The version of the document's schema.")
    tasks: list[Task] = mapped(
        "tasks", "Its tasks, workflow_start and workflow_end included, in the workflow's order.", entries_of
    )
    transitions: list[WorkflowTransition] = mapped(
        "transitions", "The ways between its tasks, as the author drew them.", edges_of
    )

    @strawberry.field(
        description="The jobs that its tasks started, in the order they started in; at most 10000 for all the jobs of "
        "an answer. `jobs(filter: {parent: ID})` has them page by page.",
        metadata=reads("_id"),
    )
    async def children(self, info: RequestInfo) -> list["Job"]:
        key = (source(self)["_id"], wanted(info, Job))
        found = await info.context["loaders"].children.load(key) or []
        info.context["loaders"].show(len(found))
        return cast(list[Job], found)

    @strawberry.field(description="The job whose task started it; null where a person did.", metadata=reads("parent"))
    async def parent_job(self, info: RequestInfo) -> "Job | None":
        parent = object_at(source(self), "parent").get("job")
        if not parent:
            return None
        info.context["loaders"].show(1)
        return cast(Job | None, await info.context["loaders"].jobs.load((parent, wanted(info, Job))))

    @strawberry.field(
        description="The tasks that it waits for while it runs or is paused, the oldest wait first.",
        metadata=reads("status", "tasks"),
    )
    async def waits_for(self, info: RequestInfo) -> list[Wait]:
        entries = await info.context["loaders"].entries.load((source(self)["_id"], Fields(frozenset({"tasks"}))))
        waits = waits_of(source(self), entries or {})
        info.context["loaders"].show(len(waits))
        return cast(list[Wait], waits)

    @strawberry.field(
        description="What happened to it, the latest first: changes of its status and its tasks, and what people did. "
        "Events are kept for 30 days; a job that another program stored has none. At most 200 at a time.",
        metadata=reads("_id"),
    )
    async def history(
        self,
        info: RequestInfo,
        last: Annotated[int, strawberry.argument(description="How many, at most 200.")] = 50,
        before: Annotated[
            str | None, strawberry.argument(description="The cursor of an event: those before it come.")
        ] = None,
    ) -> History:
        info.context["loaders"].spend(max(last, LEAST_OF_A_LIST))
        return cast(History, await follow.history(info.context["services"], source(self)["_id"], last, before))

    @strawberry.field(
        description="What the account that asks may do with it as it is now, and why not.",
        metadata=reads("status", "parent"),
    )
    async def permissions(self, info: RequestInfo) -> list[JobPermission]:
        ours = await info.context["loaders"].ours.load((source(self)["_id"], fields("workflow_version")))
        return cast(
            list[JobPermission], control.permitted_actions(info.context["caller"], source(self), ours=bool(ours))
        )

    @strawberry.field(
        description="The workflow of its name as it is now, which may have changed since the job started; null where "
        "there is none any more.",
        metadata=reads("name"),
    )
    async def workflow(self, info: RequestInfo) -> Workflow | None:
        name = source(self).get("name")
        if not name:
            return None
        info.context["loaders"].show(1)
        found = await info.context["loaders"].workflows.load((name, wanted(info, Workflow)))
        return cast(Workflow | None, found)

    @strawberry.field(
        description="The whole job in its documented REST form, every stored key as it is, or as much as the arguments "
        "say.",
        metadata=reads_all(),
    )
    async def documented(
        self, info: RequestInfo, include: Include = None, exclude: Exclude = None, dereference: Dereference = None
    ) -> JSON:
        (shown,) = await views.view_jobs(
            info.context["services"],
            info.context["caller"],
            [source(self)],
            views.view_of(include, exclude, dereference),
        )
        return cast(JSON, shown)


@strawberry.type(description="What came of something that was asked of several jobs, for one of them.")
class JobResult:
    id: strawberry.ID = strawberry.field(description="The job.")
    done: bool = strawberry.field(description="Whether it was done.")
    code: str | None = strawberry.field(
        description="What stood against it, or against showing the job: a code as of an error."
    )
    message: str | None = strawberry.field(description="The same as a sentence.")
    job: Job | None = strawberry.field(
        description="The job after that; null where it was not done, is deleted, or is too large for the answer."
    )
    status: JobStatus | None = strawberry.field(description="What the job does then.")
    deleted: "Deletion | None" = strawberry.field(description="What is gone with a deleted job.")


@strawberry.type(description="What is gone with a deleted job, in documents.")
class Deletion:
    jobs: int = strawberry.field(description="The job and its child jobs.")
    tasks: int = strawberry.field(description="Iterations of tasks.")
    events: int = strawberry.field(description="Events.")
    values: int = strawberry.field(description="Values beside their jobs.")
    large_values: int = strawberry.field(description="Values in GridFS.")


@strawberry.type(description="What a repair does to a job.")
class Repaired:
    job: Job = strawberry.field(description="The job after that; of a dry run, as it is.")
    reset: list[strawberry.ID] = strawberry.field(description="The tasks that are open again.")
    runs_again: list[strawberry.ID] = strawberry.field(description="Those of them that ran before.")
    skipped: list[strawberry.ID] = strawberry.field(description="The open tasks that will not run any more.")


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
        deleted=None if result.deleted is None else Deletion(**vars(result.deleted)),
    )


def as_repaired(repaired: control.RepairResult) -> Repaired:
    return Repaired(
        job=cast(Job, repaired.job),
        reset=[strawberry.ID(id) for id in repaired.reset],
        runs_again=[strawberry.ID(id) for id in repaired.again],
        skipped=[strawberry.ID(id) for id in repaired.skipped],
    )
