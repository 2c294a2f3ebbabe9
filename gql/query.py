"""The questions one may ask."""

from typing import Annotated, cast

import strawberry

from ..resolvers import catalogue, checking, jobs, recording, tasks, workflows
from .context import Asked
from .ids import short
from .inputs import CatalogueTaskInput
from .lists import Lists
from .needs import needs
from .queries.access import AccessQueries
from .queries.assets import AssetQueries
from .queries.automations import AutomationQueries
from .queries.events import EventQueries
from .queries.health import HealthQueries
from .queries.nodes import NodeQueries
from .queries.projects import ProjectQueries
from .queries.server import ServerQueries
from .queries.workflows import WorkflowQueries
from .requests import within
from .selection import wanted
from .types import (
    JSON,
    CatalogueTask,
    Iteration,
    Job,
    Workflow,
    WorkflowCheck,
    as_catalogue_task,
    as_iteration,
    as_job,
    as_workflow,
    as_workflow_check,
)

MOST_WORKFLOWS = 1000
MOST_BESIDE = 1000
MOST_CATALOGUED = 500


@strawberry.type(description="The questions one may ask.")
class Query(
    Lists,
    WorkflowQueries,
    ProjectQueries,
    AssetQueries,
    AutomationQueries,
    EventQueries,
    HealthQueries,
    ServerQueries,
    AccessQueries,
    NodeQueries,
):
    @strawberry.field(
        extensions=needs("getJob"),
        description="One job by its id. An unknown id is null, with an error of code JOB_NOT_FOUND.",
    )
    async def job(
        self, info: Asked, id: Annotated[strawberry.ID, strawberry.argument(description="24 hex digits.")]
    ) -> Job | None:
        return as_job(await jobs.find(info.context["yard"], info.context["caller"], id, wanted(info, Job)))

    @strawberry.field(
        extensions=needs("getJob"),
        description="A case for `jobyard rehearse` out of a job that is complete or in error: its workflow, what it "
        "was started with, what providers and people answered, how it ended. Secrets are masked.",
    )
    async def recorded_case(
        self, info: Asked, job_id: Annotated[strawberry.ID, strawberry.argument(description="The job, 24 hex digits.")]
    ) -> JSON:
        return cast(JSON, await recording.record(info.context["yard"], info.context["caller"], job_id))

    @strawberry.field(
        extensions=needs("getTask"),
        description="One iteration of a task by its id. An unknown id is null, with an error of code TASK_NOT_FOUND.",
    )
    async def task(
        self, info: Asked, id: Annotated[strawberry.ID, strawberry.argument(description="The iteration's uuid.")]
    ) -> Iteration | None:
        return as_iteration(await tasks.find(info.context["yard"], info.context["caller"], id))

    @strawberry.field(
        extensions=needs("getManualTaskController"),
        description="The latest iteration of a task of a job: what a person needs who works it. Null with an error of "
        "code JOB_NOT_FOUND or TASK_NOT_FOUND; TASK_NOT_WAITING for one that has not been reached.",
    )
    async def latest_iteration(
        self,
        info: Asked,
        job_id: Annotated[strawberry.ID, strawberry.argument(description="The job, 24 hex digits.")],
        task_id: Annotated[
            strawberry.ID, strawberry.argument(description="The task of the job: its `id` or its `taskId`.")
        ],
    ) -> Iteration | None:
        task = short(task_id, job_id)
        return as_iteration(await tasks.latest(info.context["yard"], info.context["caller"], job_id, task))

    @strawberry.field(
        extensions=needs("getWorkflowDetailedByName"),
        description="One workflow by its exact name. An unknown name is null, with an error of code "
        "WORKFLOW_NOT_FOUND.",
    )
    async def workflow(
        self, info: Asked, name: Annotated[str, strawberry.argument(description="The name, with case and spaces.")]
    ) -> Workflow | None:
        return as_workflow(await workflows.find(name, info.context["caller"]))

    @strawberry.field(
        extensions=needs("getWorkflows"),
        description=f"The workflows in the order of their names, at most {MOST_WORKFLOWS}.",
    )
    async def workflows(self, info: Asked) -> list[Workflow]:
        found = await workflows.find_all(MOST_WORKFLOWS, info.context["caller"])
        return [as_workflow(workflow) for workflow in found]

    @strawberry.field(
        extensions=needs("getTasksList"),
        description="The tasks that this server does by itself, by application and name, at most 500; the page "
        "/help/tasks shows the same. Tasks of adapters and of other applications are not among them.",
    )
    def task_catalogue(
        self,
        app: Annotated[str | None, strawberry.argument(description="Of this application only.")] = None,
        name: Annotated[str | None, strawberry.argument(description="Of this name only.")] = None,
    ) -> list[CatalogueTask]:
        return [as_catalogue_task(task) for task in catalogue.tasks(app, name)]

    @strawberry.field(
        extensions=needs("getMultipleTaskDetails"),
        description="The same of these tasks alone, in this order; null where there is no such task. "
        f"At most {MOST_CATALOGUED}.",
    )
    def catalogue_tasks(
        self,
        tasks: Annotated[
            list[CatalogueTaskInput], strawberry.argument(description="Their applications and their names.")
        ],
    ) -> list[CatalogueTask | None]:
        asked = within(tasks, MOST_CATALOGUED, "tasks")
        return [
            as_catalogue_task(task) if task else None for task in catalogue.named((one.app, one.name) for one in asked)
        ]

    @strawberry.field(
        extensions=needs("validateWorkflow"),
        description="What cannot run here in a workflow, and why. It is not imported, and no finding blocks an import.",
    )
    async def validate_workflow(
        self,
        info: Asked,
        document: Annotated[JSON, strawberry.argument(description="The workflow, bare or in a container.")],
        beside: Annotated[
            list[JSON] | None,
            strawberry.argument(description=f"What is to be imported with it, at most {MOST_BESIDE} documents."),
        ] = None,
    ) -> WorkflowCheck:
        together = within(beside or [], MOST_BESIDE, "beside")
        return as_workflow_check(await checking.check(document, together, info.context["yard"].providers.offers))
