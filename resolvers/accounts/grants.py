"""Grants: a caller can only grant methods and groups that the caller has."""

from collections.abc import Iterable
from typing import Final

from bson import ObjectId

from ...models.documents.account import Account, Group, Role, memberships, role_references
from ...models.documents.shapes.accounts import AccountDocument, GroupDocument
from ...models.errors import GrantExceedsOwn
from ...models.permissions import METHODS
from ...models.visibility import SEES_ALL, SYSTEM, Caller
from . import directory
from .callers import groups_of, methods_of, roles_of

_NOBODY: Final = ObjectId()  # who would have just these


async def check_belongings(caller: Caller, groups: list[str] | None, roles: list[str] | None) -> None:
    """NotYoursToGive for roles or groups with more than the caller has. All of them must exist."""
    if caller is SYSTEM:
        return
    await directory.check_all(Group, groups or [])
    await directory.check_all(Role, roles or [])
    await _check(
        caller, {"_id": _NOBODY, "memberOf": memberships(groups or []), "assignedRoles": role_references(roles or [])}
    )


async def check_account(caller: Caller, account_id: str) -> None:
    """NotYoursToGive for an account with more permissions than the caller, who could act as this account."""
    if caller is not SYSTEM:
        await _check(caller, await directory.find_stored(Account, account_id))


async def check_group(caller: Caller, group_id: str) -> None:
    """NotYoursToGive for a group that the caller is not in."""
    if caller is not SYSTEM:
        await directory.find_stored(Group, group_id)
        await _check(caller, {"_id": _NOBODY, "memberOf": memberships([group_id])})


def check_methods(caller: Caller, methods: Iterable[str]) -> None:
    """NotYoursToGive for methods that the caller does not have. Methods that are unknown here do not count."""
    missing = sorted(method for method in methods if method in METHODS and method not in caller.methods)
    if missing and caller is not SYSTEM:
        raise GrantExceedsOwn(missing[0])


async def _check(caller: Caller, account: GroupDocument | AccountDocument) -> None:
    groups = await groups_of(account, inactive=True)
    if not caller.administrator and any(str(group["_id"]) not in caller.groups for group in groups):
        raise GrantExceedsOwn(SEES_ALL)
    check_methods(caller, methods_of(await roles_of([account, *groups], inactive=True)))
