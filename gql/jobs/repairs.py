"""Repairing a job, and changing its watchers and groups."""

from typing import Annotated

import strawberry

from ...resolvers.jobs import control, members
from ..auth.permissions import requires
from ..context import RequestInfo
from ..node import short_task_id
from ..scalars import JSON
from ..sources import as_job
from .inputs import variables_of
from .types import Job, Repaired, as_repaired

JobId = Annotated[strawberry.ID, strawberry.argument(description="The job, 24 hex digits.")]
TaskId = Annotated[strawberry.ID, strawberry.argument(description="A task of the job: its `id` or its `taskId`.")]
Changed = Annotated[JSON | None, strawberry.argument(description="An object: job variables to change before that.")]
Users = Annotated[list[strawberry.ID], strawberry.argument(description="Accounts.")]
Groups = Annotated[list[strawberry.ID], strawberry.argument(description="Groups, 24 hex digits each.")]


@strawberry.type
class RepairMutations:
    @strawberry.mutation(
        extensions=requires("retryTask"),
        description="Try a task again that finished with error or failure. The job keeps its progress: what ran stays, "
        "and what was given up after the task is open again.",
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
        description="Go on from a task, whatever leads to it: it and all tasks after it run, what is still open before "
        "it is skipped. A dry run changes nothing and says what would be.",
    )
    async def continue_job(
        self,
        info: RequestInfo,
        job_id: JobId,
        from_task: TaskId,
        variables: Changed = None,
        dry_run: Annotated[bool, strawberry.argument(description="Only say what would be done.")] = False,
    ) -> Repaired | None:
        services, caller, changed = info.context["services"], info.context["caller"], variables_of(variables)
        return as_repaired(
            await control.continue_job(
                services, caller, job_id, short_task_id(from_task, job_id), changed, dry_run=dry_run
            )
        )

    @strawberry.mutation(
        extensions=requires("revertJob"),
        description="Go back in a paused or errored job from a task to a complete one before it, as a revert edge "
        "would: that task and all after it run again. Job variables keep their values.",
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
        description="Revert a job under the older name of that: from the task that is in error to a complete one "
        "before it.",
    )
    async def fix_job(self, info: RequestInfo, job_id: JobId, errored_task: TaskId, revert_task: TaskId) -> Job | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_job(
            await control.fix_job(
                services, caller, job_id, short_task_id(errored_task, job_id), short_task_id(revert_task, job_id)
            )
        )

    @strawberry.mutation(extensions=requires("addWatchersToJob"), description="Let others follow a job.")
    async def add_watchers(self, info: RequestInfo, job_id: JobId, user_ids: Users) -> Job | None:
        return as_job(await members.add_watchers(info.context["services"], info.context["caller"], job_id, user_ids))

    @strawberry.mutation(
        extensions=requires("addJobGroup"),
        description="Let more groups see and work a job. The first one restricts it to its members.",
    )
    async def add_job_groups(self, info: RequestInfo, job_id: JobId, groups: Groups) -> Job | None:
        return as_job(await members.add_groups(info.context["services"], info.context["caller"], job_id, groups))

    @strawberry.mutation(
        extensions=requires("replaceJobGroups"),
        description="Let these groups alone see and work a job; an empty list: everybody may.",
    )
    async def replace_job_groups(self, info: RequestInfo, job_id: JobId, groups: Groups) -> Job | None:
        return as_job(await members.replace_groups(info.context["services"], info.context["caller"], job_id, groups))

    @strawberry.mutation(
        extensions=requires("deleteJobGroups"),
        description="Take groups, or all of them, from a job; without any, everybody may see it.",
    )
    async def delete_job_groups(
        self,
        info: RequestInfo,
        job_id: JobId,
        groups: Annotated[
            list[strawberry.ID] | None, strawberry.argument(description="Groups, 24 hex digits each; null: all.")
        ] = None,
    ) -> Job | None:
        return as_job(await members.delete_groups(info.context["services"], info.context["caller"], job_id, groups))
