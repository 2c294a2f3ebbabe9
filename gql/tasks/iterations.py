"""One iteration of a task: its incoming values and its outcome."""

from typing import cast

import strawberry

from ...models.documents.moments import milliseconds, text_of
from ...models.json import JsonObject, object_at
from ...resolvers.search import views
from ...resolvers.tasks import work as tasks
from ..accounts.people import Group
from ..context import RequestInfo
from ..enums import FinishState, Location, TaskStatus, TaskType
from ..execution.selection import reads, reads_all, wanted
from ..fields import Dereference, Exclude, Include, documented, id_or_object, listed, now_as, source
from ..jobs.types import Job
from ..node import Node
from ..scalars import JSON, DateTime
from .types import TaskVariables


@strawberry.type(description="The job and the task that an iteration belongs to.")
class IterationJob:
    id: strawberry.ID | None = documented("_id", "The job.")
    task: strawberry.ID | None = documented(
        "task",
        "The short id of the task in it.",
        deprecated="`Iteration.taskId` says it: caches that keep objects by id have one IterationJob for all the tasks "
        "of a job.",
    )
    name: str | None = documented("name", "The name of its workflow.")
    description: str | None = documented("description", "What the job is for.")
    ancestors: list[strawberry.ID] = listed("ancestors", "The jobs above it, the root first and the job itself last.")


@strawberry.type(description="Times and people of an iteration.")
class IterationMetrics:
    start_time: DateTime | None = documented("start_time", "When it started.")
    claim_time: DateTime | None = documented("claim_time", "When somebody claimed it.")
    ended_at: DateTime | None = documented("end_time", "When it ended.", text_of)
    end_time: float | None = documented(
        "end_time", "When it ended, in milliseconds since the epoch.", milliseconds, deprecated=now_as("endedAt")
    )
    run_time: float | None = documented("run_time", "How long it took, in milliseconds.")
    finish_state: FinishState | None = documented("finish_state", "How it ended.")
    user: strawberry.ID | None = documented("user", "Who did it: Pronghorn (the engine) or a user.")
    owner: strawberry.ID | None = documented("owner", "Who claimed it; empty while nobody has.")
    server_id: str | None = documented("server_id", "The server it ran on.")
    retrying: JSON | None = documented("retrying", "The attempt it waits for, while it waits to be tried again.")


@strawberry.type(description="A form that a person fills in. An answer is finished with `{export: ...}`.")
class Form:
    schema: JSON | None = documented("schema", "The JSON Schema that `export` of an answer must fit.")
    ui_schema: JSON | None = documented("uiSchema", "How it is drawn.")
    binding_schema: JSON | None = documented("bindingSchema", "Where the choices of its fields come from.")
    validation_schema: JSON | None = documented("validationSchema", "Further rules of its fields.")
    data: JSON | None = documented("data", "The values that its fields begin with.")


def _task_id(root: JsonObject) -> strawberry.ID | None:
    return object_at(root, "job").get("task")


async def _form(root: JsonObject) -> Form | None:
    return cast(Form | None, await tasks.form(root))


@strawberry.type(description="One iteration of a task: a revert, or the next element of a loop, makes another.")
class Iteration(Node):
    id: strawberry.ID = documented("_id", "A uuid.")
    job: IterationJob | None = documented("job", "The job and the task that it belongs to.")
    task_id: strawberry.ID | None = strawberry.field(
        resolver=_task_id, description="The short id of its task in the job.", metadata=reads("job")
    )
    name: str | None = documented("name", "The method it calls.")
    app: str | None = documented("app", "The application or adapter type that has the method.")
    location: Location | None = documented("location", "Where the method lives.")
    type: TaskType | None = documented("type", "Who does it.")
    status: TaskStatus | None = documented("status", "What it is doing; a manual task that waits is running.")
    groups: list[Group] = listed("groups", "Who may see and work it; empty: whoever can see the job.", id_or_object)
    view: str | None = documented("view", "The path of the page where a person works it.")
    variables: TaskVariables | None = documented("variables", "What went in and came out, references resolved.")
    metrics: IterationMetrics | None = documented("metrics", "Times and people.")
    last_updated: DateTime | None = documented("last_updated", "When it last changed.")

    form: Form | None = strawberry.field(
        resolver=_form,
        description="The form that the task shows to a person; null where it shows none.",
        metadata=reads("app", "name", "variables"),
    )

    @strawberry.field(description="The whole job that it belongs to.", metadata=reads("job"))
    async def parent_job(self, info: RequestInfo) -> Job | None:
        job = object_at(source(self), "job").get("_id")
        if not job:
            return None
        info.context["loaders"].show(1)
        return cast(Job | None, await info.context["loaders"].jobs.load((job, wanted(info, Job))))

    @strawberry.field(
        description="The whole iteration in its documented REST form, every stored key as it is, or as much as the "
        "arguments say.",
        metadata=reads_all(),
    )
    async def documented(
        self, info: RequestInfo, include: Include = None, exclude: Exclude = None, dereference: Dereference = None
    ) -> JSON:
        (shown,) = await views.view_iterations(
            info.context["services"],
            info.context["caller"],
            [source(self)],
            views.view_of(include, exclude, dereference),
        )
        return cast(JSON, shown)
