"""The documented routes of automations, triggers and the events they may listen for.

Their lists are filtered by pairs of a value and its field.
"""

from collections.abc import Callable
from typing import Final

from ...models.json import Json, JsonObject
from ..rest.query_parameters import PAIRED, QueryParameter
from ..rest.route import ANY_OBJECT, Answer, Given, RestRoute, Verb, bare, changes

AUTOMATIONS: Final = "/operations-manager/automations"
TRIGGERS: Final = "/operations-manager/triggers"
EVENTS: Final = "/operations-manager/events"

_TRIGGER_FILTERS: Final = (
    *PAIRED,
    QueryParameter("enabled", "Only those that are, or are not, enabled.", {"type": "boolean"}),
    QueryParameter("actionId", "Only those of this automation.", {"type": "string"}),
)
CLONE_REQUEST: Final[JsonObject] = {
    "type": "object",
    "anyOf": [{"required": ["_id"]}, {"required": ["id"]}],
    "properties": {"_id": {"type": "string"}, "id": {"type": "string"}, "name": {"type": ["string", "null"]}},
}
RUN_REQUEST: Final[JsonObject] = {"type": "object", "properties": {"formData": {"type": ["object", "null"]}}}
INPUT_REQUEST: Final[JsonObject] = {"type": ["object", "null"]}


def _list(given: Given) -> JsonObject:
    return {"query": given.query}


def _id(given: Given) -> JsonObject:
    return {"id": given.path["id"]}


def _document(given: Given) -> JsonObject:
    return {"document": given.body}


def _documents(key: str) -> Callable[[Given], JsonObject]:
    def variables(given: Given) -> JsonObject:
        return {"documents": given.body[key]}

    return variables


def _clone(given: Given) -> JsonObject:
    body: JsonObject = given.body
    return {"id": body["_id"] if "_id" in body else body["id"], "name": body.get("name")}


def _input(given: Given) -> JsonObject:
    return {"routeName": given.path["route"], "input": given.body}


def _run(given: Given) -> JsonObject:
    return {"id": given.path["id"], "formData": given.body.get("formData")}


def _event(given: Given) -> JsonObject:
    return {"source": given.path["source"], "topic": given.path["topic"]}


def _import_request(key: str) -> JsonObject:
    return {
        "type": "object",
        "required": [key],
        "properties": {key: {"type": "array", "items": ANY_OBJECT}},
    }


def _warning(
    verb: Verb,
    path: str,
    operation: str,
    message: str,
    variables: Callable[[Given], JsonObject],
    body: JsonObject | None = None,
) -> RestRoute:
    """A route that says what it keeps and does not run: to people in the message, to programs in the metadata."""

    def answer(found: Json) -> Answer:
        return _warned(found["documented"], message, found["warnings"])

    return RestRoute(verb, path, operation, message, variables, body or {}, answer=answer)


def _imported(found: Json) -> Answer:
    outcomes = [
        {
            "success": True,
            "data": one["documented"],
            **({"message": " ".join(one["warnings"])} if one["warnings"] else {}),
        }
        if one["success"]
        else {"success": False, "message": one["message"], "data": None}
        for one in found
    ]
    count = sum(one["success"] for one in found)
    warnings = [warning for one in found for warning in one["warnings"]]
    return _warned(outcomes, f"Successfully imported {count} of {len(found)} documents", warnings)


def _warned(data: Json, message: str, warnings: list[str]) -> Answer:
    return (
        Answer(data, " ".join([f"{message}.", *warnings]), {"warnings": warnings})
        if warnings
        else Answer(data, message)
    )


def _deleted(found: Json) -> Answer:
    return Answer({"deleted": found})


ROUTES: Final = (
    RestRoute("GET", AUTOMATIONS, "list_automations", "Successfully retrieved automations", _list, query=PAIRED),
    _warning(
        "POST", AUTOMATIONS, "create_automation", "Successfully created automation", _document, ANY_OBJECT,
    ),
    RestRoute(
        "PUT", AUTOMATIONS, "import_automations", "", _documents("automations"), _import_request("automations"),
        answer=_imported,
    ),
    _warning(
        "POST", f"{AUTOMATIONS}/clone", "clone_automation", "Successfully cloned automation", _clone, CLONE_REQUEST,
    ),
    _warning("GET", f"{AUTOMATIONS}/{{id}}", "get_automation", "Successfully retrieved automation", _id),
    _warning(
        "PATCH", f"{AUTOMATIONS}/{{id}}", "update_automation", "Successfully updated automation", changes,
        ANY_OBJECT,
    ),
    RestRoute("DELETE", f"{AUTOMATIONS}/{{id}}", "delete_automation", "Successfully deleted automation", _id),
    RestRoute(
        "GET", f"{AUTOMATIONS}/{{id}}/export", "export_automation", "Successfully exported automation", _id,
        answer=bare,
    ),
    RestRoute("GET", TRIGGERS, "list_triggers", "Successfully retrieved triggers", _list, query=_TRIGGER_FILTERS),
    _warning("POST", TRIGGERS, "create_trigger", "Successfully created trigger", _document, ANY_OBJECT),
    RestRoute(
        "PUT", TRIGGERS, "import_triggers", "", _documents("triggers"), _import_request("triggers"), answer=_imported,
    ),
    _warning("GET", f"{TRIGGERS}/{{id}}", "get_trigger", "Successfully retrieved trigger", _id),
    _warning(
        "PATCH", f"{TRIGGERS}/{{id}}", "update_trigger", "Successfully updated trigger", changes, ANY_OBJECT,
    ),
    RestRoute("DELETE", f"{TRIGGERS}/{{id}}", "delete_trigger", "Successfully deleted trigger", _id),
    RestRoute("GET", f"{TRIGGERS}/{{id}}/export", "get_trigger", "Successfully exported trigger", _id),
    RestRoute(
        "DELETE", f"{TRIGGERS}/action/{{id}}", "delete_triggers_of_automation", "Successfully deleted triggers", _id,
        answer=_deleted,
    ),
    RestRoute(
        "POST", f"{TRIGGERS}/endpoint/{{route}}", "run_endpoint_trigger", "Successfully started job", _input,
        INPUT_REQUEST,
    ),
    RestRoute(
        "POST", f"{TRIGGERS}/manual/{{id}}/run", "run_manual_trigger", "Successfully started job", _run, RUN_REQUEST,
    ),
    RestRoute("GET", EVENTS, "list_events", "Successfully retrieved events", _list, query=PAIRED),
    RestRoute(
        "GET", f"{EVENTS}/{{source}}/{{topic}}", "get_event", "Successfully retrieved event", _event, answer=bare,
    ),
)  # fmt: skip
