"""The documented routes of workflows. They have shapes of their own, without the envelope."""

from typing import Final
from urllib.parse import quote

from ...models.json import Json, JsonObject
from ..rest.query_parameters import LIST_REQUEST, LISTED, QueryParameter, listed
from ..rest.route import ANY_OBJECT, ITEMS, OBJECTS, RESULTS, Answer, Given, RestRoute, bare, items, results


def _required(*keys: str) -> JsonObject:
    return {"type": "object", "required": list(keys), "properties": dict.fromkeys(keys, ANY_OBJECT)}


AUTOMATIONS_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["automations"],
    "properties": {"automations": {"type": "array", "minItems": 1, "items": ANY_OBJECT}},
}
EXPORT_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["options"],
    "properties": {
        "options": {
            "type": "object",
            "anyOf": [{"required": ["name"]}, {"required": ["_id"]}],
            "properties": {"name": {"type": "string"}, "_id": {"type": "string"}},
        }
    },
}
CHECK: Final[JsonObject] = {
    "type": "object",
    "required": ["errors", "warnings"],
    "properties": {"errors": OBJECTS, "warnings": OBJECTS},
}


def _list(given: Given) -> JsonObject:
    return {"query": listed(given.query, given.body)}


def _query(given: Given) -> JsonObject:
    return {"query": given.query}


def _documents(found: Json) -> Answer:
    return Answer(found["documented"])


def _by_name(given: Given) -> JsonObject:
    return {"query": {"equals": {"name": given.path["name"]}, "limit": 1}}


def _name(given: Given) -> JsonObject:
    return {"name": given.path["name"]}


def _several(given: Given) -> JsonObject:
    return {"documents": given.body["automations"]}


def _automation(given: Given) -> JsonObject:
    return {"documents": [given.body["automation"]]}


def _workflow(given: Given) -> JsonObject:
    return {"documents": [given.body["workflow"]]}


def _update(given: Given) -> JsonObject:
    return {"id": given.path["id"], "document": given.body["update"]}


def _named(given: Given) -> JsonObject:
    options: JsonObject = given.body["options"]
    return {"name": options.get("name"), "id": options.get("_id")}


def _document(given: Given) -> JsonObject:
    return {"document": given.body["workflow"]}


def _one(found: Json) -> Answer:
    """An empty object for a workflow that there is not."""
    documents: list[JsonObject] = found["documented"]
    return Answer(documents[0] if documents else {})


def _edited(kind: str, workflow: JsonObject) -> JsonObject:
    page = f"/automation-studio/#/edit?tab=0&automation={quote(str(workflow.get('name')))}"
    return {kind: {"errors": [], **workflow}, "edit": page}


def _created(found: Json) -> Answer:
    return Answer(_edited("created", found[0]["document"]))


def _saved(found: Json) -> Answer:
    return Answer(_edited("created", found["document"]))


def _updated(found: Json) -> Answer:
    return Answer(_edited("updated", found["document"]))


def _imported(found: Json) -> Answer:
    """The bare workflow; of several, a list of them under `automations`."""
    documents = [one["document"] for one in found]
    return Answer(documents[0] if len(documents) == 1 else {"automations": documents})


def _deleted(found: Json) -> Answer:
    """What the database says of it, as documented, and `name` for those who read only that."""
    document = found["document"]
    return Answer({"lastErrorObject": {"n": 1}, "value": document, "ok": 1, "name": document["name"]})


def _checked(found: Json) -> Answer:
    return Answer({"errors": found["errors"], "warnings": found["warnings"]})


def _judged(found: Json) -> Answer:
    return Answer({"isValid": found["valid"], "errors": found["errors"], "warnings": found["warnings"]})


_OUTSIDE: Final = QueryParameter(
    "exclude-project-members", "Leave out the workflows of projects.", {"type": "boolean", "default": False}
)
_STUDIO: Final = "/automation-studio"

ROUTES: Final = (
    RestRoute(
        "GET", f"{_STUDIO}/workflows", "list_workflows", "", _list, LIST_REQUEST, (*LISTED, _OUTSIDE), items,
        response=ITEMS,
    ),
    RestRoute(
        "GET", f"{_STUDIO}/workflows/detailed/{{name}}", "list_workflows", "", _by_name, answer=_one,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", f"{_STUDIO}/workflows/validate", "validate_workflow", "", _document, _required("workflow"),
        answer=_checked, response=CHECK,
    ),
    RestRoute(
        "POST", "/workflow_engine/workflows/validate", "validate_workflow", "", _document, _required("workflow"),
        answer=_judged, response=CHECK,
    ),
    RestRoute(
        "POST", f"{_STUDIO}/automations", "create_workflows", "", _automation, _required("automation"),
        answer=_created, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", f"{_STUDIO}/automations/import", "create_workflows", "", _several, AUTOMATIONS_REQUEST,
        answer=_imported, response=ANY_OBJECT,
    ),
    RestRoute(
        "PUT", f"{_STUDIO}/automations/{{id}}", "update_workflow", "", _update, _required("update"), answer=_updated,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/workflow_builder/import", "create_workflows", "", _workflow, _required("workflow"),
        answer=_imported, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/workflow_builder/workflows/save", "save_workflow", "", _document, _required("workflow"),
        answer=_saved, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/workflow_builder/export", "export_workflow", "", _named, EXPORT_REQUEST, answer=bare,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "DELETE", "/workflow_builder/workflows/delete/{name}", "delete_workflow", "", _name, answer=_deleted,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "GET", f"{_STUDIO}/templates", "list_templates", "", _query, query=LISTED, answer=items, response=ITEMS,
    ),
    RestRoute(
        "GET", "/transformations", "list_transformations", "", _query, query=LISTED, answer=results,
        response=RESULTS,
    ),
    RestRoute("GET", "/json-forms/forms", "list_forms", "", _query, query=LISTED, answer=_documents, response=OBJECTS),
)  # fmt: skip
