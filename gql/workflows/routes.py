"""The documented routes of workflows. Answers have shapes of their own, without the envelope."""

from collections.abc import Mapping
from typing import Final, TypedDict
from urllib.parse import quote

from ...models.json import Json, JsonObject, object_at
from ...models.json_schema import JsonSchema
from ..rest.query_parameters import FILTERS, LIST_REQUEST, QueryParameter
from ..rest.route import (
    ANY_OBJECT,
    ITEMS,
    OBJECTS,
    RESULTS,
    Answer,
    RestRoute,
    RouteRequest,
    Variables,
    item_page,
    list_variables,
    name_variable,
    query_variable,
    result_page,
    unchanged,
)


def _object_with(*keys: str) -> JsonSchema:
    return {"type": "object", "required": list(keys), "properties": dict.fromkeys(keys, ANY_OBJECT)}


AUTOMATIONS_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["automations"],
    "properties": {"automations": {"type": "array", "minItems": 1, "items": ANY_OBJECT}},
}
EXPORT_REQUEST: Final[JsonSchema] = {
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
CHECK: Final[JsonSchema] = {
    "type": "object",
    "required": ["errors", "warnings"],
    "properties": {"errors": OBJECTS, "warnings": OBJECTS},
}


def _name_query(request: RouteRequest) -> Variables:
    return {"query": {"equals": {"name": request.path["name"]}, "limit": 1}}


def _automation_documents(request: RouteRequest) -> Variables:
    return {"documents": request.fields["automations"]}


def _automation_document(request: RouteRequest) -> Variables:
    return {"documents": [request.fields["automation"]]}


def _workflow_documents(request: RouteRequest) -> Variables:
    return {"documents": [request.fields["workflow"]]}


def _update_variables(request: RouteRequest) -> Variables:
    return {"id": request.path["id"], "document": request.fields["update"]}


def _export_variables(request: RouteRequest) -> Variables:
    options = object_at(request.fields, "options")
    return {"name": options.get("name"), "id": options.get("_id")}


def _workflow_document(request: RouteRequest) -> Variables:
    return {"document": request.fields["workflow"]}


class _Document(TypedDict):
    document: JsonObject


class _Check(TypedDict):
    valid: bool
    errors: list[Json]
    warnings: list[Json]


class _Documents(TypedDict):
    documented: list[JsonObject]


def _first_or_empty(found: _Documents) -> Answer:
    """The workflow, or an empty object for an unknown workflow."""
    documents = found["documented"]
    return Answer(documents[0] if documents else {})


def _with_edit_page(kind: str, workflow: Mapping[str, Json]) -> JsonObject:
    page = f"/automation-studio/#/edit?tab=0&automation={quote(str(workflow.get('name')))}"
    return {kind: {"errors": [], **workflow}, "edit": page}


def _created_answer(found: list[_Document]) -> Answer:
    return Answer(_with_edit_page("created", found[0]["document"]))


def _saved_answer(found: _Document) -> Answer:
    return Answer(_with_edit_page("created", found["document"]))


def _updated_answer(found: _Document) -> Answer:
    return Answer(_with_edit_page("updated", found["document"]))


def _imported_answer(found: list[_Document]) -> Answer:
    """The bare workflow; several workflows as a list under `automations`."""
    documents: list[Json] = [workflow["document"] for workflow in found]
    return Answer(documents[0] if len(documents) == 1 else {"automations": documents})


def _deleted_answer(found: _Document) -> Answer:
    """The documented result of the database's deletion, and `name` for clients that read only the name."""
    document = found["document"]
    return Answer({"lastErrorObject": {"n": 1}, "value": document, "ok": 1, "name": document["name"]})


def _findings(found: _Check) -> Answer:
    return Answer({"errors": found["errors"], "warnings": found["warnings"]})


def _validity(found: _Check) -> Answer:
    return Answer({"isValid": found["valid"], "errors": found["errors"], "warnings": found["warnings"]})


_WITHOUT_PROJECTS: Final = QueryParameter(
    "exclude-project-members", "Whether to leave out the workflows of projects.", {"type": "boolean", "default": False}
)
_STUDIO: Final = "/automation-studio"

ROUTES: Final = (
    RestRoute(
        "GET", f"{_STUDIO}/workflows", "list_workflows", "", list_variables, LIST_REQUEST,
        (*FILTERS, _WITHOUT_PROJECTS), item_page, response=ITEMS,
    ),
    RestRoute(
        "GET", f"{_STUDIO}/workflows/detailed/{{name}}", "list_workflows", "", _name_query, answer=_first_or_empty,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", f"{_STUDIO}/workflows/validate", "validate_workflow", "", _workflow_document, _object_with("workflow"),
        answer=_findings, response=CHECK,
    ),
    RestRoute(
        "POST", "/workflow_engine/workflows/validate", "validate_workflow", "", _workflow_document,
        _object_with("workflow"), answer=_validity, response=CHECK,
    ),
    RestRoute(
        "POST", f"{_STUDIO}/automations", "create_workflows", "", _automation_document, _object_with("automation"),
        answer=_created_answer, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", f"{_STUDIO}/automations/import", "create_workflows", "", _automation_documents, AUTOMATIONS_REQUEST,
        answer=_imported_answer, response=ANY_OBJECT,
    ),
    RestRoute(
        "PUT", f"{_STUDIO}/automations/{{id}}", "update_workflow", "", _update_variables, _object_with("update"),
        answer=_updated_answer, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/workflow_builder/import", "create_workflows", "", _workflow_documents, _object_with("workflow"),
        answer=_imported_answer, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/workflow_builder/workflows/save", "save_workflow", "", _workflow_document, _object_with("workflow"),
        answer=_saved_answer, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/workflow_builder/export", "export_workflow", "", _export_variables, EXPORT_REQUEST, answer=unchanged,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "DELETE", "/workflow_builder/workflows/delete/{name}", "delete_workflow", "", name_variable,
        answer=_deleted_answer, response=ANY_OBJECT,
    ),
    RestRoute(
        "GET", f"{_STUDIO}/templates", "list_templates", "", query_variable, query=FILTERS, answer=item_page,
        response=ITEMS,
    ),
    RestRoute(
        "GET", "/transformations", "list_transformations", "", query_variable, query=FILTERS, answer=result_page,
        response=RESULTS,
    ),
    RestRoute("GET", "/json-forms/forms", "list_forms", "", query_variable, query=FILTERS, response=OBJECTS),
)  # fmt: skip
