"""The paginated lists of Query."""

from typing import Annotated, TypeAlias

import strawberry

from ..models.json import is_object
from ..resolvers.search import conditions, jobs, lists, tasks
from ..resolvers.search.collections import WAITING
from ..resolvers.search.paging import Window, position_of
from ..resolvers.search.planner import Order
from .auth.permissions import requires
from .connection import IterationConnection, JobConnection
from .context import COUNT_COST, MIN_LIST_COST, RequestInfo
from .execution.selection import selected_fields
from .fields import DocumentedList, as_documented_list
from .jobs.filters import (
    Direction,
    JobFilter,
    JobOrder,
    TaskFilter,
    job_conditions,
    job_order,
    task_conditions,
    task_order,
)
from .jobs.types import Job
from .scalars import JSON
from .tasks.iterations import Iteration

First: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="The number of entries from the beginning, or after `after`: 0 to 1000; default 25."
    ),
]
After: TypeAlias = Annotated[str | None, strawberry.argument(description="The cursor of the entry before the page.")]
Last: TypeAlias = Annotated[
    int | None, strawberry.argument(description="The number of entries at the end, or before `before`: 0 to 1000.")
]
Before: TypeAlias = Annotated[str | None, strawberry.argument(description="The cursor of the entry after the page.")]
DocumentedQuery: TypeAlias = Annotated[
    JSON,
    strawberry.argument(
        description="The query parameters of the documented route, as an object: `{equals: {name: ...}, limit: ...}`."
    ),
]

_PATHS = (("nodes",), ("edges", "node"))


@strawberry.type
class Lists:
    """The paginated lists among the fields of Query."""

    @strawberry.field(
        extensions=requires("getJobs"),
        description="The jobs that match a filter; without `orderBy`, the latest start first.",
    )
    async def jobs(
        self,
        info: RequestInfo,
        filter: Annotated[
            JobFilter | None, strawberry.argument(description="The jobs to find; without a filter, all jobs.")
        ] = None,
        order_by: Annotated[JobOrder | None, strawberry.argument(description="The order of the jobs.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> JobConnection:
        order = job_order(order_by, filter)
        window = window_of(info, order, first, after, last, before)
        found = await jobs.page(
            info.context["services"],
            info.context["caller"],
            job_conditions(filter),
            order,
            window,
            selected_fields(info, Job, *_PATHS),
        )
        return JobConnection(found=found)

    @strawberry.field(
        extensions=requires("getTasks"),
        description="The iterations of tasks that match a filter, ordered by start time.",
    )
    async def tasks(
        self,
        info: RequestInfo,
        filter: Annotated[
            TaskFilter | None,
            strawberry.argument(description="The iterations to find; without a filter, all iterations."),
        ] = None,
        direction: Annotated[
            Direction, strawberry.argument(description="The start time that comes first: the latest or the oldest.")
        ] = Direction.DESC,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> IterationConnection:
        order = task_order(direction)
        window = window_of(info, order, first, after, last, before)
        found = await tasks.page(
            info.context["services"],
            info.context["caller"],
            task_conditions(filter),
            order,
            window,
            selected_fields(info, Iteration, *_PATHS),
        )
        return IterationConnection(found=found)

    @strawberry.field(
        extensions=requires("getTasks"),
        description="The tasks that wait for a person and that the caller may work: unclaimed tasks, and tasks "
        "that the caller claimed. The task that waits longest comes first.",
    )
    async def my_tasks(
        self, info: RequestInfo, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> IterationConnection:
        window = window_of(info, WAITING, first, after, last, before)
        conditions = tasks.waiting_for(info.context["caller"].account_id)
        found = await tasks.page(
            info.context["services"],
            info.context["caller"],
            conditions,
            WAITING,
            window,
            selected_fields(info, Iteration, *_PATHS),
        )
        return IterationConnection(found=found)

    @strawberry.field(
        extensions=requires("getJobs"),
        description="Jobs as in GET /operations-manager/jobs, without variables.",
    )
    async def documented_jobs(self, info: RequestInfo, query: DocumentedQuery) -> DocumentedList:
        info.context["loaders"].spend(COUNT_COST)
        found = await lists.jobs(info.context["services"], info.context["caller"], query if is_object(query) else {})
        return as_documented_list(found)

    @strawberry.field(
        extensions=requires("getTasks"),
        description="Iterations as in GET /operations-manager/tasks, without variables.",
    )
    async def documented_tasks(self, info: RequestInfo, query: DocumentedQuery) -> DocumentedList:
        info.context["loaders"].spend(COUNT_COST)
        found = await lists.tasks(info.context["services"], info.context["caller"], query if is_object(query) else {})
        return as_documented_list(found)


def window_of(
    info: RequestInfo, order: Order, first: int | None, after: str | None, last: int | None, before: str | None
) -> Window:
    """`first` counts from the beginning of the entries between `after` and `before`, `last` from the end.

    Without either, `before` alone pages backwards.
    """
    if first is not None and last is not None:
        raise conditions.invalid("not", "/last", f"must not stand beside `first`: {first} and {last} were given")
    backwards = last is not None or (first is None and after is None and before is not None)
    size = conditions.size(last, "/last") if backwards else conditions.size(first, "/first")
    info.context["loaders"].spend(max(size, MIN_LIST_COST))
    begin = None if after is None else position_of(after, order, "after")
    end = None if before is None else position_of(before, order, "before")
    return Window(size, end, "start", begin) if backwards else Window(size, begin, "end", end)
