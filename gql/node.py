"""Opaque ids, and the interface Node of what has one."""

import base64
import binascii
from typing import Any, Literal, NamedTuple, cast

import strawberry

from ..models.errors import TaskNotFound
from ..models.json import Json, JsonObject


class Named(dict[str, Json]):
    """A source that says of which type it is, where the schema does not."""

    type = ""


@strawberry.interface(
    description="What has an id that no other object has, whatever its type: caches may keep it by that."
)
class Node:
    id: strawberry.ID = strawberry.field(description="What `node(id)` finds it by.")

    @classmethod
    def resolve_type(cls, obj: Named, *_: Any) -> str:
        return obj.type

    @classmethod
    def is_type_of(cls, obj: Any, *_: Any) -> bool:
        """The sources are JSON objects, of no class: what a field answers is what it says."""
        return True


def as_node(type: str, document: JsonObject) -> Node:
    named = Named(document)
    named.type = type
    return cast(Node, named)


Kind = Literal["Task", "WorkflowTask"]

LONGEST = 4096  # characters; a workflow's author chooses the ids of its tasks
_KINDS: tuple[Kind, ...] = ("Task", "WorkflowTask")


class TaskOf(NamedTuple):
    """The task `task` of the job, or of the workflow, `owner`."""

    kind: Kind
    owner: str
    task: str


def opaque(kind: Kind, owner: str, task: str) -> str:
    return base64.urlsafe_b64encode(f"{kind}:{owner}:{task}".encode()).decode().rstrip("=")


def task_of(id: str) -> TaskOf | None:
    """What an opaque id names; None for every other id."""
    if len(id) > LONGEST:
        return None
    try:
        text = base64.b64decode(id + "=" * (-len(id) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    kind, *named = text.split(":", 2)
    for known in _KINDS:
        if kind == known and len(named) == 2 and opaque(known, *named) == id:
            return TaskOf(known, *named)
    return None


def short(task: str, job_id: str) -> str:
    """The short id that either kind of id names in this job; TaskNotFound for the id of a task that is not its."""
    named = task_of(task)
    if named is None:
        return task
    if (named.kind, named.owner) != ("Task", job_id):
        raise TaskNotFound(task, job_id)
    return named.task
