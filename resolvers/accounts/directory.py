"""Accounts, groups and roles as documents: read by id, in pages by the order of creation, and inserted by name."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, overload

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from ...models.documents.account import (
    SERVICE,
    Account,
    Group,
    Role,
    account_form,
    group_form,
    memberships,
    role_form,
    role_references,
)
from ...models.documents.moments import moment, object_id, object_ids
from ...models.documents.shapes.accounts import AccountDocument, GroupDocument, RoleDocument
from ...models.errors import AccountNotFound, Fault, GroupNotFound, NameTaken, Problem, RequestInvalid, RoleNotFound
from ...models.json import Json
from ..store.collections import collection_of

MOST = 1000  # of a page
LONGEST_NAME = 200

Fields: TypeAlias = dict[str, object]  # as they are stored: ids and moments are the database's own
Kind = type[Account] | type[Group] | type[Role]

_NOT_FOUND: Mapping[Kind, type[AccountNotFound] | type[GroupNotFound] | type[RoleNotFound]] = {
    Account: AccountNotFound,
    Group: GroupNotFound,
    Role: RoleNotFound,
}
_FORMS: Mapping[Kind, Callable[[Mapping[str, object]], Mapping[str, object]]] = {
    Account: account_form,
    Group: group_form,
    Role: role_form,
}


@dataclass(frozen=True)
class Listed:
    """A page of documents in their documented form; `total` counts all of the kind."""

    results: Sequence[Mapping[str, object]]
    total: int


@dataclass(frozen=True)
class Window:
    """The page to read, and a filter; None in `inactive` or `programs` means both kinds."""

    limit: int
    skip: int
    newest_first: bool = False
    inactive: bool | None = None
    programs: bool | None = None


async def page(kind: Kind, window: Window) -> Listed:
    limit, skip = window.limit, window.skip
    if not (0 <= limit <= MOST and 0 <= skip < 2**31):
        message = f"must be between 0 and {MOST}" if not 0 <= limit <= MOST else "must be between 0 and 2147483647"
        name = "skip" if 0 <= limit <= MOST else "limit"
        raise RequestInvalid([Fault("range", f"/{name}", f"#/{name}/range", message)])
    documents: Any = collection_of(kind)
    query: Fields = {}
    if window.inactive is not None:
        query["inactive"] = True if window.inactive else {"$ne": True}
    if window.programs is not None:
        query["provenance"] = SERVICE if window.programs else {"$ne": SERVICE}
    total = await documents.count_documents(query)
    documents = (
        documents.find(query).sort([("_id", -1 if window.newest_first else 1)]).skip(skip).limit(limit)
        if limit
        else _no_documents()
    )
    return Listed([_FORMS[kind](one) async for one in documents], total)


async def _no_documents() -> AsyncGenerator[Mapping[str, object]]:
    """An empty page: a limit of 0 asks for the total only, and would mean no limit to the database."""
    for none in ():
        yield none


@overload
async def find_stored(kind: type[Account], id: str) -> AccountDocument: ...
@overload
async def find_stored(kind: type[Group], id: str) -> GroupDocument: ...
@overload
async def find_stored(kind: type[Role], id: str) -> RoleDocument: ...
async def find_stored(kind: Kind, id: str) -> AccountDocument | GroupDocument | RoleDocument:
    """The stored document; AccountNotFound, GroupNotFound or RoleNotFound."""
    key = object_id(id)
    document = None if key is None else await collection_of(kind).find_one({"_id": key})
    if document is None:
        raise not_found(kind, id)
    return document


def not_found(kind: Kind, id: str) -> Problem:
    return _NOT_FOUND[kind](id)


async def check_all(kind: Kind, ids: Iterable[str]) -> None:
    """AccountNotFound, GroupNotFound or RoleNotFound if one of them does not exist."""
    asked = list(dict.fromkeys(ids))
    for id in asked:
        if object_id(id) is None:
            raise not_found(kind, id)
    wanted = object_ids(asked)
    there = {str(one["_id"]) async for one in collection_of(kind).find({"_id": {"$in": wanted}}, {"_id": 1})}
    for id in asked:
        if id not in there:
            raise not_found(kind, id)


async def belongings(groups: list[str] | None, roles: list[str] | None) -> Fields:
    """The documented `memberOf` and `assignedRoles`, as far as they change. The groups and roles must exist."""
    fields: Fields = {}
    if groups is not None:
        await check_all(Group, groups)
        fields["memberOf"] = memberships(groups)
    if roles is not None:
        await check_all(Role, roles)
        fields["assignedRoles"] = role_references(roles)
    return fields


async def insert(kind: Kind, name_field: str, document: Fields, now: int) -> Fields:
    """The stored document; NameTaken if its name is taken."""
    name = check_name(document[name_field], name_field)
    meta = {"created": moment(now), "updated": moment(now), "migrationVersion": 1}
    new: Fields = {"_id": ObjectId(), **document, "_meta": meta}
    collection: Any = collection_of(kind)
    try:
        await collection.insert_one(new)
    except DuplicateKeyError as taken:
        raise NameTaken(kind.__name__.lower(), name) from taken
    return new


async def change(kind: Kind, id: str, fields: Fields, now: int) -> Mapping[str, object]:
    """Set the fields; the document after the change."""
    update = {"$set": {**fields, "_meta.updated": moment(now)}}
    changed = await collection_of(kind).find_one_and_update({"_id": object_id(id)}, update, return_document=True)
    if changed is None:
        raise not_found(kind, id)
    return changed


def check_name(name: object, field: str) -> str:
    if not (isinstance(name, str) and 0 < len(name) <= LONGEST_NAME and name.isprintable() and name.strip() == name):
        message = f"must have 1 to {LONGEST_NAME} printable characters, and no space at its ends"
        raise RequestInvalid([Fault("name", f"/{field}", f"#/{field}/name", message)])
    return name


async def name_of(account: Json) -> str:
    """The username of an account; its id if the account does not exist."""
    found = await collection_of(Account).find_one({"_id": object_id(account)}, {"username": 1})
    return str(account) if found is None else found["username"]
