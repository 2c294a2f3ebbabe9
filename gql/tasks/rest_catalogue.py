"""The documented routes that editors read: which tasks there are, and of which applications.

See reference/rest-api.md#studio-routes.
"""

from typing import Final

from ...models.json import Json, JsonObject
from ..rest.route import ANY_OBJECT, ITEMS, OBJECTS, Answer, Given, RestRoute, bare, nothing

_STUDIO: Final = "/automation-studio"

_TEXT: Final[JsonObject] = {"type": "string"}
DETAILS_REQUEST: Final[JsonObject] = {
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


def _one(given: Given) -> JsonObject:
    return {"app": given.path["package"], "name": given.path["method"]}


def _several(given: Given) -> JsonObject:
    return {"tasks": [{"app": one["pckg"], "name": one["method"]} for one in given.body["inputsArray"]]}


def _task(task: JsonObject) -> JsonObject:
    """As an editor puts it into a workflow, with what its values mean."""
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
            "incoming": {one["name"]: {"description": one["meaning"] or ""} for one in task["incoming"]},
            "outgoing": {name: {} for name in task["outgoing"]},
        },
    }


def _tasks(found: Json) -> Answer:
    return Answer([_task(one) for one in found])


def _details(found: Json) -> Answer:
    """An empty object for a task that there is not, as for a workflow."""
    return Answer(_task(found[0]) if found else {})


def _several_details(found: Json) -> Answer:
    """In the order that they are asked for in, with an empty object for a task that there is not."""
    return Answer([_task(one) if one else {} for one in found])


def _empty_items(found: Json) -> Answer:
    nobody: JsonObject = dict.fromkeys(("skip", "limit", "end", "count", "total"), 0)
    return Answer({"items": found, **nobody, "next": None, "previous": None})


ROUTES: Final = (
    RestRoute("GET", "/workflow_builder/tasks/list", "task_catalogue", "", nothing, answer=_tasks, response=OBJECTS),
    RestRoute("GET", f"{_STUDIO}/apps/list", "apps_and_adapters", "", nothing, answer=bare, response=OBJECTS),
    RestRoute(
        "GET", f"{_STUDIO}/locations/{{location}}/packages/{{package}}/tasks/{{method}}", "task_catalogue", "", _one,
        answer=_details, response=ANY_OBJECT,
    ),
    RestRoute(
        "GET", "/workflow_builder/getTaskDetails/{package}/{method}", "task_catalogue", "", _one, answer=_details,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", f"{_STUDIO}/multipleTaskDetails", "catalogue_tasks", "", _several, DETAILS_REQUEST,
        answer=_several_details, response=OBJECTS,
    ),
    RestRoute("GET", "/tags/all", "tags", "", nothing, answer=bare, response=OBJECTS),
    RestRoute(
        "GET", f"{_STUDIO}/component-groups", "component_groups", "", nothing, answer=_empty_items, response=ITEMS,
    ),
)  # fmt: skip
