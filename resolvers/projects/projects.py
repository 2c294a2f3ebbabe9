"""Projects one at a time and in pages: found, created, changed, exported and deleted."""

from dataclasses import dataclass, field
from typing import TypeAlias, cast

from bson import ObjectId

from ...models.documents.containers import Kind, ProjectExport, Skipped, unread_id
from ...models.documents.job import Job
from ...models.documents.moments import iso
from ...models.documents.project import (
    MOST_COMPONENTS,
    PROJECT_SCHEMA,
    SERVERS_OWN,
    Project,
    Retained,
    component_of,
    exported_document,
    exported_project,
    of_project,
)
from ...models.documents.shapes.projects import Component, ProjectDocument, RetainedDocument
from ...models.documents.stored import NotStorable, to_stored
from ...models.documents.workflow import exported
from ...models.engine.lifecycle import FINAL
from ...models.errors import Fault, NameTaken, ProjectNotFound, RequestInvalid
from ...models.hex_ids import is_hex_id
from ...models.json import Json, JsonObject, array_at, integer_at, is_array, is_object, text_at
from ...models.schemas.checking import faults_of
from ...models.secrets.sealing import SEALED
from ...models.visibility import Caller
from ..accounts import accounts
from ..search.conditions import Condition
from ..search.lists import visible_projects
from ..search.paging import Finder, Listed, Window, listed
from ..search.planner import Collection, Order
from ..search.projection import EVERYTHING
from ..search.visibility import VisibleSet
from ..services import Services
from ..store.collections import collection_of
from ..store.replacing import KINDS
from ..workflows import imports as workflows
from ..workflows.imports import Import, Imported
from . import components, headers
from .components import documented
from .imports import Refused

Named: TypeAlias = tuple[Kind, str, str]  # with id and name


@dataclass(frozen=True)
class ProjectReport:
    """The project after an import, the imported documents, and the skipped ones with their reasons."""

    project: ProjectDocument
    imported: list[Imported] = field(default_factory=list[Imported])
    skipped: list[Skipped] = field(default_factory=list[Skipped])


@dataclass(frozen=True)
class ProjectDeletion:
    """The documents that were deleted with a project, and those that stayed because another project has them."""

    project: ProjectDocument
    deleted: list[Named]
    kept: list[Named]


async def find(caller: Caller, id: str) -> ProjectDocument:
    """The project in its documented form, with the names of its components."""
    return await documented(await headers.find(caller, id), caller)


async def create(services: Services, caller: Caller, document: Json) -> ProjectDocument:
    """A new project; its name must be free. A project without members is not restricted."""
    given = _fields_of({"components": [], **document} if is_object(document) else document)
    if await headers.find_by_name(text_at(given, "name")):
        raise NameTaken("project", text_at(given, "name"))
    project = await headers.insert(str(ObjectId()), given, caller.account_id, services.clock.now())
    wanted = array_at(document, "components") if is_object(document) else []
    if wanted:
        await components.add(caller, text_at(project, "_id"), wanted, "move")
    services.callers.forget()
    return await find(caller, text_at(project, "_id"))


async def update(services: Services, caller: Caller, id: str, changes: Json) -> ProjectDocument:
    """Change fields of the project. `changes` may be a whole document; a change of members requires `manage`."""
    earlier = await headers.find_for(caller, id, "write")
    if is_object(changes) and "members" in changes and changes["members"] != earlier.get("members"):
        headers.check_right(caller, earlier, "manage")
    kept: dict[str, object] = {key: value for key, value in earlier.items() if key not in SERVERS_OWN}
    given = _fields_of({**kept, **changes} if is_object(changes) else changes)
    if given["name"] != earlier.get("name") and await headers.find_by_name(text_at(given, "name")):
        raise NameTaken("project", text_at(given, "name"))
    made: dict[str, object] = {"lastUpdated": iso(services.clock.now()), "lastUpdatedBy": caller.account_id}
    changed = await headers.change(id, {**given, **made})
    services.callers.forget()
    return await documented(changed, caller)


async def add_components(caller: Caller, id: str, wanted: list[Json], mode: str) -> ProjectDocument:
    """Add components; the project afterwards, in its documented form."""
    return await documented(await components.add(caller, id, wanted, mode), caller)


async def export(caller: Caller, id: str) -> dict[str, object]:
    """The project in its exported form: with its documents, under the names that they have in the project."""
    project = await headers.find(caller, id)
    found = await components.find_documents(project, caller)
    documents = await components.load_documents(found)
    users: list[Json] = [project.get("createdBy"), project.get("lastUpdatedBy")]
    users += [document.get(key) for document in documents.values() for key in ("created_by", "last_updated_by")]
    usernames = await accounts.usernames(users)
    inside: list[Component] = []
    for one in components.list_components(project, found):
        reference = text_at(one, "reference")
        kind, document = found[reference][0], documents.get(reference)
        if document is None:
            continue  # it was deleted meanwhile
        whole = exported(document, usernames) if kind == "workflow" else document
        entry = component_of(one, kind, text_at(one, "reference"), integer_at(one, "iid"))
        inside.append({**entry, "document": exported_document(kind, whole)})
    return exported_project(project, inside, usernames)


