"""Filters and orders of jobs and tasks, and their translation to conditions."""

from collections.abc import Callable, Iterator
from enum import Enum

import strawberry

from ...models.json import Json
from ...resolvers.search import conditions
from ...resolvers.search.collections import END_TIME, LAST_UPDATED, NAME, START_TIME
from ...resolvers.search.conditions import AllOf, Among, AnyOf, Condition, Exists, Matching, Within
from ...resolvers.search.planner import Order
from ..enums import JobStatus, JobType, TaskStatus, TaskType
from ..fields import deprecated_for
from ..node import decode_task_id
from ..scalars import JSON, DateTime


@strawberry.input(
    description="Filters names; all given conditions must match. `contains` and `startsWith` ignore case."
)
class NameFilter:
    equals: str | None = strawberry.field(default=None, description="The exact name; case counts.")
    in_: list[str] | None = strawberry.field(
        default=None, name="in", description="Exact names, one of which must match; case counts; at most 1000."
    )
    contains: str | None = strawberry.field(default=None, description="A text that the name must contain.")
    starts_with: str | None = strawberry.field(default=None, description="A text that the name must start with.")


@strawberry.input(description="A range of time, in milliseconds since the epoch.")
class TimeRange:
    since: float | None = strawberry.field(default=None, description="The first time of the range, inclusive.")
    before: float | None = strawberry.field(default=None, description="The end of the range, exclusive.")


@strawberry.input(description="A range of time.")
class MomentRange:
    since: DateTime | None = strawberry.field(default=None, description="The first time of the range, inclusive.")
    before: DateTime | None = strawberry.field(default=None, description="The end of the range, exclusive.")


@strawberry.input(
    description="Filters jobs by the value of a variable. The search covers the first 50 texts (of at most "
    "1000 characters), numbers and booleans of a job's variables, in order of depth, but no whole objects and "
    "arrays."
)
class VariableFilter:
    path: str = strawberry.field(
        description="The path of the value, keys joined by dots: `device.name`. Elements of an array have the "
        "path of the array."
    )
    equals: JSON = strawberry.field(
        description="The value: a text, a number or a boolean. 1 and 1.0 are equal, 1 and `1` are not."
    )


@strawberry.input(description="Filters jobs; all given conditions must match. An empty list matches nothing.")
class JobFilter:
    ids: list[strawberry.ID] | None = strawberry.field(default=None, description="Ids of jobs, at most 1000.")
    id_starts_with: str | None = strawberry.field(
        default=None,
        description="The first 4 to 24 characters of the job's id: 0 to 9 and a to f.",
    )
    status: list[JobStatus] | None = strawberry.field(default=None, description="Statuses of jobs.")
    name: NameFilter | None = strawberry.field(default=None, description="The name of the job's workflow.")
    type: list[JobType] | None = strawberry.field(default=None, description="Kinds of jobs.")
    groups: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of groups, one of which must be a group of the job; at most 100."
    )
    starter: strawberry.ID | None = strawberry.field(default=None, description="The account that started the job.")
    parent: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the parent job, whose task started the job."
    )
    parent_task: strawberry.ID | None = strawberry.field(
        default=None,
        description="The short id of the task of the parent job that started the job; only with `parent`.",
    )
    root: strawberry.ID | None = strawberry.field(
        default=None, description="The id of a root job: the filter finds the root job and all jobs below."
    )
    roots_only: bool = strawberry.field(default=False, description="Whether to leave out child jobs.")
    started_at: MomentRange | None = strawberry.field(default=None, description="The start of the job.")
    ended_at: MomentRange | None = strawberry.field(
        default=None,
        description="The time when the job completed or was canceled. Without `orderBy`, the latest end comes first.",
    )
    start_time: TimeRange | None = strawberry.field(
        default=None, description="The start of the job.", deprecation_reason=deprecated_for("startedAt")
    )
    end_time: TimeRange | None = strawberry.field(
        default=None,
        description="The time when the job completed or was canceled.",
        deprecation_reason=deprecated_for("endedAt"),
    )
    tags: list[str] | None = strawberry.field(
        default=None, description="Ids or names of tags, all of which the job must have; at most 10."
    )
    variables: list[VariableFilter] | None = strawberry.field(
        default=None, description="Conditions on variables, all of which must match; at most 10."
    )
    text: str | None = strawberry.field(
        default=None,
        description="Whole words, all of which must be in the job's name or description; at most 10. The "
        "search covers the first 50 words of name and description.",
    )


