"""Starts a job through a trigger: the input is checked and transformed, and becomes the variables."""

from ...models.documents.new_job import JobRequest
from ...models.documents.shapes.automations import TriggerDocument
from ...models.documents.workflow import Transformation
from ...models.errors import InputInvalid, TriggerCannot
from ...models.json import JsonObject, object_at, text_at
from ...models.language.errors import LanguageError
from ...models.language.transformation import Level, compile_document
from ...models.visibility import Caller
from ..jobs import start as jobs
from ..jobs.admission import Arrival
from ..services import Services
from ..threads import in_author_threads
from ..workflows.definitions import transformer
from . import automations, triggers


async def run_endpoint(
    services: Services, caller: Caller, route: str, given: JsonObject, arrival: Arrival
) -> JsonObject:
    """Start a job through the enabled trigger of the route; the job in its documented form."""
    trigger = await triggers.find_by_route(caller, route)
    faults = await services.schemas.faults_of(object_at(trigger, "schema"), given, "the trigger's schema")
    if faults:
        raise InputInvalid(text_at(trigger, "name"), faults)
    return await _start(services, caller, trigger, await _transform(services, trigger, given), arrival)


async def run_manual(
    services: Services, caller: Caller, id: str, form_data: JsonObject, arrival: Arrival
) -> JsonObject:
    """Start a job through a manual trigger. The preset answers of its form come before the given variables."""
    trigger = await triggers.find(caller, id)
    if trigger.get("type") != "manual":
        raise TriggerCannot(text_at(trigger, "name"), f"it is of the type '{trigger.get('type')}', not 'manual'")
    if trigger.get("enabled") is False:
        raise TriggerCannot(text_at(trigger, "name"), "it is disabled")
    given = {**object_at(trigger, "formData"), **form_data}
    variables: JsonObject = {"formData": given} if trigger.get("legacyWrapper") else given
    return await _start(services, caller, trigger, variables, arrival)


async def _start(
    services: Services, caller: Caller, trigger: TriggerDocument, variables: JsonObject, arrival: Arrival
) -> JsonObject:
    automation = await automations.find(caller, text_at(trigger, "actionId"))
    if automation.get("componentType") != "workflows":
        why = f"its automation is of the type '{automation.get('componentType')}', not 'workflows'"
        raise TriggerCannot(text_at(trigger, "name"), why)
    workflow = await automations.workflow_of(automation)
    request = JobRequest(workflow, caller.username, account=caller.account_id, variables=variables)
    job = await jobs.start(services, caller, request, arrival)
    await triggers.note_execution(services, trigger)
    return job


async def _transform(services: Services, trigger: TriggerDocument, given: JsonObject) -> JsonObject:
    """The outgoing values of the trigger's transformation, by name.

    It gets its incoming values by name; a single incoming value of another name gets the whole input.
    """
    id = text_at(trigger, "jst")
    if not id:
        return given
    name = text_at(trigger, "name")
    found = await Transformation.get(id)
    if found is None:
        raise TriggerCannot(name, f"its transformation '{id}' is not here")
    document = found.document
    try:
        incoming = _incoming_of(compile_document(document), given)
        run = transformer({id: document}, text_at(trigger, "_id"))
        # In a thread: a transformation may take its time, and other requests go on meanwhile.
        return await in_author_threads(run, services.clock.now(), id, incoming, {})
    except LanguageError as fault:
        raise TriggerCannot(name, f"its transformation fails: {fault}") from fault


def _incoming_of(level: Level, given: JsonObject) -> JsonObject:
    names = [entry.name for entry in level.incoming]
    return {names[0]: given} if len(names) == 1 and names[0] not in given else given
