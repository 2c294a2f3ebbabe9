"""Filters and orders of jobs and tasks, and the conditions that they stand for."""

from collections.abc import Callable, Iterator
from enum import Enum

import strawberry

from ...models.json import Json
from ...resolvers.search import conditions
from ...resolvers.search.collections import END_TIME, LAST_UPDATED, NAME, START_TIME
from ...resolvers.search.conditions import AllOf, Among, AnyOf, Condition, Exists, Matching, Within
from ...resolvers.search.planner import Order
from ..enums import JobStatus, JobType, TaskStatus, TaskType
from ..fields import now_as
from ..node import task_of
from ..scalars import JSON, DateTime


@strawberry.input(description="Which names. What is given must hold together; capital and small letters are the same.")
class NameFilter:
    equals: str | None = strawberry.field(default=None, description="Exactly this one, capital letters and all.")
    in_: list[str] | None = strawberry.field(
        default=None, name="in", description="Exactly one of these, capital letters and all; at most 1000."
    )
    contains: str | None = strawberry.field(default=None, description="Those with this text in them.")
    starts_with: str | None = strawberry.field(default=None, description="Those that begin with this text.")


@strawberry.input(description="A range of time, in milliseconds since the epoch.")
class TimeRange:
    since: float | None = strawberry.field(default=None, description="From this moment on.")
    before: float | None = strawberry.field(default=None, description="Before this moment.")


@strawberry.input(description="A range of time.")
class MomentRange:
    since: DateTime | None = strawberry.field(default=None, description="From this moment on.")
    before: DateTime | None = strawberry.field(default=None, description="Before this moment.")


@strawberry.input(
    description="A variable of a job and its value. Found are the first 50 texts (of at most 1000 characters), numbers "
    "and booleans of a job's variables, those nearest to the top first; not objects and arrays as a whole."
)
class VariableFilter:
    path: str = strawberry.field(
        description="The keys that lead to it, with dots between: `device.name`. Elements of an array are under the "
        "path of the array."
    )
    equals: JSON = strawberry.field(description="A text, a number or a boolean: 1 and 1.0 are the same, 1 and `1` not.")


@strawberry.input(description="Which jobs: everything that is given must hold. One of an empty list is none.")
class JobFilter:
    ids: list[strawberry.ID] | None = strawberry.field(default=None, description="One of these; at most 1000.")
    id_starts_with: str | None = strawberry.field(
        default=None,
        description="Its id, as this server makes them, begins so: 4 to 24 of the characters 0 to 9 and a to f.",
    )
    status: list[JobStatus] | None = strawberry.field(default=None, description="One of these.")
    name: NameFilter | None = strawberry.field(default=None, description="The name of the workflow.")
    type: list[JobType] | None = strawberry.field(default=None, description="One of these.")
    groups: list[strawberry.ID] | None = strawberry.field(
        default=None, description="One of these is among the job's groups; at most 100."
    )
    starter: strawberry.ID | None = strawberry.field(default=None, description="Who started it.")
    parent: strawberry.ID | None = strawberry.field(default=None, description="The job whose task started it.")
    root: strawberry.ID | None = strawberry.field(
        default=None, description="The job above all others: it, its children and theirs."
    )
    roots_only: bool = strawberry.field(default=False, description="No task of another job started it.")
    started_at: MomentRange | None = strawberry.field(default=None, description="When it started.")
    ended_at: MomentRange | None = strawberry.field(
        default=None, description="When it completed or was canceled. Without `orderBy`, the latest end comes first."
    )
    start_time: TimeRange | None = strawberry.field(
        default=None, description="When it started.", deprecation_reason=now_as("startedAt")
    )
    end_time: TimeRange | None = strawberry.field(
        default=None, description="When it completed or was canceled.", deprecation_reason=now_as("endedAt")
    )
    tags: list[str] | None = strawberry.field(
        default=None, description="All of these are among its tags, by id or name; at most 10."
    )
    variables: list[VariableFilter] | None = strawberry.field(
        default=None, description="All of these hold; at most 10."
    )
    text: str | None = strawberry.field(
        default=None,
        description="Words, all of which are in its name or description, whole; at most 10. Of these the first 50 "
        "words are found.",
    )


