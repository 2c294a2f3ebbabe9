"""Claiming, releasing, assigning and finishing tasks that wait for a person."""

from typing import Annotated

import strawberry

from ...resolvers.tasks import work as tasks
from ...resolvers.tasks.work import Answer
from ..auth.authorization import requires
from ..context import RequestInfo
from ..jobs.inputs import Button, variables_of
from ..jobs.types import Job, as_job
from ..node import short_task_id
from ..scalars import JSON
from .iterations import Iteration, as_iteration

IterationId = Annotated[strawberry.ID, strawberry.argument(description="The uuid of the task's iteration.")]


@strawberry.type
class TaskMutations:
    @strawberry.mutation(
        extensions=requires("claimTask"),
        description="Claims a task that waits for a person; afterwards only the caller may work the task.",
    )
    async def claim_task(self, info: RequestInfo, id: IterationId) -> Iteration | None:
        return as_iteration(await tasks.claim(info.context["services"], info.context["caller"], id))

    @strawberry.mutation(
        extensions=requires("releaseTask"),
        description="Releases a task that the caller claimed; afterwards other people may work the task.",
    )
    async def release_task(self, info: RequestInfo, id: IterationId) -> Iteration | None:
        return as_iteration(await tasks.release(info.context["services"], info.context["caller"], id))

    @strawberry.mutation(
        extensions=requires("assignTask"),
        description="Assigns a task that waits for a person to an account that may work the task, even if "
        "another account claimed the task.",
    )
    async def assign_task(
        self,
        info: RequestInfo,
        id: IterationId,
        user_id: Annotated[strawberry.ID, strawberry.argument(description="The id of the account.")],
    ) -> Iteration | None:
        return as_iteration(await tasks.assign(info.context["services"], info.context["caller"], id, user_id))

    @strawberry.mutation(
        extensions=requires("finishManualTask"),
        description="Finishes a task that waits for a person, and returns the job after the finish. The "
        "mutation also claims an unclaimed task. Of several answers the first counts.",
    )
    async def finish_task(
        self,
        info: RequestInfo,
        job_id: Annotated[strawberry.ID, strawberry.argument(description="The job, 24 hex digits.")],
        task_id: Annotated[strawberry.ID, strawberry.argument(description="A task of the job, by `id` or `taskId`.")],
        finish_state: Annotated[
            Button, strawberry.argument(description="The outcome of the task, which decides the transitions to follow.")
        ],
        variables: Annotated[
            JSON | None,
            strawberry.argument(
                description="The outputs of the task, an object; for a form `{export: ...}` with the data of the form."
            ),
        ] = None,
    ) -> Job | None:
        answer = Answer("failure" if finish_state is Button.FAILURE else "success", variables_of(variables))
        return as_job(
            await tasks.finish(
                info.context["services"], info.context["caller"], job_id, short_task_id(task_id, job_id), answer
            )
        )
