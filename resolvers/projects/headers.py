"""The stored projects: lookup, rights of members, and guarded writes."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from ...models.documents.moments import iso
from ...models.documents.project import GREATEST_IID, NEW_PROJECT, Project, access_control, rights_of, strongest
from ...models.documents.stored import from_stored
from ...models.errors import ProjectNotFound, ProjectRoleForbids
from ...models.json import Json, JsonObject, array_at, is_object, text_at
from ...models.visibility import Caller
from ..store import collections as documents
from ..store.collections import collection_of

MOST_CLOSED = 10_000  # projects with members that a caller's roles are looked up in


async def find(caller: Caller, id: str) -> JsonObject:
    """The project; ProjectNotFound also if the caller is no member."""
    found = await documents.find(Project, id)
    if found is None or not caller.role_in(id):
        raise ProjectNotFound(id)
    return found


async def find_for(caller: Caller, id: str, right: str) -> JsonObject:
    """The project; ProjectRoleForbids for a member without this right."""
    found = await find(caller, id)
    check_right(caller, found, right)
    return found


def check_right(caller: Caller, project: JsonObject, right: str) -> None:
    role = caller.role_in(text_at(project, "_id"))
    if right not in rights_of(role):
        needed = next(one for one in ("operator", "editor", "owner") if right in rights_of(one))
        raise ProjectRoleForbids(text_at(project, "name"), role or "no member", needed)


async def find_by_name(name: str) -> list[JsonObject]:
    return await documents.find_all_by(Project, {"name": {"$eq": name}}, 20)


async def find_with_component(reference: str) -> list[JsonObject]:
    """The projects that have a component of this reference."""
    return await documents.find_all_by(Project, {"components.reference": reference}, 20)


async def insert(id: str, header: JsonObject, by: str, at: int | None) -> JsonObject:
    """Store a new project; the stored project, which may be that of a concurrent request."""
    moment = None if at is None else iso(at)
    made: JsonObject = {"created": moment, "createdBy": by, "lastUpdated": moment, "lastUpdatedBy": by}
    project: JsonObject = {**NEW_PROJECT, "iid": await next_iid(), **made, **header}
    try:
        stored: Any = {**project, "_id": ObjectId(id)}  # it fits PROJECT_SCHEMA
        await collection_of(Project).insert_one(stored)
    except DuplicateKeyError:
        found = await documents.find(Project, id)
        if found is None:
            raise
        return found
    return {**project, "_id": id}


async def next_iid() -> int:
    known = {"iid": {"$gte": 0, "$lt": GREATEST_IID}}
    last = collection_of(Project).find(known, {"iid": 1}).sort([("iid", -1)]).limit(1)
    return max([int(one.get("iid", 0)) async for one in last], default=0) + 1


async def change(id: str, fields: JsonObject) -> JsonObject:
    changed = await documents.change(Project, id, fields)
    if changed is None:
        raise ProjectNotFound(id)
    return changed


async def add_components(id: str, came: Sequence[JsonObject]) -> JsonObject:
    """Add components. Components that the project has already get the new folder."""

    def added(components: list[JsonObject]) -> list[JsonObject]:
        known = {text_at(one, "reference"): one for one in components}
        taken = {_iid(one) for one in known.values()}
        for one in came:
            earlier = known.get(text_at(one, "reference"))
            iid = _iid(earlier or one)
            if earlier is None and iid in taken:
                iid = _next(taken)
            taken.add(iid)
            known[text_at(one, "reference")] = {**one, "iid": iid}
        return list(known.values())

    return await _with_components(id, added)


async def remove_components(id: str, references: Iterable[str]) -> JsonObject:
    gone = set(references)
    return await _with_components(
        id, lambda components: [one for one in components if text_at(one, "reference") not in gone]
    )


async def _with_components(id: str, changed: Callable[[list[JsonObject]], list[JsonObject]]) -> JsonObject:
    """Change the components by one guarded write, so that no concurrent change is lost."""
    while True:
        stored = await documents.find(Project, id)
        if stored is None:
            raise ProjectNotFound(id)
        earlier: Json = stored.get("components")
        components = changed([one for one in array_at(stored, "components") if is_object(one)])
        fields: JsonObject = {
            "components": [*components],
            "componentIidIndex": _next({_iid(one) for one in components}),
        }
        if components == earlier:
            return stored
        done = await collection_of(Project).find_one_and_update(
            {"_id": ObjectId(id), "components": earlier}, {"$set": fields}, return_document=True
        )
        if done is not None:
            whole: dict[str, object] = {**done}
            return from_stored(whole)


def _iid(component: JsonObject) -> int | None:
    return iid if isinstance(iid := component.get("iid"), int) else None


def _next(taken: set[int | None]) -> int:
    return max((one for one in taken if one is not None), default=-1) + 1


async def roles_of(account_id: str, groups: Iterable[str]) -> dict[str, str]:
    """The role of an account, by itself and through its groups, in each project that has members."""
    own = {("account", account_id), *(("group", group) for group in groups)}
    closed = collection_of(Project).find({"members.0": {"$exists": True}}, {"members": 1}).limit(MOST_CLOSED)
    return {
        str(project["_id"]): strongest(
            text_at(one, "role")
            for one in array_at(project, "members")
            if is_object(one) and (text_at(one, "type"), str(one.get("reference"))) in own
        )
        async for project in closed
    }


def documented(project: JsonObject) -> JsonObject:
    """The project in its documented form, with computed fields."""
    return {**project, "accessControl": access_control(array_at(project, "members"))}
