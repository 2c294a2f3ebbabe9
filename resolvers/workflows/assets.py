"""Templates, transformations and forms one at a time, as an editor or a deployment saves them."""

from collections.abc import Sequence

from bson import ObjectId
from pymongo.errors import DocumentTooLarge, DuplicateKeyError

from ...models.documents.containers import Found, open_container
from ...models.documents.moments import iso
from ...models.documents.project import plain_name, project_in
from ...models.documents.stored import NotStorable, from_stored, to_stored
from ...models.documents.workflow import NAMED, NEW, AssetKind
from ...models.errors import (
    Fault,
    FormNotFound,
    NameTaken,
    Problem,
    RequestInvalid,
    TemplateNotFound,
    TransformationNotFound,
)
from ...models.json import Json, JsonObject, is_object, text_at
from ...models.schemas.checking import faults_of
from ...models.visibility import SYSTEM, Caller
from ..projects import components, names
from ..services import Services
from ..store.collections import collection_of
from ..store.replacing import KINDS

_NOT_FOUND = {"template": TemplateNotFound, "transformation": TransformationNotFound, "form": FormNotFound}


async def find(caller: Caller, kind: AssetKind, id: str) -> JsonObject:
    """The document of this id, unless it is of a project that the caller is not in."""
    found = await collection_of(KINDS[kind]).find_one({"_id": id})
    if found is None and kind == "form":
        found = await collection_of(KINDS[kind]).find_one({"id": id}, sort=[("_id", 1)])
    document = from_stored(found)
    if not is_object(document) or not caller.role_in(project_in(text_at(document, "name"))):
        raise _NOT_FOUND[kind](id)
    return document


async def export(caller: Caller, kind: AssetKind, id: str) -> JsonObject:
    """The document in its exported form, with the name that it has in its project."""
    document = await find(caller, kind, id)
    return {**document, "name": plain_name(text_at(document, "name"))}


async def create(services: Services, caller: Caller, kind: AssetKind, document: Json) -> JsonObject:
    """Store a new document; its id, if it has one, and its name must be free."""
    at = iso(services.clock.now())
    by: JsonObject = {
        "created": at,
        "createdBy": caller.account_id,
        "lastUpdated": at,
        "lastUpdatedBy": caller.account_id,
    }
    given = _check_named(document)
    id = text_at(given, "_id") or (text_at(given, "id") if kind == "form" else "") or str(ObjectId())
    made = {**NEW[kind], **by, **given, "_id": id, **({"id": id} if kind == "form" else {})}
    stored = _stored(kind, made, "")
    new_name = text_at(stored, "name")
    await components.check_name(caller, new_name)
    await _check_free(kind, new_name)
    try:
        await collection_of(KINDS[kind]).insert_one(stored)
    except DuplicateKeyError as taken:
        raise NameTaken(kind, new_name if "name" in str(taken.details) else id) from taken
    except DocumentTooLarge as fault:
        raise _unusable("", str(fault)) from fault
    await components.follow_names(kind, [stored])
    return await find(caller, kind, id)


async def update(services: Services, caller: Caller, kind: AssetKind, id: str, changes: Json) -> JsonObject:
    """Change fields of the document. `changes` may be a whole document; the id stays."""
    earlier = await find(caller, kind, id)
    given: Json = changes
    if is_object(changes):
        given = {"name": earlier.get("name")} | {key: value for key, value in changes.items() if value is not None}
    by: JsonObject = {"lastUpdated": iso(services.clock.now()), "lastUpdatedBy": caller.account_id}
    own = {key: earlier[key] for key in ("_id", "id") if key in earlier}
    stored = _stored(kind, {**earlier, **_check_named(given), **by, **own}, "")
    new_name = text_at(stored, "name")
    await components.check_name(caller, text_at(earlier, "name"))
    await components.check_name(caller, new_name)
    if new_name != earlier.get("name"):
        await _check_free(kind, new_name)
    try:
        await collection_of(KINDS[kind]).replace_one({"_id": earlier["_id"]}, stored)
    except DuplicateKeyError as taken:
        raise NameTaken(kind, new_name) from taken
    except DocumentTooLarge as fault:
        raise _unusable("", str(fault)) from fault
    await components.follow_names(kind, [stored], text_at(earlier, "name"))
    return await find(caller, kind, id)


async def delete(caller: Caller, kind: AssetKind, id: str) -> JsonObject:
    """Delete a document; the deleted document."""
    found = await find(caller, kind, id)
    await components.check_name(caller, text_at(found, "name"))
    await collection_of(KINDS[kind]).delete_one({"_id": found["_id"]})
    await components.forget(text_at(found, "_id"))
    return found


async def create_all(
    services: Services, caller: Caller, kind: AssetKind, documents: Sequence[Json]
) -> list[JsonObject | Problem]:
    """Create documents; for each one the stored document, or the problem why it was not stored."""
    outcomes: list[JsonObject | Problem] = []
    for document in documents:
        try:
            outcomes.append(await create(services, caller, kind, document))
        except Problem as problem:
            outcomes.append(problem)
    return outcomes


def _check_named(document: Json) -> JsonObject:
    faults = faults_of(NAMED, document, "the document's schema")
    if faults:
        raise RequestInvalid(faults)
    assert is_object(document), "so says the schema"
    return document


def _stored(kind: AssetKind, document: JsonObject, pointer: str) -> JsonObject:
    (part, *more) = list(open_container([document], pointer)) or [None]
    if not isinstance(part, Found) or part.kind != kind or more:
        reason = f"is not a {kind}" if part is None or isinstance(part, Found) else part.reason
        raise _unusable(pointer, reason)
    try:
        return to_stored(part.document, what=f"the {kind}")
    except NotStorable as refusal:
        raise _unusable(pointer, str(refusal)) from refusal


async def _check_free(kind: AssetKind, name: str) -> None:
    if await collection_of(KINDS[kind]).find_one({"name": {"$eq": name}}, {"_id": 1}) is not None:
        raise NameTaken(kind, name)


def _unusable(pointer: str, why: str) -> RequestInvalid:
    return RequestInvalid([Fault("document", pointer, f"#{pointer}", f"cannot be used: {why}")])


async def find_template(name: str, near: str = "") -> JsonObject | None:
    """The template of exactly this name, or else of this name in a project (see `names.find`)."""
    return await names.find("template", name, SYSTEM, near)
