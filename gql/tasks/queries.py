"""Iterations of tasks: by id, in pages and in the documented form of lists; and the catalogue of built-in tasks."""

from typing import Annotated, cast

import strawberry

from ...models.json import is_object
from ...resolvers.builtin_tasks import registry
from ...resolvers.search import lists, tasks
from ...resolvers.search.collections import WAITING
from ...resolvers.tasks import work
from ..auth.authorization import requires
from ..context import COUNT_COST, RequestInfo
from ..execution.selection import selected_fields
from ..fields import DocumentedList, as_documented_list
from ..jobs.filters import Direction, TaskFilter, task_conditions, task_order
from ..jobs.inputs import CatalogueTaskInput, check_count
from ..node import short_task_id
from ..paging import CURSOR, PATHS, After, Before, DocumentedQuery, First, Last, Page, window_of
from .iterations import Iteration, as_iteration
from .types import CatalogueTask, as_catalogue_task

MOST_CATALOGUED = 500


@strawberry.type(description="An iteration of a task in a list.")
class IterationEdge:
    cursor: str = strawberry.field(description=CURSOR)
    node: Iteration = strawberry.field(description="The iteration.")


@strawberry.type(description="A page of a list of iterations of tasks.")
class IterationConnection(Page):
    @strawberry.field(description="The iterations of the page, with their cursors.")
    def edges(self) -> list[IterationEdge]:
        return [IterationEdge(cursor=cursor, node=cast(Iteration, node)) for cursor, node in self.entries]

    @strawberry.field(description="The iterations of the page.")
    def nodes(self) -> list[Iteration]:
        return cast(list[Iteration], self.found.documents)


@strawberry.type
class TaskQueries:
    @strawberry.field(
        extensions=requires("getTask"),
        description="An iteration of a task by id. An unknown id is null, with an error of code TASK_NOT_FOUND.",
    )
    async def task(
        self,
        info: RequestInfo,
        id: Annotated[strawberry.ID, strawberry.argument(description="The uuid of the iteration.")],
    ) -> Iteration | None:
        return as_iteration(await work.find(info.context["services"], info.context["caller"], id))

    @strawberry.field(
        extensions=requires("getManualTaskController"),
        description="The latest iteration of a task of a job, with everything that a person needs to work the "
        "task. Null with an error of code JOB_NOT_FOUND or TASK_NOT_FOUND; TASK_NOT_WAITING for a task that "
        "the job has not reached.",
    )
    async def latest_iteration(
        self,
        info: RequestInfo,
        job_id: Annotated[strawberry.ID, strawberry.argument(description="The job, 24 hex digits.")],
        task_id: Annotated[strawberry.ID, strawberry.argument(description="A task of the job, by `id` or `taskId`.")],
    ) -> Iteration | None:
        task = short_task_id(task_id, job_id)
        return as_iteration(await work.latest(info.context["services"], info.context["caller"], job_id, task))

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
            selected_fields(info, Iteration, *PATHS),
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
            selected_fields(info, Iteration, *PATHS),
        )
        return IterationConnection(found=found)

    @strawberry.field(
        extensions=requires("getTasks"),
        description="Iterations as in GET /operations-manager/tasks, without variables.",
    )
    async def documented_tasks(self, info: RequestInfo, query: DocumentedQuery) -> DocumentedList:
        info.context["loaders"].spend(COUNT_COST)
        found = await lists.tasks(info.context["services"], info.context["caller"], query if is_object(query) else {})
        return as_documented_list(found)

    @strawberry.field(
        extensions=requires("getTasksList"),
        description="The built-in tasks of this server, ordered by application and name, at most 500; the page "
        "/help/tasks shows the same tasks. Tasks of adapters and of other applications are not in the "
        "catalogue.",
    )
    def task_catalogue(
        self,
        app: Annotated[str | None, strawberry.argument(description="Only tasks of this application.")] = None,
        name: Annotated[str | None, strawberry.argument(description="Only tasks of this name.")] = None,
    ) -> list[CatalogueTask]:
        return [as_catalogue_task(task) for task in registry.tasks(app, name)]

    @strawberry.field(
        extensions=requires("getMultipleTaskDetails"),
        description="Built-in tasks of the given applications and names, in the given order; null for an "
        f"unknown task. At most {MOST_CATALOGUED}.",
    )
    def catalogue_tasks(
        self,
        tasks: Annotated[
            list[CatalogueTaskInput], strawberry.argument(description="The applications and names of the tasks.")
        ],
    ) -> list[CatalogueTask | None]:
        names = [(task.app, task.name) for task in check_count(tasks, MOST_CATALOGUED, "tasks")]
        return [as_catalogue_task(task) if task else None for task in registry.named(names)]
