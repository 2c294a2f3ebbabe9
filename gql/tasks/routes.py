"""The documented routes of tasks. Claim, assign and release name an iteration; other routes a job and a task."""

from typing import Final

from ...models.json import object_at, text_at
from ...models.json_schema import JsonSchema
from ..rest.query_parameters import FILTERS, LIST_REQUEST, PROJECTION, projection_variables
from ..rest.route import Answer, Documented, RestRoute, RouteRequest, Variables, id_variable, list_variables

ASSIGN_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["userId"],
    "properties": {"userId": {"type": "string"}},
}
TASK_DATA: Final[JsonSchema] = {
    "type": "object",
    "required": ["finish_state", "variables"],
    "properties": {
        "finish_state": {"type": "string", "enum": ["success", "failure"]},
        "variables": {"type": "object"},
    },
}
FINISH_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["taskData"],
    "additionalProperties": False,
    "properties": {"taskData": TASK_DATA},
}

_ITERATION = "/operations-manager/tasks/{id}"


def _iteration_variables(request: RouteRequest) -> Variables:
    return {**id_variable(request), **projection_variables(request.query)}


def _assign_variables(request: RouteRequest) -> Variables:
    return {"id": request.path["id"], "userId": request.fields["userId"]}


def _finish_variables(request: RouteRequest) -> Variables:
    data = object_at(request.fields, "taskData")
    return {
        "jobId": request.path["job"],
        "taskId": request.path["task"],
        "finishState": text_at(data, "finish_state").upper(),
        "variables": data["variables"],
    }


# The documented system sends a script for the pages of its own editor. This script has the only function that a page
# needs.
TASK_CONTROLLER: Final = """function TaskController() {
  this.finish = function (finish_state, variables) {
    return { taskData: { finish_state: finish_state, variables: variables || {} } };
  };
}"""


def _task_variables(request: RouteRequest) -> Variables:
    return {"jobId": request.path["job"], "taskId": request.path["task"]}


def _controller_answer(found: Documented) -> Answer:
    iteration = object_at(found, "documented")
    finish_state = object_at(iteration, "metrics").get("finish_state")
    variables = iteration.get("variables")
    return Answer({"variables": variables, "finish_state": finish_state, "TaskController": TASK_CONTROLLER})


ROUTES: Final = (
    RestRoute(
        "GET",
        "/operations-manager/tasks",
        "list_tasks",
        "Successfully retrieved items",
        list_variables,
        LIST_REQUEST,
        query=FILTERS,
    ),
    RestRoute("GET", _ITERATION, "get_task", "Successfully retrieved item", _iteration_variables, query=PROJECTION),
    RestRoute("POST", f"{_ITERATION}/claim", "claim_task", "Successfully claimed task", id_variable),
    RestRoute("POST", f"{_ITERATION}/release", "release_task", "Successfully released task", id_variable),
    RestRoute(
        "POST", f"{_ITERATION}/assign", "assign_task", "Successfully assigned task", _assign_variables, ASSIGN_REQUEST
    ),
    RestRoute(
        "POST",
        "/operations-manager/jobs/{job}/tasks/{task}/finish",
        "finish_task",
        "Successfully finished task",
        _finish_variables,
        FINISH_REQUEST,
    ),
    RestRoute(
        "GET",
        "/operations-manager/jobs/{job}/tasks/{task}/manual-controller",
        "manual_controller",
        "Successfully retrieved manual task controller",
        _task_variables,
        answer=_controller_answer,
    ),
)
