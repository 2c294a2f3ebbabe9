"""The documented routes of jobs. The root of a start is closed; `workflow` and `options` are required."""

from math import nan
from typing import Final

from ...models.errors import Fault, RequestInvalid
from ...models.json import JsonObject
from ...resolvers.following import LONGEST_WAIT
from ..types import JobType
from .route import Given, RestRoute

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


WAIT_SECONDS: Final[JsonObject] = {
    "type": "number",
    "minimum": 0,
    "maximum": LONGEST_WAIT,
    "description": "Answer the job once it is complete, canceled or in error, or as it is after so many seconds.",
}


def _start(given: Given) -> JsonObject:
    asked: JsonObject = given.body["options"]
    options = {key: asked[key] for key in ("description", "variables", "groups") if key in asked}
    if "type" in asked:
        options["type"] = _job_type(asked["type"])
    return {
        "workflow": given.body["workflow"],
        "options": options,
        "idempotencyKey": given.headers.get("idempotency-key"),
        "waitSeconds": _seconds(given.query.get("waitSeconds")),
    }


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = nan
    if not 0 <= seconds <= LONGEST_WAIT:
        message = f"must be a number of seconds between 0 and {LONGEST_WAIT}"
        raise RequestInvalid([Fault("type", "/waitSeconds", "#/parameters/waitSeconds", message)])
    return seconds


def _job(given: Given) -> JsonObject:
    return {"id": given.path["id"]}


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


ROUTES: Final = (
    RestRoute(
        "POST",
        "/operations-manager/jobs/start",
        "start_job",
        "Successfully started job",
        _start,
        START_REQUEST,
        {"waitSeconds": WAIT_SECONDS},
        explain=_explained,
    ),
    RestRoute("GET", "/operations-manager/jobs/{id}", "get_job", "Successfully retrieved item", _job),
)
