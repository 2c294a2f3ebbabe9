"""The list of audit events."""

from typing import Annotated

import strawberry

from ...resolvers.audit import listing
from ..auth.authorization import requires
from ..context import RequestInfo
from ..jobs.filters import Direction
from ..paging import After, Before, First, Last, window_of
from .types import AuditConnection, AuditFilter, audit_conditions


@strawberry.type
class AuditQueries:
    @strawberry.field(
        extensions=requires("getAuditEvents"),
        description="The audit events that match a filter: acts of accounts on jobs, tasks, people, groups, roles, "
        "workflows, projects, automations and the server, and starts of servers. Refused acts have their error code "
        "as the outcome, except those that a role refused, which are in the log.",
    )
    async def audit_events(
        self,
        info: RequestInfo,
        filter: Annotated[
            AuditFilter | None, strawberry.argument(description="The audit events to find; by default all.")
        ] = None,
        direction: Annotated[
            Direction, strawberry.argument(description="The moment that comes first: the latest or the oldest.")
        ] = Direction.DESC,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> AuditConnection:
        order = listing.AT.towards(-1 if direction is Direction.DESC else 1)
        window = window_of(info, order, first, after, last, before)
        return AuditConnection(found=await listing.page(audit_conditions(filter), order, window))
