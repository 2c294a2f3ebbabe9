"""Automations and their triggers."""

from typing import cast

import strawberry

from ...models.documents.automation import warnings_of
from ...models.documents.moments import milliseconds, text_of
from ...models.errors import Problem
from ...models.json import JsonObject, array_at
from ...resolvers.automations import automations
from ..execution.selection import reads
from ..fields import deprecated_for, value_field, whole_field
from ..scalars import JSON, DateTime

_WARNINGS = "A sentence for each enabled trigger of a schedule or of events: it is kept, and starts nothing here."


async def _of_automation(root: JsonObject) -> list[str]:
    return await automations.warnings(root)


def _of_trigger(root: JsonObject) -> list[str]:
    return warnings_of([root])


@strawberry.type(description="What starts a workflow under a name of its own.")
class Automation:
    id: strawberry.ID = value_field("_id", "24 hex digits.")
    name: str | None = value_field("name", "Its name.")
    description: str | None = value_field("description", "What it is for.")
    component_type: str | None = value_field("componentType", "`workflows`: it starts a workflow.")
    component_id: strawberry.ID | None = value_field("componentId", "The workflow's id.")
    component_name: str | None = value_field("componentName", "The workflow's name.")
    gbac: JSON | None = value_field("gbac", "The groups that may `read` and `write` it.")
    created: DateTime | None = value_field("created", "When it was created.")
    created_by: strawberry.ID | None = value_field("createdBy", "Who created it.")
    last_updated: DateTime | None = value_field("lastUpdated", "When it last changed.")
    last_updated_by: strawberry.ID | None = value_field("lastUpdatedBy", "Who last changed it.")
    warnings: list[str] = strawberry.field(
        resolver=_of_automation, description=_WARNINGS, metadata=reads("_id", "triggers")
    )
    documented: JSON = whole_field("The automation in its documented REST form.")


@strawberry.type(description="What an automation is started by.")
class Trigger:
    id: strawberry.ID = value_field("_id", "24 hex digits.")
    name: str | None = value_field("name", "Its name.")
    description: str | None = value_field("description", "What it is for.")
    type: str | None = value_field("type", "`endpoint`, `manual`, `schedule` or `eventSystem`.")
    enabled: bool | None = value_field("enabled", "Whether it is to start anything; see `warnings`.")
    action_id: strawberry.ID | None = value_field("actionId", "The automation.")
    route_name: str | None = value_field("routeName", "Of an endpoint: the last part of its path.")
    schema: JSON | None = value_field("schema", "Of an endpoint: a JSON Schema of its input.")
    jst: strawberry.ID | None = value_field("jst", "The transformation that makes variables of its input.")
    last_executed_at: DateTime | None = value_field("lastExecuted", "When it last started a job.", text_of)
    last_executed: float | None = value_field(
        "lastExecuted",
        "When it last started a job: milliseconds since the epoch.",
        milliseconds,
        deprecated=deprecated_for("lastExecutedAt"),
    )
    created: DateTime | None = value_field("created", "When it was created.")
    created_by: strawberry.ID | None = value_field("createdBy", "Who created it.")
    last_updated: DateTime | None = value_field("lastUpdated", "When it last changed.")
    last_updated_by: strawberry.ID | None = value_field("lastUpdatedBy", "Who last changed it.")
    warnings: list[str] = strawberry.field(
        resolver=_of_trigger, description=_WARNINGS, metadata=reads("name", "type", "enabled")
    )
    documented: JSON = whole_field("The trigger in its documented REST form.")


@strawberry.type(description="What came of one document of an import.")
class Brought:
    success: bool = strawberry.field(description="Whether it is stored.")
    code: str | None = strawberry.field(description="What stood against it: a code as of an error.")
    message: str | None = strawberry.field(description="The same as a sentence.")
    documented: JSON | None = strawberry.field(description="The stored document in its documented REST form.")
    warnings: list[str] = strawberry.field(description=_WARNINGS)


def as_automation(document: JsonObject) -> Automation:
    return cast(Automation, document)


def as_trigger(document: JsonObject) -> Trigger:
    return cast(Trigger, document)


def as_brought(outcomes: list[JsonObject | Problem]) -> list[Brought]:
    return [
        Brought(success=False, code=one.code, message=one.message, documented=None, warnings=[])
        if isinstance(one, Problem)
        else Brought(
            success=True,
            code=None,
            message=None,
            documented=cast(JSON, one),
            warnings=warnings_of(array_at(one, "triggers") or [one]),
        )
        for one in outcomes
    ]
