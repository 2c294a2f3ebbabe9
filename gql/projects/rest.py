"""The documented routes of projects (reference/rest-api.md#projects)."""

from dataclasses import replace
from typing import Final

from ...models.errors import Fault
from ...models.json import Json, JsonObject, array_at, text_at
from ..rest.query_parameters import LISTED
from ..rest.route import ANY_OBJECT, OBJECTS, Answer, Given, RestRoute, bare, changes

PROJECTS: Final = "/automation-studio/projects"

IMPORT_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["project"],
    "properties": {
        "project": ANY_OBJECT,
        "conflictMode": {"type": ["string", "null"], "enum": ["overwrite", "insert-new", None]},
        "skipReferenceValidation": {"type": "boolean", "description": "No reference stops an import."},
        "assignNewReferences": {"const": False, "description": "Documents keep their ids."},
    },
}
COMPONENTS_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["components"],
    "properties": {"components": OBJECTS, "mode": {"type": "string", "enum": ["move", "copy"]}},
}


def _list(given: Given) -> JsonObject:
    return {"query": given.query}


def _id(given: Given) -> JsonObject:
    return {"id": given.path["id"]}


def _document(given: Given) -> JsonObject:
    body: JsonObject = given.body
    return {"document": body.get("project", body)}


def _import(given: Given) -> JsonObject:
    mode = text_at(given.body, "conflictMode") or "overwrite"
    return {"document": given.body["project"], "mode": mode.upper().replace("-", "_")}


def _components(given: Given) -> JsonObject:
    mode = text_at(given.body, "mode") or "move"
    return {"id": given.path["id"], "components": array_at(given.body, "components"), "mode": mode.upper()}


def _component(given: Given) -> JsonObject:
    return {"id": given.path["id"], "component": given.path["component"]}


def _imported(found: Json) -> Answer:
    """What did not come in stands in the documented `failedComponents`."""
    failed = [{"component": one["where"], "reason": one["reason"]} for one in found["skipped"]]
    count = len(found["imported"])
    message = f"Successfully imported {count} of {count + len(failed)} documents" if failed else None
    warnings = [f"{one['name']}: {warning}" for one in found["imported"] for warning in one["warnings"]]
    return Answer(found["project"]["documented"], message, {"failedComponents": failed, "warnings": warnings})


def _deleted(found: Json) -> Answer:
    return Answer(found["project"]["documented"], metadata={"deleted": found["deleted"], "kept": found["kept"]})


def _explained(fault: Fault) -> Fault:
    if fault.instance_path == "/assignNewReferences":
        return replace(fault, message="must be false: an import keeps the ids of documents, which workflows name")
    return fault


ROUTES: Final = (
    RestRoute("GET", PROJECTS, "list_projects", "Successfully retrieved projects", _list, query=LISTED),
    RestRoute("POST", PROJECTS, "create_project", "Successfully created project", _document, ANY_OBJECT),
    RestRoute(
        "POST", f"{PROJECTS}/import", "import_project", "Successfully imported project", _import, IMPORT_REQUEST,
        answer=_imported, explain=_explained,
    ),
    RestRoute("GET", f"{PROJECTS}/{{id}}", "get_project", "Successfully retrieved project", _id),
    RestRoute(
        "PATCH", f"{PROJECTS}/{{id}}", "update_project", "Successfully updated project", changes, ANY_OBJECT,
    ),
    RestRoute(
        "DELETE", f"{PROJECTS}/{{id}}", "delete_project", "Successfully deleted project", _id, answer=_deleted,
    ),
    RestRoute(
        "GET", f"{PROJECTS}/{{id}}/export", "export_project", "Successfully exported project", _id, answer=bare,
    ),
    RestRoute(
        "POST", f"{PROJECTS}/{{id}}/components/add", "add_components_to_project",
        "Successfully added components to project", _components, COMPONENTS_REQUEST,
    ),
    RestRoute(
        "DELETE", f"{PROJECTS}/{{id}}/components/{{component}}", "remove_component_from_project",
        "Successfully removed component from project", _component, answer=bare,
    ),
)  # fmt: skip
