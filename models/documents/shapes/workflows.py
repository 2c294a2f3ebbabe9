"""What people bring: workflows, transformations, templates and forms."""

from typing import Required

from typing_extensions import TypedDict

from ...json import Json, JsonObject
from .documented import Edge, TaskFields
from .jobs import JobWarning


class TaskDefinition(TaskFields, total=False, closed=True):
    """A task of a workflow as its author drew it; every field may be missing."""


class WorkflowDocument(TypedDict, total=False, closed=True):
    """A workflow as its author exported it."""

    _id: Required[str]
    name: str
    description: str
    type: str
    inputSchema: JsonObject
    outputSchema: JsonObject
    tasks: dict[str, TaskDefinition]
    transitions: dict[str, dict[str, Edge]]
    groups: list[Json]
    tags: list[Json]
    errors: list[JobWarning]
    warnings: list[JobWarning]
    decorators: list[Json]
    errorHandler: Json
    preAutomationTime: float
    sla: float
    created: Json
    created_by: Json
    createdVersion: str
    last_updated: Json
    last_updated_by: Json
    lastUpdatedVersion: str
    font_size: int
    canvasVersion: float
    encodingVersion: int
    migrationVersion: int
    sealed_by: list[str]


class WorkflowVersionDocument(TypedDict, total=False, closed=True):
    """One wording of a workflow, under the hash of its content."""

    _id: Required[str]
    document: Required[JsonObject]
    state_version: int
    sealed_by: list[str]


class AssetDocument(TypedDict, total=False, closed=True):
    """What templates, transformations and forms have in common."""

    _id: Required[str]
    id: str
    name: str
    description: str
