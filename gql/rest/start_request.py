"""The body of a start, checked as documented: the root is closed, `workflow` and `options` are required."""

from typing import Final

import orjson

from ...models.documents.input_schema import faults_of
from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject
from ..types import JobType

REQUIRED: Final = {
    "workflow": 'a text: the exact name of the workflow, for example "Greet a device"',
    "options": "an object; `{}` will do. It may hold description, type, variables and groups",
}

START_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": list(REQUIRED),
    "additionalProperties": False,
    "properties": {
        "workflow": {"type": "string"},
        "options": {
            "type": "object",
            "properties": {
                "description": {"type": ["string", "null"]},  # clients send null (clients, traps 6)
                "type": {"type": "string"},
                "variables": {"type": "object"},
                "groups": {"type": "array", "items": {"type": "string"}},
            },
        },
    },
}


def read_start_request(body: bytes) -> JsonObject:
    """The variables of the stored operation. All faults at once; an empty body tells what is required."""
    request = _parsed(body)
    faults = [_explained(fault) for fault in faults_of(START_REQUEST, request)]
    if faults:
        raise RequestInvalid(faults)
    given: JsonObject = request["options"]
    options = {key: given[key] for key in ("description", "variables", "groups") if key in given}
    if "type" in given:
        options["type"] = _job_type(given["type"])
    return {"workflow": request["workflow"], "options": options}


def _parsed(body: bytes) -> Json:
    if not body.strip():
        return {}
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as broken:
        raise RequestInvalid([Fault("json", "", "#", f"is not JSON: {broken}")]) from broken


def _explained(fault: Fault) -> Fault:
    """Callers send `{}` to learn what is required: the documented system says Missing Params then."""
    for name, meaning in REQUIRED.items():
        if fault.keyword == "required" and fault.instance_path == "" and f"'{name}'" in fault.message:
            message = f"Missing Params: must have required property '{name}' ({meaning})"
            return Fault(fault.keyword, fault.instance_path, fault.schema_path, message)
    return fault


def _job_type(text: str) -> str:
    """The name that GraphQL has for the documented value."""
    names = {str(kind.value): kind.name for kind in JobType}
    if text not in names:
        path = "#/properties/options/properties/type/enum"
        raise RequestInvalid([Fault("enum", "/options/type", path, f"must be one of {', '.join(names)}")])
    return names[text]
