"""Who there is and what they may do: accounts, groups, roles, and the tokens of who is signed in.

Ids are ObjectIds, in references too (reference/rest-api.md#ids); shown they are 24 hex digits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from beanie import Document
from bson import ObjectId
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, IndexModel

from ..json import Json, JsonObject, array_at, is_object
from .moments import object_ids
from .stored import from_stored

LOCAL = "Local"  # the provenance of people's accounts that this server signs in itself
SERVICE = "ServiceAccount"  # of the accounts of programs, which have a client id and a secret


class Account(Document):
    """A person or a program. `credentials` holds hashes: `password` of a person, `secret` of a program."""

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
    """Accounts with something in common. A member of a group is a member of the groups in its `memberOf`, too."""

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
    """What whoever has it may do: `allowedMethods` is a list of `{name, provenance}`."""

    name: str

    model_config = ConfigDict(extra="allow", arbitrary_types_allowed=True)

    class Settings:
        name = "roles"
        indexes: ClassVar = [IndexModel([("name", ASCENDING)], name="name", unique=True)]


class Token(Document):
    """That somebody is signed in. `_id` is the sha256 of the token, which is nowhere kept itself.

    `account` is whose it is, `created` when it was given, to `address` and the program that named itself `agent`.
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
    """How often somebody failed to sign in, and whether they once did; `_id` is a hash of who, from where and when.

    Beside `expires` it has `failures`, `last` and `succeeded`, in epoch milliseconds.
    """

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- text, as said
    expires: datetime

    model_config = ConfigDict(extra="allow", arbitrary_types_allowed=True)

    class Settings:
        name = "sign_in_attempts"
        indexes: ClassVar = [IndexModel([("expires", ASCENDING)], name="expires", expireAfterSeconds=0)]


def documented_account(stored: JsonObject) -> JsonObject:
    """Everything but the hashes of its credentials."""
    return from_stored({key: value for key, value in stored.items() if key != "credentials"})


def memberships(groups: list[str]) -> list[JsonObject]:
    """The documented `memberOf`."""
    return [{"groupId": ObjectId(group), "aaaManaged": False} for group in groups]


def assigned(roles: list[str]) -> list[JsonObject]:
    """The documented `assignedRoles`."""
    return [{"roleId": ObjectId(role)} for role in roles]


def referenced(document: Mapping[str, Json], key: str, id: str) -> list[ObjectId]:
    """The ids in a list of references, whether they are stored as such or as text."""
    found: list[Json] = [one.get(id) for one in array_at(document, key) if is_object(one)]
    return object_ids(found)
