"""Triggers of automations: bringing, changing and taking them away. Of those of a route one is enabled."""

from bson import ObjectId

from ..models.documents.automation import SERVERS_OWN, TRIGGER_SCHEMA, Automation, Trigger, new_trigger
from ..models.documents.ids import stored_ids
from ..models.documents.input_schema import faults_of
from ..models.documents.moments import moment
from ..models.documents.stored import NotStorable, to_stored
from ..models.errors import AutomationNotFound, Fault, NameTaken, RequestInvalid, TriggerNotFound
from ..models.json import Json, JsonObject, is_object, text_at
from .store import documents
from .yard import Yard


async def find(id: str) -> JsonObject:
    found = await documents.find(Trigger, id)
    if found is None:
        raise TriggerNotFound(id)
    return found


async def of_automation(automation_id: str) -> list[JsonObject]:
    return await documents.find_all_by(Trigger, {"actionId": {"$in": stored_ids(automation_id)}})


async def of_route(route: str) -> JsonObject:
    """The enabled one."""
    found = await _enabled(route)
    if found is None:
        raise TriggerNotFound(route)
    return found


async def create(yard: Yard, document: Json, user: str) -> JsonObject:
    given = fields_of(document, TRIGGER_SCHEMA)
    trigger = {**new_trigger(given["type"]), **given}
    await check_route(trigger)
    if await documents.find(Automation, given["actionId"]) is None:
        raise AutomationNotFound(given["actionId"])
    at = moment(yard.clock.now())
    made: JsonObject = {"created": at, "createdBy": user, "lastUpdated": at, "lastUpdatedBy": user}
    return await documents.insert(Trigger, {**trigger, "actionId": ObjectId(given["actionId"]), **made})


async def update(yard: Yard, id: str, changes: Json, user: str) -> JsonObject:
    """Change the fields that are given, which may be all of the document."""
    kept = {key: value for key, value in (await find(id)).items() if key not in SERVERS_OWN}
    given = fields_of({**kept, **changes} if is_object(changes) else changes, TRIGGER_SCHEMA)
    await check_route(given, id)
    made: JsonObject = {
        "actionId": ObjectId(given["actionId"]), "lastUpdated": moment(yard.clock.now()), "lastUpdatedBy": user,
    }  # fmt: skip
    changed = await documents.change(Trigger, id, {**given, **made})
    if changed is None:
        raise TriggerNotFound(id)
    return changed


async def delete(id: str) -> JsonObject:
    found = await find(id)
    await documents.delete_by(Trigger, {"_id": ObjectId(id)})
    return found


async def delete_of(automation_id: str) -> int:
    """Take away all triggers of an automation; how many there were."""
    return await documents.delete_by(Trigger, {"actionId": {"$in": stored_ids(automation_id)}})


async def executed(yard: Yard, trigger: JsonObject) -> None:
    await documents.change(Trigger, trigger["_id"], {"lastExecuted": yard.clock.now()})


async def check_route(trigger: JsonObject, id: str | None = None) -> None:
    """Refuse an enabled endpoint whose route another enabled one has."""
    route = text_at(trigger, "routeName")
    if trigger["type"] != "endpoint" or trigger.get("enabled") is False:
        return
    other = await _enabled(route)
    if other is not None and other["_id"] != id:
        raise NameTaken("enabled trigger of the route", route)


async def _enabled(route: str) -> JsonObject | None:
    return await documents.find_by(Trigger, {"routeName": {"$eq": route}, "type": "endpoint", "enabled": True})


def fields_of(document: Json, schema: JsonObject) -> JsonObject:
    """What a caller may write of the document, as it is stored; RequestInvalid names all faults."""
    faults = faults_of(schema, document, "the document's schema")
    if faults:
        raise RequestInvalid(faults)
    try:
        stored: JsonObject = to_stored(document, what="the document")
    except NotStorable as refusal:
        raise RequestInvalid([Fault("storable", "", "#", str(refusal))]) from refusal
    return {key: value for key, value in stored.items() if key not in SERVERS_OWN}
