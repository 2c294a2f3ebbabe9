"""The older routes under /workflow_engine, which clients still call: answers without envelope.

See reference/rest-api.md#older-routes.
"""

from collections.abc import Callable
from typing import Any, Final

from ...models.errors import Fault, RequestInvalid
from ...models.json import JsonObject, is_object, object_at, text_at
from ...models.json_schema import JsonSchema
from ...resolvers.search.conditions import MOST_AT_ONCE
from ..rest.route import (
    ANY_OBJECT,
    RESULTS,
    Answer,
    Documented,
    RestRoute,
    RouteRequest,
    Variables,
    documented_form,
    result_page,
)
from ..tasks.routes import TASK_DATA
from .routes import job_type
from .routes_control import GROUPS_REQUEST, all_groups, group_variables, one_group, single_answer

_ENGINE: Final = "/workflow_engine"
_OPERATORS: Final = {
    "$in": "in", "$nin": "not-in", "$gt": "gt", "$gte": "gte", "$lt": "lt", "$lte": "lte", "$exists": "exists",
}  # fmt: skip
_BY_FIELD: Final[JsonSchema] = {"type": ["object", "null"]}
_COUNT: Final[JsonSchema] = {"type": ["integer", "null"], "minimum": 0, "maximum": 2**31 - 1}

