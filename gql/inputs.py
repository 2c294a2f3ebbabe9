"""What callers hand in."""

import strawberry

from .types import JSON, JobType


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
