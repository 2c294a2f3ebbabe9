"""What callers hand in."""

from enum import Enum

import strawberry

from .types import JSON, JobStatus, JobType


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
