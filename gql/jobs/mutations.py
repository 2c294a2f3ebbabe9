"""Starting jobs, and commands to many jobs at once."""

from typing import Annotated

import strawberry

from ...resolvers.jobs import bulk, control
from ...resolvers.jobs import start as jobs
from ...resolvers.jobs.follow import LONGEST_WAIT, wait_ended
from ...resolvers.search.projection import Fields
from ..auth.permissions import requires
from ..context import RequestInfo
from ..execution.selection import wanted
from ..sources import as_job
from .inputs import StartJobOptions, job_request
from .types import Job, JobResult, as_job_results

MOST_JOBS = bulk.MOST_JOBS

JobIds = Annotated[list[strawberry.ID], strawberry.argument(description=f"The jobs, at most {MOST_JOBS}.")]


def _job(info: RequestInfo) -> Fields:
    """What the results are to have of each job."""
    return wanted(info, Job, ("job",))


@strawberry.type
class JobMutations:
    @strawberry.mutation(
        extensions=requires("startJob"),
        description="Start a job from a workflow. It answers once the job is durable; the job then runs by itself.",
    )
    async def start_job(
        self,
        info: RequestInfo,
        workflow: Annotated[str, strawberry.argument(description="The exact name of the workflow.")],
        options: Annotated[StartJobOptions, strawberry.argument(description="How to start it; `{}` will do.")],
        idempotency_key: Annotated[
            str | None,
            strawberry.argument(description="1 to 256 characters. The same key again answers the first job."),
        ] = None,
        wait_seconds: Annotated[
            float | None,
            strawberry.argument(
                description="Answer the job once it is complete, canceled or in error, or as it is after so many "
                f"seconds, at most {LONGEST_WAIT}. After a request of more than 1 MiB, as it is once another such "
                "one comes."
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
        description="End jobs that run, are paused or in error, with all their child jobs. A result for each id.",
    )
    async def cancel_jobs(self, info: RequestInfo, ids: JobIds) -> list[JobResult] | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job_results(await bulk.command(services, caller, ids, control.CANCEL, _job(info)))

    @strawberry.mutation(
        extensions=requires("pauseJobs"),
        description="Let nothing new start in running jobs; tasks that run may finish. Child jobs go on by themselves. "
        "A result for each id.",
    )
    async def pause_jobs(self, info: RequestInfo, ids: JobIds) -> list[JobResult] | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job_results(await bulk.command(services, caller, ids, control.PAUSE, _job(info)))

    @strawberry.mutation(extensions=requires("resumeJobs"), description="Let paused jobs go on. A result for each id.")
    async def resume_jobs(self, info: RequestInfo, ids: JobIds) -> list[JobResult] | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job_results(await bulk.command(services, caller, ids, control.RESUME, _job(info)))

    @strawberry.mutation(
        extensions=requires("deleteJobs"),
        description="Delete jobs that are complete or canceled and have no parent, with all their child jobs, tasks "
        "and values. A result for each id.",
    )
    async def delete_jobs(self, info: RequestInfo, ids: JobIds) -> list[JobResult] | None:
        return as_job_results(await bulk.delete(info.context["services"], info.context["caller"], ids))

    @strawberry.mutation(
        extensions=requires("watchJobs"), description="Follow jobs: I am one of their watchers. A result for each id."
    )
    async def watch_jobs(self, info: RequestInfo, ids: JobIds) -> list[JobResult] | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job_results(await bulk.watch(services, caller, ids, _job(info)))

    @strawberry.mutation(extensions=requires("unwatchJobs"), description="Follow jobs no more. A result for each id.")
    async def unwatch_jobs(self, info: RequestInfo, ids: JobIds) -> list[JobResult] | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job_results(await bulk.unwatch(services, caller, ids, _job(info)))