START_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "properties": {
        "workflow": {"type": "string"},
        "options": {
            "type": "object",
            "properties": {
                "description": {"type": ["string", "null"]},
                "type": {"type": "string"},
                "variables": {"type": ["object", "null"]},  # Ansible's module sends null in place of no variables
                "groups": {"type": "array", "items": {"type": "string"}},
            },
        },
    },
}
JOB_REQUEST: Final[JsonSchema] = {
    "type": "object", "required": ["job_id"], "properties": {"job_id": {"type": "string"}},
}  # fmt: skip
TASK_REQUEST: Final[JsonSchema] = {
    "type": "object", "required": ["task_id"], "properties": {"task_id": {"type": "string"}},
}  # fmt: skip
FINISH_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["job_id", "task_id", "task_data"],
    "properties": {"job_id": {"type": "string"}, "task_id": {"type": "string"}, "task_data": TASK_DATA},
}
FIX_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["job_id", "errored_task", "revert_task"],
    "properties": {name: {"type": "string"} for name in ("job_id", "errored_task", "revert_task")},
}
SEARCH_REQUEST: Final[JsonSchema] = {
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


def _start_variables(request: RouteRequest) -> Variables:
    options_body = object_at(request.fields, "options")
    options: JsonObject = {
        key: options_body[key] for key in ("description", "variables", "groups") if options_body.get(key) is not None
    }
    if "type" in options_body:
        options["type"] = job_type(text_at(options_body, "type"))
    return {"workflow": request.path["name"], "options": options}


def _job_variables(*, exclude: tuple[str, ...] = (), whole: bool = False) -> Callable[[RouteRequest], Variables]:
    def variables(request: RouteRequest) -> Variables:
        return {"id": request.path["id"], "exclude": list(exclude), "dereference": ["tasks"] if whole else []}

    return variables


def _output_variables(request: RouteRequest) -> Variables:
    return {"id": request.path["id"], "include": ["variables"]}


def _job_id_variable(request: RouteRequest) -> Variables:
    return {"ids": [request.fields["job_id"]], "shown": True}


def _task_id_variable(request: RouteRequest) -> Variables:
    return {"id": request.fields["task_id"]}


def _finish_variables(request: RouteRequest) -> Variables:
    body = request.fields
    data = object_at(body, "task_data")
    return {
        "jobId": body["job_id"],
        "taskId": body["task_id"],
        "finishState": text_at(data, "finish_state").upper(),
        "variables": data["variables"],
    }


def _fix_variables(request: RouteRequest) -> Variables:
    body = request.fields
    return {"jobId": body["job_id"], "erroredTask": body["errored_task"], "revertTask": body["revert_task"]}


def _search_variables(request: RouteRequest) -> Variables:
    """The present list query for an older search: `query` is a document with some operators of MongoDB.

    A `limit` of 0 means no limit, as in MongoDB. A search of tasks may have further conditions under `filter`.
    """
    options = object_at(request.fields, "options")
    query = _conditions(object_at(options, "query"), "/options/query")
    query["q"] = _conditions(object_at(request.fields, "filter"), "/filter")
    if options.get("limit") is not None:
        query["limit"] = options["limit"] or MOST_AT_ONCE
    if options.get("skip") is not None:
        query["skip"] = options["skip"]
    for field, direction in object_at(options, "sort").items():
        query |= {"sort": field, "order": direction}
    selected = object_at(options, "fields")
    query["include"] = [field for field, is_included in selected.items() if is_included and field != "_id"]
    query["exclude"] = [field for field, is_included in selected.items() if not is_included]
    return {"query": query}


def _conditions(document: JsonObject, pointer: str) -> JsonObject:
    query: JsonObject = {}
    for field, value in document.items():
        for operator, operand in value.items() if is_object(value) else [("equals", value)]:
            if is_object(value) and operator not in _OPERATORS:
                message = f"must be a value, or an object of {', '.join(_OPERATORS)}"
                raise RequestInvalid([Fault("enum", f"{pointer}/{field}", "#/properties/options", message)])
            compared = query.setdefault(_OPERATORS.get(operator, operator), {})
            if is_object(compared):
                compared[field] = operand
    return query


def _job_values(found: Documented) -> Answer:
    job = found["documented"]
    return Answer(object_at(job, "variables") if is_object(job) else {})


def _read_route(
    path: str, variables: Callable[[RouteRequest], Variables], answer: Callable[[Any], Answer] = documented_form
) -> RestRoute:
    return RestRoute("GET", f"{_ENGINE}/{path}", "get_job", "", variables, answer=answer, response=ANY_OBJECT)


def _control_route(path: str, operation: str, verb: str, done: str) -> RestRoute:
    return RestRoute(
        "POST",
        f"{_ENGINE}/{path}",
        operation,
        "",
        _job_id_variable,
        JOB_REQUEST,
        answer=single_answer(verb, done),
        response=ANY_OBJECT,
    )


def _search_route(noun: str, operation: str) -> RestRoute:
    path = f"{_ENGINE}/{noun}/search"
    return RestRoute(
        "POST", path, operation, "", _search_variables, SEARCH_REQUEST, answer=result_page, response=RESULTS
    )


_GROUPS: Final = f"{_ENGINE}/jobs/{{id}}/groups"

ROUTES: Final = (
    RestRoute(
        "POST", f"{_ENGINE}/startJobWithOptions/{{name}}", "start_job", "", _start_variables, START_REQUEST,
        response=ANY_OBJECT,
    ),
    _read_route("getJob/{id}", _job_variables()),
    _read_route("getJobShallow/{id}", _job_variables(exclude=("tasks", "transitions"))),
    _read_route("getEntireJob/{id}", _job_variables(whole=True)),
    _read_route("job/{id}/details", _job_variables(exclude=("tasks", "transitions", "variables"))),
    _read_route("job/{id}/output", _output_variables, _job_values),
    _control_route("cancelJob", "cancel_jobs", "cancel", "canceled"),
    _control_route("pauseJob", "pause_jobs", "pause", "paused"),
    _control_route("resumeJob", "resume_jobs", "resume", "resumed"),
    RestRoute("POST", f"{_ENGINE}/fixJob", "fix_job", "", _fix_variables, FIX_REQUEST, response=ANY_OBJECT),
    _search_route("jobs", "list_jobs"),
    _search_route("tasks", "list_tasks"),
    _search_route("workflows", "list_workflows"),
    RestRoute(
        "POST", f"{_ENGINE}/tasks/claim", "claim_task", "", _task_id_variable, TASK_REQUEST, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", f"{_ENGINE}/tasks/release", "release_task", "", _task_id_variable, TASK_REQUEST, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", f"{_ENGINE}/finishTask", "finish_task", "", _finish_variables, FINISH_REQUEST,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", _GROUPS, "add_job_groups", "", group_variables, GROUPS_REQUEST, response=ANY_OBJECT,
    ),
    RestRoute(
        "PUT", _GROUPS, "replace_job_groups", "", group_variables, GROUPS_REQUEST, response=ANY_OBJECT,
    ),
    RestRoute("DELETE", _GROUPS, "delete_job_groups", "", all_groups, response=ANY_OBJECT),
    RestRoute("DELETE", f"{_GROUPS}/{{group}}", "delete_job_groups", "", one_group, response=ANY_OBJECT),
)  # fmt: skip
