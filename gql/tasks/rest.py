"""The documented routes of tasks. Claim, assign and release name an iteration, the others a job and a task in it."""

from typing import Final

from ...models.json import Json, JsonObject, object_at
from ..rest.query_parameters import LIST_REQUEST, LISTED, SHOWN, listed, shown
from ..rest.route import Answer, Given, RestRoute

ASSIGN_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["userId"],
    "properties": {"userId": {"type": "string"}},
}
TASK_DATA: Final[JsonObject] = {
    "type": "object",
    "required": ["finish_state", "variables"],
    "properties": {
        "finish_state": {"type": "string", "enum": ["success", "failure"]},
        "variables": {"type": "object"},
    },
}
FINISH_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["taskData"],
    "additionalProperties": False,
    "properties": {"taskData": TASK_DATA},
}

_ITERATION = "/operations-manager/tasks/{id}"


def _iteration(given: Given) -> JsonObject:
    return {"id": given.path["id"]}


def _shown(given: Given) -> JsonObject:
    return {**_iteration(given), **shown(given.query)}


def _list(given: Given) -> JsonObject:
    return {"query": listed(given.query, given.body)}


def _assignment(given: Given) -> JsonObject:
    return {"id": given.path["id"], "userId": given.body["userId"]}


def _answer(given: Given) -> JsonObject:
    data: JsonObject = given.body["taskData"]
    return {
        "jobId": given.path["job"],
        "taskId": given.path["task"],
        "finishState": data["finish_state"].upper(),
        "variables": data["variables"],
    }


# What the documented system sends here draws the page of its own editor. Ours says the one thing that a page must know.
TASK_CONTROLLER: Final = """function TaskController() {
  this.finish = function (finish_state, variables) {
    return { taskData: { finish_state: finish_state, variables: variables || {} } };
  };
}"""


def _of_job(given: Given) -> JsonObject:
    return {"jobId": given.path["job"], "taskId": given.path["task"]}


def _controller(found: Json) -> Answer:
    iteration: JsonObject = found["documented"]
    finish_state = object_at(iteration, "metrics").get("finish_state")
    variables = iteration.get("variables")
    return Answer({"variables": variables, "finish_state": finish_state, "TaskController": TASK_CONTROLLER})


ROUTES: Final = (
    RestRoute(
        "GET",
        "/operations-manager/tasks",
        "list_tasks",
        "Successfully retrieved items",
        _list,
        LIST_REQUEST,
        query=LISTED,
    ),
    RestRoute("GET", _ITERATION, "get_task", "Successfully retrieved item", _shown, query=SHOWN),
    RestRoute("POST", f"{_ITERATION}/claim", "claim_task", "Successfully claimed task", _iteration),
    RestRoute("POST", f"{_ITERATION}/release", "release_task", "Successfully released task", _iteration),
    RestRoute("POST", f"{_ITERATION}/assign", "assign_task", "Successfully assigned task", _assignment, ASSIGN_REQUEST),
    RestRoute(
        "POST",
        "/operations-manager/jobs/{job}/tasks/{task}/finish",
        "finish_task",
        "Successfully finished task",
        _answer,
        FINISH_REQUEST,
    ),
    RestRoute(
        "GET",
        "/operations-manager/jobs/{job}/tasks/{task}/manual-controller",
        "manual_controller",
        "Successfully retrieved manual task controller",
        _of_job,
        answer=_controller,
    ),
)
