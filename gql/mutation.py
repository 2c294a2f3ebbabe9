"""What one may ask to be done."""

from typing import Annotated

import strawberry

from ..resolvers import jobs, workflows
from .context import Asked
from .inputs import StartJobOptions
from .requests import job_request, within
from .types import JSON, ImportReport, Job, as_import_report, as_job

MOST_DOCUMENTS = 1000


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
        description="Import workflows and transformations, replacing those of the same name or id. A document may be "
        "bare, an API body, a pre-built artifact.json, a project export or a list. What cannot be imported is "
        f"reported and stops nothing. At most {MOST_DOCUMENTS} documents."
    )
    async def import_workflows(
        self,
        info: Asked,
        documents: Annotated[list[JSON], strawberry.argument(description="The documents or their containers.")],
    ) -> ImportReport:
        wanted = within(documents, MOST_DOCUMENTS)
        return as_import_report(await workflows.import_documents(wanted, info.context["yard"].offers))
