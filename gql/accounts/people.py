"""Groups and users in other documents: as ids or as whole documents."""

import strawberry

from ...models.documents.moments import text_of
from ..fields import deprecated_for, list_field, value_field, whole_field
from ..scalars import JSON, DateTime


@strawberry.type(description="When and by which schema a group or user was stored.")
class Meta:
    created_at: DateTime | None = value_field("created", "When it was stored first.", text_of)
    updated_at: DateTime | None = value_field("updated", "When it was stored last.", text_of)
    created: JSON | None = value_field(
        "created",
        "ISO-8601 text, or milliseconds since the epoch: both occur.",
        deprecated=deprecated_for("createdAt"),
    )
    updated: JSON | None = value_field(
        "updated",
        "ISO-8601 text, or milliseconds since the epoch: both occur.",
        deprecated=deprecated_for("updatedAt"),
    )
    migration_version: int | None = value_field("migrationVersion", "The version of the document's schema.")


@strawberry.type(description="That a group or user belongs to a group.")
class GroupMembership:
    group_id: strawberry.ID | None = value_field("groupId", "The group, 24 hex digits.")
    aaa_managed: bool | None = value_field("aaaManaged", "Whether an outside directory says so.")


@strawberry.type(description="That a group or user has a role.")
class AssignedRole:
    role_id: strawberry.ID | None = value_field("roleId", "The role.")


@strawberry.type(
    description="Who may see and work a job or a task. Where only the id is stored, everything else is null."
)
class Group:
    id: strawberry.ID = value_field("_id", "24 hex digits, or `default`: no restriction.")
    name: str | None = value_field("name", "Its name.")
    description: str | None = value_field("description", "What it is for.")
    provenance: str | None = value_field("provenance", "The directory it comes from.")
    inactive: bool | None = value_field("inactive", "Whether it counts no more.")
    member_of: list[GroupMembership] = list_field("memberOf", "The groups whose members it shares.")
    assigned_roles: list[AssignedRole] = list_field("assignedRoles", "The roles of its members.")
    meta: Meta | None = value_field("_meta", "When it was stored.")
    inherited_groups: list[strawberry.ID] = list_field("inheritedGroups", "The groups that these are in, of one group.")
    inherited_roles: list[strawberry.ID] = list_field("inheritedRoles", "The roles of all those, of one group.")
    documented: JSON = whole_field("The whole group in its documented REST form.")


@strawberry.type(description="A person. Where only the id is stored, everything else is null.")
class User:
    id: strawberry.ID | None = value_field("_id", "The account's id; null in exports.")
    username: str | None = value_field("username", "The name to sign in with.")
    firstname: str | None = value_field("firstname", "The name to call them by.")
    email: str | None = value_field("email", "Where to write to.")
    description: str | None = value_field("description", "Of a program: what it is for.")
    provenance: str | None = value_field("provenance", "The directory the account comes from.")
    inactive: bool | None = value_field("inactive", "Whether the account is closed.")
    last_login: DateTime | None = value_field("lastLogin", "When they last signed in.")
    member_of: list[GroupMembership] = list_field("memberOf", "The groups they belong to.")
    assigned_roles: list[AssignedRole] = list_field("assignedRoles", "The roles they have by themselves.")
    meta: Meta | None = value_field("_meta", "When the account was stored.")
    documented: JSON = whole_field("The whole account in its documented REST form.")
