"""The documented routes of the catalogue of tasks and applications, for editors.

See reference/rest-api.md#studio-routes.
"""

from typing import Final, TypedDict

from ...models.json import Json, JsonObject, array_at, is_object
from ...models.json_schema import JsonSchema
from ..rest.route import ANY_OBJECT, ITEMS, OBJECTS, Answer, RestRoute, RouteRequest, Variables, no_variables, unchanged

_STUDIO: Final = "/automation-studio"

_TEXT: Final[JsonSchema] = {"type": "string"}
DETAILS_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["inputsArray"],
    "properties": {
        "inputsArray": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pckg", "method"],
                "properties": {"location": _TEXT, "pckg": _TEXT, "method": _TEXT},
            },
        }
    },
}


def _task_variables(request: RouteRequest) -> Variables:
    return {"app": request.path["package"], "name": request.path["method"]}


def _task_list_variables(request: RouteRequest) -> Variables:
    return {
        "tasks": [
            {"app": task["pckg"], "name": task["method"]}
            for task in array_at(request.fields, "inputsArray")
            if is_object(task)
        ]
    }


class _Value(TypedDict):
    name: str
    meaning: str | None


class _Task(TypedDict):
    name: str
    app: str
    location: str
    type: str
    actor: str | None
    description: str | None
    incoming: list[_Value]
    outgoing: list[str]


def _editor_form(task: _Task) -> JsonObject:
    """The task in the form of a workflow document, with descriptions of incoming values."""
    return {
        "name": task["name"],
        "canvasName": task["name"],
        "app": task["app"],
        "displayName": task["app"],
        "location": task["location"].title(),
        "locationType": None,
        "type": task["type"].lower(),
        "actor": task["actor"] or "",
        "summary": task["name"],
        "description": task["description"],
        "deprecated": False,
        "variables": {
            "incoming": {value["name"]: {"description": value["meaning"] or ""} for value in task["incoming"]},
            "outgoing": {name: {} for name in task["outgoing"]},
        },
    }


def _task_list(found: list[_Task]) -> Answer:
    return Answer([_editor_form(task) for task in found])


def _task_details(found: list[_Task]) -> Answer:
    """The task, or an empty object for an unknown task."""
    return Answer(_editor_form(found[0]) if found else {})


def _task_list_details(found: list[_Task | None]) -> Answer:
    """The tasks in the order of the request, with an empty object for an unknown task."""
    return Answer([_editor_form(task) if task else {} for task in found])


def _empty_page(found: Json) -> Answer:
    counts: JsonObject = dict.fromkeys(("skip", "limit", "end", "count", "total"), 0)
    return Answer({"items": found, **counts, "next": None, "previous": None})


ROUTES: Final = (
    RestRoute(
        "GET", "/workflow_builder/tasks/list", "task_catalogue", "", no_variables, answer=_task_list, response=OBJECTS,
    ),
    RestRoute("GET", f"{_STUDIO}/apps/list", "apps_and_adapters", "", no_variables, answer=unchanged, response=OBJECTS),
    RestRoute(
        "GET", f"{_STUDIO}/locations/{{location}}/packages/{{package}}/tasks/{{method}}", "task_catalogue", "",
        _task_variables, answer=_task_details, response=ANY_OBJECT,
    ),
    RestRoute(
        "GET", "/workflow_builder/getTaskDetails/{package}/{method}", "task_catalogue", "", _task_variables,
        answer=_task_details, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", f"{_STUDIO}/multipleTaskDetails", "catalogue_tasks", "", _task_list_variables, DETAILS_REQUEST,
        answer=_task_list_details, response=OBJECTS,
    ),
    RestRoute("GET", "/tags/all", "tags", "", no_variables, answer=unchanged, response=OBJECTS),
    RestRoute(
        "GET", f"{_STUDIO}/component-groups", "component_groups", "", no_variables, answer=_empty_page, response=ITEMS,
    ),
)  # fmt: skip
