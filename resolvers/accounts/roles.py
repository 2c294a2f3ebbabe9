"""Roles: lists of methods that an account may use."""

from ...models.documents.account import Account, Group, Role, role_form
from ...models.documents.shapes.accounts import Method, RoleDocument, RoleForm
from ...models.documents.stored import from_stored
from ...models.errors import Fault, RequestInvalid, RoleIsDefault
from ...models.json import is_object
from ...models.permissions import DEFAULT_ROLES, METHODS, documented_method
from ...models.visibility import Caller
from ..services import Services
from ..store.collections import collection_of
from ..tasks import claims
from . import directory
from .directory import Listed, Window
from .grants import check_methods

CUSTOM = "Custom"  # the provenance of roles that administrators make


async def find(role_id: str) -> RoleForm:
    return role_form(await directory.find_stored(Role, role_id))


async def page(window: Window) -> Listed:
    return await directory.page(Role, window)


def methods(limit: int, skip: int) -> Listed:
    """All methods that a role may allow, by name."""
    names = sorted(METHODS)
    return Listed([documented_method(name) for name in names[max(0, skip) :][: max(0, limit)]], len(names))


async def views(limit: int, skip: int) -> Listed:
    """The pages of the documented system that stored roles allow; this server has no such pages."""
    found = await collection_of(Role).distinct("allowedViews")
    paths = sorted((one for one in found if is_object(one)), key=lambda one: str(one.get("path")))
    return Listed(from_stored(paths[max(0, skip) :][: max(0, limit)]), len(paths))


async def create(services: Services, caller: Caller, name: str, description: str, allowed: list[str]) -> RoleForm:
    """A new role. All functions raise NotYoursToGive for methods that the caller does not have."""
    document: directory.Fields = {
        "provenance": CUSTOM,
        "name": name,
        "description": description,
        "allowedMethods": _methods(caller, allowed),
        "allowedViews": [],
    }
    return role_form(await directory.insert(Role, "name", document, services.clock.now()))


async def update(
    services: Services, caller: Caller, role_id: str, description: str | None, allowed: list[str] | None
) -> RoleForm:
    """Change a role; None leaves a field as it is. RoleIsDefault for a role of the server."""
    await _custom(role_id)
    fields: directory.Fields = {} if allowed is None else {"allowedMethods": _methods(caller, allowed)}
    if description is not None:
        fields["description"] = description
    changed = await directory.change(Role, role_id, fields, services.clock.now())
    services.callers.forget()
    await claims.release_invalid(services)
    return role_form(changed)


async def delete(services: Services, role_id: str) -> RoleForm:
    """Delete a role, also from all accounts and groups. RoleIsDefault for a role of the server."""
    role = await _custom(role_id)
    key = role["_id"]
    left = {"$pull": {"assignedRoles": {"roleId": {"$in": [key, role_id]}}}}
    for kind in (Account, Group):
        await collection_of(kind).update_many({"assignedRoles.roleId": {"$in": [key, role_id]}}, left)
    await collection_of(Role).delete_one({"_id": key})
    services.callers.forget()
    await claims.release_invalid(services)
    return role_form(role)


async def _custom(role_id: str) -> RoleDocument:
    role = await directory.find_stored(Role, role_id)
    if (name := role.get("name", "")) in {default.name for default in DEFAULT_ROLES}:
        raise RoleIsDefault(name)
    return role


def _methods(caller: Caller, allowed: list[str]) -> list[Method]:
    """The documented `allowedMethods`; RequestInvalid names all unknown methods."""
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
    return [documented_method(method) for method in dict.fromkeys(allowed)]
