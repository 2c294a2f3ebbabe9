"""Automations and triggers."""

from typing import cast

import strawberry

from ...models.documents.automation import warnings_of
from ...models.documents.moments import milliseconds, text_of
from ...models.documents.shapes.automations import AutomationDocument, TriggerDocument
from ...models.errors import Problem
from ...models.json import array_at
from ...resolvers.automations import automations
from ..execution.selection import reads
from ..fields import deprecated_for, value_field, whole_field
from ..scalars import JSON, AsJSON, DateTime

_WARNINGS = (
    "A warning for each enabled schedule or event trigger: this server stores such triggers, but "
    "starts no jobs from them."
)


async def _automation_warnings(root: AutomationDocument) -> list[str]:
    return await automations.warnings(root)


def _trigger_warnings(root: TriggerDocument) -> list[str]:
    return warnings_of([root])


@strawberry.type(description="An automation: a named way to start a workflow, through triggers.")
class Automation:
    id: strawberry.ID = value_field("_id", "The id of the automation, 24 hex digits.")
    name: str | None = value_field("name", "The name of the automation.")
    description: str | None = value_field("description", "The purpose of the automation.")
    component_type: str | None = value_field("componentType", "The kind of the component: `workflows`.")
    component_id: strawberry.ID | None = value_field("componentId", "The id of the workflow.")
    component_name: str | None = value_field("componentName", "The name of the workflow.")
    gbac: JSON | None = value_field("gbac", "The groups that may `read` and `write` the automation.")
    created: DateTime | None = value_field("created", "The creation time of the automation.")
    created_by: strawberry.ID | None = value_field("createdBy", "The account that created the automation.")
    last_updated: DateTime | None = value_field("lastUpdated", "The time of the automation's last change.")
    last_updated_by: strawberry.ID | None = value_field(
        "lastUpdatedBy", "The account that last changed the automation."
    )
    warnings: list[str] = strawberry.field(
        resolver=_automation_warnings, description=_WARNINGS, metadata=reads("_id", "triggers")
    )
    documented: JSON = whole_field("The automation in the documented REST form.")


@strawberry.type(description="A trigger: starts an automation.")
class Trigger:
    id: strawberry.ID = value_field("_id", "The id of the trigger, 24 hex digits.")
    name: str | None = value_field("name", "The name of the trigger.")
    description: str | None = value_field("description", "The purpose of the trigger.")
    type: str | None = value_field(
        "type", "The kind of the trigger: `endpoint`, `manual`, `schedule` or `eventSystem`."
    )
    enabled: bool | None = value_field("enabled", "Whether the trigger is enabled; see `warnings`.")
    action_id: strawberry.ID | None = value_field("actionId", "The id of the automation.")
    route_name: str | None = value_field("routeName", "The last part of the path of an endpoint trigger.")
    schema: JSON | None = value_field("schema", "The JSON Schema of the input of an endpoint trigger.")
    jst: strawberry.ID | None = value_field("jst", "The id of the transformation that makes variables from the input.")
    last_executed_at: DateTime | None = value_field("lastExecuted", "The time of the last start of a job.", text_of)
    last_executed: float | None = value_field(
        "lastExecuted",
        "The time of the last start of a job, in milliseconds since the epoch.",
        milliseconds,
        deprecated=deprecated_for("lastExecutedAt"),
    )
    created: DateTime | None = value_field("created", "The creation time of the trigger.")
    created_by: strawberry.ID | None = value_field("createdBy", "The account that created the trigger.")
    last_updated: DateTime | None = value_field("lastUpdated", "The time of the trigger's last change.")
    last_updated_by: strawberry.ID | None = value_field("lastUpdatedBy", "The account that last changed the trigger.")
    warnings: list[str] = strawberry.field(
        resolver=_trigger_warnings, description=_WARNINGS, metadata=reads("name", "type", "enabled")
    )
    documented: JSON = whole_field("The trigger in the documented REST form.")


@strawberry.type(description="The result of the import for one document.")
class Brought:
    success: bool = strawberry.field(description="Whether the import stored the document.")
    code: str | None = strawberry.field(description="The error code of a document that was not imported.")
    message: str | None = strawberry.field(description="The error as a sentence.")
    documented: AsJSON | None = strawberry.field(description="The stored document in the documented REST form.")
    warnings: list[str] = strawberry.field(description=_WARNINGS)


def as_automation(document: AutomationDocument) -> Automation:
    return cast(Automation, document)


def as_trigger(document: TriggerDocument) -> Trigger:
    return cast(Trigger, document)


def as_brought(outcomes: automations.Outcomes) -> list[Brought]:
    return [
        Brought(success=False, code=outcome.code, message=outcome.message, documented=None, warnings=[])
        if isinstance(outcome, Problem)
        else Brought(
            success=True,
            code=None,
            message=None,
            documented=outcome,
            warnings=warnings_of(array_at(outcome, "triggers") or [outcome]),
        )
        for outcome in outcomes
    ]
