"""Roles: what whoever has one may do."""

from bson import ObjectId

from ..models.access import Caller
from ..models.documents.account import Account, Group, Role, documented_account
from ..models.errors import Fault, RequestInvalid, RoleIsDefault
from ..models.json import JsonObject
from ..models.methods import DEFAULT_ROLES, METHODS, documented_method
from .access import directory
from .access.directory import Listed
from .access.giving import check_methods
from .store.collections import collection_of
from .yard import Yard

CUSTOM = "Custom"  # the provenance of roles that administrators make


async def find(role_id: str) -> JsonObject:
    return documented_account(await directory.found(Role, role_id))


async def page(limit: int, skip: int) -> Listed:
    return await directory.page(Role, limit, skip)


def methods(limit: int, skip: int) -> Listed:
    """Everything that a role may allow, in the order of names."""
    names = sorted(METHODS)
    return Listed([documented_method(name) for name in names[max(0, skip) :][: max(0, limit)]], len(names))


async def create(yard: Yard, caller: Caller, name: str, description: str, allowed: list[str]) -> JsonObject:
    """NotYoursToGive for methods that the caller does not have."""
    faults = [
        Fault(
            "enum", f"/methods/{index}", "#/methods/items/enum", f"must be one of the query `methods`, not '{method}'"
        )
        for index, method in enumerate(allowed)
        if method not in METHODS
    ]
    if faults:
        raise RequestInvalid(faults)
    check_methods(caller, allowed)
    document = {
        "provenance": CUSTOM,
        "name": name,
        "description": description,
        "allowedMethods": [documented_method(method) for method in dict.fromkeys(allowed)],
        "allowedViews": [],
    }
    return documented_account(await directory.insert(Role, "name", document, yard.clock.now()))


async def delete(yard: Yard, role_id: str) -> JsonObject:
    """Nobody has it any more. RoleIsDefault for one that comes with the server."""
    role = await directory.found(Role, role_id)
    if role["name"] in {default.name for default in DEFAULT_ROLES}:
        raise RoleIsDefault(role["name"])
    key: ObjectId = role["_id"]
    left: JsonObject = {"$pull": {"assignedRoles": {"roleId": {"$in": [key, role_id]}}}}
    for kind in (Account, Group):
        await collection_of(kind).update_many({"assignedRoles.roleId": {"$in": [key, role_id]}}, left)
    await collection_of(Role).delete_one({"_id": key})
    yard.callers.forget()
    return documented_account(role)
