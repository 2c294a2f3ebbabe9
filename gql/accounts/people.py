"""Groups and users, which other documents contain as ids or as whole documents."""

import strawberry

from ...models.documents.moments import text_of
from ..fields import deprecated_for, list_field, value_field, whole_field
from ..scalars import JSON, DateTime


@strawberry.type(description="Times and schema version of the stored document of a group, a role or a user.")
class Meta:
    created_at: DateTime | None = value_field("created", "The creation time of the document.", text_of)
    updated_at: DateTime | None = value_field("updated", "The time of the document's last change.", text_of)
    created: JSON | None = value_field(
        "created",
        "The creation time as stored: ISO-8601 text, or milliseconds since the epoch.",
        deprecated=deprecated_for("createdAt"),
    )
    updated: JSON | None = value_field(
        "updated",
        "The time of the last change as stored: ISO-8601 text, or milliseconds since the epoch.",
        deprecated=deprecated_for("updatedAt"),
    )
    migration_version: int | None = value_field("migrationVersion", "The version of the document's schema.")


@strawberry.type(description="A membership of a group or user in a group.")
class GroupMembership:
    group_id: strawberry.ID | None = value_field("groupId", "The id of the group, 24 hex digits.")
    aaa_managed: bool | None = value_field("aaaManaged", "Whether an external directory manages the membership.")


@strawberry.type(description="An assignment of a role to a group or user.")
class AssignedRole:
    role_id: strawberry.ID | None = value_field("roleId", "The id of the role.")


@strawberry.type(
    description="A group: accounts that may see and work the same documents. All fields but `id` are null "
    "where the document stores only the id."
)
class Group:
    id: strawberry.ID = value_field("_id", "The id of the group, 24 hex digits, or `default`: no restriction.")
    name: str | None = value_field("name", "The name of the group.")
    description: str | None = value_field("description", "The purpose of the group.")
    provenance: str | None = value_field("provenance", "The directory that the group comes from.")
    inactive: bool | None = value_field("inactive", "True if the group is disabled.")
    member_of: list[GroupMembership] = list_field(
        "memberOf", "The groups that contain the group: members of the group are members of these groups."
    )
    assigned_roles: list[AssignedRole] = list_field("assignedRoles", "The roles of the group's members.")
    meta: Meta | None = value_field("_meta", "Times of creation and change of the group.")
    inherited_groups: list[strawberry.ID] = list_field(
        "inheritedGroups", "The ids of all groups above the groups in `memberOf`; only of a single group."
    )
    inherited_roles: list[strawberry.ID] = list_field(
        "inheritedRoles", "The ids of the roles of all inherited groups; only of a single group."
    )
    documented: JSON = whole_field("The whole group in the documented REST form.")


@strawberry.type(
    description="An account of a person or a service. All fields but `id` are null where the "
    "document stores only the id."
)
class User:
    id: strawberry.ID | None = value_field("_id", "The id of the account; null in exports.")
    username: str | None = value_field("username", "The name for the sign-in.")
    firstname: str | None = value_field("firstname", "The display name of the account.")
    email: str | None = value_field("email", "The e-mail address of the account.")
    description: str | None = value_field("description", "The purpose of a service account.")
    provenance: str | None = value_field("provenance", "The directory that the account comes from.")
    inactive: bool | None = value_field("inactive", "True if the account is disabled.")
    last_login: DateTime | None = value_field("lastLogin", "The time of the last sign-in.")
    member_of: list[GroupMembership] = list_field("memberOf", "The groups of the account.")
    assigned_roles: list[AssignedRole] = list_field("assignedRoles", "The roles assigned to the account itself.")
    meta: Meta | None = value_field("_meta", "Times of creation and change of the account.")
    documented: JSON = whole_field("The whole account in the documented REST form.")
