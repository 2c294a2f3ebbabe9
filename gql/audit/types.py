"""Audit events and their filter."""

from typing import cast

import strawberry

from ...models.documents.moments import iso
from ...models.documents.shapes.audit import AuditEventDocument
from ...resolvers.search import conditions
from ...resolvers.search.conditions import Among, Condition, Within
from ..jobs.filters import MomentRange
from ..paging import CURSOR, Page
from ..scalars import JSON, DateTime


@strawberry.type(description="An act of an account, or the start of a server.")
class AuditEvent:
    id: strawberry.ID = strawberry.field(description="The id of the audit event.")
    at: DateTime = strawberry.field(description="The moment of the act.")
    account: strawberry.ID | None = strawberry.field(description="The id of the account; null for a server.")
    username: str | None = strawberry.field(description="The name of the account at that moment, where it is known.")
    action: str = strawberry.field(description="The mutation, such as `cancelJobs`; `serve` for the start of a server.")
    kind: str = strawberry.field(
        description="The kind of the targets: account, group, role, job, task, workflow, project, template, "
        "transformation, form, automation, trigger or server."
    )
    targets: list[str] = strawberry.field(
        description="The ids of what the act changed or made, and the names of workflows; at most 200."
    )
    name: str | None = strawberry.field(description="The name of the workflow, for an act on a job.")
    task: str | None = strawberry.field(description="The task of the job that the act concerns.")
    outcome: str = strawberry.field(
        description="The outcome: `done`, the number of refused items, an error code, or `begun` where the server "
        "or its database failed before the outcome was stored."
    )
    request: str | None = strawberry.field(description="The id of the request, as in the log.")
    details: JSON | None = strawberry.field(
        description="Arguments of the mutation that are never secret; the settings of a server that starts."
    )


def as_audit_event(document: AuditEventDocument) -> AuditEvent:
    account = document["account"]
    return AuditEvent(
        id=strawberry.ID(document["_id"]),
        at=cast(DateTime, iso(round(document["at"].timestamp() * 1000))),
        account=None if account is None else strawberry.ID(account),
        username=document.get("username"),
        action=document["action"],
        kind=document["kind"],
        targets=document["targets"],
        name=document.get("name"),
        task=document.get("task"),
        outcome=document["outcome"],
        request=document.get("request"),
        details=document.get("details"),
    )


@strawberry.type(description="An audit event in a list.")
class AuditEdge:
    cursor: str = strawberry.field(description=CURSOR)
    node: AuditEvent = strawberry.field(description="The audit event.")


@strawberry.type(description="A page of a list of audit events.")
class AuditConnection(Page):
    @strawberry.field(description="The audit events of the page, with their cursors.")
    def edges(self) -> list[AuditEdge]:
        return [
            AuditEdge(cursor=cursor, node=as_audit_event(cast(AuditEventDocument, node)))
            for cursor, node in self.entries
        ]

    @strawberry.field(description="The audit events of the page.")
    def nodes(self) -> list[AuditEvent]:
        return [as_audit_event(cast(AuditEventDocument, document)) for document in self.found.documents]


@strawberry.input(description="Filters audit events. All conditions hold together.")
class AuditFilter:
    accounts: list[strawberry.ID] | None = strawberry.field(default=None, description="Acts of these accounts.")
    usernames: list[str] | None = strawberry.field(default=None, description="Acts of accounts of these names.")
    actions: list[str] | None = strawberry.field(default=None, description="Acts by these mutations, or `serve`.")
    kinds: list[str] | None = strawberry.field(default=None, description="Targets of these kinds.")
    targets: list[str] | None = strawberry.field(default=None, description="Acts on one of these targets.")
    outcomes: list[str] | None = strawberry.field(default=None, description="Acts with these outcomes.")
    at: MomentRange | None = strawberry.field(default=None, description="Acts within these moments.")


def audit_conditions(filter: AuditFilter | None) -> tuple[Condition, ...]:
    if filter is None:
        return ()
    found: list[Condition] = [
        Among(path, conditions.texts(values, f"/filter/{path}s"))
        for path, values in (
            ("account", filter.accounts),
            ("username", filter.usernames),
            ("action", filter.actions),
            ("kind", filter.kinds),
            ("outcome", filter.outcomes),
        )
        if values is not None
    ]
    if filter.targets is not None:
        found.append(Among("targets", conditions.texts(filter.targets, "/filter/targets")))
    if filter.at is not None:
        since, before = (
            None if at is None else conditions.stored_date(at, f"/filter/at/{name}")
            for name, at in (("since", filter.at.since), ("before", filter.at.before))
        )
        if since is not None or before is not None:
            found.append(Within("at", since=since, before=before))
    return tuple(found)
