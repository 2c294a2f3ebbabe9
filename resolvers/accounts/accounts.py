"""Accounts of people and service accounts, for administrators. Every change counts at once (see Callers)."""

from collections.abc import Iterable
from dataclasses import dataclass

from ...models.documents.account import LOCAL, SERVICE, Account, account_form
from ...models.documents.moments import object_ids
from ...models.documents.shapes.accounts import AccountForm, ViewerForm
from ...models.errors import AccountNotFound, Fault, RequestInvalid
from ...models.json import Json
from ...models.settings import LONGEST_PASSWORD, SHORTEST_PASSWORD
from ...models.visibility import Caller
from ..services import Services
from ..store.collections import collection_of
from ..tasks import claims
from . import directory, tokens
from .callers import groups_of, resolve_caller, roles_of
from .directory import Fields, Listed, Window
from .grants import check_account, check_belongings


@dataclass(frozen=True)
class Belongings:
    """Groups and roles by id. None leaves them as they are; a new account has none then."""

    groups: list[str] | None = None
    roles: list[str] | None = None


@dataclass(frozen=True)
class AccountChanges:
    """None leaves a field as it is."""

    firstname: str | None = None
    email: str | None = None
    inactive: bool | None = None
    belongings: Belongings = Belongings()


async def find(account_id: str) -> AccountForm:
    return account_form(await directory.find_stored(Account, account_id))


async def page(window: Window) -> Listed:
    return await directory.page(Account, window)


async def viewer(account_id: str) -> ViewerForm:
    """The account as GET /whoami documents it, with all groups and roles, and its methods by application."""
    account = await directory.find_stored(Account, account_id)
    caller = await resolve_caller(account["_id"])
    if caller is None:
        raise AccountNotFound(account_id)
    groups = await groups_of(account)
    roles = await roles_of([account, *groups])
    methods: dict[str, list[str]] = {}
    for role in roles:
        for method in role.get("allowedMethods", []):
            if "provenance" in method and "name" in method:
                methods.setdefault(method["provenance"], []).append(method["name"])
    return {
        "id": account_id,
        "provenance": account.get("provenance"),
        "username": account["username"],
        "firstname": account.get("firstname"),
        "groups": [
            {"id": str(group["_id"]), "provenance": group.get("provenance"), "name": group.get("name", "")}
            for group in groups
        ],
        "routes": [],
        "methods": {app: sorted(set(names)) for app, names in sorted(methods.items())},
        "roles": [str(role["_id"]) for role in roles],
    }


async def usernames(ids: Iterable[Json]) -> dict[str, str]:
    """Usernames by id; ids of no accounts are left out."""
    valid = object_ids(id for id in ids if isinstance(id, str))
    found = collection_of(Account).find({"_id": {"$in": valid}}, {"username": 1})
    return {str(one["_id"]): one["username"] async for one in found}


async def create(
    services: Services, caller: Caller, username: str, password: str, changes: AccountChanges
) -> AccountForm:
    """A new account of a person. All functions raise NotYoursToGive for what the caller does not have (see grants)."""
    await check_belongings(caller, changes.belongings.groups, changes.belongings.roles)
    check_password(password)
    document = await new_account(LOCAL, username, changes)
    document["credentials"] = {"password": await services.passwords.hash_password(password)}
    return account_form(await directory.insert(Account, "username", document, services.clock.now()))


async def set_password(services: Services, caller: Caller, account_id: str, password: str) -> AccountForm:
    """Set the password, and sign the account out everywhere."""
    await check_account(caller, account_id)
    check_password(password)
    account = await directory.find_stored(Account, account_id)
    if account.get("provenance") == SERVICE:
        message = "is the account of a program: it has a secret and no password"
        raise RequestInvalid([Fault("kind", "/id", "#/id/kind", message)])
    hashed = await services.passwords.hash_password(password)
    changed = await directory.change(Account, account_id, {"credentials": {"password": hashed}}, services.clock.now())
    await sign_out_everywhere(services, account_id)
    return account_form(changed)


async def update(services: Services, caller: Caller, account_id: str, changes: AccountChanges) -> AccountForm:
    """Change an account. An account that becomes inactive is signed out everywhere."""
    await check_account(caller, account_id)
    await check_belongings(caller, changes.belongings.groups, changes.belongings.roles)
    fields = await _fields(changes)
    changed = await directory.change(Account, account_id, fields, services.clock.now())
    if changes.inactive:
        await sign_out_everywhere(services, account_id)
    services.callers.forget()
    await claims.release_invalid(services)
    return account_form(changed)


async def sign_out_everywhere(services: Services, account_id: str) -> int:
    """Revoke all tokens of the account; their number."""
    account = await directory.find_stored(Account, account_id)
    revoked = await tokens.revoke_all(account["_id"])
    services.callers.forget()
    return revoked


def check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        message = f"must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
        raise RequestInvalid([Fault("minLength", "/password", "#/password/minLength", message)])


async def new_account(provenance: str, username: str, changes: AccountChanges) -> Fields:
    nothing: Fields = {"firstname": username, "memberOf": [], "assignedRoles": [], "inactive": False}
    return {"provenance": provenance, "username": username, **nothing, **await _fields(changes)}


async def _fields(changes: AccountChanges) -> Fields:
    told = {"firstname": changes.firstname, "email": changes.email, "inactive": changes.inactive}
    belongings = await directory.belongings(changes.belongings.groups, changes.belongings.roles)
    return {**{key: value for key, value in told.items() if value is not None}, **belongings}
