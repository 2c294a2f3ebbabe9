"""What a job waits for."""

from enum import Enum

import strawberry

from .documented import documented, id_or_object, listed
from .people import Group
from .scalars import DateTime


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
