"""The documented routes of projects (reference/rest-api.md#projects)."""

from dataclasses import replace
from typing import Final, TypedDict

from ...models.errors import Fault
from ...models.json import Json, JsonObject, array_at, text_at
from ...models.json_schema import JsonSchema
from ..rest.query_parameters import FILTERS
from ..rest.route import (
    ANY_OBJECT,
    OBJECTS,
    Answer,
    RestRoute,
    RouteRequest,
    Variables,
    change_variables,
    id_variable,
    query_variable,
    unchanged,
)

PROJECTS: Final = "/automation-studio/projects"

IMPORT_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["project"],
    "properties": {
        "project": ANY_OBJECT,
        "conflictMode": {"type": ["string", "null"], "enum": ["overwrite", "insert-new", None]},
        "skipReferenceValidation": {"type": "boolean", "description": "Ignored: references never stop an import."},
        "assignNewReferences": {"const": False, "description": "Must be false: documents keep their ids."},
    },
}
COMPONENTS_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["components"],
    "properties": {"components": OBJECTS, "mode": {"type": "string", "enum": ["move", "copy"]}},
}


def _project_document(request: RouteRequest) -> Variables:
    body = request.fields
    return {"document": body.get("project", body)}


def _import_variables(request: RouteRequest) -> Variables:
    mode = text_at(request.fields, "conflictMode") or "overwrite"
    return {"document": request.fields["project"], "mode": mode.upper().replace("-", "_")}


def _component_variables(request: RouteRequest) -> Variables:
    mode = text_at(request.fields, "mode") or "move"
    return {"id": request.path["id"], "components": array_at(request.fields, "components"), "mode": mode.upper()}


def _component_variable(request: RouteRequest) -> Variables:
    return {"id": request.path["id"], "component": request.path["component"]}


class _Form(TypedDict):
    documented: JsonObject


class _Imported(TypedDict):
    name: str
    warnings: list[str]


class _Skipped(TypedDict):
    where: str
    reason: str


class _Import(TypedDict):
    project: _Form
    imported: list[_Imported]
    skipped: list[_Skipped]


class _Deletion(TypedDict):
    project: _Form
    deleted: list[Json]
    kept: list[Json]


def _import_answer(found: _Import) -> Answer:
    """The project, with documents that were not imported in the documented `failedComponents`."""
    failed: list[Json] = [
        {"component": document["where"], "reason": document["reason"]} for document in found["skipped"]
    ]
    count = len(found["imported"])
    message = f"Successfully imported {count} of {count + len(failed)} documents" if failed else None
    warnings: list[Json] = [
        f"{document['name']}: {warning}" for document in found["imported"] for warning in document["warnings"]
    ]
    return Answer(found["project"]["documented"], message, {"failedComponents": failed, "warnings": warnings})


def _deletion_answer(found: _Deletion) -> Answer:
    return Answer(found["project"]["documented"], metadata={"deleted": found["deleted"], "kept": found["kept"]})


def _explain_new_references(fault: Fault) -> Fault:
    if fault.instance_path == "/assignNewReferences":
        return replace(
            fault, message="must be false: an import keeps the ids of documents, since workflows refer to the ids"
        )
    return fault


ROUTES: Final = (
    RestRoute("GET", PROJECTS, "list_projects", "Successfully retrieved projects", query_variable, query=FILTERS),
    RestRoute("POST", PROJECTS, "create_project", "Successfully created project", _project_document, ANY_OBJECT),
    RestRoute(
        "POST", f"{PROJECTS}/import", "import_project", "Successfully imported project", _import_variables,
        IMPORT_REQUEST, answer=_import_answer, explain=_explain_new_references,
    ),
    RestRoute("GET", f"{PROJECTS}/{{id}}", "get_project", "Successfully retrieved project", id_variable),
    RestRoute(
        "PATCH", f"{PROJECTS}/{{id}}", "update_project", "Successfully updated project", change_variables, ANY_OBJECT,
    ),
    RestRoute(
        "DELETE", f"{PROJECTS}/{{id}}", "delete_project", "Successfully deleted project", id_variable,
        answer=_deletion_answer,
    ),
    RestRoute(
        "GET", f"{PROJECTS}/{{id}}/export", "export_project", "Successfully exported project", id_variable,
        answer=unchanged,
    ),
    RestRoute(
        "POST", f"{PROJECTS}/{{id}}/components/add", "add_components_to_project",
        "Successfully added components to project", _component_variables, COMPONENTS_REQUEST,
    ),
    RestRoute(
        "DELETE", f"{PROJECTS}/{{id}}/components/{{component}}", "remove_component_from_project",
        "Successfully removed component from project", _component_variable, answer=unchanged,
    ),
)  # fmt: skip
