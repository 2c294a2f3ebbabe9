"""Starting jobs, and commands to many jobs at once."""

from typing import Annotated

import strawberry

from ...resolvers.jobs import bulk, control
from ...resolvers.jobs import start as jobs
from ...resolvers.jobs.follow import LONGEST_WAIT, wait_ended
from ...resolvers.search.projection import Fields
from ..auth.authorization import requires
from ..context import RequestInfo
from ..execution.selection import selected_fields
from .inputs import StartJobOptions, job_request
from .results import JobResult, as_job_results
from .types import Job, as_job

MOST_JOBS = bulk.MOST_JOBS

JobIds = Annotated[list[strawberry.ID], strawberry.argument(description=f"Ids of jobs, at most {MOST_JOBS}.")]


def _selected_job_fields(info: RequestInfo) -> Fields:
    """The fields that the operation selects of each job."""
    return selected_fields(info, Job, ("job",))


@strawberry.type
class JobMutations:
    @strawberry.mutation(
        extensions=requires("startJob"),
        description="Starts a job from a workflow. Returns as soon as the job is stored durably; the job then "
        "runs asynchronously.",
    )
    async def start_job(
        self,
        info: RequestInfo,
        workflow: Annotated[str, strawberry.argument(description="The exact name of the workflow.")],
        options: Annotated[
            StartJobOptions, strawberry.argument(description="The options of the job; `{}` takes the defaults.")
        ],
        idempotency_key: Annotated[
            str | None,
            strawberry.argument(
                description="A key of 1 to 256 characters. A repeated start with the same key returns the first job."
            ),
        ] = None,
        wait_seconds: Annotated[
            float | None,
            strawberry.argument(
                description="Wait until the job is complete, canceled or in error, but at most for so many "
                "seconds, up to "
                f"{LONGEST_WAIT}, and return the job. After a request of more than 1 MiB, the wait ends when another "
                "such request comes."
            ),
        ] = None,
    ) -> Job | None:
        services, caller = info.context["services"], info.context["caller"]
        request = job_request(caller, workflow, options, idempotency_key)
        arrival = info.context["arrival"]
        job = await jobs.start(services, caller, request, arrival)
        return as_job(job if wait_seconds is None else await wait_ended(services, caller, job, wait_seconds, arrival))

    @strawberry.mutation(
        extensions=requires("cancelJobs"),
        description="Cancels running, paused and errored jobs, with all child jobs. Returns a result for each id.",
    )
    async def cancel_jobs(self, info: RequestInfo, ids: JobIds) -> list[JobResult] | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job_results(await bulk.command(services, caller, ids, control.CANCEL, _selected_job_fields(info)))

    @strawberry.mutation(
        extensions=requires("pauseJobs"),
        description="Pauses running jobs: no new task starts, and running tasks may finish. Child jobs "
        "continue. Returns a result for each id.",
    )
    async def pause_jobs(self, info: RequestInfo, ids: JobIds) -> list[JobResult] | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job_results(await bulk.command(services, caller, ids, control.PAUSE, _selected_job_fields(info)))

    @strawberry.mutation(
        extensions=requires("resumeJobs"), description="Resumes paused jobs. Returns a result for each id."
    )
    async def resume_jobs(self, info: RequestInfo, ids: JobIds) -> list[JobResult] | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job_results(await bulk.command(services, caller, ids, control.RESUME, _selected_job_fields(info)))

    @strawberry.mutation(
        extensions=requires("deleteJobs"),
        description="Deletes complete or canceled jobs without a parent, with all child jobs, tasks and "
        "values. Returns a result for each id.",
    )
    async def delete_jobs(self, info: RequestInfo, ids: JobIds) -> list[JobResult] | None:
        return as_job_results(await bulk.delete(info.context["services"], info.context["caller"], ids))

    @strawberry.mutation(
        extensions=requires("watchJobs"),
        description="Makes the caller a watcher of jobs. Returns a result for each id.",
    )
    async def watch_jobs(self, info: RequestInfo, ids: JobIds) -> list[JobResult] | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job_results(await bulk.watch(services, caller, ids, _selected_job_fields(info)))

    @strawberry.mutation(
        extensions=requires("unwatchJobs"),
        description="Removes the caller from the watchers of jobs. Returns a result for each id.",
    )
    async def unwatch_jobs(self, info: RequestInfo, ids: JobIds) -> list[JobResult] | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job_results(await bulk.unwatch(services, caller, ids, _selected_job_fields(info)))
