"""Iterations of tasks: incoming values and outcome."""

from collections.abc import Mapping
from typing import cast

import strawberry

from ...models.documents.moments import milliseconds, text_of
from ...models.json import object_at, text_at
from ...resolvers.search import views
from ...resolvers.tasks import work as tasks
from ..accounts.people import Group
from ..context import RequestInfo
from ..enums import FinishState, Location, TaskStatus, TaskType
from ..execution.selection import reads, reads_all, selected_fields
from ..fields import Dereference, Exclude, Include, deprecated_for, id_or_object, list_field, source, value_field
from ..jobs.types import Job
from ..node import Node
from ..scalars import JSON, DateTime
from .types import TaskVariables


@strawberry.type(description="The job and the task that an iteration belongs to.")
class IterationJob:
    id: strawberry.ID | None = value_field("_id", "The id of the job.")
    task: strawberry.ID | None = value_field(
        "task",
        "The short id of the task in the job.",
        deprecated="`Iteration.taskId` has the same id: a client cache by id has one IterationJob for all "
        "tasks of a job.",
    )
    name: str | None = value_field("name", "The name of the job's workflow.")
    description: str | None = value_field("description", "The purpose of the job.")
    ancestors: list[strawberry.ID] = list_field(
        "ancestors", "The chain of parent jobs, from the root job to the job itself."
    )


@strawberry.type(description="Times, outcome and accounts of an iteration.")
class IterationMetrics:
    start_time: DateTime | None = value_field("start_time", "The start of the iteration.")
    claim_time: DateTime | None = value_field("claim_time", "The time when a person claimed the task.")
    ended_at: DateTime | None = value_field("end_time", "The end of the iteration.", text_of)
    end_time: float | None = value_field(
        "end_time",
        "The end of the iteration, in milliseconds since the epoch.",
        milliseconds,
        deprecated=deprecated_for("endedAt"),
    )
    run_time: float | None = value_field("run_time", "The duration of the iteration, in milliseconds.")
    finish_state: FinishState | None = value_field("finish_state", "The outcome of the iteration.")
    user: strawberry.ID | None = value_field("user", "The executor of the iteration: Pronghorn (the engine) or a user.")
    owner: strawberry.ID | None = value_field(
        "owner", "The account that claimed the task; empty for an unclaimed task."
    )
    server_id: str | None = value_field("server_id", "The server that ran the iteration.")
    retrying: JSON | None = value_field("retrying", "The next attempt, while the iteration waits for a retry.")


@strawberry.type(description="A form that a person fills in. `finishTask` takes the answer as `{export: ...}`.")
class Form:
    schema: JSON | None = value_field("schema", "The JSON Schema of the answer's `export`.")
    ui_schema: JSON | None = value_field("uiSchema", "The UI schema of the form (layout).")
    binding_schema: JSON | None = value_field("bindingSchema", "The sources of the choices in the form's fields.")
    validation_schema: JSON | None = value_field("validationSchema", "Further validation rules of the form's fields.")
    data: JSON | None = value_field("data", "The initial values of the form's fields.")


def _task_id(root: Mapping[str, object]) -> strawberry.ID | None:
    task = object_at(root, "job").get("task")
    return strawberry.ID(task) if isinstance(task, str) else None


async def _form(root: Mapping[str, object]) -> Form | None:
    return cast(Form | None, await tasks.form(root))


@strawberry.type(
    description="One execution of a task. A revert, or the next element of a loop, makes another iteration."
)
class Iteration(Node):
    id: strawberry.ID = value_field("_id", "The id of the iteration, a uuid.")
    job: IterationJob | None = value_field("job", "The job and the task of the iteration.")
    task_id: strawberry.ID | None = strawberry.field(
        resolver=_task_id, description="The short id of the task in the job.", metadata=reads("job")
    )
    name: str | None = value_field("name", "The method that the task calls.")
    app: str | None = value_field("app", "The application or adapter type that has the method.")
    location: Location | None = value_field("location", "The kind of the component that has the method.")
    type: TaskType | None = value_field("type", "The kind of the task: automatic, operation or manual.")
    status: TaskStatus | None = value_field("status", "The status of the iteration; a waiting manual task is running.")
    groups: list[Group] = list_field(
        "groups",
        "The groups whose members may see and work the task; empty: everybody who may see the job.",
        id_or_object,
    )
    view: str | None = value_field("view", "The path of the page where a person works the task.")
    variables: TaskVariables | None = value_field(
        "variables", "The incoming and outgoing values, with resolved references."
    )
    metrics: IterationMetrics | None = value_field("metrics", "Times, outcome and accounts of the iteration.")
    last_updated: DateTime | None = value_field("last_updated", "The time of the iteration's last change.")

    form: Form | None = strawberry.field(
        resolver=_form,
        description="The form of the task; null for a task without a form.",
        metadata=reads("app", "name", "variables"),
    )

    @strawberry.field(description="The whole job of the iteration.", metadata=reads("job"))
    async def parent_job(self, info: RequestInfo) -> Job | None:
        job = text_at(object_at(source(self), "job"), "_id")
        if not job:
            return None
        info.context["loaders"].count_nested(1)
        return cast(Job | None, await info.context["loaders"].jobs.load((job, selected_fields(info, Job))))

    @strawberry.field(
        description="The iteration in the documented REST form: every stored key, or the keys that the "
        "arguments select.",
        metadata=reads_all(),
    )
    async def documented(
        self, info: RequestInfo, include: Include = None, exclude: Exclude = None, dereference: Dereference = None
    ) -> JSON:
        (view,) = await views.view_iterations(
            info.context["services"],
            info.context["caller"],
            [source(self)],
            views.view_of(include, exclude, dereference),
        )
        return view


def as_iteration(document: Mapping[str, object]) -> Iteration:
    """Strawberry reads an Iteration's fields from the documented JSON; the class has no instances."""
    return cast(Iteration, document)
