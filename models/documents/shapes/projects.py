"""Projects, and what is retained of a deleted one."""

from typing import Required

from bson import ObjectId
from typing_extensions import TypedDict

from ...json import Json, JsonObject


class Member(TypedDict, total=False, closed=True):
    type: str
    role: str
    reference: str


class Component(TypedDict, total=False, closed=True):
    """A document of a project; `name` and `document` are shown and not stored."""

    iid: int | None
    type: str
    reference: str
    folder: str
    name: Json
    document: Json


class ProjectFields(TypedDict, total=False):
    """Documents that belong together."""

    iid: int
    name: str
    description: str | None
    thumbnail: str | None
    backgroundColor: str | None
    folders: list[Json]
    components: list[Component]
    members: list[Member]
    accessControl: dict[str, list[str]]
    componentIidIndex: int
    created: Json
    createdBy: Json
    lastUpdated: Json
    lastUpdatedBy: Json


class ProjectDocument(ProjectFields, total=False, closed=True):
    """A project as it is stored, and as it is shown: with its id as text."""

    _id: Required[ObjectId | str]


class RetainedDocument(TypedDict, total=False, closed=True):
    """`_id` is the kind and the id of the document, `/` between."""

    _id: str
    project: Required[str]
    kind: str
    document: Required[JsonObject]
    sealed_by: list[str]
