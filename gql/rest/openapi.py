"""The OpenAPI 3.1 document of the REST door, made from the table of its routes: nothing here is written twice."""

import re
from collections.abc import Iterable
from typing import Final

from ...models.json import JsonObject
from ...models.version import own_version
from .envelope import STATUS
from .examples import BODIES, IN_PATHS
from .operations import description_of
from .query_parameters import QueryParameter
from .route import RestRoute

_PARAMETER = re.compile(r"\{(\w+)\}")

_ENVELOPE: Final[JsonObject] = {
    "type": "object",
    "required": ["message", "data", "metadata"],
    "additionalProperties": False,
    "properties": {
        "message": {"type": "string", "description": "What was done, or the cause and the remedy."},
        "data": {"description": "What was asked for; null, or reasons by id, on error."},
        "metadata": {"type": "object", "description": "Paging of a list; code and facts of an error."},
    },
}
_SECURITY: Final[JsonObject] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of POST /login, POST /oauth/token or the mutation `login`.",
    },
    "cookie": {"type": "apiKey", "in": "cookie", "name": "token", "description": "What POST /login sets."},
    "query": {"type": "apiKey", "in": "query", "name": "token", "description": "The same token in the address."},
    "basic": {"type": "http", "scheme": "basic", "description": "Name and password with every request."},
}
# Of every first part of the paths, in the order of the table of routes.
_TAGS: Final = {
    "operations-manager": "Jobs, their tasks, automations and triggers",
    "automation-studio": "Workflows, projects, templates and the catalogue of tasks",
    "workflow_engine": "Jobs and tasks the older way, metrics, and the workers of this server",
    "workflow_builder": "Workflows the older way",
    "transformations": "Transformations",
    "json-forms": "JSON forms",
    "tags": "Tags",
    "health": "How this server is",
    "version": "Which release it is",
    "applications": "The applications of this server",
    "adapters": "Its adapters",
    "metrics": "Figures for Prometheus",
    "prometheus_metrics": "The same, under the documented path",
    "server": "What this server is set to",
    "indexes": "The database's indexes",
    "whoami": "Who is signed in",
    "authorization": "Accounts, groups, roles and methods",
    "oauth": "Accounts of programs",
}
_IDEMPOTENCY_KEY: Final[JsonObject] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "1 to 256 characters. The same key again answers the first job and creates no second.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 256},
}
_REASONS: Final = {
    400: "The request is not as documented; all faults are named.",
    401: "Nobody is signed in, or not any more.",
    403: "The caller's roles do not allow it; the message says which would.",
    404: "There is no such thing, or the caller may not see it.",
    409: "The state of things does not allow it; the message says which would.",
    410: "What was asked about is over and forgotten.",
    413: "The body is too large.",
    422: "Values do not fit their schema; all faults are named.",
    429: "Too much at once.",
    500: "Something went wrong here, and it is not the request; the message says what to do.",
    503: "Not now: the database does not answer, or the server has too much to do, or is being stopped. `Retry-After` "
    "says when to come again.",
}


def openapi(routes: Iterable[RestRoute], server: str | None = None) -> JsonObject:
    """The document; `server` is the address that it names for trying things out."""
    paths: dict[str, JsonObject] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.verb.lower()] = _operation(route)
    used = dict.fromkeys(_tag(path) for path in paths)
    document: JsonObject = {
        "openapi": "3.1.0",
        "info": {
            "title": "jobyard",
            "version": own_version(),
            "description": "Start a Job from a Workflow, find it and steer it. GraphQL at /graphql does the same.",
        },
        "tags": [{"name": name, "description": _TAGS[name]} for name in used],
        "security": [{name: []} for name in _SECURITY],
        "paths": paths,
        "components": {"schemas": {"Envelope": _ENVELOPE}, "securitySchemes": _SECURITY},
    }
    return {**document, "servers": [{"url": server}]} if server else document


def _operation(route: RestRoute) -> JsonObject:
    parameters: list[JsonObject] = [_path_parameter(name) for name in _PARAMETER.findall(route.path)]
    parameters += [_query_parameter(parameter) for parameter in route.query]
    if route.operation == "start_job":
        parameters.append(_IDEMPOTENCY_KEY)
    operation: JsonObject = {
        "operationId": operation_id(route),
        "summary": description_of(route.operation),
        "tags": [_tag(route.path)],
        "parameters": parameters,
        "responses": {"200": _success(route), **_refusals()},
    }
    if route.body:
        told: JsonObject = {"schema": route.body, "example": BODIES[f"{route.verb} {route.path}"]}
        operation["requestBody"] = {"required": True, "content": {"application/json": told}}
    return operation


def _tag(path: str) -> str:
    return path.split("/")[1]


def _path_parameter(name: str) -> JsonObject:
    told = {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    return {**told, "example": IN_PATHS[name]} if name in IN_PATHS else told


def _query_parameter(parameter: QueryParameter) -> JsonObject:
    told = {"name": parameter.name, "in": "query", "description": parameter.description, "schema": parameter.schema}
    return {**told, "style": "deepObject", "explode": True} if parameter.deep else told


def operation_id(route: RestRoute) -> str:
    """The stored operation's name, told apart where several routes run it."""
    words = [word for word in re.split(r"\W+", route.path) if word]
    return f"{route.verb.lower()}_{'_'.join(words)}"


def _success(route: RestRoute) -> JsonObject:
    schema = route.response if route.shape is None else route.response or {"type": "object"}
    return _response(route.message or "What was asked for.", schema, route.media_type.partition(";")[0])


def _refusals() -> JsonObject:
    statuses = sorted(set(STATUS.values()))
    return {str(status): _response(_REASONS[status]) for status in statuses}


def _response(description: str, schema: JsonObject | None = None, media_type: str = "application/json") -> JsonObject:
    schema = {"$ref": "#/components/schemas/Envelope"} if schema is None else schema
    return {"description": description, "content": {media_type: {"schema": schema}}}
