"""Automations with their triggers: creation, change, import, export and deletion."""

from collections.abc import Awaitable, Mapping
from typing import TypeVar

from bson import ObjectId

from ...models.documents.automation import (
    AUTOMATION_SCHEMA,
    NEW_AUTOMATION,
    SERVERS_OWN,
    Automation,
    exported_automation,
    warnings_of,
)
from ...models.documents.moments import moment
from ...models.documents.project import project_in
from ...models.documents.shapes.automations import AutomationDocument, TriggerDocument
from ...models.documents.workflow import Workflow
from ...models.errors import AutomationNotFound, Fault, Problem, RequestInvalid, WorkflowNotFound
from ...models.json import Json, JsonObject, array_at, is_array, is_object, object_at, text_at
from ...models.visibility import Caller, may_see, may_see_workflow
from ..projects import names
from ..services import Services
from ..store import collections as documents
from ..store.collections import collection_of
from . import triggers


async def find(caller: Caller, id: str) -> AutomationDocument:
    found = await documents.find(collection_of(Automation), id)
    if found is None or not may_see(caller, object_at(found, "gbac").get("read")):
        raise AutomationNotFound(id)
    return found


async def find_writable(caller: Caller, id: str) -> AutomationDocument:
    """The automation; AutomationNotFound also if its `gbac.write` does not allow the caller."""
    found = await find(caller, id)
    if not may_see(caller, object_at(found, "gbac").get("write")):
        raise AutomationNotFound(id)
    return found


async def create(services: Services, caller: Caller, document: Json) -> AutomationDocument:
    """Store a new automation. Its workflow must exist; several automations may have one name, as documented."""
    given = _fields_of(document)
    at = moment(services.clock.now())
    made: dict[str, object] = {
        "created": at,
        "createdBy": caller.account_id,
        "lastUpdated": at,
        "lastUpdatedBy": caller.account_id,
    }
    return await documents.insert(
        collection_of(Automation), {**await _with_workflow(caller, {**NEW_AUTOMATION, **given}), **made}
    )


async def update(services: Services, caller: Caller, id: str, changes: Json) -> AutomationDocument:
    """Change fields of the automation; `changes` may be a whole document."""
    earlier = await find_writable(caller, id)
    kept: dict[str, object] = {key: value for key, value in earlier.items() if key not in SERVERS_OWN}
    given = _fields_of({**kept, **changes} if is_object(changes) else changes)
    if is_object(changes) and "componentId" in changes and "componentName" not in changes:
        given = {**given, "componentName": None}
    elif is_object(changes) and "componentName" in changes and "componentId" not in changes:
        given = {**given, "componentId": None}
    if any(given.get(key) != earlier.get(key) for key in ("componentType", "componentId", "componentName")):
        given = await _with_workflow(caller, given)
    made: dict[str, object] = {"lastUpdated": moment(services.clock.now()), "lastUpdatedBy": caller.account_id}
    changed = await documents.change(collection_of(Automation), id, {**given, **made})
    if changed is None:
        raise AutomationNotFound(id)
    return changed


async def delete(caller: Caller, id: str) -> AutomationDocument:
    """Delete an automation with its triggers; the deleted automation."""
    found = await find_writable(caller, id)
    await triggers.delete_of_automation(caller, id)
    await collection_of(Automation).delete_one({"_id": ObjectId(id)})
    return found


async def export(caller: Caller, id: str) -> AutomationDocument:
    return exported_automation(await find(caller, id), await triggers.find_of_automation(id))


async def import_automation(services: Services, caller: Caller, document: object) -> AutomationDocument:
    """Store an exported automation with its triggers under new ids. Its workflow need not exist."""
    given = _fields_of(document)
    own = [
        triggers.fields_of({**one, "actionId": "0" * 24} if is_object(one) else one)
        for one in (array_at(document, "triggers") if is_object(document) else ())
    ]
    for one in own:
        await triggers.check_route(one)
    workflow = await _workflow(caller, "", text_at(given, "componentName"))
    named = {**given, "componentId": None if workflow is None else workflow["_id"]}
    at = moment(services.clock.now())
    made: dict[str, object] = {
        "created": at,
        "createdBy": caller.account_id,
        "lastUpdated": at,
        "lastUpdatedBy": caller.account_id,
    }
    stored = await documents.insert(collection_of(Automation), {**NEW_AUTOMATION, **named, **made})
    for one in own:
        await triggers.add(services, caller, {**one, "actionId": stored["_id"]})
    return {**stored, "triggers": [*await triggers.find_of_automation(text_at(stored, "_id"))]}


async def clone(services: Services, caller: Caller, id: str, name: str | None) -> AutomationDocument:
    """A copy with its triggers. Endpoint triggers of the copy are disabled: a route has one enabled trigger."""
    original = await export(caller, id)
    copies: list[object] = [
        {**one, "enabled": one.get("enabled") and one.get("type") != "endpoint"}
        for one in array_at(original, "triggers")
        if is_object(one)
    ]
    return await import_automation(
        services,
        caller,
        {**original, "name": name or f"{text_at(original, 'name')} (copy)", "triggers": copies},
    )


async def warnings(automation: Mapping[str, object]) -> list[str]:
    """Warnings about triggers that this server does not run."""
    own = automation.get("triggers")
    return warnings_of(own if is_array(own) else await triggers.find_of_automation(text_at(automation, "_id")))


async def workflow_of(automation: AutomationDocument) -> str:
    """The name of the automation's workflow, found by id or else by name."""
    id, name = text_at(automation, "componentId"), text_at(automation, "componentName")
    found = await Workflow.get(id) if id else None
    if found is not None:
        return found.name
    if not name:
        raise WorkflowNotFound(id or f"of the automation '{text_at(automation, 'name')}'")
    return name


def _fields_of(document: object) -> JsonObject:
    given = triggers.checked_fields(document, AUTOMATION_SCHEMA)
    gbac = object_at(given, "gbac")
    if array_at(gbac, "read") and not array_at(gbac, "write"):
        raise RequestInvalid([Fault("gbac", "/gbac/write", "#/gbac", "must name groups where `read` names some")])
    return given


async def _with_workflow(caller: Caller, automation: JsonObject) -> JsonObject:
    """The automation with both id and name of its workflow."""
    id, name = text_at(automation, "componentId"), text_at(automation, "componentName")
    if automation["componentType"] != "workflows" or not (id or name):
        return automation
    found = await _workflow(caller, id, name)
    if found is None:
        raise WorkflowNotFound(id or name)
    return {**automation, "componentId": found["_id"], "componentName": found["name"]}


async def _workflow(caller: Caller, id: str, name: str) -> JsonObject | None:
    """The workflow of this id or else of this name; None also if the caller may not see it."""
    if not id:
        return await names.find("workflow", name, caller)
    found = await Workflow.get(id)
    if found is None or not may_see_workflow(caller, found.document, project_in(found.name)):
        return None
    return found.document


Stored = TypeVar("Stored")
Outcomes = list[AutomationDocument | TriggerDocument | Problem]


async def import_automations(services: Services, caller: Caller, documents: list[Json]) -> Outcomes:
    return [await _outcome(import_automation(services, caller, one)) for one in documents]


async def import_triggers(services: Services, caller: Caller, documents: list[Json]) -> Outcomes:
    return [await _outcome(triggers.create(services, caller, one)) for one in documents]


async def _outcome(bringing: Awaitable[Stored]) -> Stored | Problem:
    try:
        return await bringing
    except Problem as problem:
        return problem
