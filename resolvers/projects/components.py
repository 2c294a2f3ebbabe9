"""The components of a project: documents named after the project, and documents that it shares with another project."""

from collections.abc import Mapping, Sequence
from typing import Final

import orjson
from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from ...models.documents.containers import Kind
from ...models.documents.project import (
    KIND_OF,
    MOST_COMPONENTS,
    TYPE_OF,
    Project,
    component_of,
    components_in,
    name_in,
    of_project,
    plain_name,
    project_in,
)
from ...models.documents.shapes.projects import Component, ProjectDocument
from ...models.documents.stored import from_stored
from ...models.errors import AnswerTooLarge, ComponentNotFound, Fault, NameTaken, RequestInvalid
from ...models.json import Json, JsonObject, array_at, is_object, text_at
from ...models.visibility import SYSTEM, Caller, may_see, may_see_workflow
from ..store import collections as store_collections
from ..store.collections import collection_of
from ..store.replacing import KINDS, insert_new
from ..store.sealed_documents import mask_document, open_document
from . import headers

AT_ONCE: Final = 1_000
LARGEST_EXPORT: Final = 64 * 1024 * 1024  # bytes
_MODES: Final = ("move", "copy")


async def check_name(caller: Caller, name: str) -> None:
    """ProjectRoleForbids unless the caller may change a document of this name, which may belong to a project."""
    project = project_in(name)
    if project and await store_collections.find(collection_of(Project), project) is not None:
        await headers.find_for(caller, project, "write")


async def follow_names(kind: Kind, changed: Sequence[JsonObject], earlier: str = "") -> None:
    """Move renamed documents between projects: a document belongs to the project in its name."""
    for one in changed:
        before, now = project_in(earlier), project_in(text_at(one, "name"))
        if before and before != now and await store_collections.find(collection_of(Project), before) is not None:
            await headers.remove_components(before, [text_at(one, "_id")])
        if now and await store_collections.find(collection_of(Project), now) is not None:
            await headers.add_components(now, [component_of({}, kind, text_at(one, "_id"), 0)])


async def forget(reference: str) -> None:
    """Remove a deleted document from all projects."""
    for project in await headers.find_with_component(reference):
        await headers.remove_components(text_at(project, "_id"), [reference])


async def find_documents(project: Mapping[str, object], caller: Caller = SYSTEM) -> dict[str, tuple[Kind, JsonObject]]:
    """The names and groups of a project's documents by id: its existing components, and other documents named after the
    project, without workflows that the caller may not see.
    """
    id, found = text_at(project, "_id"), dict[str, tuple[Kind, JsonObject]]()
    wanted: dict[Kind, list[str]] = {}
    for one in array_at(project, "components"):
        if is_object(one) and text_at(one, "type") in KIND_OF:
            wanted.setdefault(KIND_OF[text_at(one, "type")], []).append(text_at(one, "reference"))
    for kind, of_kind in KINDS.items():
        query = {"$or": [{"_id": {"$in": wanted.get(kind, [])}}, of_project(id)]}
        shown = collection_of(of_kind).find(query, {"name": 1, "groups": 1}).limit(MOST_COMPONENTS)
        async for one in shown:
            if kind != "workflow" or may_see(caller, one.get("groups")):
                found[str(one["_id"])] = kind, {**from_stored(one), "_id": str(one["_id"])}
    return found


async def load_documents(found: Mapping[str, tuple[Kind, JsonObject]]) -> dict[str, JsonObject]:
    """The whole documents; AnswerTooLarge if they are more than LARGEST_EXPORT."""
    documents: dict[str, JsonObject] = {}
    size = 0
    for kind, of_kind in KINDS.items():
        ids = [id for id, (its, _) in found.items() if its == kind]
        async for one in collection_of(of_kind).find({"_id": {"$in": ids}}).batch_size(100):
            document = from_stored(mask_document(collection_of(of_kind).name, one))
            size += len(orjson.dumps(document))
            if size > LARGEST_EXPORT:
                raise AnswerTooLarge("bytes of a project's documents", LARGEST_EXPORT, "Part the project in several.")
            documents[str(one["_id"])] = document
    return documents


def list_components(project: Mapping[str, object], found: dict[str, tuple[Kind, JsonObject]]) -> list[Component]:
    """The components whose documents exist, each with its document's name.

    A document that an interrupted import did not add to the project comes last.
    """
    known = [one for one in components_in(project) if text_at(one, "reference") in found]
    missing = found.keys() - {text_at(one, "reference") for one in known}
    free = max((iid for one in known if isinstance(iid := one.get("iid"), int)), default=-1) + 1
    late = [component_of({}, found[id][0], id, free + index) for index, id in enumerate(sorted(missing))]
    return [{**one, "name": found[text_at(one, "reference")][1].get("name")} for one in [*known, *late]]


