"""Jobs: by id, in pages, in the documented form of lists, and as cases for rehearsals."""

from typing import Annotated, cast

import strawberry

from ...models.json import is_object
from ...resolvers.jobs import listing
from ...resolvers.jobs import start as jobs
from ...resolvers.simulate import recording
from ..auth.authorization import requires
from ..context import COUNT_COST, RequestInfo
from ..execution.selection import selected_fields
from ..fields import DocumentedList, as_documented_list
from ..paging import CURSOR, PATHS, After, Before, DocumentedQuery, First, Last, Page, window_of
from ..scalars import JSON
from .filters import JobFilter, JobOrder, job_conditions, job_order
from .types import Job, as_job


@strawberry.type(description="A job in a list.")
class JobEdge:
    cursor: str = strawberry.field(description=CURSOR)
    node: Job = strawberry.field(description="The job.")


@strawberry.type(description="A page of a list of jobs.")
class JobConnection(Page):
    @strawberry.field(description="The jobs of the page, with their cursors.")
    def edges(self) -> list[JobEdge]:
        return [JobEdge(cursor=cursor, node=cast(Job, node)) for cursor, node in self.entries]

    @strawberry.field(description="The jobs of the page.")
    def nodes(self) -> list[Job]:
        return cast(list[Job], self.found.documents)


@strawberry.type
class JobQueries:
    @strawberry.field(
        extensions=requires("getJob"),
        description="A job by id. An unknown id is null, with an error of code JOB_NOT_FOUND.",
    )
    async def job(
        self, info: RequestInfo, id: Annotated[strawberry.ID, strawberry.argument(description="24 hex digits.")]
    ) -> Job | None:
        return as_job(await jobs.find(info.context["services"], info.context["caller"], id, selected_fields(info, Job)))

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
        found = await listing.page(
            info.context["services"],
            info.context["caller"],
            job_conditions(filter),
            order,
            window,
            selected_fields(info, Job, *PATHS),
        )
        return JobConnection(found=found)

    @strawberry.field(
        extensions=requires("getJobs"),
        description="Jobs as in GET /operations-manager/jobs, without variables.",
    )
    async def documented_jobs(self, info: RequestInfo, query: DocumentedQuery) -> DocumentedList:
        info.context["loaders"].spend(COUNT_COST)
        found = await listing.documented(
            info.context["services"], info.context["caller"], query if is_object(query) else {}
        )
        return as_documented_list(found)

    @strawberry.field(
        extensions=requires("getJob"),
        description="A case for `jobyard rehearse`, made from a job that is complete or in error: the "
        "workflow, the start, the answers of providers and people, and the outcome. Secrets are masked.",
    )
    async def recorded_case(
        self,
        info: RequestInfo,
        job_id: Annotated[strawberry.ID, strawberry.argument(description="The job, 24 hex digits.")],
    ) -> JSON:
        return await recording.record(info.context["services"], info.context["caller"], job_id)
