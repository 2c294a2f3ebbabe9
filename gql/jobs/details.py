"""What a job has beside its own fields: waits, permissions, errors, its parent, and times."""

from enum import Enum

import strawberry

from ...models.documents.moments import milliseconds, text_of
from ..accounts.people import Group
from ..enums import JobAction
from ..fields import deprecated_for, id_or_object, list_field, value_field
from ..scalars import JSON, DateTime


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
