"""Automations and their triggers."""

from typing import Required

from typing_extensions import TypedDict

from ...json import Json, JsonObject


class GroupAccess(TypedDict, total=False, closed=True):
    read: list[str]
    write: list[str]


class _Signed(TypedDict, total=False):
    """Who stored a document when."""

    created: Json
    createdBy: Json
    lastUpdated: Json
    lastUpdatedBy: Json


class TriggerFields(_Signed, total=False):
    """What starts an automation; `actionId` is the automation."""

    name: str
    description: str | None
    type: str
    enabled: bool
    actionType: str
    actionId: Json
    routeName: str
    verb: str
    schema: JsonObject | None
    jst: str | None
    legacyWrapper: bool
    formId: str | None
    formData: JsonObject | None
    formSchemaHash: str | None
    lastExecuted: Json
    migrationVersion: int


class TriggerDocument(TriggerFields, total=False, closed=True):
    """A trigger as it is stored and shown."""

    _id: Required[Json]


class AutomationDocument(_Signed, total=False, closed=True):
    """It names the workflow to start; the triggers stand in it where it is exported."""

    _id: Required[Json]
    name: str
    description: str | None
    componentType: str
    componentId: str | None
    componentName: str | None
    gbac: GroupAccess
    triggers: list[TriggerDocument]
