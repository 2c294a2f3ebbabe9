"""Automations, which name a workflow to start, and the triggers that start it.

See reference/rest-api.md#automations and #triggers.
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from beanie import Document
from pydantic import ConfigDict
from pymongo import ASCENDING, IndexModel

from ..hex_ids import HEX_ID
from ..json import JsonObject, is_object, text_at
from ..json_schema import JsonSchema
from .shapes.automations import AutomationDocument, TriggerDocument, TriggerFields

# Fields that the server sets; values of callers are ignored.
SERVERS_OWN: Final = ("_id", "created", "createdBy", "lastUpdated", "lastUpdatedBy", "lastExecuted", "triggers")

_TEXT: Final[JsonSchema] = {"type": "string"}
_NAME: Final[JsonSchema] = {"type": "string", "minLength": 1, "maxLength": 1000}
_MAY_BE_TEXT: Final[JsonSchema] = {"type": ["string", "null"]}
_MAY_BE_OBJECT: Final[JsonSchema] = {"type": ["object", "null"]}
_TEXTS: Final[JsonSchema] = {"type": "array", "items": _TEXT}
AUTOMATION_SCHEMA: Final[JsonSchema] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": _NAME,
        "description": _MAY_BE_TEXT,
        "componentType": {"type": "string", "enum": ["workflows", "ucm_compliance_plan", "agents"]},
        "componentId": _MAY_BE_TEXT,
        "componentName": _MAY_BE_TEXT,
        "gbac": {"type": "object", "properties": {"read": _TEXTS, "write": _TEXTS}},
    },
}
TRIGGER_SCHEMA: Final[JsonSchema] = {
    "type": "object",
    "required": ["name", "type", "actionId"],
    "properties": {
        "name": _NAME,
        "description": _MAY_BE_TEXT,
        "type": {"type": "string", "enum": ["endpoint", "manual", "schedule", "eventSystem"]},
        "enabled": {"type": "boolean"},
        "actionType": {"type": "string", "enum": ["automations"]},
        "actionId": {"type": "string", "pattern": f"^{HEX_ID}$"},
        "routeName": {"type": "string", "pattern": "^[^/?#]+$", "maxLength": 1000},
        "verb": {"type": "string", "enum": ["POST"]},
        "schema": _MAY_BE_OBJECT,
        "jst": _MAY_BE_TEXT,
        "legacyWrapper": {"type": "boolean"},
        "formId": _MAY_BE_TEXT,
        "formData": _MAY_BE_OBJECT,
    },
    "if": {"properties": {"type": {"const": "endpoint"}}},
    "then": {"required": ["routeName"]},
}

NEW_AUTOMATION: Final[JsonObject] = {
    "description": "",
    "componentType": "workflows",
    "componentId": None,
    "componentName": None,
    "gbac": {"read": [], "write": []},
}
_NEW_TRIGGER: Final[TriggerFields] = {
    "description": "",
    "enabled": True,
    "actionType": "automations",
    "lastExecuted": None,
    "migrationVersion": 3,
}
_OF_TYPE: Final[dict[str, TriggerFields]] = {
    "endpoint": {"verb": "POST", "schema": None, "jst": None},
    "manual": {"formId": None, "formData": None, "formSchemaHash": None, "legacyWrapper": False},
}


class Automation(Document):
    """`_id` is of the database's own kind; `componentId` is the workflow's uuid."""

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "automations"
        indexes: ClassVar = [IndexModel([("name", ASCENDING)], name="name")]


class Trigger(Document):
    """`actionId` is the automation, of the database's own kind."""

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "triggers"
        indexes: ClassVar = [
            IndexModel([("actionId", ASCENDING)], name="action"),
            IndexModel([("routeName", ASCENDING)], name="route", sparse=True),
        ]


def new_trigger(type: str) -> TriggerFields:
    """The default fields of a trigger of this type."""
    fields: TriggerFields = {**_NEW_TRIGGER, **_OF_TYPE.get(type, {})}
    return fields


# Types of triggers that this server does not run, with the words for a warning.
_NOT_RUN: Final = {"schedule": "schedules", "eventSystem": "triggers of events"}


def warnings_of(triggers: Iterable[object]) -> list[str]:
    """A sentence for each enabled trigger that this server does not run: it is stored and returned unchanged."""
    return [
        f"The trigger '{text_at(trigger, 'name')[:80]}' is kept and starts nothing: this server does not run "
        f"{_NOT_RUN[type]} yet. Start its automation through an endpoint or a manual trigger, from cron for example."
        for trigger in triggers
        if is_object(trigger) and trigger.get("enabled") is not False and (type := text_at(trigger, "type")) in _NOT_RUN
    ]


def exported_automation(automation: AutomationDocument, triggers: Sequence[TriggerDocument]) -> AutomationDocument:
    """An automation in its exported form: with the name of its workflow only, and with its triggers."""
    exported: AutomationDocument = {**automation, "triggers": [*triggers]}
    exported.pop("componentId", None)
    return exported
