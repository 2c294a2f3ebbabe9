"""The GraphQL type of a job."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, TypeAlias, cast

import strawberry

from ...models.documents.waits import waits_of
from ...models.json import object_at, text_at
from ...resolvers.jobs import control, follow
from ...resolvers.search import views
from ...resolvers.search.projection import Fields, fields
from ..accounts.people import Group, User
from ..context import MIN_LIST_COST, RequestInfo
from ..enums import JobStatus, JobType
from ..execution.selection import reads, reads_all, selected_fields
from ..fields import (
    Dereference,
    Exclude,
    Include,
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
from .details import Error, JobMetrics, JobPermission, Parent, ValidationError, Wait

if TYPE_CHECKING:
    from .events import JobHistory

History: TypeAlias = Annotated["JobHistory", strawberry.lazy(".events")]


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


def as_job(document: Mapping[str, object]) -> Job:
    """Strawberry reads a Job's fields from the documented JSON; the class has no instances."""
    return cast(Job, document)
