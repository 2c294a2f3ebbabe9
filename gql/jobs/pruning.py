"""Removal of ended jobs by an operator."""

from typing import Annotated, cast

import strawberry

from ...models.documents.moments import iso
from ...models.engine.lifecycle import FINAL
from ...resolvers.retention import prune
from ..auth.authorization import requires
from ..context import RequestInfo
from ..enums import JobStatus
from ..scalars import DateTime
from .results import Deletion, as_deletion


@strawberry.type(description="The removed families of one status: root jobs with all jobs below them.")
class PrunedStatus:
    status: JobStatus = strawberry.field(description="The status of the root jobs.")
    families: int = strawberry.field(description="The number of root jobs.")
    oldest: DateTime = strawberry.field(description="The end of the root job that ended first.")
    newest: DateTime = strawberry.field(description="The end of the root job that ended last.")


@strawberry.type(description="The result of a removal of ended jobs.")
class PrunedJobs:
    by_status: list[PrunedStatus] = strawberry.field(
        description="The removed families by status; of a dry run, the families that would go."
    )
    deleted: Deletion = strawberry.field(description="The numbers of deleted documents; all 0 after a dry run.")
    skipped: int = strawberry.field(
        description="The number of families that stay, because a job of the family is not over, still being "
        "written, or of a newer server."
    )
    after: str | None = strawberry.field(
        description="The argument `after` of the next request; null where nothing is left to remove."
    )


def as_pruned(pruned: prune.Pruned) -> PrunedJobs:
    by_status = [
        PrunedStatus(
            status=JobStatus(status),
            families=count.families,
            oldest=cast(DateTime, iso(count.oldest or 0)),
            newest=cast(DateTime, iso(count.newest or 0)),
        )
        for status, count in pruned.by_status.items()
    ]
    return PrunedJobs(
        by_status=by_status, deleted=as_deletion(pruned.deleted), skipped=pruned.skipped, after=pruned.after
    )


@strawberry.type
class PruneMutations:
    @strawberry.mutation(
        extensions=requires("pruneJobs"),
        description="Removes families of jobs of this server that are over, the oldest end first, with all "
        "tasks, events, values and idempotency keys. All jobs count, whatever groups restrict them. Without "
        "`olderThan` and `keepNewest`, the retention of the server's settings says what goes. A request takes a few "
        "seconds at most: clients repeat the mutation with `after` until `after` is null.",
    )
    async def prune_jobs(
        self,
        info: RequestInfo,
        statuses: Annotated[
            list[JobStatus] | None,
            strawberry.argument(description="The statuses of root jobs: COMPLETE, CANCELED or, by default, both."),
        ] = None,
        older_than: Annotated[
            str | None,
            strawberry.argument(
                description="Only jobs that ended so long ago: a number and s, m, h or d, such as `30d`."
            ),
        ] = None,
        keep_newest: Annotated[
            int | None,
            strawberry.argument(
                description=f"The number of root jobs of each status that stay: those that ended last; 1 to "
                f"{prune.MOST_FAMILIES}."
            ),
        ] = None,
        most: Annotated[
            int,
            strawberry.argument(description=f"The largest number of families, 1 to {prune.MOST_AT_ONCE}."),
        ] = 100,
        after: Annotated[str | None, strawberry.argument(description="`after` of the last answer.")] = None,
        dry_run: Annotated[
            bool, strawberry.argument(description="Whether to count the families without removing them.")
        ] = False,
    ) -> PrunedJobs | None:
        chosen = FINAL if statuses is None else list(dict.fromkeys(str(status.value) for status in statuses))
        request = prune.PruneRequest(chosen, older_than, keep_newest, most, after, dry_run)
        return as_pruned(await prune.prune(info.context["services"], request))
