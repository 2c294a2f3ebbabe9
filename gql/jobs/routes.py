"""The documented routes that start, list and read jobs. A start takes only `workflow` and `options`, both required."""

from math import nan
from typing import Final

from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject, object_at, text_at
from ...models.json_schema import JsonSchema
from ...resolvers.jobs.follow import LONGEST_WAIT
from ..enums import JobType
from ..rest.query_parameters import FILTERS, LIST_REQUEST, PROJECTION, QueryParameter, projection_variables
from ..rest.route import RestRoute, RouteRequest, Variables, list_variables

REQUIRED: Final = {
    "workflow": 'a text: the exact name of the workflow, for example "Greet a device"',
    "options": "an object; `{}` takes the defaults. The keys are description, type, variables and groups",
}

START_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": list(REQUIRED),
    "additionalProperties": False,
    "properties": {
        "workflow": {"type": "string"},
        "options": {
            "type": "object",
            "properties": {
                "description": {"type": ["string", "null"]},  # or null: reference/clients.md#null-descriptions
                "type": {"type": "string"},
                "variables": {"type": "object"},
                "groups": {"type": "array", "items": {"type": "string"}},
            },
        },
    },
}


WAIT_SECONDS: Final = QueryParameter(
    "waitSeconds",
    "Wait until the job is complete, canceled or in error, but at most for so many seconds, and return the job.",
    {"type": "number", "minimum": 0, "maximum": LONGEST_WAIT},
)


def _start_variables(request: RouteRequest) -> Variables:
    options_body = object_at(request.fields, "options")
    options: JsonObject = {
        key: options_body[key] for key in ("description", "variables", "groups") if key in options_body
    }
    if "type" in options_body:
        options["type"] = job_type(text_at(options_body, "type"))
    return {
        "workflow": request.fields["workflow"],
        "options": options,
        "idempotencyKey": request.headers.get("idempotency-key"),
        "waitSeconds": _read_seconds(request.query.get("waitSeconds")),
    }


def _read_seconds(text: Json) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(str(text))
    except (TypeError, ValueError):
        seconds = nan
    if not 0 <= seconds <= LONGEST_WAIT:
        message = f"must be a number of seconds between 0 and {LONGEST_WAIT}"
        raise RequestInvalid([Fault("type", "/waitSeconds", "#/parameters/waitSeconds", message)])
    return seconds


def _job_variables(request: RouteRequest) -> Variables:
    return {"id": request.path["id"], **projection_variables(request.query)}


def _explain_required(fault: Fault) -> Fault:
    """Names missing parameters as the documented system does: clients send `{}` to learn the required parameters."""
    for name, meaning in REQUIRED.items():
        if fault.keyword == "required" and fault.instance_path == "" and f"'{name}'" in fault.message:
            message = f"Missing Params: must have required property '{name}' ({meaning})"
            return Fault(fault.keyword, fault.instance_path, fault.schema_path, message)
    return fault


def job_type(text: str) -> str:
    """The name of the GraphQL enum value for a documented value."""
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
        _start_variables,
        START_REQUEST,
        (WAIT_SECONDS,),
        explain=_explain_required,
    ),
    RestRoute(
        "GET",
        "/operations-manager/jobs",
        "list_jobs",
        "Successfully retrieved items",
        list_variables,
        LIST_REQUEST,
        query=FILTERS,
    ),
    RestRoute(
        "GET",
        "/operations-manager/jobs/{id}",
        "get_job",
        "Successfully retrieved item",
        _job_variables,
        query=PROJECTION,
    ),
)
