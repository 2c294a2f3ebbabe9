"""Groups and users in other documents: as ids or as whole documents."""

import strawberry

from ...models.documents.moments import text_of
from ..fields import documented, listed, now_as, whole
from ..scalars import JSON, DateTime


@strawberry.type(description="When and by which schema a group or user was stored.")
class Meta:
    created_at: DateTime | None = documented("created", "When it was stored first.", text_of)
    updated_at: DateTime | None = documented("updated", "When it was stored last.", text_of)
    created: JSON | None = documented(
        "created",
        "ISO-8601 text, or milliseconds since the epoch: both occur.",
        deprecated=now_as("createdAt"),
    )
    updated: JSON | None = documented(
        "updated",
        "ISO-8601 text, or milliseconds since the epoch: both occur.",
        deprecated=now_as("updatedAt"),
    )
    migration_version: int | None = documented("migrationVersion", "The version of the document's schema.")


@strawberry.type(description="That a group or user belongs to a group.")
class GroupMembership:
    group_id: strawberry.ID | None = documented("groupId", "The group, 24 hex digits.")
    aaa_managed: bool | None = documented("aaaManaged", "Whether an outside directory says so.")


@strawberry.type(description="That a group or user has a role.")
class AssignedRole:
    role_id: strawberry.ID | None = documented("roleId", "The role.")


@strawberry.type(
    description="Who may see and work a job or a task. Where only the id is stored, everything else is null."
)
class Group:
    id: strawberry.ID = documented("_id", "24 hex digits, or `default`: no restriction.")
    name: str | None = documented("name", "Its name.")
    description: str | None = documented("description", "What it is for.")
    provenance: str | None = documented("provenance", "The directory it comes from.")
    inactive: bool | None = documented("inactive", "Whether it counts no more.")
    member_of: list[GroupMembership] = listed("memberOf", "The groups whose members it shares.")
    assigned_roles: list[AssignedRole] = listed("assignedRoles", "The roles of its members.")
    meta: Meta | None = documented("_meta", "When it was stored.")
    inherited_groups: list[strawberry.ID] = listed("inheritedGroups", "The groups that these are in, of one group.")
    inherited_roles: list[strawberry.ID] = listed("inheritedRoles", "The roles of all those, of one group.")
    documented: JSON = whole("The whole group in its documented REST form.")


@strawberry.type(description="A person. Where only the id is stored, everything else is null.")
class User:
    id: strawberry.ID | None = documented("_id", "The account's id; null in exports.")
    username: str | None = documented("username", "The name to sign in with.")
    firstname: str | None = documented("firstname", "The name to call them by.")
    email: str | None = documented("email", "Where to write to.")
    description: str | None = documented("description", "Of a program: what it is for.")
    provenance: str | None = documented("provenance", "The directory the account comes from.")
    inactive: bool | None = documented("inactive", "Whether the account is closed.")
    last_login: DateTime | None = documented("lastLogin", "When they last signed in.")
    member_of: list[GroupMembership] = listed("memberOf", "The groups they belong to.")
    assigned_roles: list[AssignedRole] = listed("assignedRoles", "The roles they have by themselves.")
    meta: Meta | None = documented("_meta", "When the account was stored.")
    documented: JSON = whole("The whole account in its documented REST form.")
