"""The stored projects: lookup, rights of members, and guarded writes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from ...models.documents.moments import iso
from ...models.documents.project import (
    GREATEST_IID,
    NEW_PROJECT,
    Project,
    access_control,
    components_in,
    rights_of,
    strongest,
)
from ...models.documents.shapes.projects import Component, ProjectDocument, ProjectFields
from ...models.documents.stored import from_stored
from ...models.errors import ProjectNotFound, ProjectRoleForbids
from ...models.json import array_at, is_object, text_at
from ...models.visibility import Caller
from ..store import collections as documents
from ..store.collections import collection_of

MOST_CLOSED = 10_000  # projects with members that a caller's roles are looked up in


async def find(caller: Caller, id: str) -> ProjectDocument:
    """The project; ProjectNotFound also if the caller is no member."""
    found = await documents.find(collection_of(Project), id)
    if found is None or not caller.role_in(id):
        raise ProjectNotFound(id)
    return found


async def find_for(caller: Caller, id: str, right: str) -> ProjectDocument:
    """The project; ProjectRoleForbids for a member without this right."""
    found = await find(caller, id)
    check_right(caller, found, right)
    return found


def check_right(caller: Caller, project: ProjectDocument, right: str) -> None:
    role = caller.role_in(text_at(project, "_id"))
    if right not in rights_of(role):
        needed = next(one for one in ("operator", "editor", "owner") if right in rights_of(one))
        raise ProjectRoleForbids(text_at(project, "name"), role or "no member", needed)


async def find_by_name(name: str) -> list[ProjectDocument]:
    return await documents.find_all_by(collection_of(Project), {"name": {"$eq": name}}, 20)


async def find_with_component(reference: str) -> list[ProjectDocument]:
    """The projects that have a component of this reference."""
    return await documents.find_all_by(collection_of(Project), {"components.reference": reference}, 20)


async def insert(id: str, header: Mapping[str, object], by: str, at: int | None) -> ProjectDocument:
    """Store a new project; the stored project, which may be that of a concurrent request."""
    moment = None if at is None else iso(at)
    made: ProjectFields = {"created": moment, "createdBy": by, "lastUpdated": moment, "lastUpdatedBy": by}
    project = cast(ProjectDocument, {**NEW_PROJECT, "iid": await next_iid(), **made, **header})  # fits PROJECT_SCHEMA
    try:
        await collection_of(Project).insert_one({**project, "_id": ObjectId(id)})
    except DuplicateKeyError:
        found = await documents.find(collection_of(Project), id)
        if found is None:
            raise
        return found
    return {**project, "_id": id}


async def next_iid() -> int:
    known = {"iid": {"$gte": 0, "$lt": GREATEST_IID}}
    last = collection_of(Project).find(known, {"iid": 1}).sort([("iid", -1)]).limit(1)
    return max([int(one.get("iid", 0)) async for one in last], default=0) + 1


async def change(id: str, fields: Mapping[str, object]) -> ProjectDocument:
    changed = await documents.change(collection_of(Project), id, fields)
    if changed is None:
        raise ProjectNotFound(id)
    return changed


async def add_components(id: str, came: Sequence[Component]) -> ProjectDocument:
    """Add components. Components that the project has already get the new folder."""

    def added(components: list[Component]) -> list[Component]:
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


async def remove_components(id: str, references: Iterable[str]) -> ProjectDocument:
    gone = set(references)
    return await _with_components(
        id, lambda components: [one for one in components if text_at(one, "reference") not in gone]
    )


async def _with_components(id: str, changed: Callable[[list[Component]], list[Component]]) -> ProjectDocument:
    """Change the components by one guarded write, so that no concurrent change is lost."""
    while True:
        stored = await documents.find(collection_of(Project), id)
        if stored is None:
            raise ProjectNotFound(id)
        earlier = stored.get("components")
        components = changed(components_in(stored))
        fields: dict[str, object] = {
            "components": [*components],
            "componentIidIndex": _next({_iid(one) for one in components}),
        }
        if components == earlier:
            return stored
        done = await collection_of(Project).find_one_and_update(
            {"_id": ObjectId(id), "components": earlier}, {"$set": fields}, return_document=True
        )
        if done is not None:
            return from_stored(done)


def _iid(component: Component) -> int | None:
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


def documented(project: ProjectDocument) -> ProjectDocument:
    """The project in its documented form, with computed fields."""
    return {**project, "accessControl": access_control(array_at(project, "members"))}
