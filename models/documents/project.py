"""Projects: documents that belong together, under names of their own (reference/rest-api.md#projects).

What is of a project is called `@<project id>: Name`, so that two projects may each have a workflow of one name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Final, cast

from beanie import Document
from pydantic import ConfigDict
from pymongo import ASCENDING, IndexModel

from ..hex_ids import HEX_ID
from ..json import Json, JsonObject, array_at, is_number, is_object, text_at
from ..json_schema import JsonSchema
from .containers import IN_PROJECT, Kind
from .shapes.projects import Component, ProjectDocument, ProjectFields

MOST_COMPONENTS: Final = 5_000
MOST_MEMBERS: Final = 1_000
LONGEST_NAME: Final = 1_000
GREATEST_IID: Final = 2**31 - 1

KIND_OF: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "workflow": "workflow",
        "transformation": "transformation",
        "template": "template",
        "jsonForm": "form",
        "mopCommandTemplate": "commandTemplate",
        "mopAnalyticTemplate": "analyticTemplate",
    }
)
"""The kind of the documents of each documented type of component."""
TYPE_OF: Final[Mapping[Kind, str]] = MappingProxyType({kind: type for type, kind in KIND_OF.items()})

# What an export does not hand out, and an import does not take: it is of one server.
OF_THIS_SERVER: Final = ("members", "accessControl", "componentIidIndex")
# What the server says of a project, whatever a caller writes there.
SERVERS_OWN: Final = (
    *("_id", "iid", "components", "componentIidIndex", "accessControl"),
    *("created", "createdBy", "lastUpdated", "lastUpdatedBy"),
)

_TEXT: Final[JsonSchema] = {"type": ["string", "null"]}
_MEMBER: Final[JsonSchema] = {
    "type": "object",
    "required": ["type", "role", "reference"],
    "properties": {
        "type": {"type": "string", "enum": ["account", "group"]},
        "role": {"type": "string", "enum": ["owner", "editor", "operator", "viewer"]},
        "reference": {"type": "string", "pattern": f"^{HEX_ID}$"},
    },
}
PROJECT_SCHEMA: Final[JsonSchema] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
        "description": _TEXT,
        "thumbnail": _TEXT,
        "backgroundColor": _TEXT,
        "folders": {"type": ["array", "null"]},
        "members": {"type": "array", "maxItems": MOST_MEMBERS, "items": _MEMBER},
    },
}
NEW_PROJECT: Final[ProjectFields] = {
    "description": "",
    "thumbnail": "",
    "backgroundColor": "#FFFFFF",
    "folders": [],
    "components": [],
    "members": [],
    "componentIidIndex": 0,
}

# What a role lets one do: each has what stands before it.
_RIGHTS: Final = ("read", "execute", "write", "manage")
_ROLES: Final = ("viewer", "operator", "editor", "owner")


class Project(Document):
    """`_id` is of the database's own kind; `components` name their documents by `reference`, and hold none."""

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "projects"
        indexes: ClassVar = [
            IndexModel([("name", ASCENDING), ("_id", ASCENDING)], name="name_id"),
            IndexModel([("iid", ASCENDING)], name="iid"),
            IndexModel([("components.reference", ASCENDING)], name="component"),
            IndexModel([("members.reference", ASCENDING)], name="member"),
        ]


class Retained(Document):
    """What went with a deleted project and a job of it may still come to. `_id` is the kind and the id, `/` between."""

    id: str  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- text of our own
    project: str
    document: JsonObject

    class Settings:
        name = "retained_documents"
        indexes: ClassVar = [IndexModel([("project", ASCENDING)], name="project")]


def name_in(project_id: str, name: str) -> str:
    """What a document of the project is called that is `name` in it. The name of another project comes off first."""
    return f"@{project_id}: {plain_name(name)}"


def plain_name(name: str) -> str:
    """The name without its project's."""
    named = IN_PROJECT.fullmatch(name)
    return named[2] if named else name


