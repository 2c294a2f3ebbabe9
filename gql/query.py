"""The questions one may ask."""

from typing import Annotated

import strawberry

from ..resolvers import jobs, tasks, workflows
from .context import Asked
from .lists import Lists
from .types import Iteration, Job, Workflow, as_iteration, as_job, as_workflow

MOST_WORKFLOWS = 1000


@strawberry.type(description="The questions one may ask.")
class Query(Lists):
    @strawberry.field(description="One job by its id. An unknown id is null, with an error of code JOB_NOT_FOUND.")
    async def job(
        self, info: Asked, id: Annotated[strawberry.ID, strawberry.argument(description="24 hex digits.")]
    ) -> Job | None:
        return as_job(await jobs.find(info.context["yard"], id))

    @strawberry.field(
        description="One iteration of a task by its id. An unknown id is null, with an error of code TASK_NOT_FOUND."
    )
    async def task(
        self, info: Asked, id: Annotated[strawberry.ID, strawberry.argument(description="The iteration's uuid.")]
    ) -> Iteration | None:
        return as_iteration(await tasks.find(info.context["yard"], id))

    @strawberry.field(
        description="One workflow by its exact name. An unknown name is null, with an error of code WORKFLOW_NOT_FOUND."
    )
    async def workflow(
        self, name: Annotated[str, strawberry.argument(description="The name, with case and spaces.")]
    ) -> Workflow | None:
        return as_workflow(await workflows.find(name))

    @strawberry.field(description=f"The workflows in the order of their names, at most {MOST_WORKFLOWS}.")
    async def workflows(self) -> list[Workflow]:
        return [as_workflow(workflow) for workflow in await workflows.find_all(MOST_WORKFLOWS)]