@strawberry.enum(description="What jobs are ordered by.")
class JobOrderField(Enum):
    START_TIME = strawberry.enum_value(
        "START_TIME", description="When it started. Every filter is fast in this order, whatever it finds."
    )
    END_TIME = strawberry.enum_value(
        "END_TIME", description="When it completed or was canceled; jobs that were not are the least."
    )
    NAME = strawberry.enum_value(
        "NAME", description="Its name; ascending, the latest start comes first among the same names."
    )
    LAST_UPDATED = strawberry.enum_value("LAST_UPDATED", description="When it last changed.")


@strawberry.enum(description="Which end of an order comes first.")
class Direction(Enum):
    ASC = strawberry.enum_value("ASC", description="The least, the oldest.")
    DESC = strawberry.enum_value("DESC", description="The greatest, the latest.")


@strawberry.input(description="The order of jobs; among equals the id decides.")
class JobOrder:
    field: JobOrderField = strawberry.field(description="What they are ordered by.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which end comes first.")


@strawberry.input(description="Which iterations of tasks: everything that is given must hold.")
class TaskFilter:
    ids: list[strawberry.ID] | None = strawberry.field(default=None, description="One of these; at most 1000.")
    jobs: list[strawberry.ID] | None = strawberry.field(
        default=None, description="It belongs to one of these jobs; at most 1000."
    )
    task: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="It is of one of these tasks: the `id`s, or the `taskId`s in whatever job; at most 1000.",
    )
    status: list[TaskStatus] | None = strawberry.field(default=None, description="One of these.")
    type: list[TaskType] | None = strawberry.field(default=None, description="One of these.")
    name: NameFilter | None = strawberry.field(default=None, description="The method it calls.")
    app: list[str] | None = strawberry.field(
        default=None, description="The application or adapter type is one of these; at most 1000."
    )
    owner: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Who claimed it is one of these; at most 1000."
    )
    started_at: MomentRange | None = strawberry.field(default=None, description="When it started.")
    start_time: MomentRange | None = strawberry.field(
        default=None, description="When it started.", deprecation_reason="`startedAt` is the same, as of jobs."
    )


def ids_and_name(ids: list[strawberry.ID] | None, name: NameFilter | None) -> tuple[Condition, ...]:
    return (
        *([conditions.ids("_id", ids, "/filter/ids")] if ids is not None else []),
        *(_of_name(name) if name is not None else ()),
    )


def job_conditions(given: JobFilter | None) -> tuple[Condition, ...]:
    return tuple(_of_jobs(given)) if given else ()


def task_conditions(given: TaskFilter | None) -> tuple[Condition, ...]:
    return tuple(_of_tasks(given)) if given else ()


_ORDERS = {
    JobOrderField.START_TIME: START_TIME,
    JobOrderField.END_TIME: END_TIME,
    JobOrderField.NAME: NAME,
    JobOrderField.LAST_UPDATED: LAST_UPDATED,
}


def job_order(given: JobOrder | None, filter: JobFilter | None) -> Order:
    if given is None:
        return END_TIME if filter and _by_end_alone(filter) else START_TIME
    return _ORDERS[given.field].towards(-1 if given.direction is Direction.DESC else 1)


def _by_end_alone(filter: JobFilter) -> bool:
    return bool(filter.ended_at or filter.end_time) and not (filter.started_at or filter.start_time)


def task_order(direction: Direction) -> Order:
    return START_TIME.towards(-1 if direction is Direction.DESC else 1)


