"""Tasks that providers do: requests, events, templates, schemas."""

from collections.abc import Iterable

from ....models.engine.outcomes import CallProvider, Finish, Outcome, TaskCall
from ....models.errors import Fault
from ....models.json import Json, JsonObject, is_array, is_object
from ....models.language.javascript.coercion import UNDEFINED
from ....models.language.transformation.budget import written_size
from ....models.schemas.checking import SchemaBroken, check_at_once
from ..arguments import json_object
from ..task import TaskFailed, built_in

INCOMING = {
    "uri": "string: an http or https address",
    "verb": "string: GET, POST, PUT, PATCH or DELETE",
    "user": "string: for Basic authentication; may be left out",
    "password": "string: for Basic authentication",
    "headers": "object: header values by name; may be left out",
    "body": "any: text as it is, anything else as JSON, or as a form where the content type says so",
    "responseHeaders": "boolean: whether the response is {body, headers}",
}


@built_in("restCall", INCOMING, ("response",))
def rest_call(call: TaskCall) -> Outcome:
    """Send an HTTP request and return the answer: the parsed body, or {body, headers} with responseHeaders."""
    return CallProvider()


EVENT_INCOMING = {
    "source": "string: @itential/app-workflow_engine, the only source here",
    "topic": "string: jobStart, jobComplete, jobError, jobFix, jobPause, jobResume or jobCancel",
    "schema": "object: a JSON Schema that the event {job} must fit; left out: the next one will do",
}


@built_in("eventListenerJob", EVENT_INCOMING, ("result",), type="operation", actor="job")
def event_listener_job(call: TaskCall) -> Outcome:
    """Wait for an event of any job since this task began, and return it."""
    return CallProvider()


APP = "TemplateBuilder"
_STORED = "string: the name of a stored template"
_VALUES = "object: the values by name"
_CAST = "string: string (also when left out), object, number or boolean"


@built_in("renderJinjaTemplate", {"name": _STORED, "context": _VALUES}, ("renderedTemplate",), app=APP)
def render_jinja_template(call: TaskCall) -> Outcome:
    """Render a stored Jinja2 template with the values of its context."""
    return CallProvider()


@built_in(
    "renderJinja2ContextWithCast",
    {"template": "string: Jinja2", "variables": _VALUES, "castDataType": _CAST},
    ("renderedTemplate",),
    app=APP,
)
def render_jinja2_context_with_cast(call: TaskCall) -> Outcome:
    """Render a Jinja2 template that the task itself holds, and read the text as a string, object, number or boolean."""
    return CallProvider()


@built_in(
    "renderJinja2TemplateWithCast",
    {"name": _STORED, "variables": _VALUES, "castDataType": _CAST},
    ("renderedTemplate",),
    app=APP,
)
def render_jinja2_template_with_cast(call: TaskCall) -> Outcome:
    """Render a stored Jinja2 template, and read the text as a string, object, number or boolean."""
    return CallProvider()


@built_in(
    "applyTemplate",
    {"text": "string", "template": "string: a stored template's name, or TextFSM itself"},
    ("parsed",),
    app=APP,
)
def apply_template(call: TaskCall) -> Outcome:
    """Find the records of a text with a TextFSM template, stored or in the task itself."""
    return CallProvider()


MOST_VALUES = 1_000_000  # a part that occurs many times counts as often
NAME = "validateJsonSchema"


@built_in(NAME, {"jsonData": "any", "schema": "object: a JSON Schema"}, ("result",), type="operation")
def validate_json_schema(call: TaskCall) -> Outcome:
    """Return whether a value fits a JSON Schema, with the faults: `{valid, errors}`, a success either way.

    Each error is `{keyword, instancePath, schemaPath, message}`; there are at most 100. A check that takes more than
    about 2 s of the processor, or 512 MB of memory, ends in error.
    """
    value, schema = call.incoming.get("jsonData", UNDEFINED), call.incoming.get("schema", UNDEFINED)
    if value is UNDEFINED:
        raise TaskFailed("'jsonData' must be a value, not undefined.")
    for checked, name in ((value, "jsonData"), (schema, "schema")):
        if (is_array(checked) or is_object(checked)) and written_size(checked) > MOST_VALUES:
            raise TaskFailed(f"'{name}' holds more than {MOST_VALUES} values.")
    try:
        faults = check_at_once(json_object(schema, "schema"), value)
    except SchemaBroken as broken:
        raise TaskFailed(f"'schema' cannot be applied: {broken.message}") from None
    return CallProvider() if faults is None else validated(faults)


def validated(faults: Iterable[Fault]) -> Finish:
    """The task's end with these faults."""
    errors: list[Json] = [fault.documented for fault in faults]
    result: JsonObject = {"valid": not errors, "errors": errors}
    return Finish("success", {"result": result})


TASKS = (
    rest_call, event_listener_job, render_jinja_template, render_jinja2_context_with_cast,
    render_jinja2_template_with_cast, apply_template, validate_json_schema,
)  # fmt: skip
