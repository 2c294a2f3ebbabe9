"""Who there is and what they may do: the documents of accounts, groups, roles, tokens and attempts to sign in.

Ids are the database's own where they are stored, and text where they are shown.
"""

from datetime import datetime
from typing import Required

from bson import ObjectId
from typing_extensions import TypedDict

from ...json import Json


class Meta(TypedDict, total=False, closed=True):
    created: Json
    updated: Json
    migrationVersion: int


class Membership(TypedDict, total=False, closed=True):
    groupId: ObjectId | str
    aaaManaged: bool


class AssignedRole(TypedDict, total=False, closed=True):
    roleId: ObjectId | str


class Method(TypedDict, total=False, closed=True):
    name: str
    provenance: str


class Credentials(TypedDict, total=False, closed=True):
    """Hashes alone."""

    password: str
    secret: str


class _Account(TypedDict, total=False):
    provenance: str
    username: Required[str]
    firstname: str
    email: str
    description: str
    inactive: bool
    memberOf: list[Membership]
    assignedRoles: list[AssignedRole]
    lastLogin: Json
    _meta: Meta


class AccountDocument(_Account, total=False, closed=True):
    """The account of a person or a service account."""

    _id: Required[ObjectId]
    credentials: Credentials


class AccountForm(_Account, total=False, closed=True):
    """An account as clients read it."""

    _id: Required[str]


class _Group(TypedDict, total=False):
    provenance: str
    name: str
    description: str
    inactive: bool
    memberOf: list[Membership]
    assignedRoles: list[AssignedRole]
    _meta: Meta


class GroupDocument(_Group, total=False, closed=True):
    """Accounts with something in common."""

    _id: Required[ObjectId]


class GroupForm(_Group, total=False, closed=True):
    """A group as clients read it; what it inherits is computed."""

    _id: Required[str]
    inheritedGroups: list[str]
    inheritedRoles: list[str]


class _Role(TypedDict, total=False):
    provenance: str
    name: str
    description: str
    allowedMethods: list[Method]
    allowedViews: list[Json]
    _meta: Meta


class RoleDocument(_Role, total=False, closed=True):
    """What an account with this role may do."""

    _id: Required[ObjectId]


class RoleForm(_Role, total=False, closed=True):
    """A role as clients read it."""

    _id: Required[str]


class TokenDocument(TypedDict, total=False, closed=True):
    """`_id` is the hash of the token."""

    _id: Required[str]
    account: Required[ObjectId]
    created: Required[datetime]
    expires: Required[datetime]
    address: str
    agent: str


class SignInAttemptsDocument(TypedDict, total=False, closed=True):
    """Moments are epoch milliseconds but for `expires`; `_id` is a hash of who, from where and when."""

    _id: Required[str]
    expires: datetime
    failures: int
    last: int
    succeeded: int


class GroupOfViewer(TypedDict, total=False, closed=True):
    id: Required[str]
    provenance: str | None
    name: str


class ViewerForm(TypedDict, total=False, closed=True):
    """Who is signed in, as GET /whoami documents it."""

    id: Required[str]
    provenance: str | None
    username: str
    firstname: str | None
    groups: list[GroupOfViewer]
    routes: list[Json]
    methods: dict[str, list[str]]
    roles: list[str]
