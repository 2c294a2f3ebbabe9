"""Opaque ids, and the interface Node of the objects that have an id."""

import base64
import binascii
from typing import Any, Literal, NamedTuple, cast

import strawberry

from ..models.errors import TaskNotFound
from ..models.json import Json, JsonObject


class TypedSource(dict[str, Json]):
    """A source with the name of its GraphQL type, for fields whose type is an interface."""

    type = ""


@strawberry.interface(
    description="An object with an id that is unique among the objects of all types; a client's cache may use "
    "the id as the key."
)
class Node:
    id: strawberry.ID = strawberry.field(description="The id for `node(id)`.")

    @classmethod
    def resolve_type(cls, obj: TypedSource, *_: Any) -> str:
        return obj.type

    @classmethod
    def is_type_of(cls, obj: Any, *_: Any) -> bool:
        """Sources are plain JSON objects without a class: the field's declared type holds."""
        return True


def as_node(type: str, document: JsonObject) -> Node:
    named = TypedSource(document)
    named.type = type
    return cast(Node, named)


Kind = Literal["Task", "WorkflowTask"]

LONGEST_ID = 4096  # characters; a workflow's author chooses the ids of its tasks
_KINDS: tuple[Kind, ...] = ("Task", "WorkflowTask")


class TaskReference(NamedTuple):
    """The task `task` of the job, or of the workflow, `owner`."""

    kind: Kind
    owner: str
    task: str


def encode_id(kind: Kind, owner: str, task: str) -> str:
    return base64.urlsafe_b64encode(f"{kind}:{owner}:{task}".encode()).decode().rstrip("=")


def decode_task_id(id: str) -> TaskReference | None:
    """The task that an opaque id names; None for every other id."""
    if len(id) > LONGEST_ID:
        return None
    try:
        text = base64.b64decode(id + "=" * (-len(id) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    kind, *named = text.split(":", 2)
    for known in _KINDS:
        if kind == known and len(named) == 2 and encode_id(known, *named) == id:
            return TaskReference(known, *named)
    return None


def short_task_id(task: str, job_id: str) -> str:
    """The task's short id in the job, from an opaque or a short id. TaskNotFound for an opaque id of another job."""
    named = decode_task_id(task)
    if named is None:
        return task
    if (named.kind, named.owner) != ("Task", job_id):
        raise TaskNotFound(task, job_id)
    return named.task
