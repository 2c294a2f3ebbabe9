"""The lists of Query, a page at a time."""

from typing import Annotated, TypeAlias

import strawberry

from ..models.json import is_object
from ..resolvers.search import conditions, jobs, lists, tasks
from ..resolvers.search.collections import WAITING
from ..resolvers.search.paging import Window, position_of
from ..resolvers.search.planner import Order
from .auth.permissions import requires
from .connection import IterationConnection, JobConnection
from .context import COUNTING, LEAST_OF_A_LIST, RequestInfo
from .execution.selection import wanted
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
    int | None, strawberry.argument(description="How many from the beginning, or after `after`: 0 to 1000; 25 else.")
]
After: TypeAlias = Annotated[str | None, strawberry.argument(description="The cursor of the entry before the page.")]
Last: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many at the end, or before `before`: 0 to 1000.")
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
    """Mixed into the questions."""

    @strawberry.field(
        extensions=requires("getJobs"),
        description="The jobs that a filter finds, the latest start first unless another order is given.",
    )
    async def jobs(
        self,
        info: RequestInfo,
        filter: Annotated[JobFilter | None, strawberry.argument(description="Which jobs; all unless given.")] = None,
        order_by: Annotated[JobOrder | None, strawberry.argument(description="Their order.")] = None,
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
            wanted(info, Job, *_PATHS),
        )
        return JobConnection(found=found)

    @strawberry.field(
        extensions=requires("getTasks"), description="The iterations of tasks that a filter finds, by their start."
    )
    async def tasks(
        self,
        info: RequestInfo,
        filter: Annotated[TaskFilter | None, strawberry.argument(description="Which; all unless given.")] = None,
        direction: Annotated[Direction, strawberry.argument(description="Which start comes first.")] = Direction.DESC,
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
            wanted(info, Iteration, *_PATHS),
        )
        return IterationConnection(found=found)

    @strawberry.field(
        extensions=requires("getTasks"),
        description="The tasks that wait for a person and that I may work: nobody claimed them, or I did. Who waits "
        "longest comes first.",
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
            wanted(info, Iteration, *_PATHS),
        )
        return IterationConnection(found=found)

    @strawberry.field(
        extensions=requires("getJobs"),
        description="Jobs as GET /operations-manager/jobs answers them: never with variables.",
    )
    async def documented_jobs(self, info: RequestInfo, query: DocumentedQuery) -> DocumentedList:
        info.context["loaders"].spend(COUNTING)
        found = await lists.jobs(info.context["services"], info.context["caller"], query if is_object(query) else {})
        return as_documented_list(found)

    @strawberry.field(
        extensions=requires("getTasks"),
        description="Iterations as GET /operations-manager/tasks answers them: never with variables.",
    )
    async def documented_tasks(self, info: RequestInfo, query: DocumentedQuery) -> DocumentedList:
        info.context["loaders"].spend(COUNTING)
        found = await lists.tasks(info.context["services"], info.context["caller"], query if is_object(query) else {})
        return as_documented_list(found)


def window_of(
    info: RequestInfo, order: Order, first: int | None, after: str | None, last: int | None, before: str | None
) -> Window:
    """`first` counts from the beginning of what lies between `after` and `before`, `last` from its end.

    Without either, `before` alone pages backwards.
    """
    if first is not None and last is not None:
        raise conditions.invalid("not", "/last", f"must not stand beside `first`: {first} and {last} were given")
    backwards = last is not None or (first is None and after is None and before is not None)
    size = conditions.size(last, "/last") if backwards else conditions.size(first, "/first")
    info.context["loaders"].spend(max(size, LEAST_OF_A_LIST))
    begin = None if after is None else position_of(after, order, "after")
    end = None if before is None else position_of(before, order, "before")
    return Window(size, end, "start", begin) if backwards else Window(size, begin, "end", end)
