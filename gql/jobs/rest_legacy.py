"""The older routes under /workflow_engine, which clients still call: a bare job, no envelope.

See reference/rest-api.md#older-routes.
"""

from collections.abc import Callable
from typing import Final

from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject, is_object, object_at
from ...resolvers.search.conditions import MOST_AT_ONCE
from ..rest.route import ANY_OBJECT, RESULTS, Answer, Given, RestRoute, results
from ..tasks.rest import TASK_DATA
from .rest import job_type
from .rest_control import GROUPS_REQUEST, all_groups, groups_given, one_group, single

_ENGINE: Final = "/workflow_engine"
_OPERATORS: Final = {
    "$in": "in", "$nin": "not-in", "$gt": "gt", "$gte": "gte", "$lt": "lt", "$lte": "lte", "$exists": "exists",
}  # fmt: skip
_BY_FIELD: Final[JsonObject] = {"type": ["object", "null"]}
_COUNT: Final[JsonObject] = {"type": ["integer", "null"], "minimum": 0, "maximum": 2**31 - 1}

START_REQUEST: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "workflow": {"type": "string"},
        "options": {
            "type": "object",
            "properties": {
                "description": {"type": ["string", "null"]},
                "type": {"type": "string"},
                "variables": {"type": ["object", "null"]},  # Ansible's module sends null where there are none
                "groups": {"type": "array", "items": {"type": "string"}},
            },
        },
    },
}
JOB_REQUEST: Final[JsonObject] = {
    "type": "object", "required": ["job_id"], "properties": {"job_id": {"type": "string"}},
}  # fmt: skip
TASK_REQUEST: Final[JsonObject] = {
    "type": "object", "required": ["task_id"], "properties": {"task_id": {"type": "string"}},
}  # fmt: skip
FINISH_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["job_id", "task_id", "task_data"],
    "properties": {"job_id": {"type": "string"}, "task_id": {"type": "string"}, "task_data": TASK_DATA},
}
FIX_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["job_id", "errored_task", "revert_task"],
    "properties": {name: {"type": "string"} for name in ("job_id", "errored_task", "revert_task")},
}
SEARCH_REQUEST: Final[JsonObject] = {
    "type": "object",
    "properties": {
        "filter": _BY_FIELD,
        "options": {
            "type": "object",
            "properties": {
                "query": _BY_FIELD, "fields": _BY_FIELD, "sort": _BY_FIELD, "limit": _COUNT, "skip": _COUNT,
            },
        }
    },
}  # fmt: skip


def _start(given: Given) -> JsonObject:
    asked = object_at(given.body, "options")
    options = {key: asked[key] for key in ("description", "variables", "groups") if asked.get(key) is not None}
    if "type" in asked:
        options["type"] = job_type(asked["type"])
    return {"workflow": given.path["name"], "options": options}


def _job(*, exclude: tuple[str, ...] = (), whole: bool = False) -> Callable[[Given], JsonObject]:
    def variables(given: Given) -> JsonObject:
        return {"id": given.path["id"], "exclude": list(exclude), "dereference": ["tasks"] if whole else []}

    return variables


def _output(given: Given) -> JsonObject:
    return {"id": given.path["id"], "include": ["variables"]}


def _named(given: Given) -> JsonObject:
    return {"ids": [given.body["job_id"]], "shown": True}


def _task(given: Given) -> JsonObject:
    return {"id": given.body["task_id"]}


def _finish(given: Given) -> JsonObject:
    body: JsonObject = given.body
    data = object_at(body, "task_data")
    return {
        "jobId": body["job_id"],
        "taskId": body["task_id"],
        "finishState": data["finish_state"].upper(),
        "variables": data["variables"],
    }


def _fix(given: Given) -> JsonObject:
    body: JsonObject = given.body
    return {"jobId": body["job_id"], "erroredTask": body["errored_task"], "revertTask": body["revert_task"]}


