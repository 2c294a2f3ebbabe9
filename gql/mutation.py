"""What one may ask to be done."""

from typing import Annotated

import strawberry

from ..resolvers import jobs, tasks, workflows
from ..resolvers.tasks import Answer
from .context import Asked
from .inputs import Button, StartJobOptions
from .requests import job_request, variables_of, within
from .types import JSON, ImportReport, Iteration, Job, as_import_report, as_iteration, as_job

MOST_DOCUMENTS = 1000

IterationId = Annotated[strawberry.ID, strawberry.argument(description="The uuid of the task's iteration.")]


@strawberry.type(description="What one may ask to be done.")
class Mutation:
    @strawberry.mutation(
        description="Start a job from a workflow. It answers once the job is durable; the job then runs by itself."
    )
    async def start_job(
        self,
        info: Asked,
        workflow: Annotated[str, strawberry.argument(description="The exact name of the workflow.")],
        options: Annotated[StartJobOptions, strawberry.argument(description="How to start it; `{}` will do.")],
        idempotency_key: Annotated[
            str | None,
            strawberry.argument(description="1 to 256 characters. The same key again answers the first job."),
        ] = None,
    ) -> Job:
        request = job_request(info.context["user"], workflow, options, idempotency_key)
        return as_job(await jobs.start(info.context["yard"], request))

    @strawberry.mutation(
        description="Import workflows, transformations, templates and forms, replacing those of the same name or id. A "
        "document may be bare, an API body, a pre-built artifact.json, a project export or a list. What cannot be "
        f"imported is reported and stops nothing. At most {MOST_DOCUMENTS} documents."
    )
    async def import_workflows(
        self,
        info: Asked,
        documents: Annotated[list[JSON], strawberry.argument(description="The documents or their containers.")],
    ) -> ImportReport:
        wanted = within(documents, MOST_DOCUMENTS)
        return as_import_report(await workflows.import_documents(wanted, info.context["yard"].providers.offers))

    @strawberry.mutation(description="Claim a task that waits for a person: nobody else may work it then.")
    async def claim_task(self, info: Asked, id: IterationId) -> Iteration:
        return as_iteration(await tasks.claim(info.context["yard"], id, info.context["user"]))

    @strawberry.mutation(description="Release a task that I claimed: anybody may work it again.")
    async def release_task(self, info: Asked, id: IterationId) -> Iteration:
        return as_iteration(await tasks.release(info.context["yard"], id, info.context["user"]))

    @strawberry.mutation(description="Assign a task that waits for a person to somebody, whoever claimed it before.")
    async def assign_task(
        self,
        info: Asked,
        id: IterationId,
        user_id: Annotated[strawberry.ID, strawberry.argument(description="Who is to work it.")],
    ) -> Iteration:
        return as_iteration(await tasks.assign(info.context["yard"], id, user_id))

    @strawberry.mutation(
        description="Finish a task that waits for a person. It answers the job as it goes on from there. A task that "
        "nobody claimed is claimed by the same act; of several answers the first counts."
    )
    async def finish_task(
        self,
        info: Asked,
        job_id: Annotated[strawberry.ID, strawberry.argument(description="The job, 24 hex digits.")],
        task_id: Annotated[strawberry.ID, strawberry.argument(description="The id of the task in the job.")],
        finish_state: Annotated[Button, strawberry.argument(description="Which of its transitions is taken.")],
        variables: Annotated[
            JSON | None,
            strawberry.argument(description="An object: the task's outputs. Of a form: `{export: ...}`, its data."),
        ] = None,
    ) -> Job:
        answer = Answer("failure" if finish_state is Button.FAILURE else "success", variables_of(variables))
        return as_job(await tasks.finish(info.context["yard"], job_id, task_id, answer, info.context["user"]))