def project_in(name: str) -> str:
    """The id of the project that a name begins with; empty without one."""
    named = IN_PROJECT.fullmatch(name)
    return named[1] if named else ""


def of_project(project_id: str) -> dict[str, object]:
    """The filter for the names of a project's documents, which the index of names serves."""
    return {"name": {"$regex": f"^@{re.escape(project_id)}: "}}


def named_plainly(name: str) -> dict[str, object]:
    """The filter for the documents of all projects that are called so in theirs."""
    return {"name": {"$regex": rf"^@{HEX_ID}: {re.escape(name)}(?![\s\S])"}}  # \Z is not the same everywhere


def in_projects() -> dict[str, object]:
    """The filter for the documents that are called after a project."""
    return {"name": {"$regex": f"^@{HEX_ID}: "}}


def access_control(members: Iterable[Json]) -> dict[str, list[str]]:
    """The members by right, as documented: `account:<id>` and `group:<id>`."""
    rights: dict[str, list[str]] = {right: [] for right in reversed(_RIGHTS)}
    for member in members:
        if is_object(member):
            for right in rights_of(text_at(member, "role")):
                rights[right].append(f"{text_at(member, 'type')}:{text_at(member, 'reference')}")
    return {right: sorted(members) for right, members in rights.items()}


def rights_of(role: str) -> tuple[str, ...]:
    """What a member of this role may do; nothing for who is none."""
    return _RIGHTS[: _ROLES.index(role) + 1] if role in _ROLES else ()


def strongest(roles: Iterable[str]) -> str:
    """Of the roles that one has, oneself and through groups."""
    return max(roles, key=lambda role: len(rights_of(role)), default="")


def component_of(part: Mapping[str, object], kind: Kind, reference: str, iid: int) -> Component:
    """An entry of `components`, out of what an export or a caller says of it."""
    folder = text_at(part, "folder") or "/"
    return {"iid": iid, "type": TYPE_OF[kind], "reference": reference, "folder": folder}


def iid_of(part: Mapping[str, object]) -> int | None:
    """The `iid` of a project or a component; None for anything but a whole number of 31 bits."""
    iid = part.get("iid")
    return int(iid) if is_number(iid) and 0 <= iid <= GREATEST_IID and iid == int(iid) else None


def header_of(document: JsonObject) -> JsonObject:
    """What an import keeps of an exported project beside its components."""
    left_out = (*OF_THIS_SERVER, "_id", "components", *(("iid",) if iid_of(document) is None else ()))
    return {
        **{key: value for key, value in document.items() if key not in left_out},
        "folders": array_at(document, "folders"),
    }


def components_in(project: Mapping[str, object]) -> list[Component]:
    """The components of a project, which another program may have stored."""
    return [cast(Component, one) for one in array_at(project, "components") if is_object(one)]


def exported_project(
    project: ProjectDocument, components: Sequence[Component], usernames: Mapping[str, str]
) -> dict[str, object]:
    """A project as it leaves for other systems: its documents inside, by the names that they have in it."""
    kept: dict[str, object] = {key: value for key, value in project.items() if key not in OF_THIS_SERVER}
    users = {key: _user(project.get(key), usernames) for key in ("createdBy", "lastUpdatedBy")}
    return {**kept, **users, "components": [*components]}


def exported_document(kind: Kind, document: JsonObject) -> JsonObject:
    """A document of a project as its export holds it. The id of a workflow is its component's `reference`."""
    left_out = ("_id",) if kind not in ("transformation", "form") else ("_id",) if "id" in document else ()
    kept = {key: value for key, value in document.items() if key not in left_out}
    name = kept.get("name")
    return {**kept, "name": plain_name(name)} if isinstance(name, str) else kept


def _user(value: Json, usernames: Mapping[str, str]) -> Json:
    if is_object(value) or not isinstance(value, str):
        return value
    return {"_id": value, "username": usernames[value]} if value in usernames else value
