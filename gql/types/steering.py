"""What came of steering jobs."""

from typing import cast

import strawberry

from ...resolvers import bulk, steering
from .enums import JobStatus
from .job import Job


@strawberry.type(description="What came of something that was asked of several jobs, for one of them.")
class JobResult:
    id: strawberry.ID = strawberry.field(description="The job.")
    done: bool = strawberry.field(description="Whether it was done.")
    code: str | None = strawberry.field(
        description="What stood against it, or against showing the job: a code as of an error."
    )
    message: str | None = strawberry.field(description="The same as a sentence.")
    job: Job | None = strawberry.field(
        description="The job after that; null where it was not done, is deleted, or is too large for the answer."
    )
    status: JobStatus | None = strawberry.field(description="What the job does then.")
    deleted: "Deletion | None" = strawberry.field(description="What is gone with a deleted job.")


@strawberry.type(description="What is gone with a deleted job, in documents.")
class Deletion:
    jobs: int = strawberry.field(description="The job and its child jobs.")
    tasks: int = strawberry.field(description="Iterations of tasks.")
    events: int = strawberry.field(description="Events.")
    values: int = strawberry.field(description="Values beside their jobs.")
    large_values: int = strawberry.field(description="Values in GridFS.")


@strawberry.type(description="What a repair does to a job.")
class Repaired:
    job: Job = strawberry.field(description="The job after that; of a dry run, as it is.")
    reset: list[strawberry.ID] = strawberry.field(description="The tasks that are open again.")
    runs_again: list[strawberry.ID] = strawberry.field(description="Those of them that ran before.")
    skipped: list[strawberry.ID] = strawberry.field(description="The open tasks that will not run any more.")


def as_job_results(results: list[bulk.Result]) -> list[JobResult]:
    return [_as_job_result(result) for result in results]


def _as_job_result(result: bulk.Result) -> JobResult:
    problem, job = result.problem, result.job
    return JobResult(
        id=strawberry.ID(result.job_id),
        done=result.done,
        code=None if problem is None else problem.code,
        message=None if problem is None else problem.message,
        job=cast(Job | None, job),
        status=None if result.status is None else JobStatus(result.status),
        deleted=None if result.deleted is None else Deletion(**vars(result.deleted)),
    )


def as_repaired(repaired: steering.Repaired) -> Repaired:
    return Repaired(
        job=cast(Job, repaired.job),
        reset=[strawberry.ID(id) for id in repaired.reset],
        runs_again=[strawberry.ID(id) for id in repaired.again],
        skipped=[strawberry.ID(id) for id in repaired.skipped],
    )
