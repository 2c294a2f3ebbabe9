"""Workflows one at a time, as an editor or a deployment saves them. A name that is taken is refused."""

from typing import Any

from pymongo.errors import DocumentTooLarge, DuplicateKeyError

from ...models.documents.containers import Found, open_container
from ...models.documents.moments import iso
from ...models.documents.project import project_in
from ...models.documents.stored import NotStorable, to_stored
from ...models.documents.workflow import Workflow, exported
from ...models.errors import Fault, NameTaken, RequestInvalid, WorkflowNotFound
from ...models.json import Json, JsonObject, is_object, text_at
from ...models.visibility import SYSTEM, Caller, may_see_workflow
from ..accounts import accounts
from ..projects import components
from ..services import Services
from ..store.collections import collection_of
from ..store.replacing import insert_new
from ..store.sealed_documents import seal_document
from . import imports as workflows_imports

# What an editor begins with.
_EMPTY: JsonObject = {
    "type": "automation",
    "canvasVersion": 3,
    "font_size": 12,
    "encodingVersion": 1,
    "preAutomationTime": 0,
    "sla": 0,
    "errorHandler": None,
    "groups": [],
    "tags": [],
    "inputSchema": {},
    "outputSchema": {},
    "tasks": {"workflow_start": {"name": "workflow_start"}, "workflow_end": {"name": "workflow_end"}},
    "transitions": {"workflow_start": {}, "workflow_end": {}},
}


async def create(services: Services, caller: Caller, documents: list[Json]) -> list[JsonObject]:
    """Store new workflows: all of them, or none if a name is taken or a document is unusable."""
    at = iso(services.clock.now())
    made = {"created": at, "created_by": caller.account_id, "last_updated": at, "last_updated_by": caller.account_id}
    whole = [{**_EMPTY, **made, **one} if is_object(one) else one for one in documents]
    workflows = [_stored(one, f"/documents/{index}") for index, one in enumerate(whole)]
    names = [text_at(workflow, "name") for workflow in workflows]
    for name in names:
        await components.check_name(caller, name)
        if names.count(name) > 1 or await Workflow.find_one(Workflow.name == name) is not None:
            raise NameTaken("workflow", name)
    made_here = [await find(SYSTEM, await _insert(workflow)) for workflow in workflows]
    await components.follow_names("workflow", made_here)
    return made_here


async def update(services: Services, caller: Caller, id: str, document: Json) -> JsonObject:
    """Replace the workflow of this id; running jobs go on with their pinned version."""
    earlier = await find(caller, id)
    kept = {key: earlier[key] for key in ("created", "created_by", "createdVersion") if key in earlier}
    changed = {"last_updated": iso(services.clock.now()), "last_updated_by": caller.account_id}
    named: Json = (
        {"name": earlier["name"], **kept, **document, **changed, "_id": id} if is_object(document) else document
    )
    workflow = _stored(named, "/document")
    await components.check_name(caller, text_at(earlier, "name"))
    await components.check_name(caller, text_at(workflow, "name"))
    try:
        stored: Any = seal_document("workflows", workflow)  # it was read as an import reads one
        result = await collection_of(Workflow).replace_one({"_id": id}, stored)
    except DuplicateKeyError as taken:
        raise NameTaken("workflow", text_at(workflow, "name")) from taken
    except DocumentTooLarge as fault:
        raise _unusable("/document", str(fault)) from fault
    if result.matched_count == 0:
        raise WorkflowNotFound(id)
    changed = await find(SYSTEM, id)
    await components.follow_names("workflow", [changed], text_at(earlier, "name"))
    return changed


async def save(services: Services, caller: Caller, document: Json) -> JsonObject:
    """Update the workflow of the document's `_id`, or create a workflow if it has none."""
    id = text_at(document, "_id") if is_object(document) else ""
    if id:
        return await update(services, caller, id, document)
    (made,) = await create(services, caller, [document])
    return made


async def rename(services: Services, caller: Caller, name: str, new_name: str) -> JsonObject:
    """Rename a workflow. The new name must be free; jobs keep the old name."""
    earlier = await workflows_imports.find(name, caller)
    return await update(services, caller, text_at(earlier, "_id"), {**earlier, "name": new_name})


async def delete(caller: Caller, name: str) -> JsonObject:
    """Delete the workflow of this name; the deleted workflow. Its jobs stay, and running ones go on."""
    found = await workflows_imports.find(name, caller)
    await components.check_name(caller, text_at(found, "name"))
    await collection_of(Workflow).delete_one({"_id": found["_id"]})
    await components.forget(text_at(found, "_id"))
    return found


async def find(caller: Caller, id: str) -> JsonObject:
    """The workflow of this id; WorkflowNotFound also if the caller may not see it."""
    found = await Workflow.get(id)
    if found is None or not may_see_workflow(caller, found.document, project_in(found.name)):
        raise WorkflowNotFound(id)
    return found.document


async def export(caller: Caller, name: str | None, id: str | None) -> JsonObject:
    """The workflow of this name, or else of this id, in its exported form."""
    if name is None and id is None:
        raise RequestInvalid([Fault("required", "/options", "#/properties/options", "must have `name` or `_id`")])
    workflow = await (workflows_imports.find(name, caller) if name is not None else find(caller, str(id)))
    return exported(workflow, await accounts.usernames(workflow.get(key) for key in ("created_by", "last_updated_by")))


def _stored(document: Json, pointer: str) -> JsonObject:
    (part, *more) = list(open_container([document], pointer)) or [None]
    if not isinstance(part, Found) or part.kind != "workflow" or more:
        raise _unusable(pointer, "must be one workflow" if isinstance(part, Found) or part is None else part.reason)
    try:
        return to_stored(part.document, what=f"workflow {text_at(part.document, 'name')!r}")
    except NotStorable as refusal:
        raise _unusable(pointer, str(refusal)) from refusal


async def _insert(workflow: JsonObject) -> str:
    try:
        return await insert_new("workflow", workflow)
    except DuplicateKeyError as taken:  # a concurrent request stored this name
        raise NameTaken("workflow", text_at(workflow, "name")) from taken
    except DocumentTooLarge as fault:
        raise _unusable("/documents", str(fault)) from fault


def _unusable(pointer: str, why: str) -> RequestInvalid:
    return RequestInvalid([Fault("workflow", pointer, f"#{pointer}", f"cannot be used: {why}")])
