"""The documented routes of automations, triggers and definitions of events.

Filters of the lists are pairs of a value and a field.
"""

from collections.abc import Callable
from typing import Final, TypedDict

from ...models.json import Json
from ...models.json_schema import JsonSchema
from ..rest.query_parameters import PAIRED, QueryParameter
from ..rest.route import (
    ANY_OBJECT,
    Answer,
    RestRoute,
    RouteRequest,
    Variables,
    Verb,
    change_variables,
    document_variable,
    id_variable,
    query_variable,
    unchanged,
)

AUTOMATIONS: Final = "/operations-manager/automations"
TRIGGERS: Final = "/operations-manager/triggers"
EVENTS: Final = "/operations-manager/events"

_TRIGGER_FILTERS: Final = (
    *PAIRED,
    QueryParameter("enabled", "Only enabled triggers, or only disabled triggers.", {"type": "boolean"}),
    QueryParameter("actionId", "Only triggers of the automation.", {"type": "string"}),
)
CLONE_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "anyOf": [{"required": ["_id"]}, {"required": ["id"]}],
    "properties": {"_id": {"type": "string"}, "id": {"type": "string"}, "name": {"type": ["string", "null"]}},
}
RUN_REQUEST: Final[JsonSchema] = {"type": "object", "properties": {"formData": {"type": ["object", "null"]}}}
INPUT_REQUEST: Final[JsonSchema] = {"type": ["object", "null"]}


def _documents(key: str) -> Callable[[RouteRequest], Variables]:
    def variables(request: RouteRequest) -> Variables:
        return {"documents": request.fields[key]}

    return variables


def _clone_variables(request: RouteRequest) -> Variables:
    body = request.fields
    return {"id": body["_id"] if "_id" in body else body["id"], "name": body.get("name")}


def _endpoint_variables(request: RouteRequest) -> Variables:
    return {"routeName": request.path["route"], "input": request.body}


def _manual_variables(request: RouteRequest) -> Variables:
    return {"id": request.path["id"], "formData": request.fields.get("formData")}


def _event_variables(request: RouteRequest) -> Variables:
    return {"source": request.path["source"], "topic": request.path["topic"]}


def _import_request(key: str) -> JsonSchema:
    return {
        "type": "object",
        "required": [key],
        "properties": {key: {"type": "array", "items": ANY_OBJECT}},
    }


class _Warned(TypedDict):
    documented: Json
    warnings: list[str]


class _Imported(_Warned):
    success: bool
    message: str | None


def _route_with_warnings(
    verb: Verb,
    path: str,
    operation: str,
    message: str,
    variables: Callable[[RouteRequest], Variables],
    body: JsonSchema | None = None,
) -> RestRoute:
    """A route whose answer has the warnings about triggers that start nothing, in the message and in the metadata."""

    def answer(found: _Warned) -> Answer:
        return _answer_with_warnings(found["documented"], message, found["warnings"])

    return RestRoute(verb, path, operation, message, variables, body or {}, answer=answer)


def _import_answer(found: list[_Imported]) -> Answer:
    outcomes: list[Json] = [
        {
            "success": True,
            "data": result["documented"],
            **({"message": " ".join(result["warnings"])} if result["warnings"] else {}),
        }
        if result["success"]
        else {"success": False, "message": result["message"], "data": None}
        for result in found
    ]
    count = sum(result["success"] for result in found)
    warnings = [warning for result in found for warning in result["warnings"]]
    return _answer_with_warnings(outcomes, f"Successfully imported {count} of {len(found)} documents", warnings)


def _answer_with_warnings(data: Json, message: str, warnings: list[str]) -> Answer:
    return (
        Answer(data, " ".join([f"{message}.", *warnings]), {"warnings": [*warnings]})
        if warnings
        else Answer(data, message)
    )


def _deletion_count(found: Json) -> Answer:
    return Answer({"deleted": found})


ROUTES: Final = (
    RestRoute(
        "GET", AUTOMATIONS, "list_automations", "Successfully retrieved automations", query_variable, query=PAIRED,
    ),
    _route_with_warnings(
        "POST", AUTOMATIONS, "create_automation", "Successfully created automation", document_variable, ANY_OBJECT,
    ),
    RestRoute(
        "PUT", AUTOMATIONS, "import_automations", "", _documents("automations"), _import_request("automations"),
        answer=_import_answer,
    ),
    _route_with_warnings(
        "POST", f"{AUTOMATIONS}/clone", "clone_automation", "Successfully cloned automation", _clone_variables,
        CLONE_REQUEST,
    ),
    _route_with_warnings(
        "GET", f"{AUTOMATIONS}/{{id}}", "get_automation", "Successfully retrieved automation", id_variable,
    ),
    _route_with_warnings(
        "PATCH", f"{AUTOMATIONS}/{{id}}", "update_automation", "Successfully updated automation", change_variables,
        ANY_OBJECT,
    ),
    RestRoute("DELETE", f"{AUTOMATIONS}/{{id}}", "delete_automation", "Successfully deleted automation", id_variable),
    RestRoute(
        "GET", f"{AUTOMATIONS}/{{id}}/export", "export_automation", "Successfully exported automation", id_variable,
        answer=unchanged,
    ),
    RestRoute(
        "GET", TRIGGERS, "list_triggers", "Successfully retrieved triggers", query_variable, query=_TRIGGER_FILTERS,
    ),
    _route_with_warnings(
        "POST", TRIGGERS, "create_trigger", "Successfully created trigger", document_variable, ANY_OBJECT,
    ),
    RestRoute(
        "PUT", TRIGGERS, "import_triggers", "", _documents("triggers"), _import_request("triggers"),
        answer=_import_answer,
    ),
    _route_with_warnings("GET", f"{TRIGGERS}/{{id}}", "get_trigger", "Successfully retrieved trigger", id_variable),
    _route_with_warnings(
        "PATCH", f"{TRIGGERS}/{{id}}", "update_trigger", "Successfully updated trigger", change_variables, ANY_OBJECT,
    ),
    RestRoute("DELETE", f"{TRIGGERS}/{{id}}", "delete_trigger", "Successfully deleted trigger", id_variable),
    RestRoute("GET", f"{TRIGGERS}/{{id}}/export", "get_trigger", "Successfully exported trigger", id_variable),
    RestRoute(
        "DELETE", f"{TRIGGERS}/action/{{id}}", "delete_triggers_of_automation", "Successfully deleted triggers",
        id_variable, answer=_deletion_count,
    ),
    RestRoute(
        "POST", f"{TRIGGERS}/endpoint/{{route}}", "run_endpoint_trigger", "Successfully started job",
        _endpoint_variables, INPUT_REQUEST,
    ),
    RestRoute(
        "POST", f"{TRIGGERS}/manual/{{id}}/run", "run_manual_trigger", "Successfully started job", _manual_variables,
        RUN_REQUEST,
    ),
    RestRoute("GET", EVENTS, "list_events", "Successfully retrieved events", query_variable, query=PAIRED),
    RestRoute(
        "GET", f"{EVENTS}/{{source}}/{{topic}}", "get_event", "Successfully retrieved event", _event_variables,
        answer=unchanged,
    ),
)  # fmt: skip
