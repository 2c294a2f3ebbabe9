"""The collections of what people bring: workflows, their pinned versions, transformations, templates and forms."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar, Final, Literal, TypeAlias
from uuid import uuid4

from beanie import Document
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, IndexModel

from ..json import Json, JsonObject, array_at, is_object
from ..secrets.sealing import SEALED, hidden
from .stored import from_stored


def _as_it_is(document: JsonObject) -> JsonObject:
    return document


class Workflow(Document):
    """A workflow as its author exported it: every field is kept, known or not. `_id` is a uuid text."""

    id: str = Field(default_factory=lambda: str(uuid4()))  # pyright: ignore[reportIncompatibleVariableOverride] -- text, as documented
    name: str

    model_config = ConfigDict(extra="allow")
    opened_by: ClassVar[Callable[[JsonObject], JsonObject]] = staticmethod(_as_it_is)  # what is sealed in it

    class Settings:
        name = "workflows"
        indexes: ClassVar = [IndexModel([("name", ASCENDING)], name="name", unique=True)]

    @property
    def shown(self) -> JsonObject:
        """The workflow as it was imported, but for what of it is sealed."""
        return hidden({key: value for key, value in verbatim(self).items() if key != SEALED})

    @property
    def document(self) -> JsonObject:
        """The workflow as it was imported."""
        found = Workflow.opened_by({"_id": self.id, "name": self.name, **(self.model_extra or {})})
        return from_stored(found)


class WorkflowVersion(Document):
    """One wording of a workflow, under the hash of its content: what a job that started with it goes on running."""

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- the content's sha256
    document: JsonObject

    class Settings:
        name = "workflow_versions"


class Transformation(Document):
    """A JST document; workflows name it by `_id` (24 hex), which therefore survives every import."""

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- text, as documented
    name: str | None = None

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "transformations"
        indexes: ClassVar = [IndexModel([("name", ASCENDING)], name="name")]

    @property
    def document(self) -> JsonObject:
        return verbatim(self)


class Template(Document):
    """A Jinja2 or TextFSM template, which workflows name by its `name`."""

    id: str = Field(default_factory=lambda: str(uuid4()))  # pyright: ignore[reportIncompatibleVariableOverride] -- text, as documented
    name: str

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "templates"
        indexes: ClassVar = [IndexModel([("name", ASCENDING)], name="name", unique=True)]

    @property
    def document(self) -> JsonObject:
        return verbatim(self)


class CommandTemplate(Document):
    """A command template of a project. Providers run it; this server stores it, and exports it with the project."""

    id: str = Field(default_factory=lambda: str(uuid4()))  # pyright: ignore[reportIncompatibleVariableOverride] -- text, as documented
    name: str

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "command_templates"
        indexes: ClassVar = [IndexModel([("name", ASCENDING)], name="name", unique=True)]


class AnalyticTemplate(Document):
    """An analytic template of a project: stored as a command template is."""

    id: str = Field(default_factory=lambda: str(uuid4()))  # pyright: ignore[reportIncompatibleVariableOverride] -- text, as documented
    name: str

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "analytic_templates"
        indexes: ClassVar = [IndexModel([("name", ASCENDING)], name="name", unique=True)]


class Form(Document):
    """A JSON form, which workflows name by its id or its `name`. Its own field `id` is kept beside `_id`."""

    id: str = Field(default_factory=lambda: str(uuid4()))  # pyright: ignore[reportIncompatibleVariableOverride] -- text, as documented
    name: str | None = None

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "forms"
        # Not unique: a form is known by its id, and other programs may have written two of one name.
        indexes: ClassVar = [IndexModel([("name", ASCENDING)], name="name")]

    @property
    def document(self) -> JsonObject:
        return verbatim(self)


def verbatim(document: Workflow | Transformation | Template | Form) -> JsonObject:
    """The stored fields with their own names: `_id` first, then everything in the order of the database."""
    extra = document.model_extra or {}
    plain = from_stored({"_id": document.id, "name": document.name, **extra})
    assert is_object(plain)
    return plain


def exported(workflow: JsonObject, usernames: Mapping[str, str]) -> JsonObject:
    """A workflow as it leaves for other systems: without what is of this one, users as objects.

    See reference/rest-api.md#studio-routes.

    `usernames` are those of accounts by their ids. Readers index `username` of both users: what is no account of this
    server stands there as it is, and nobody has an empty name.
    """
    kept = {key: value for key, value in workflow.items() if key not in ("_id", "errors")}
    users = {key: _user(workflow.get(key), usernames) for key in ("created_by", "last_updated_by")}
    return {**kept, **users, "tags": array_at(workflow, "tags"), "groups": array_at(workflow, "groups")}


def _user(value: Json, usernames: Mapping[str, str]) -> JsonObject:
    if is_object(value):
        return {**value, "username": str(value.get("username") or "")}
    return {"username": usernames.get(str(value), str(value or ""))}


AssetKind: TypeAlias = Literal["template", "transformation", "form"]

LONGEST_NAME: Final = 1_000
NAMED: Final[JsonObject] = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}},
}
NEW: Final[Mapping[AssetKind, JsonObject]] = MappingProxyType(
    {
        "template": {
            "group": "",
            "type": "jinja2",
            "description": "",
            "command": "",
            "template": "",
            "data": "",
            "tags": [],
        },
        "transformation": {
            "description": "",
            "incoming": [],
            "outgoing": [],
            "steps": [],
            "functions": [],
            "comments": [],
            "tags": [],
            "view": {"col": 2, "row": 5},
        },
        "form": {
            "description": "",
            "struct": {"type": "object", "description": "", "items": []},
            "schema": {"type": "object", "properties": {}, "required": []},
            "uiSchema": {},
            "bindingSchema": {},
            "validationSchema": {},
        },
    }
)
"""By kind, without what a document brings itself."""
