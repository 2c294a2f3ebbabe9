"""Triggers of automations: creation, change and deletion. A route has at most one enabled trigger."""

import logging
from typing import cast

from bson import ObjectId

from ...models.documents.automation import SERVERS_OWN, TRIGGER_SCHEMA, Automation, Trigger, new_trigger, warnings_of
from ...models.documents.moments import moment, stored_ids
from ...models.documents.shapes.automations import TriggerDocument, TriggerFields
from ...models.documents.stored import NotStorable, to_stored
from ...models.errors import AutomationNotFound, Fault, NameTaken, RequestInvalid, TriggerNotFound
from ...models.json import Json, JsonObject, is_object, object_at, text_at
from ...models.json_schema import JsonSchema
from ...models.schemas.checking import faults_of
from ...models.visibility import Caller, may_see
from ..log_facts import about
from ..services import Services
from ..store import collections as documents
from ..store.collections import collection_of

log = logging.getLogger("jobyard")


async def find(caller: Caller, id: str) -> TriggerDocument:
    found = await documents.find(collection_of(Trigger), id)
    if found is None or not await _is_allowed(caller, text_at(found, "actionId"), "read"):
        raise TriggerNotFound(id)
    return found


async def find_writable(caller: Caller, id: str) -> TriggerDocument:
    """The trigger; TriggerNotFound also if its automation does not allow the caller to change it."""
    found = await find(caller, id)
    if not await _is_allowed(caller, text_at(found, "actionId"), "write"):
        raise TriggerNotFound(id)
    return found


async def _is_allowed(caller: Caller, automation_id: str, way: str) -> bool:
    automation = await documents.find(collection_of(Automation), automation_id)
    return automation is None or may_see(caller, object_at(automation, "gbac").get(way))


async def find_of_automation(automation_id: str) -> list[TriggerDocument]:
    return await documents.find_all_by(collection_of(Trigger), {"actionId": {"$in": stored_ids(automation_id)}})


async def find_by_route(caller: Caller, route: str) -> TriggerDocument:
    """The enabled trigger of the route; TriggerNotFound also if the caller may not see its automation."""
    found = await _find_enabled(route)
    if found is None or not await _is_allowed(caller, text_at(found, "actionId"), "read"):
        raise TriggerNotFound(route)
    return found


async def create(services: Services, caller: Caller, document: Json) -> TriggerDocument:
    given = fields_of(document)
    await _check_action(caller, given)
    return await add(services, caller, given)


async def add(services: Services, caller: Caller, given: TriggerFields) -> TriggerDocument:
    """Store a new trigger of an automation that the caller has just imported, or may change."""
    trigger: TriggerFields = {**new_trigger(text_at(given, "type")), **given}
    await check_route(trigger)
    at = moment(services.clock.now())
    made: dict[str, object] = {
        "created": at,
        "createdBy": caller.account_id,
        "lastUpdated": at,
        "lastUpdatedBy": caller.account_id,
    }
    stored = await documents.insert(
        collection_of(Trigger), {**trigger, "actionId": ObjectId(text_at(given, "actionId")), **made}
    )
    _warn(stored)
    return stored


async def update(services: Services, caller: Caller, id: str, changes: Json) -> TriggerDocument:
    """Change fields of the trigger; `changes` may be a whole document."""
    kept: dict[str, object] = {
        key: value for key, value in (await find_writable(caller, id)).items() if key not in SERVERS_OWN
    }
    given = fields_of({**kept, **changes} if is_object(changes) else changes)
    await check_route(given, id)
    await _check_action(caller, given)
    made: dict[str, object] = {"lastUpdated": moment(services.clock.now()), "lastUpdatedBy": caller.account_id}
    changed = await documents.change(
        collection_of(Trigger), id, {**given, "actionId": ObjectId(text_at(given, "actionId")), **made}
    )
    if changed is None:
        raise TriggerNotFound(id)
    _warn(changed)
    return changed


async def delete(caller: Caller, id: str) -> TriggerDocument:
    found = await find_writable(caller, id)
    await collection_of(Trigger).delete_one({"_id": ObjectId(id)})
    return found


async def delete_of_automation(caller: Caller, automation_id: str) -> int:
    """Delete all triggers of an automation, which may be deleted already; their number."""
    if not await _is_allowed(caller, automation_id, "read"):
        return 0
    if not await _is_allowed(caller, automation_id, "write"):
        raise AutomationNotFound(automation_id)
    return (await collection_of(Trigger).delete_many({"actionId": {"$in": stored_ids(automation_id)}})).deleted_count


async def note_execution(services: Services, trigger: TriggerDocument) -> None:
    await documents.change(collection_of(Trigger), text_at(trigger, "_id"), {"lastExecuted": services.clock.now()})


def _warn(trigger: TriggerDocument) -> None:
    """Log the warning of a trigger for the operator: its author may not read the answer."""
    for warning in warnings_of([trigger]):
        log.warning("%s", warning, extra=about("trigger_silent", trigger=str(trigger.get("_id"))))


async def check_route(trigger: TriggerFields, id: str | None = None) -> None:
    """NameTaken for an enabled endpoint trigger if its route has an enabled trigger."""
    route = text_at(trigger, "routeName")
    if trigger.get("type") != "endpoint" or trigger.get("enabled") is False:
        return
    other = await _find_enabled(route)
    if other is not None and other["_id"] != id:
        raise NameTaken("enabled trigger of the route", route)


async def _check_action(caller: Caller, trigger: TriggerFields) -> None:
    """Refuse an automation that does not exist, or that the caller may not change."""
    automation = await documents.find(collection_of(Automation), text_at(trigger, "actionId"))
    if automation is None or not all(
        may_see(caller, object_at(automation, "gbac").get(way)) for way in ("read", "write")
    ):
        raise AutomationNotFound(text_at(trigger, "actionId"))


async def _find_enabled(route: str) -> TriggerDocument | None:
    return await documents.find_by(
        collection_of(Trigger), {"routeName": {"$eq": route}, "type": "endpoint", "enabled": True}
    )


def fields_of(document: object) -> TriggerFields:
    """The fields of the trigger that a caller may write."""
    return cast(TriggerFields, checked_fields(document, TRIGGER_SCHEMA))


def checked_fields(document: object, schema: JsonSchema) -> JsonObject:
    """The fields of the document that a caller may write, as they are stored; RequestInvalid names all faults."""
    faults = faults_of(schema, cast(Json, document), "the document's schema")
    if faults:
        raise RequestInvalid(faults)
    try:
        stored = to_stored(document, what="the document")
    except NotStorable as refusal:
        raise RequestInvalid([Fault("storable", "", "#", str(refusal))]) from refusal
    assert is_object(stored), "so say the schemas"
    return {key: value for key, value in stored.items() if key not in SERVERS_OWN}
