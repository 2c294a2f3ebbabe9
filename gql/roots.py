"""The root types Query, Mutation and Subscription."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from ..resolvers.builtin_tasks import registry as builtin_tasks
from ..resolvers.jobs import follow
from ..resolvers.jobs import start as jobs
from ..resolvers.simulate import recording
from ..resolvers.tasks import work as tasks_work
from ..resolvers.workflows import checking
from ..resolvers.workflows import imports as workflows
from .accounts.mutations import AccountMutations, SessionMutations
from .accounts.queries import AccountQueries
from .accounts.service_accounts import ServiceAccountMutations
from .assets.mutations import AssetMutations
from .assets.queries import AssetQueries
from .audit.queries import AuditQueries
from .auth.permissions import requires
from .automations.mutations import AutomationMutations
from .automations.queries import AutomationQueries
from .context import RequestInfo
from .execution.selection import selected_fields
from .jobs.events import EventQueries, JobEvent, as_job_events
from .jobs.inputs import CatalogueTaskInput, JobEventFilter, check_count, event_conditions
from .jobs.mutations import JobMutations
from .jobs.pruning import PruneMutations
from .jobs.repairs import RepairMutations
from .jobs.types import Job
from .lists import Lists
from .node import short_task_id
from .nodes import NodeQueries
from .projects.mutations import ProjectMutations
from .projects.queries import ProjectQueries
from .scalars import JSON
from .server.health import HealthQueries
from .server.mutations import ServerMutations
from .server.processes import ProcessQueries
from .server.queries import ServerQueries
from .sources import as_iteration, as_job, as_workflow, as_workflow_check
from .tasks.iterations import Iteration
from .tasks.mutations import TaskMutations
from .tasks.types import CatalogueTask, as_catalogue_task
from .workflows.mutations import WorkflowMutations
from .workflows.queries import WorkflowQueries
from .workflows.types import Workflow, WorkflowCheck

MOST_WORKFLOWS = 1000
MOST_BESIDE = 1000
MOST_CATALOGUED = 500


@strawberry.type(description="Queries: read jobs, tasks, workflows, projects, accounts and the state of the server.")
class Query(
    Lists,
    WorkflowQueries,
    ProjectQueries,
    AssetQueries,
    AutomationQueries,
    EventQueries,
    HealthQueries,
    ProcessQueries,
    ServerQueries,
    AccountQueries,
    NodeQueries,
    AuditQueries,
):
    @strawberry.field(
        extensions=requires("getJob"),
        description="A job by id. An unknown id is null, with an error of code JOB_NOT_FOUND.",
    )
    async def job(
        self, info: RequestInfo, id: Annotated[strawberry.ID, strawberry.argument(description="24 hex digits.")]
    ) -> Job | None:
        return as_job(await jobs.find(info.context["services"], info.context["caller"], id, selected_fields(info, Job)))

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

    @strawberry.field(
        extensions=requires("getTask"),
        description="An iteration of a task by id. An unknown id is null, with an error of code TASK_NOT_FOUND.",
    )
    async def task(
        self,
        info: RequestInfo,
        id: Annotated[strawberry.ID, strawberry.argument(description="The uuid of the iteration.")],
    ) -> Iteration | None:
        return as_iteration(await tasks_work.find(info.context["services"], info.context["caller"], id))

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
        return as_iteration(await tasks_work.latest(info.context["services"], info.context["caller"], job_id, task))

    @strawberry.field(
        extensions=requires("getWorkflowDetailedByName"),
        description="A workflow by exact name. An unknown name is null, with an error of code WORKFLOW_NOT_FOUND.",
    )
    async def workflow(
        self,
        info: RequestInfo,
        name: Annotated[str, strawberry.argument(description="The exact name; case and spaces count.")],
    ) -> Workflow | None:
        return as_workflow(await workflows.find(name, info.context["caller"]))

    @strawberry.field(
        extensions=requires("getWorkflows"),
        description=f"The workflows ordered by name, at most {MOST_WORKFLOWS}.",
    )
    async def workflows(self, info: RequestInfo) -> list[Workflow]:
        found = await workflows.find_all(MOST_WORKFLOWS, info.context["caller"])
        return [as_workflow(workflow) for workflow in found]

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
        return [as_catalogue_task(task) for task in builtin_tasks.tasks(app, name)]

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
        return [as_catalogue_task(task) if task else None for task in builtin_tasks.named(names)]

    @strawberry.field(
        extensions=requires("validateWorkflow"),
        description="The check of a workflow: everything that this server cannot run, with the reason. The "
        "check imports nothing, and no finding blocks an import.",
    )
    async def validate_workflow(
        self,
        info: RequestInfo,
        document: Annotated[JSON, strawberry.argument(description="The workflow, bare or in a container.")],
        beside: Annotated[
            list[JSON] | None,
            strawberry.argument(description=f"Documents to import together with the workflow, at most {MOST_BESIDE}."),
        ] = None,
    ) -> WorkflowCheck:
        together = check_count(beside or [], MOST_BESIDE, "beside")
        return as_workflow_check(await checking.check(document, together, info.context["services"].providers.offers))


@strawberry.type(
    description="Mutations. The server executes the mutations of an operation one after the other. Each field "
    "is nullable: a refused mutation does not remove the results of the others."
)
class Mutation(
    SessionMutations,
    JobMutations,
    RepairMutations,
    PruneMutations,
    TaskMutations,
    WorkflowMutations,
    ProjectMutations,
    AssetMutations,
    AutomationMutations,
    AccountMutations,
    ServiceAccountMutations,
    ServerMutations,
):
    """The mutations of all features as one type; each feature declares its mutations in its own folder."""


After = Annotated[
    str | None,
    strawberry.argument(
        description="The cursor of the last event that the client read: the events after the cursor come first."
    ),
]


@strawberry.type(
    description="Subscriptions, over graphql-transport-ws, server-sent events or multipart/mixed;subscriptionSpec=1.0."
)
class Subscription:
    @strawberry.subscription(
        extensions=requires("getJob"),
        description="The events of one job: all events since the start or since `after`, then live events, "
        "each event once and in order, until the job is complete or canceled.",
    )
    async def job_changed(
        self,
        info: RequestInfo,
        id: Annotated[strawberry.ID, strawberry.argument(description="The job, 24 hex digits.")],
        after: After = None,
    ) -> AsyncGenerator[JobEvent]:
        async for event in as_job_events(
            follow.job_events(info.context["services"], info.context["caller"], id, after)
        ):
            yield event

    @strawberry.subscription(
        extensions=requires("getJobs"),
        description="The events of all jobs, from now on or since `after`, each event once and in order. A "
        "cursor of another server on the same database is valid. The server refuses a cursor that is too old "
        "with CURSOR_LOST.",
    )
    async def jobs_changed(
        self,
        info: RequestInfo,
        filter: Annotated[
            JobEventFilter | None, strawberry.argument(description="Only events that match the filter.")
        ] = None,
        after: After = None,
    ) -> AsyncGenerator[JobEvent]:
        conditions = event_conditions(filter)
        async for event in as_job_events(
            follow.all_events(info.context["services"], info.context["caller"], conditions, after)
        ):
            yield event