def _of_jobs(given: JobFilter) -> Iterator[Condition]:
    if given.ids is not None:
        yield conditions.ids("_id", given.ids, "/filter/ids")
    if given.id_starts_with is not None:
        yield conditions.id_prefix("_id", given.id_starts_with, "/filter/idStartsWith")
    if given.status is not None:
        yield Among("status", tuple(status.value for status in given.status))
    if given.name is not None:
        yield from _of_name(given.name)
    if given.type is not None:
        yield Among("type", tuple(type.value for type in given.type))
    if given.groups is not None:
        yield Among("groups", conditions.texts(given.groups, "/filter/groups", conditions.MOST_GROUPS))
    if given.starter is not None:
        yield Among("metrics.user", (conditions.text(given.starter, "/filter/starter"),))
    if given.parent is not None:
        yield conditions.ids("parent.job", [given.parent], "/filter/parent")
    if given.root is not None:
        yield conditions.ids("ancestors.0", [given.root], "/filter/root")
    if given.roots_only:
        yield Exists("parent.job", present=False)
    for path, name, moments in (
        ("metrics.start_time", "startedAt", given.started_at),
        ("metrics.end_time", "endedAt", given.ended_at),
    ):
        if moments is not None:
            yield from _moments(path, moments, f"/filter/{name}", conditions.stored_moment)
    if given.start_time is not None:
        yield from _range("metrics.start_time", given.start_time.since, given.start_time.before)
    if given.end_time is not None:
        yield from _range("metrics.end_time", given.end_time.since, given.end_time.before)
    if given.tags is not None:
        yield from conditions.tags(given.tags, "/filter/tags")
    if given.variables is not None:
        conditions.at_most(given.variables, conditions.MOST_WORDS, "/filter/variables")
        for index, one in enumerate(given.variables):
            yield conditions.variable(one.path, one.equals, f"/filter/variables/{index}")
    if given.text is not None:
        yield from conditions.words(given.text, "/filter/text")


def _of_tasks(given: TaskFilter) -> Iterator[Condition]:
    if given.ids is not None:
        yield Among("_id", conditions.texts(given.ids, "/filter/ids"))
    if given.jobs is not None:
        yield conditions.ids("job._id", given.jobs, "/filter/jobs")
    if given.task is not None:
        yield from _of_tasks_named(conditions.texts(given.task, "/filter/task"))
    if given.status is not None:
        yield Among("status", tuple(status.value for status in given.status))
    if given.type is not None:
        yield Among("type", tuple(type.value for type in given.type))
    if given.name is not None:
        yield from _of_name(given.name)
    if given.app is not None:
        yield Among("app", conditions.texts(given.app, "/filter/app"))
    if given.owner is not None:
        yield Among("metrics.owner", conditions.texts(given.owner, "/filter/owner"))
    for name, moments in (("startedAt", given.started_at), ("startTime", given.start_time)):
        if moments is not None:
            yield from _moments("metrics.start_time", moments, f"/filter/{name}", conditions.moment_text)


def _of_tasks_named(ids: tuple[str, ...]) -> Iterator[Condition]:
    """An opaque id says of which job its task is, a short one does not."""
    of_jobs: dict[str, list[str]] = {}
    short = [id for id in ids if task_of(id) is None]
    for named in map(task_of, ids):
        if named is not None and named.kind == "Task":
            of_jobs.setdefault(named.owner, []).append(named.task)
    if not short and of_jobs:
        yield conditions.ids("job._id", list(of_jobs), "/filter/task")  # an index has it
    tasks: list[Condition] = [
        AllOf((conditions.ids("job._id", [job], "/filter/task"), Among("job.task", tuple(its))))
        for job, its in of_jobs.items()
    ]
    yield AnyOf((*tasks, Among("job.task", tuple(short)))) if tasks else Among("job.task", tuple(short))


def _moments(path: str, given: MomentRange, pointer: str, stored: Callable[[Json, str], Json]) -> Iterator[Condition]:
    """`stored` makes a moment what the field holds."""
    since, before = given.since, given.before
    yield from _range(
        path,
        None if since is None else stored(since, f"{pointer}/since"),
        None if before is None else stored(before, f"{pointer}/before"),
    )


def _range(path: str, since: Json, before: Json) -> Iterator[Condition]:
    if since is not None or before is not None:
        yield Within(path, since=since, before=before)


def _of_name(given: NameFilter) -> Iterator[Condition]:
    if given.equals is not None:
        yield Among("name", (conditions.text(given.equals, "/filter/name/equals"),))
    if given.in_ is not None:
        yield Among("name", conditions.texts(given.in_, "/filter/name/in"))
    if given.contains is not None:
        yield Matching("name", "contains", conditions.text(given.contains, "/filter/name/contains"))
    if given.starts_with is not None:
        yield Matching("name", "starts", conditions.text(given.starts_with, "/filter/name/startsWith"))
