"""Claiming, releasing, assigning and finishing tasks that wait for a person."""

from typing import Annotated

import strawberry

from ...resolvers.tasks import work as tasks
from ...resolvers.tasks.work import Answer
from ..auth.permissions import requires
from ..context import RequestInfo
from ..jobs.inputs import Button, variables_of
from ..jobs.types import Job
from ..node import short_task_id
from ..scalars import JSON
from ..sources import as_iteration, as_job
from .iterations import Iteration

IterationId = Annotated[strawberry.ID, strawberry.argument(description="The uuid of the task's iteration.")]


@strawberry.type
class TaskMutations:
    @strawberry.mutation(
        extensions=requires("claimTask"),
        description="Claim a task that waits for a person: nobody else may work it then.",
    )
    async def claim_task(self, info: RequestInfo, id: IterationId) -> Iteration | None:
        return as_iteration(await tasks.claim(info.context["services"], info.context["caller"], id))

    @strawberry.mutation(
        extensions=requires("releaseTask"), description="Release a task that I claimed: anybody may work it again."
    )
    async def release_task(self, info: RequestInfo, id: IterationId) -> Iteration | None:
        return as_iteration(await tasks.release(info.context["services"], info.context["caller"], id))

    @strawberry.mutation(
        extensions=requires("assignTask"),
        description="Assign a task that waits for a person to somebody who may work it, whoever claimed it before.",
    )
    async def assign_task(
        self,
        info: RequestInfo,
        id: IterationId,
        user_id: Annotated[strawberry.ID, strawberry.argument(description="Who is to work it.")],
    ) -> Iteration | None:
        return as_iteration(await tasks.assign(info.context["services"], info.context["caller"], id, user_id))

    @strawberry.mutation(
        extensions=requires("finishManualTask"),
        description="Finish a task that waits for a person. It answers the job as it goes on from there. A task that "
        "nobody claimed is claimed by the same act; of several answers the first counts.",
    )
    async def finish_task(
        self,
        info: RequestInfo,
        job_id: Annotated[strawberry.ID, strawberry.argument(description="The job, 24 hex digits.")],
        task_id: Annotated[
            strawberry.ID, strawberry.argument(description="The task of the job: its `id` or its `taskId`.")
        ],
        finish_state: Annotated[Button, strawberry.argument(description="Which of its transitions is taken.")],
        variables: Annotated[
            JSON | None,
            strawberry.argument(description="An object: the task's outputs. Of a form: `{export: ...}`, its data."),
        ] = None,
    ) -> Job | None:
        answer = Answer("failure" if finish_state is Button.FAILURE else "success", variables_of(variables))
        return as_job(
            await tasks.finish(
                info.context["services"], info.context["caller"], job_id, short_task_id(task_id, job_id), answer
            )
        )
