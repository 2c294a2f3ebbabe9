"""Inputs of mutations and subscriptions, and what the resolvers take in their place."""

from enum import Enum
from typing import TypeVar

import strawberry

from ...models.documents.new_job import JobRequest
from ...models.errors import Fault, RequestInvalid
from ...models.json import JsonObject, is_object
from ...models.visibility import Caller
from ...resolvers.jobs.follow import EventFilter
from ..enums import JobStatus, JobType
from ..scalars import JSON


@strawberry.enum(description="The button that a person presses.")
class Button(Enum):
    SUCCESS = strawberry.enum_value("success", description="The task finishes with success.")
    FAILURE = strawberry.enum_value("failure", description="The task finishes with failure.")


@strawberry.input(description="How the new job is to be started. Every field is optional, as documented.")
class StartJobOptions:
    description: str | None = strawberry.field(default=None, description="The description of the new job.")
    type: JobType | None = strawberry.field(
        default=None, description="What kind of job it is; the workflow's own kind when absent."
    )
    variables: JSON | None = strawberry.field(
        default=None,
        description="The variables of the new job: a JSON object, checked against the workflow's input schema.",
    )
    groups: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Who may see and work the job: group ids of 24 hex digits; the workflow's groups when absent.",
    )


@strawberry.input(description="A task of the catalogue.")
class CatalogueTaskInput:
    app: str = strawberry.field(description="The application that has it.")
    name: str = strawberry.field(description="The method.")


@strawberry.input(description="Whose events. All conditions hold; one that is left out or empty always does.")
class JobEventFilter:
    statuses: list[JobStatus] | None = strawberry.field(default=None, description="What the job does since the event.")
    names: list[str] | None = strawberry.field(default=None, description="The exact names of their workflows.")
    types: list[JobType] | None = strawberry.field(default=None, description="What kind of jobs.")
    roots: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The jobs at the root: such a job and all its child jobs."
    )
    users: list[strawberry.ID] | None = strawberry.field(default=None, description="Who started them.")


Entry = TypeVar("Entry")


def job_request(caller: Caller, workflow: str, options: StartJobOptions, idempotency_key: str | None) -> JobRequest:
    """The request for a job; `variables` must be an object, which the JSON scalar does not say."""
    variables: object = options.variables
    if variables is not None and not is_object(variables):
        path = "#/properties/options/properties/variables/type"
        raise RequestInvalid([Fault("type", "/options/variables", path, "must be object")])
    return JobRequest(
        workflow=workflow,
        initiator=caller.username,
        account=caller.account_id,
        description=options.description,
        type=str(options.type.value) if options.type else None,
        variables=variables,
        groups=None if options.groups is None else list(options.groups),
        idempotency_key=idempotency_key,
    )


def variables_of(variables: object) -> JsonObject:
    """The outputs of a finished task: an object, which the JSON scalar does not say; none are an empty one."""
    if variables is None:
        return {}
    if not is_object(variables):
        raise RequestInvalid([Fault("type", "/variables", "#/properties/variables/type", "must be object")])
    return variables


def wanted_events(filter: JobEventFilter | None) -> EventFilter:
    if filter is None:
        return EventFilter()
    return EventFilter(
        statuses=frozenset(str(status.value) for status in filter.statuses or ()),
        names=frozenset(filter.names or ()),
        types=frozenset(str(type.value) for type in filter.types or ()),
        roots=frozenset(filter.roots or ()),
        users=frozenset(filter.users or ()),
    )


def within(documents: list[Entry], most: int, argument: str = "documents") -> list[Entry]:
    if len(documents) > most:
        message = f"must NOT have more than {most} items; import the rest in another call"
        raise RequestInvalid([Fault("maxItems", f"/{argument}", f"#/{argument}/maxItems", message)])
    return documents
