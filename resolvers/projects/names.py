"""The lookup of documents by the names that people and workflows use."""

from collections.abc import Awaitable, Callable, Set
from functools import partial
from typing import Any, TypeAlias

from ...models.documents.containers import Kind
from ...models.documents.project import Retained, in_projects, name_in, named_plainly, plain_name, project_in
from ...models.documents.stored import from_stored
from ...models.errors import NameAmbiguous
from ...models.json import JsonObject, is_object, text_at
from ...models.visibility import SYSTEM, Caller, may_see_workflow
from ..store import long_documents
from ..store.collections import Collection, collection_of
from ..store.replacing import KINDS
from ..store.sealed_documents import open_document
from ..threads import in_thread_if_long

First: TypeAlias = Callable[[str], Awaitable[JsonObject | None]]

MOST_CANDIDATES = 20  # that an error names
MOST_LOOKED_AT = 100_000  # names of documents of projects that a check reads
LONGEST_NAME = 4_000  # characters of a name that is searched in all projects: a limit of the database's patterns


async def find(
    kind: Kind, name: str, caller: Caller = SYSTEM, near: str = "", first: First | None = None
) -> JsonObject | None:
    """The document of exactly this name, else that of this name in the project of `near`, else the only one of this
    name in any project.

    `near` is the name of the referring workflow. NameAmbiguous if several projects that the caller sees have such a
    document; documents that the caller may not see do not count. `first` replaces the lookup by the exact name.
    """
    first = first or partial(_first, kind)
    for exact in dict.fromkeys(_exactly(name, near)):
        found = await first(exact)
        if found is not None:
            return found if _may_see(caller, kind, found) else None
    candidates = [one for one in await _find_in_projects(kind, name) if _may_see(caller, kind, one)]
    if len(candidates) > 1:
        raise NameAmbiguous(kind, name, [text_at(one, "name") for one in candidates[:MOST_CANDIDATES]])
    return await first(text_at(candidates[0], "name")) if candidates else await _find_retained(kind, name, near)


async def find_transformation(id_or_name: str, near: str) -> JsonObject | None:
    """The transformation of this exact name, or of this id in the deleted project of the workflow `near`."""
    if project_in(id_or_name):
        return await _first("transformation", id_or_name)
    project = project_in(near)
    query = {"_id": f"transformation/{id_or_name}", "project": project}
    found = await collection_of(Retained).find_one(query) if project else None
    return None if found is None else _open("transformation", found["document"])


async def find_known(kind: Kind, wanted: Set[str]) -> set[str]:
    """Those of the names that a document has in some project: one read of the index for all names."""
    if not wanted:
        return set()
    called = collection_of(KINDS[kind]).find(in_projects(), {"_id": 0, "name": 1}).limit(MOST_LOOKED_AT)
    return {plain async for one in called if (plain := plain_name(one["name"])) in wanted}


def _exactly(name: str, near: str) -> list[str]:
    project = project_in(near)
    return [name, *([name_in(project, name)] if project and not project_in(name) else [])]


async def _first(kind: Kind, name: str) -> JsonObject | None:
    # The order of the ids decides among forms, whose names need not be unique.
    order = [("_id", 1)] if kind == "form" else []
    collection: Collection[dict[str, Any]] = collection_of(KINDS[kind])
    async for found in long_documents.read(collection, {"name": {"$eq": name}}, order=order, most=1):
        return await in_thread_if_long(partial(_open, kind, found), found)
    return None


async def _find_in_projects(kind: Kind, name: str) -> list[JsonObject]:
    """The names and groups of the documents with this name in a project."""
    if not name or project_in(name) or "\0" in name or len(name) > LONGEST_NAME:
        return []
    fields = {"name": 1, "groups": 1}
    found = collection_of(KINDS[kind]).find(named_plainly(name), fields).sort([("name", 1)]).limit(MOST_CANDIDATES * 10)
    return [from_stored(one) async for one in found]


async def _find_retained(kind: Kind, name: str, near: str) -> JsonObject | None:
    """The document that a deleted project retained for its jobs."""
    project = project_in(near)
    if not project:
        return None
    query = {"project": project, "kind": kind, "document.name": {"$in": _exactly(name, near)}}
    found = await collection_of(Retained).find_one(query)
    return None if found is None else _open(kind, found["document"])


def _may_see(caller: Caller, kind: Kind, document: JsonObject) -> bool:
    groups = document if kind == "workflow" else {}
    return may_see_workflow(caller, groups, project_in(text_at(document, "name")))


def _open(kind: Kind, found: JsonObject | None) -> JsonObject | None:
    plain = from_stored(open_document("workflow", found) if kind == "workflow" and found is not None else found)
    return plain if is_object(plain) else None
