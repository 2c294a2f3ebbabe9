"""The default roles and the account `admin`, which every database has."""

from contextlib import suppress
from secrets import token_hex
from typing import Any

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from ...models.documents.account import LOCAL, Account, Role, role_references
from ...models.documents.moments import moment
from ...models.json import object_at
from ...models.permissions import DEFAULT_ROLES, PROVENANCE, documented_method
from ...models.settings import Settings
from ..store.collections import collection_of
from .passwords import Passwords

ADMIN = "admin"


async def ensure_defaults(settings: Settings, passwords: Passwords, now: int) -> tuple[str, str | None]:
    """The id of `admin`, and its password if this call made it: the password is stored nowhere, so it must be shown."""
    roles = await _default_roles(now)
    accounts: Any = collection_of(Account)
    found = await accounts.find_one({"username": ADMIN})
    if found is None:
        new = {
            "provenance": LOCAL,
            "username": ADMIN,
            "firstname": ADMIN,
            "memberOf": [],
            "assignedRoles": role_references([str(roles[ADMIN])]),
            "inactive": False,
            "_meta": {"created": moment(now), "updated": moment(now), "migrationVersion": 1},
        }
        with suppress(DuplicateKeyError):  # another server on the same database starts, too
            await accounts.insert_one(new)
        found = await accounts.find_one({"username": ADMIN})
    if settings.open or object_at(found, "credentials"):
        return str(found["_id"]), None
    password = settings.admin_password or token_hex(12)
    credentials = {"password": await passwords.hash_password(password)}
    result = await accounts.update_one(
        {"_id": found["_id"], "credentials": {"$exists": False}}, {"$set": {"credentials": credentials}}
    )
    drawn = result.matched_count > 0 and not settings.admin_password
    return str(found["_id"]), password if drawn else None


async def _default_roles(now: int) -> dict[str, ObjectId]:
    """Write our default roles over those of an older server: newer servers have more methods."""
    roles: Any = collection_of(Role)
    ids: dict[str, ObjectId] = {}
    for role in DEFAULT_ROLES:
        methods = [documented_method(name) for name in sorted(role.methods)]
        kept = {
            "provenance": PROVENANCE,
            "description": role.description,
            "allowedMethods": methods,
            "allowedViews": [],
            "_meta": {"created": moment(now), "updated": moment(now), "migrationVersion": 1},
        }
        found = await roles.find_one({"name": role.name}, {"allowedMethods": 1})
        if found is None:
            with suppress(DuplicateKeyError):
                await roles.insert_one({"name": role.name, **kept})
            found = await roles.find_one({"name": role.name}, {"allowedMethods": 1})
        if found["allowedMethods"] != methods:
            await roles.update_one({"_id": found["_id"]}, {"$set": {"allowedMethods": methods}})
        ids[role.name] = found["_id"]
    return ids
