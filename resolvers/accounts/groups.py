"""Groups and their members."""

from dataclasses import dataclass, field
from typing import Any

from ...models.documents.account import LOCAL, Account, Group, group_form, memberships
from ...models.documents.moments import object_ids
from ...models.documents.shapes.accounts import GroupForm
from ...models.visibility import Caller
from ..services import Services
from ..store.collections import collection_of
from ..tasks import claims
from . import directory
from .accounts import Belongings
from .callers import groups_of, roles_of
from .directory import Listed, Window
from .grants import check_belongings, check_group


async def find(group_id: str) -> GroupForm:
    """The group, with the groups and roles that it inherits."""
    group = await directory.find_stored(Group, group_id)
    above = [one for one in await groups_of(group) if one["_id"] != group["_id"]]
    return {
        **group_form(group),
        "inheritedGroups": [str(one["_id"]) for one in above],
        "inheritedRoles": [str(role["_id"]) for role in await roles_of(above)],
    }


async def page(window: Window) -> Listed:
    return await directory.page(Group, window)


@dataclass(frozen=True)
class NewGroup:
    """`provenance` is the directory of the group: some clients delete only groups of the directory that they sent."""

    name: str
    description: str = ""
    belongings: Belongings = field(default_factory=Belongings)
    inactive: bool = False
    provenance: str | None = None


async def create(services: Services, caller: Caller, new: NewGroup) -> GroupForm:
    """A group without members. All functions raise NotYoursToGive for what the caller does not have (see grants)."""
    await check_belongings(caller, new.belongings.groups, new.belongings.roles)
    if new.provenance:
        directory.check_name(new.provenance, "provenance")
    document: directory.Fields = {
        "provenance": new.provenance or LOCAL,
        "name": new.name,
        "description": new.description,
        "memberOf": [],
        "assignedRoles": [],
        "inactive": new.inactive,
        **await directory.belongings(new.belongings.groups, new.belongings.roles),
    }
    return group_form(await directory.insert(Group, "name", document, services.clock.now()))


async def update(
    services: Services,
    caller: Caller,
    group_id: str,
    description: str | None,
    belongings: Belongings,
    *,
    inactive: bool | None = None,
) -> GroupForm:
    """Change a group; None leaves a field as it is. Groups in a circle are members of each other."""
    await check_belongings(caller, belongings.groups, belongings.roles)
    if inactive is False:
        await check_group(caller, group_id)
    fields = await directory.belongings(belongings.groups, belongings.roles)
    if description is not None:
        fields["description"] = description
    if inactive is not None:
        fields["inactive"] = inactive
    changed = await directory.change(Group, group_id, fields, services.clock.now())
    services.callers.forget()
    await claims.release_invalid(services)
    return group_form(changed)


async def delete(services: Services, group_id: str) -> GroupForm:
    """Delete a group. What it restricts stays restricted, and jobs that are not over get a warning."""
    group = await directory.find_stored(Group, group_id)
    key = group["_id"]
    left = {"$pull": {"memberOf": {"groupId": {"$in": [key, group_id]}}}}
    for kind in (Account, Group):
        await collection_of(kind).update_many({"memberOf.groupId": {"$in": [key, group_id]}}, left)
    await collection_of(Group).delete_one({"_id": key})
    services.callers.forget()
    await claims.release_invalid(services)
    await services.jobs.warn_of_group(group_id, str(group.get("name")))
    return group_form(group)


async def add_members(services: Services, caller: Caller, group_id: str, account_ids: list[str]) -> GroupForm:
    """Add members; the group."""
    group = await directory.find_stored(Group, group_id)
    await check_belongings(caller, [group_id], None)
    await directory.check_all(Account, account_ids)
    accounts: Any = collection_of(Account)
    outside = {"_id": {"$in": object_ids(account_ids)}, "memberOf.groupId": {"$ne": group["_id"]}}
    await accounts.update_many(outside, {"$push": {"memberOf": memberships([group_id])[0]}})
    services.callers.forget()
    return group_form(group)


async def remove_members(services: Services, group_id: str, account_ids: list[str]) -> GroupForm:
    group = await directory.find_stored(Group, group_id)
    left = {"$pull": {"memberOf": {"groupId": {"$in": [group["_id"], group_id]}}}}
    await collection_of(Account).update_many({"_id": {"$in": object_ids(account_ids)}}, left)
    services.callers.forget()
    await claims.release_invalid(services)
    return group_form(group)
