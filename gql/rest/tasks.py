"""The documented routes of tasks. Claim, assign and release name an iteration, the others a job and a task in it."""

from typing import Final

from ...models.json import JsonObject
from .query_parameters import LIST_REQUEST, LISTED, SHOWN, listed, shown
from .route import Given, RestRoute

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
)