async def import_project(services: Services, caller: Caller, document: Json, *, fresh: bool = False) -> ProjectReport:
    """Store an exported project with its documents, under its own id; a repetition has the same outcome.

    `fresh`: documents that exist already stay as they are.
    """
    name = text_at(document, "name") if is_object(document) else ""
    if not is_object(document) or not is_array(document.get("components")) or not name:
        raise _invalid("/project", "must be an exported project: an object with a `name` and a list of `components`")
    if len(array_at(document, "components")) > MOST_COMPONENTS:
        raise _invalid("/project/components", f"must NOT have more than {MOST_COMPONENTS:,} items")
    bringing = Import(caller, at=services.clock.now(), fresh=fresh)
    id = await _header(bringing, caller, document)
    report = await workflows.import_all(bringing, [{**document, "_id": id}], services.providers.offers)
    services.callers.forget()
    unread = unread_id(document, "documents[0]")
    return ProjectReport(await find(caller, id), report.imported, [*([unread] if unread else []), *report.skipped])


async def _header(bringing: Import, caller: Caller, document: JsonObject) -> str:
    given = text_at(document, "_id")
    id = given if is_hex_id(given) else ""
    if id and not caller.role_in(id):
        raise ProjectNotFound(id)
    try:
        return await bringing.projects.import_project(ProjectExport(id, text_at(document, "name"), document))
    except (Refused, NotStorable) as refusal:
        raise _invalid("/project", f"cannot be imported: {refusal}") from refusal


async def delete(services: Services, caller: Caller, id: str) -> ProjectDeletion:
    """Delete a project with its documents. Documents of other projects stay, and its jobs retain what they need.

    An interrupted deletion can be repeated, because the project itself is deleted last.
    """
    project = await headers.find_for(caller, id, "manage")
    found = await components.find_documents(project)
    if len(await components.find_documents(project, caller)) < len(found):
        raise _invalid("/id", "has workflows of groups that you are not in: somebody who is in them may delete it")
    kept: list[Named] = []
    gone: list[Named] = []
    goes_on = await collection_of(Job).find_one({**of_project(id), "status": {"$nin": list(FINAL)}}, {"_id": 1})
    for reference, (kind, document) in found.items():
        stays = await components.left_to_another(id, kind, document)
        (kept if stays else gone).append((kind, reference, text_at(document, "name")))
        if stays:
            continue
        if goes_on is not None:
            await _retain(id, kind, reference)
        await collection_of(KINDS[kind]).delete_one({"_id": reference})
    if goes_on is None:
        await collection_of(Retained).delete_many({"project": id})  # of an earlier time that it was deleted
    shown = headers.documented({**project, "components": [*components.list_components(project, found)]})
    await collection_of(Project).delete_one({"_id": ObjectId(id)})
    services.callers.forget()
    return ProjectDeletion(shown, gone, kept)


async def _retain(project: str, kind: Kind, reference: str) -> None:
    """Retain a document for running jobs of the project: their workflows are pinned, other documents are not."""
    stored = await collection_of(KINDS[kind]).find_one({"_id": reference})
    if stored is not None:
        retained: RetainedDocument = {
            "_id": f"{kind}/{reference}",
            "project": project,
            "kind": kind,
            "document": stored,
        }
        if SEALED in stored:
            retained[SEALED] = stored[SEALED]
        await collection_of(Retained).replace_one({"_id": retained["_id"]}, retained, upsert=True)


def _fields_of(document: object) -> JsonObject:
    faults = faults_of(PROJECT_SCHEMA, cast(Json, document), "the project's schema")
    if faults:
        raise RequestInvalid(faults)
    assert is_object(document)
    try:
        return to_stored({key: value for key, value in document.items() if key not in SERVERS_OWN}, what="the project")
    except NotStorable as refusal:
        raise RequestInvalid([Fault("storable", "", "#", str(refusal))]) from refusal


def _invalid(pointer: str, message: str) -> RequestInvalid:
    return RequestInvalid([Fault("project", pointer, f"#{pointer}", message)])


BY_NAME = Order("PROJECT_NAME", "name_id", (("name", 1), ("_id", 1)), frozenset(["name"]))
_PROJECTS = Collection(BY_NAME, {})


async def page(caller: Caller, conditions: tuple[Condition, ...], window: Window) -> Listed:
    """A page of projects, by name."""
    seen = visible_projects(caller)
    sight = VisibleSet([(seen, BY_NAME.index)]) if seen else VisibleSet()
    finder = Finder(collection_of(Project), _PROJECTS, sight)
    found = await finder.page(conditions, BY_NAME, window, EVERYTHING)
    documents = [{**one, "_id": str(one["_id"])} for one in found.documents]
    return listed(finder, found, documents, conditions, BY_NAME)
