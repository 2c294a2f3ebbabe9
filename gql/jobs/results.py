"""What commands answer: the results of a bulk command, the numbers of a deletion, and the effects of a repair."""

import strawberry

from ...resolvers.jobs import bulk, control
from ...resolvers.store.removal import Deleted
from ..enums import JobStatus
from .types import Job, as_job


@strawberry.type(description="The result of a bulk command for one of the jobs.")
class JobResult:
    id: strawberry.ID = strawberry.field(description="The id of the job.")
    done: bool = strawberry.field(description="Whether the command was executed.")
    code: str | None = strawberry.field(
        description="The error code of a refused command, or of a job that the answer cannot include."
    )
    message: str | None = strawberry.field(description="The error as a sentence.")
    job: Job | None = strawberry.field(
        description="The job after the command; null where the command was refused, or the job is deleted or "
        "too large for the answer."
    )
    status: JobStatus | None = strawberry.field(description="The status of the job after the command.")
    deleted: "Deletion | None" = strawberry.field(description="The numbers of documents deleted with the job.")


@strawberry.type(description="The numbers of documents that were deleted with a job.")
class Deletion:
    jobs: int = strawberry.field(description="The number of jobs: the job and all child jobs.")
    tasks: int = strawberry.field(description="The number of iterations of tasks.")
    events: int = strawberry.field(description="The number of events.")
    values: int = strawberry.field(description="The number of large values in the collection `job_data`.")
    large_values: int = strawberry.field(description="The number of large values in GridFS.")


@strawberry.type(description="The effects of a repair on a job.")
class Repaired:
    job: Job = strawberry.field(description="The job after the repair; of a dry run, the unchanged job.")
    reset: list[strawberry.ID] = strawberry.field(description="The ids of the tasks that are open again.")
    runs_again: list[strawberry.ID] = strawberry.field(description="The ids of the reopened tasks that ran before.")
    skipped: list[strawberry.ID] = strawberry.field(description="The ids of the open tasks that will no longer run.")


def as_job_results(results: list[bulk.Result]) -> list[JobResult]:
    return [_as_job_result(result) for result in results]


def _as_job_result(result: bulk.Result) -> JobResult:
    problem, job = result.problem, result.job
    return JobResult(
        id=strawberry.ID(result.job_id),
        done=result.done,
        code=None if problem is None else problem.code,
        message=None if problem is None else problem.message,
        job=None if job is None else as_job(job),
        status=None if result.status is None else JobStatus(result.status),
        deleted=None if result.deleted is None else as_deletion(result.deleted),
    )


def as_deletion(deleted: Deleted) -> Deletion:
    return Deletion(**vars(deleted))


def as_repaired(repaired: control.RepairResult) -> Repaired:
    return Repaired(
        job=as_job(repaired.job),
        reset=[strawberry.ID(id) for id in repaired.reset],
        runs_again=[strawberry.ID(id) for id in repaired.again],
        skipped=[strawberry.ID(id) for id in repaired.skipped],
    )
