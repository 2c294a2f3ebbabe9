"""Inputs of mutations and subscriptions, and their translation to arguments of resolvers."""

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


@strawberry.input(description="The options of a new job. Every field is optional.")
class StartJobOptions:
    description: str | None = strawberry.field(default=None, description="The description of the new job.")
    type: JobType | None = strawberry.field(
        default=None, description="The kind of the new job; by default the workflow's kind."
    )
    variables: JSON | None = strawberry.field(
        default=None,
        description="The variables of the new job: a JSON object, checked against the workflow's input schema.",
    )
    groups: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="The groups whose members may see and work the job: ids of 24 hex digits; by default the "
        "workflow's groups.",
    )


@strawberry.input(description="Names a built-in task of the catalogue.")
class CatalogueTaskInput:
    app: str = strawberry.field(description="The application that has the method.")
    name: str = strawberry.field(description="The method of the application.")


@strawberry.input(
    description="Filters events by their jobs; all conditions must match. An omitted or empty "
    "condition matches everything."
)
class JobEventFilter:
    statuses: list[JobStatus] | None = strawberry.field(
        default=None, description="Statuses of the job after the event."
    )
    names: list[str] | None = strawberry.field(default=None, description="Exact names of workflows.")
    types: list[JobType] | None = strawberry.field(default=None, description="Kinds of jobs.")
    roots: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Ids of root jobs: the filter matches each root job and all jobs below."
    )
    users: list[strawberry.ID] | None = strawberry.field(default=None, description="Accounts that started the jobs.")


Entry = TypeVar("Entry")


def job_request(caller: Caller, workflow: str, options: StartJobOptions, idempotency_key: str | None) -> JobRequest:
    """The request for a job. RequestInvalid where `variables` is not an object, which the JSON scalar allows."""
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
    """The outputs of a finished task, `{}` for null. RequestInvalid for anything but an object."""
    if variables is None:
        return {}
    if not is_object(variables):
        raise RequestInvalid([Fault("type", "/variables", "#/properties/variables/type", "must be object")])
    return variables


def event_conditions(filter: JobEventFilter | None) -> EventFilter:
    if filter is None:
        return EventFilter()
    return EventFilter(
        statuses=frozenset(str(status.value) for status in filter.statuses or ()),
        names=frozenset(filter.names or ()),
        types=frozenset(str(type.value) for type in filter.types or ()),
        roots=frozenset(filter.roots or ()),
        users=frozenset(filter.users or ()),
    )


def check_count(documents: list[Entry], most: int, argument: str = "documents") -> list[Entry]:
    if len(documents) > most:
        message = f"must NOT have more than {most} items; import the rest in another call"
        raise RequestInvalid([Fault("maxItems", f"/{argument}", f"#/{argument}/maxItems", message)])
    return documents