async def add(caller: Caller, id: str, wanted: Sequence[Json], mode: str) -> ProjectDocument:
    """Add existing documents to the project: moved, and renamed, or copied under new ids; the project afterwards.

    A document of another project can only be copied.
    """
    project = await headers.find_for(caller, id, "write")
    if mode not in _MODES:
        raise _invalid("/mode", f"must be one of {', '.join(_MODES)}")
    if len(wanted) > AT_ONCE:
        raise _invalid("/components", f"must NOT have more than {AT_ONCE} items; add the rest in another call")
    chosen = [await _find_chosen(caller, one, index) for index, one in enumerate(wanted)]
    for index, (kind, found, _) in enumerate(chosen):
        await _check_free(id, kind, found, mode, index)
    for kind, found, part in chosen:
        reference = await (_move(id, kind, found) if mode == "move" else _copy(id, kind, found))
        await headers.add_components(id, [component_of(part, kind, reference, 0)])
    return await headers.find(caller, text_at(project, "_id"))


async def remove(caller: Caller, id: str, component: str) -> Component:
    """Delete a component with its document. A document that another project has, too, only leaves this project."""
    project = await headers.find_for(caller, id, "write")
    found = await find_documents(project, caller)
    for one in list_components(project, found):
        if component in (str(one.get("iid")), text_at(one, "reference")):
            reference = text_at(one, "reference")
            kind, document = found[reference]
            if not await left_to_another(id, kind, document):
                await collection_of(KINDS[kind]).delete_one({"_id": reference})
            await headers.remove_components(id, [reference])
            return one
    raise ComponentNotFound(component, text_at(project, "name"))


async def left_to_another(id: str, kind: Kind, document: Mapping[str, object]) -> bool:
    """Give a document of this project to another project that has it, too; False if there is none."""
    reference, name = text_at(document, "_id"), text_at(document, "name")
    others = [one for one in await headers.find_with_component(reference) if text_at(one, "_id") != id]
    if others and project_in(name) == id:
        renamed = {"$set": {"name": name_in(text_at(others[0], "_id"), name)}}
        await collection_of(KINDS[kind]).update_one({"_id": reference}, renamed)
    return bool(others) or project_in(name) not in ("", id)


async def _find_chosen(caller: Caller, wanted: Json, index: int) -> tuple[Kind, JsonObject, JsonObject]:
    given: JsonObject = wanted if is_object(wanted) else {}
    type, reference = text_at(given, "type"), text_at(given, "reference")
    if type not in KIND_OF:
        raise _invalid(f"/components/{index}/type", f"must be one of {', '.join(KIND_OF)}")
    kind = KIND_OF[type]
    stored = await collection_of(KINDS[kind]).find_one({"_id": reference})
    found: Json = from_stored(
        open_document("workflow", stored) if kind == "workflow" and stored is not None else stored
    )
    groups: JsonObject = found if is_object(found) and kind == "workflow" else {}
    if not is_object(found) or not may_see_workflow(caller, groups, project_in(text_at(found, "name"))):
        raise _invalid(f"/components/{index}/reference", f"must be the id of a {type}, not '{reference[:200]}'")
    return kind, {**found, "_id": reference}, given


async def _check_free(id: str, kind: Kind, found: Mapping[str, object], mode: str, index: int) -> None:
    owner, name = project_in(text_at(found, "name")), text_at(found, "name")
    if mode == "move" and owner and owner != id:
        raise _invalid(f"/components/{index}", "is of another project: copy it with the mode `copy`")
    if not name:
        raise _invalid(f"/components/{index}", "has no name, by which the project would call it")
    there = await collection_of(KINDS[kind]).find_one({"name": {"$eq": name_in(id, name)}}, {"_id": 1})
    if there is not None and str(there["_id"]) != found["_id"]:
        raise NameTaken(TYPE_OF[kind], name_in(id, name))


async def _move(id: str, kind: Kind, found: Mapping[str, object]) -> str:
    renamed = {"$set": {"name": name_in(id, text_at(found, "name"))}}
    await collection_of(KINDS[kind]).update_one({"_id": found["_id"]}, renamed)
    return text_at(found, "_id")


async def _copy(id: str, kind: Kind, found: JsonObject) -> str:
    name = name_in(id, text_at(found, "name"))
    copy = {key: value for key, value in found.items() if key not in ("_id", "id")}
    new = str(ObjectId())
    try:
        of_form: JsonObject = {"id": new} if kind == "form" else {}
        made = new if kind in ("transformation", "form") else None
        return await insert_new(kind, {**copy, **of_form, "name": name}, made)
    except DuplicateKeyError as taken:
        raise NameTaken(TYPE_OF[kind], plain_name(name)) from taken


def _invalid(pointer: str, message: str) -> RequestInvalid:
    return RequestInvalid([Fault("component", pointer, f"#{pointer}", message)])


async def documented(project: ProjectDocument, caller: Caller) -> ProjectDocument:
    """The project in its documented form, with the names of its components and the rights of its members."""
    return headers.documented({**project, "components": [*await components_of(project, caller)]})


async def components_of(project: Mapping[str, object], caller: Caller) -> list[Component]:
    """The components whose documents exist and that the caller may see, each with its document's name."""
    return list_components(project, await find_documents(project, caller))
