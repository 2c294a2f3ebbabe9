"""What one may follow."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from ..resolvers import following
from .context import Asked
from .inputs import JobEventFilter
from .needs import needs
from .requests import wanted_events
from .types import JobEvent, as_job_events

After = Annotated[
    str | None,
    strawberry.argument(description="The cursor of the last event that was read: what follows it comes first."),
]


@strawberry.type(
    description="What one may follow, over graphql-transport-ws, server-sent events or "
    "multipart/mixed;subscriptionSpec=1.0."
)
class Subscription:
    @strawberry.subscription(
        extensions=needs("getJob"),
        description="What happens to one job: everything since its start, or since `after`, then live, each event once "
        "and in order, until the job is complete or canceled.",
    )
    async def job_changed(
        self,
        info: Asked,
        id: Annotated[strawberry.ID, strawberry.argument(description="The job, 24 hex digits.")],
        after: After = None,
    ) -> AsyncGenerator[JobEvent]:
        async for event in as_job_events(following.job_events(info.context["yard"], info.context["caller"], id, after)):
            yield event

    @strawberry.subscription(
        extensions=needs("getJobs"),
        description="What happens to all jobs, from now on or since `after`, each event once and in order. A cursor of "
        "another server on the same database will do. One that is too old is refused with CURSOR_LOST.",
    )
    async def jobs_changed(
        self,
        info: Asked,
        filter: Annotated[JobEventFilter | None, strawberry.argument(description="Of these jobs only.")] = None,
        after: After = None,
    ) -> AsyncGenerator[JobEvent]:
        wanted = wanted_events(filter)
        async for event in as_job_events(
            following.all_events(info.context["yard"], info.context["caller"], wanted, after)
        ):
            yield event