@strawberry.enum(description="The sort key of a list of jobs.")
class JobOrderField(Enum):
    START_TIME = strawberry.enum_value(
        "START_TIME", description="The start of the job. Every filter is fast in this order."
    )
    END_TIME = strawberry.enum_value(
        "END_TIME", description="The time when the job completed or was canceled; other jobs sort as the oldest."
    )
    NAME = strawberry.enum_value(
        "NAME", description="The name of the job; ascending, the latest start comes first among equal names."
    )
    LAST_UPDATED = strawberry.enum_value("LAST_UPDATED", description="The time of the job's last change.")


@strawberry.enum(description="The direction of an order.")
class Direction(Enum):
    ASC = strawberry.enum_value("ASC", description="The least, or the oldest, first.")
    DESC = strawberry.enum_value("DESC", description="The greatest, or the latest, first.")


@strawberry.input(description="The order of jobs; the id decides between equal keys.")
class JobOrder:
    field: JobOrderField = strawberry.field(description="The sort key.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="The direction of the order.")


@strawberry.input(
    description="Filters iterations of tasks; all given conditions must match. An empty list matches nothing."
)
class TaskFilter:
    ids: list[strawberry.ID] | None = strawberry.field(default=None, description="Ids of iterations, at most 1000.")
    jobs: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of jobs, one of which must own the iteration; at most 1000."
    )
    task: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Tasks, one of which must own the iteration: by `id`, or by `taskId` in any job; at most 1000.",
    )
    status: list[TaskStatus] | None = strawberry.field(default=None, description="Statuses of tasks.")
    type: list[TaskType] | None = strawberry.field(default=None, description="Kinds of tasks.")
    name: NameFilter | None = strawberry.field(default=None, description="The method that the task calls.")
    app: list[str] | None = strawberry.field(
        default=None, description="Applications or adapter types, one of which must have the method; at most 1000."
    )
    owner: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of accounts, one of which must have claimed the task; at most 1000."
    )
    started_at: MomentRange | None = strawberry.field(default=None, description="The start of the iteration.")
    start_time: MomentRange | None = strawberry.field(
        default=None,
        description="The start of the iteration.",
        deprecation_reason="`startedAt` is the same, as in JobFilter.",
    )


def ids_and_name(ids: list[strawberry.ID] | None, name: NameFilter | None) -> tuple[Condition, ...]:
    return (
        *([conditions.ids("_id", ids, "/filter/ids")] if ids is not None else []),
        *(_name_conditions(name) if name is not None else ()),
    )


def job_conditions(filter: JobFilter | None) -> tuple[Condition, ...]:
    return tuple(_job_conditions(filter)) if filter else ()


def task_conditions(filter: TaskFilter | None) -> tuple[Condition, ...]:
    return tuple(_task_conditions(filter)) if filter else ()


_ORDERS = {
    JobOrderField.START_TIME: START_TIME,
    JobOrderField.END_TIME: END_TIME,
    JobOrderField.NAME: NAME,
    JobOrderField.LAST_UPDATED: LAST_UPDATED,
}


def job_order(order: JobOrder | None, filter: JobFilter | None) -> Order:
    if order is not None:
        return _ORDERS[order.field].towards(-1 if order.direction is Direction.DESC else 1)
    by_end = filter is not None and (filter.ended_at or filter.end_time)
    by_start = filter is not None and (filter.started_at or filter.start_time)
    return END_TIME if by_end and not by_start else START_TIME


def task_order(direction: Direction) -> Order:
    return START_TIME.towards(-1 if direction is Direction.DESC else 1)


