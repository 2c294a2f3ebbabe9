"""The documented routes of jobs. The root of a start is closed; `workflow` and `options` are required."""

from math import nan
from typing import Final

from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject
from ...resolvers.jobs.follow import LONGEST_WAIT
from ..enums import JobType
from ..rest.query_parameters import LIST_REQUEST, LISTED, SHOWN, QueryParameter, listed, shown
from ..rest.route import Given, RestRoute

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
    "Answer the job once it is complete, canceled or in error, or as it is after so many seconds.",
    {"type": "number", "minimum": 0, "maximum": LONGEST_WAIT},
)


def _start(given: Given) -> JsonObject:
    asked: JsonObject = given.body["options"]
    options = {key: asked[key] for key in ("description", "variables", "groups") if key in asked}
    if "type" in asked:
        options["type"] = job_type(asked["type"])
    return {
        "workflow": given.body["workflow"],
        "options": options,
        "idempotencyKey": given.headers.get("idempotency-key"),
        "waitSeconds": _seconds(given.query.get("waitSeconds")),
    }


def _seconds(text: Json) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text)
    except (TypeError, ValueError):
        seconds = nan
    if not 0 <= seconds <= LONGEST_WAIT:
        message = f"must be a number of seconds between 0 and {LONGEST_WAIT}"
        raise RequestInvalid([Fault("type", "/waitSeconds", "#/parameters/waitSeconds", message)])
    return seconds


def _job(given: Given) -> JsonObject:
    return {"id": given.path["id"], **shown(given.query)}


def _list(given: Given) -> JsonObject:
    return {"query": listed(given.query, given.body)}


def _explained(fault: Fault) -> Fault:
    """Callers send `{}` to learn what is required: the documented system says Missing Params then."""
    for name, meaning in REQUIRED.items():
        if fault.keyword == "required" and fault.instance_path == "" and f"'{name}'" in fault.message:
            message = f"Missing Params: must have required property '{name}' ({meaning})"
            return Fault(fault.keyword, fault.instance_path, fault.schema_path, message)
    return fault


def job_type(text: str) -> str:
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
        (WAIT_SECONDS,),
        explain=_explained,
    ),
    RestRoute(
        "GET",
        "/operations-manager/jobs",
        "list_jobs",
        "Successfully retrieved items",
        _list,
        LIST_REQUEST,
        query=LISTED,
    ),
    RestRoute("GET", "/operations-manager/jobs/{id}", "get_job", "Successfully retrieved item", _job, query=SHOWN),
)
