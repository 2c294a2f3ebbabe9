"""The caller behind a token, a password or a subscription, with all permissions of the account.

Callers are cached for KEPT milliseconds: a request costs no look-up then, and a change counts at once in this process
and within KEPT in the others. During an outage of the database, cached callers are valid for KEPT_AWAY, so that
requests that need no database, above all the health of the server, still work.
"""

import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_bytes
from typing import Any, TypeAlias, overload

from bson import ObjectId

from ...models.bounded_cache import BoundedCache
from ...models.documents.account import Account, Group, Role, referenced_ids
from ...models.documents.shapes.accounts import AccountDocument, GroupDocument, RoleDocument
from ...models.errors import DatabaseUnavailable
from ...models.json import array_at, is_object, text_at
from ...models.visibility import SEES_ALL, Caller
from ..clock import Clock
from ..projects.headers import roles_of as roles_in_projects
from ..store.collections import collection_of
from ..store.pulse import Pulse
from . import tokens

Member: TypeAlias = AccountDocument | GroupDocument

KEPT = 5_000
KEPT_AWAY = 3_600_000
REMEMBERED = 10_000


@dataclass(frozen=True)
class _Known:
    """A cached caller: look it up again after `fresh`, do not use it after `good` (epoch milliseconds)."""

    caller: Caller
    fresh: int
    good: int


class Callers:
    """Finds callers; DatabaseUnavailable if one has to be looked up during an outage."""

    def __init__(self, clock: Clock, pulse: Pulse) -> None:
        self._clock = clock
        self._pulse = pulse
        self._key = token_bytes()
        # By the id of the account, or by the keyed hash of a token or password, which the cache does not contain.
        self._known: BoundedCache[str | bytes, _Known] = BoundedCache(most=REMEMBERED)
        self._changes = 0

    async def find_by_token(self, token: str) -> Caller | None:
        async def find() -> tuple[ObjectId, int] | None:
            return await tokens.find_account(token, self._clock.now())

        return await self._find_cached(self._hash(f"token {token}"), find)

    async def find_by_account(self, account_id: str) -> Caller | None:
        """The caller with the current permissions of the account; None if the account is closed."""
        return await self._find_by_account(account_id)

    async def find_owner(self, account_id: str) -> Caller | None:
        """`find_by_account` for the owner of a job: waits for a database that is away."""
        return await self._find_by_account(account_id, waits=True)

    async def _find_by_account(self, account_id: str, *, waits: bool = False) -> Caller | None:
        async def find() -> tuple[ObjectId, int] | None:
            return ObjectId(account_id), self._clock.now() + KEPT_AWAY

        return await self._find_cached(account_id, find, waits=waits)

    async def find_by_password(
        self, username: str, password: str, find: Callable[[], Awaitable[ObjectId]]
    ) -> Caller | None:
        """The caller of this password. `find` checks the password once in KEPT milliseconds."""

        async def found() -> tuple[ObjectId, int] | None:
            return await find(), self._clock.now() + KEPT_AWAY

        return await self._find_cached(self._hash(f"password {len(username)} {username} {password}"), found)

    def forget(self) -> None:
        """Empty the cache: call it after a change of accounts, groups or roles."""
        self._known.clear()
        self._changes += 1

    def _hash(self, secret: str) -> bytes:
        return hmac.digest(self._key, secret.encode("utf-8", "surrogatepass"), "sha256")

    async def _find_cached(
        self, key: str | bytes, find: Callable[[], Awaitable[tuple[ObjectId, int] | None]], *, waits: bool = False
    ) -> Caller | None:
        async def look_up() -> tuple[Caller | None, int]:
            found = await find()
            return (None, 0) if found is None else (await resolve_caller(found[0]), found[1])

        known = self._known.get(key)
        now = self._clock.now()
        if known is not None and now < known.fresh:
            return known.caller
        good = known is not None and now < known.good
        if known is not None and good and self._pulse.away:
            return known.caller
        changes = self._changes
        try:
            caller, until = await (look_up() if waits else self._pulse.answer(look_up()))
        except DatabaseUnavailable:
            if known is None or not good or changes != self._changes:
                raise
            return known.caller
        self._known.pop(key)
        if caller is not None and changes == self._changes:  # else it may be out of date
            self._known.put(key, _Known(caller, min(until, now + KEPT), min(until, now + KEPT_AWAY)))
        return caller


async def resolve_caller(account_id: ObjectId) -> Caller | None:
    """The account with its groups, also nested ones, and with the methods of all its roles."""
    account = await collection_of(Account).find_one({"_id": account_id, "inactive": {"$ne": True}}, {"credentials": 0})
    if account is None:
        return None
    groups = await groups_of(account)
    methods = methods_of(await roles_of([account, *groups]))
    ids = [str(group["_id"]) for group in groups]
    projects = {} if SEES_ALL in methods else await roles_in_projects(str(account["_id"]), ids)
    return Caller(
        account_id=str(account["_id"]),
        username=account["username"],
        groups=frozenset(ids),
        methods=methods,
        projects=projects,
    )


async def groups_of(member: Member, *, inactive: bool = False) -> list[GroupDocument]:
    """The groups of an account or a group, the nearest first; one read per level of nesting.

    Inactive groups and roles count only with `inactive`.
    """
    found: dict[ObjectId, GroupDocument] = {}
    asked = {member["_id"]}
    near: Sequence[Member] = [member]
    while near:
        wanted = {id for one in near for id in referenced_ids(one, "memberOf", "groupId")} - asked
        asked |= wanted
        nearer = await _read_all(Group, wanted, inactive)
        found |= {one["_id"]: one for one in nearer}
        near = nearer
    return list(found.values())


async def roles_of(holders: Iterable[Member], *, inactive: bool = False) -> list[RoleDocument]:
    ids = {id for one in holders for id in referenced_ids(one, "assignedRoles", "roleId")}
    return await _read_all(Role, ids, inactive)


@overload
async def _read_all(kind: type[Group], ids: set[ObjectId], inactive: bool) -> list[GroupDocument]: ...
@overload
async def _read_all(kind: type[Role], ids: set[ObjectId], inactive: bool) -> list[RoleDocument]: ...
async def _read_all(kind: type[Group] | type[Role], ids: set[ObjectId], inactive: bool) -> list[Any]:
    if not ids:
        return []
    collection: Any = collection_of(kind)
    query = {"_id": {"$in": sorted(ids)}, **({} if inactive else {"inactive": {"$ne": True}})}
    return [one async for one in collection.find(query)]


def methods_of(roles: Iterable[Mapping[str, object]]) -> frozenset[str]:
    return frozenset(
        text_at(one, "name") for role in roles for one in array_at(role, "allowedMethods") if is_object(one)
    )