def _job_conditions(filter: JobFilter) -> Iterator[Condition]:
    if filter.ids is not None:
        yield conditions.ids("_id", filter.ids, "/filter/ids")
    if filter.id_starts_with is not None:
        yield conditions.id_prefix("_id", filter.id_starts_with, "/filter/idStartsWith")
    if filter.status is not None:
        yield Among("status", tuple(status.value for status in filter.status))
    if filter.name is not None:
        yield from _name_conditions(filter.name)
    if filter.type is not None:
        yield Among("type", tuple(type.value for type in filter.type))
    if filter.groups is not None:
        yield Among("groups", conditions.texts(filter.groups, "/filter/groups", conditions.MOST_GROUPS))
    if filter.starter is not None:
        yield Among("metrics.user", (conditions.text(filter.starter, "/filter/starter"),))
    if filter.parent is not None:
        yield conditions.ids("parent.job", [filter.parent], "/filter/parent")
    if filter.parent_task is not None:
        if filter.parent is None:
            raise conditions.invalid("dependentRequired", "/filter/parentTask", "must stand beside `parent`")
        yield Among("parent.task", (conditions.text(filter.parent_task, "/filter/parentTask"),))
    if filter.root is not None:
        yield conditions.ids("ancestors.0", [filter.root], "/filter/root")
    if filter.roots_only:
        yield Exists("parent.job", present=False)
    for path, name, moments in (
        ("metrics.start_time", "startedAt", filter.started_at),
        ("metrics.end_time", "endedAt", filter.ended_at),
    ):
        if moments is not None:
            yield from _time_conditions(path, moments, f"/filter/{name}", conditions.stored_moment)
    if filter.start_time is not None:
        yield from _range("metrics.start_time", filter.start_time.since, filter.start_time.before)
    if filter.end_time is not None:
        yield from _range("metrics.end_time", filter.end_time.since, filter.end_time.before)
    if filter.tags is not None:
        yield from conditions.tags(filter.tags, "/filter/tags")
    if filter.variables is not None:
        conditions.at_most(filter.variables, conditions.MOST_WORDS, "/filter/variables")
        for index, variable in enumerate(filter.variables):
            yield conditions.variable(variable.path, variable.equals, f"/filter/variables/{index}")
    if filter.text is not None:
        yield from conditions.words(filter.text, "/filter/text")


def _task_conditions(filter: TaskFilter) -> Iterator[Condition]:
    if filter.ids is not None:
        yield Among("_id", conditions.texts(filter.ids, "/filter/ids"))
    if filter.jobs is not None:
        yield conditions.ids("job._id", filter.jobs, "/filter/jobs")
    if filter.task is not None:
        yield from _task_id_conditions(conditions.texts(filter.task, "/filter/task"))
    if filter.status is not None:
        yield Among("status", tuple(status.value for status in filter.status))
    if filter.type is not None:
        yield Among("type", tuple(type.value for type in filter.type))
    if filter.name is not None:
        yield from _name_conditions(filter.name)
    if filter.app is not None:
        yield Among("app", conditions.texts(filter.app, "/filter/app"))
    if filter.owner is not None:
        yield Among("metrics.owner", conditions.texts(filter.owner, "/filter/owner"))
    for name, moments in (("startedAt", filter.started_at), ("startTime", filter.start_time)):
        if moments is not None:
            yield from _time_conditions("metrics.start_time", moments, f"/filter/{name}", conditions.moment_text)


def _task_id_conditions(ids: tuple[str, ...]) -> Iterator[Condition]:
    """Conditions for tasks by id: an opaque id names the job and the task, a short id a task of any job."""
    tasks_by_job: dict[str, list[str]] = {}
    short = [id for id in ids if decode_task_id(id) is None]
    for reference in map(decode_task_id, ids):
        if reference is not None and reference.kind == "Task":
            tasks_by_job.setdefault(reference.owner, []).append(reference.task)
    if not short and tasks_by_job:
        yield conditions.ids("job._id", list(tasks_by_job), "/filter/task")  # uses an index
    tasks: list[Condition] = [
        AllOf((conditions.ids("job._id", [job], "/filter/task"), Among("job.task", tuple(job_tasks))))
        for job, job_tasks in tasks_by_job.items()
    ]
    yield AnyOf((*tasks, Among("job.task", tuple(short)))) if tasks else Among("job.task", tuple(short))


def _time_conditions(
    path: str, range: MomentRange, pointer: str, stored: Callable[[Json, str], Json]
) -> Iterator[Condition]:
    """`stored` converts a time to the form of the stored field."""
    since, before = range.since, range.before
    yield from _range(
        path,
        None if since is None else stored(since, f"{pointer}/since"),
        None if before is None else stored(before, f"{pointer}/before"),
    )


def _range(path: str, since: Json, before: Json) -> Iterator[Condition]:
    if since is not None or before is not None:
        yield Within(path, since=since, before=before)


def _name_conditions(filter: NameFilter) -> Iterator[Condition]:
    if filter.equals is not None:
        yield Among("name", (conditions.text(filter.equals, "/filter/name/equals"),))
    if filter.in_ is not None:
        yield Among("name", conditions.texts(filter.in_, "/filter/name/in"))
    if filter.contains is not None:
        yield Matching("name", "contains", conditions.text(filter.contains, "/filter/name/contains"))
    if filter.starts_with is not None:
        yield Matching("name", "starts", conditions.text(filter.starts_with, "/filter/name/startsWith"))
