"""Accounts, groups, roles, and the tokens of signed-in accounts.

Ids are ObjectIds, in references too (reference/rest-api.md#ids); APIs show them as 24 hex digits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, cast

from beanie import Document
from bson import ObjectId
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, IndexModel

from ..json import Json, array_at, is_object
from .moments import object_ids
from .shapes.accounts import AccountForm, AssignedRole, GroupForm, Membership, RoleForm
from .stored import from_stored

LOCAL = "Local"  # the provenance of accounts of people with a password on this server
SERVICE = "ServiceAccount"  # the provenance of service accounts, which have a client id and a secret


class Account(Document):
    """The account of a person or a service account. `credentials` has hashes: `password`, or `secret`."""

    username: str

    model_config = ConfigDict(extra="allow", arbitrary_types_allowed=True)

    class Settings:
        name = "accounts"
        indexes: ClassVar = [
            IndexModel([("username", ASCENDING)], name="username", unique=True),
            IndexModel([("memberOf.groupId", ASCENDING)], name="member_of"),
            IndexModel([("assignedRoles.roleId", ASCENDING)], name="assigned_roles"),
        ]


class Group(Document):
    """A group of accounts. A member of a group is also a member of the groups in its `memberOf`."""

    name: str

    model_config = ConfigDict(extra="allow", arbitrary_types_allowed=True)

    class Settings:
        name = "groups"
        indexes: ClassVar = [
            IndexModel([("name", ASCENDING)], name="name", unique=True),
            IndexModel([("memberOf.groupId", ASCENDING)], name="member_of"),
            IndexModel([("assignedRoles.roleId", ASCENDING)], name="assigned_roles"),
        ]


class Role(Document):
    """The methods that accounts with this role may use: `allowedMethods` is a list of `{name, provenance}`."""

    name: str

    model_config = ConfigDict(extra="allow", arbitrary_types_allowed=True)

    class Settings:
        name = "roles"
        indexes: ClassVar = [IndexModel([("name", ASCENDING)], name="name", unique=True)]


class Token(Document):
    """A session. `_id` is the sha256 of the token; the token itself is not stored.

    `account` is its account, `created` the moment of the sign-in, `address` and `agent` its address and user agent.
    """

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- text, as said
    expires: datetime

    model_config = ConfigDict(extra="allow", arbitrary_types_allowed=True)

    class Settings:
        name = "tokens"
        indexes: ClassVar = [
            IndexModel([("expires", ASCENDING)], name="expires", expireAfterSeconds=0),
            IndexModel([("account", ASCENDING)], name="account"),
        ]


class SignInAttempts(Document):
    """Failed sign-ins, and whether one succeeded; `_id` is a hash of account, address and window.

    Beside `expires` it has `failures`, `last` and `succeeded`, in epoch milliseconds.
    """

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- text, as said
    expires: datetime

    model_config = ConfigDict(extra="allow", arbitrary_types_allowed=True)

    class Settings:
        name = "sign_in_attempts"
        indexes: ClassVar = [IndexModel([("expires", ASCENDING)], name="expires", expireAfterSeconds=0)]


def account_form(stored: Mapping[str, object]) -> AccountForm:
    """The account without the hashes of its credentials."""
    return cast(AccountForm, from_stored({key: value for key, value in stored.items() if key != "credentials"}))


def group_form(stored: Mapping[str, object]) -> GroupForm:
    return cast(GroupForm, from_stored({**stored}))


def role_form(stored: Mapping[str, object]) -> RoleForm:
    return cast(RoleForm, from_stored({**stored}))


def memberships(groups: list[str]) -> list[Membership]:
    """The documented `memberOf`."""
    return [{"groupId": ObjectId(group), "aaaManaged": False} for group in groups]


def role_references(roles: list[str]) -> list[AssignedRole]:
    """The documented `assignedRoles`."""
    return [{"roleId": ObjectId(role)} for role in roles]


def referenced_ids(document: Mapping[str, object], key: str, id: str) -> list[ObjectId]:
    """The ids in a list of references, stored as ObjectIds or as text."""
    found: list[Json] = [one.get(id) for one in array_at(document, key) if is_object(one)]
    return object_ids(found)
