"""Repairs of jobs, and changes of watchers and groups."""

from typing import Annotated

import strawberry

from ...resolvers.jobs import control, members
from ..auth.authorization import requires
from ..context import RequestInfo
from ..node import short_task_id
from ..scalars import JSON
from .inputs import variables_of
from .results import Repaired, as_repaired
from .types import Job, as_job

JobId = Annotated[strawberry.ID, strawberry.argument(description="The job, 24 hex digits.")]
TaskId = Annotated[strawberry.ID, strawberry.argument(description="A task of the job, by `id` or `taskId`.")]
Changed = Annotated[
    JSON | None, strawberry.argument(description="An object: job variables to change before the repair.")
]
Users = Annotated[list[strawberry.ID], strawberry.argument(description="Ids of accounts.")]
Groups = Annotated[list[strawberry.ID], strawberry.argument(description="Ids of groups, 24 hex digits each.")]


@strawberry.type
class RepairMutations:
    @strawberry.mutation(
        extensions=requires("retryTask"),
        description="Retries a task that finished with error or failure. The job keeps its progress: finished "
        "tasks stay finished, and tasks that could no longer run are open again.",
    )
    async def retry_task(
        self, info: RequestInfo, job_id: JobId, task_id: TaskId, variables: Changed = None
    ) -> Job | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job(
            await control.retry_task(services, caller, job_id, short_task_id(task_id, job_id), variables_of(variables))
        )

    @strawberry.mutation(
        extensions=requires("continueJobFrom"),
        description="Continues a job from a task: the task and all later tasks run, and open earlier tasks are "
        "skipped. A dry run changes nothing and returns the effects.",
    )
    async def continue_job(
        self,
        info: RequestInfo,
        job_id: JobId,
        from_task: TaskId,
        variables: Changed = None,
        dry_run: Annotated[
            bool, strawberry.argument(description="Whether to return the effects without a change of the job.")
        ] = False,
    ) -> Repaired | None:
        services, caller, changed = info.context["services"], info.context["caller"], variables_of(variables)
        return as_repaired(
            await control.continue_job(
                services, caller, job_id, short_task_id(from_task, job_id), changed, dry_run=dry_run
            )
        )

    @strawberry.mutation(
        extensions=requires("revertJob"),
        description="Reverts a paused or errored job from a task to an earlier complete task, like a revert "
        "transition: the earlier task and all later tasks run again. Job variables keep their values.",
    )
    async def revert_job(self, info: RequestInfo, job_id: JobId, from_task: TaskId, to_task: TaskId) -> Job | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job(
            await control.revert_job(
                services, caller, job_id, short_task_id(from_task, job_id), short_task_id(to_task, job_id)
            )
        )

    @strawberry.mutation(
        extensions=requires("fixJob"),
        description="Reverts a job from the task in error to an earlier complete task; the older name of `revertJob`.",
    )
    async def fix_job(self, info: RequestInfo, job_id: JobId, errored_task: TaskId, revert_task: TaskId) -> Job | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job(
            await control.fix_job(
                services, caller, job_id, short_task_id(errored_task, job_id), short_task_id(revert_task, job_id)
            )
        )

    @strawberry.mutation(extensions=requires("addWatchersToJob"), description="Adds accounts to the watchers of a job.")
    async def add_watchers(self, info: RequestInfo, job_id: JobId, user_ids: Users) -> Job | None:
        return as_job(await members.add_watchers(info.context["services"], info.context["caller"], job_id, user_ids))

    @strawberry.mutation(
        extensions=requires("addJobGroup"),
        description="Adds groups that may see and work a job. The first group restricts the job to the members "
        "of the group.",
    )
    async def add_job_groups(self, info: RequestInfo, job_id: JobId, groups: Groups) -> Job | None:
        return as_job(await members.add_groups(info.context["services"], info.context["caller"], job_id, groups))

    @strawberry.mutation(
        extensions=requires("replaceJobGroups"),
        description="Replaces the groups that may see and work a job; an empty list: everybody may.",
    )
    async def replace_job_groups(self, info: RequestInfo, job_id: JobId, groups: Groups) -> Job | None:
        return as_job(await members.replace_groups(info.context["services"], info.context["caller"], job_id, groups))

    @strawberry.mutation(
        extensions=requires("deleteJobGroups"),
        description="Removes some or all groups from a job; a job without groups is visible to everybody.",
    )
    async def delete_job_groups(
        self,
        info: RequestInfo,
        job_id: JobId,
        groups: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(description="Ids of groups, 24 hex digits each; null: all groups."),
        ] = None,
    ) -> Job | None:
        return as_job(await members.delete_groups(info.context["services"], info.context["caller"], job_id, groups))