def _search(given: Given) -> JsonObject:
    """The present query for an older one: `query` is a document with a few of the database's operators.

    A `limit` of 0 is none, as in the database. A search of tasks may have more conditions under `filter`.
    """
    options = object_at(given.body, "options")
    query = _conditions(object_at(options, "query"), "/options/query")
    query["q"] = _conditions(object_at(given.body, "filter"), "/filter")
    if options.get("limit") is not None:
        query["limit"] = options["limit"] or MOST_AT_ONCE
    if options.get("skip") is not None:
        query["skip"] = options["skip"]
    for field, way in object_at(options, "sort").items():
        query |= {"sort": field, "order": way}
    shown = object_at(options, "fields")
    query["include"] = [field for field, kept in shown.items() if kept and field != "_id"]
    query["exclude"] = [field for field, kept in shown.items() if not kept]
    return {"query": query}


def _conditions(given: JsonObject, pointer: str) -> JsonObject:
    query: JsonObject = {}
    for field, value in given.items():
        for operator, operand in value.items() if is_object(value) else [("equals", value)]:
            if is_object(value) and operator not in _OPERATORS:
                message = f"must be a value, or an object of {', '.join(_OPERATORS)}"
                raise RequestInvalid([Fault("enum", f"{pointer}/{field}", "#/properties/options", message)])
            query.setdefault(_OPERATORS.get(operator, operator), {})[field] = operand
    return query


def _bare(found: Json) -> Answer:
    return Answer(found["documented"])


def _variables(found: Json) -> Answer:
    return Answer(object_at(found["documented"], "variables"))


def _looks(path: str, variables: Callable[[Given], JsonObject], answer: Callable[[Json], Answer] = _bare) -> RestRoute:
    return RestRoute("GET", f"{_ENGINE}/{path}", "get_job", "", variables, answer=answer, response=ANY_OBJECT)


def _steers(path: str, operation: str, verb: str, done: str) -> RestRoute:
    return RestRoute(
        "POST", f"{_ENGINE}/{path}", operation, "", _named, JOB_REQUEST, answer=single(verb, done), response=ANY_OBJECT
    )


def _searches(noun: str, operation: str) -> RestRoute:
    path = f"{_ENGINE}/{noun}/search"
    return RestRoute("POST", path, operation, "", _search, SEARCH_REQUEST, answer=results, response=RESULTS)


_GROUPS: Final = f"{_ENGINE}/jobs/{{id}}/groups"

ROUTES: Final = (
    RestRoute(
        "POST", f"{_ENGINE}/startJobWithOptions/{{name}}", "start_job", "", _start, START_REQUEST, answer=_bare,
        response=ANY_OBJECT,
    ),
    _looks("getJob/{id}", _job()),
    _looks("getJobShallow/{id}", _job(exclude=("tasks", "transitions"))),
    _looks("getEntireJob/{id}", _job(whole=True)),
    _looks("job/{id}/details", _job(exclude=("tasks", "transitions", "variables"))),
    _looks("job/{id}/output", _output, _variables),
    _steers("cancelJob", "cancel_jobs", "cancel", "canceled"),
    _steers("pauseJob", "pause_jobs", "pause", "paused"),
    _steers("resumeJob", "resume_jobs", "resume", "resumed"),
    RestRoute("POST", f"{_ENGINE}/fixJob", "fix_job", "", _fix, FIX_REQUEST, answer=_bare, response=ANY_OBJECT),
    _searches("jobs", "list_jobs"),
    _searches("tasks", "list_tasks"),
    _searches("workflows", "list_workflows"),
    RestRoute(
        "POST", f"{_ENGINE}/tasks/claim", "claim_task", "", _task, TASK_REQUEST, answer=_bare, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", f"{_ENGINE}/tasks/release", "release_task", "", _task, TASK_REQUEST, answer=_bare, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", f"{_ENGINE}/finishTask", "finish_task", "", _finish, FINISH_REQUEST, answer=_bare,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", _GROUPS, "add_job_groups", "", groups_given, GROUPS_REQUEST, answer=_bare, response=ANY_OBJECT,
    ),
    RestRoute(
        "PUT", _GROUPS, "replace_job_groups", "", groups_given, GROUPS_REQUEST, answer=_bare, response=ANY_OBJECT,
    ),
    RestRoute("DELETE", _GROUPS, "delete_job_groups", "", all_groups, answer=_bare, response=ANY_OBJECT),
    RestRoute("DELETE", f"{_GROUPS}/{{group}}", "delete_job_groups", "", one_group, answer=_bare, response=ANY_OBJECT),
)  # fmt: skip
