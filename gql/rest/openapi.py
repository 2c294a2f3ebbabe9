"""The OpenAPI 3.1 document of the REST API, generated from the table of routes."""

import re
from collections.abc import Iterable
from typing import Final, Required, TypedDict

from ...models.json_schema import JsonSchema
from ...models.version import own_version
from .envelope import STATUS
from .examples import BODIES, IN_PATHS
from .query_parameters import QueryParameter
from .route import RestRoute
from .sign_in_paths import SIGN_IN_PATHS, Described, Operation
from .summaries import summary_of

_PARAMETER = re.compile(r"\{(\w+)\}")

_ENVELOPE: Final[Described] = {
    "type": "object",
    "required": ["message", "data", "metadata"],
    "additionalProperties": False,
    "properties": {
        "message": {"type": "string", "description": "The result as a sentence; on error, the cause and the remedy."},
        "data": {"description": "The result; on error null, or reasons by id."},
        "metadata": {"type": "object", "description": "The paging of a list, or the code and the facts of an error."},
    },
}
_SECURITY: Final[Described] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of POST /login, POST /oauth/token or the mutation `login`.",
    },
    "cookie": {"type": "apiKey", "in": "cookie", "name": "token", "description": "The cookie that POST /login sets."},
    "query": {"type": "apiKey", "in": "query", "name": "token", "description": "The token in the query string."},
    "basic": {
        "type": "http",
        "scheme": "basic",
        "description": "The name and the password of an account with every request.",
    },
}
# By the first segment of the paths, in the order of the table of routes.
_TAGS: Final = {
    "login": "Signing in",
    "logout": "Signing out",
    "operations-manager": "Jobs, tasks of jobs, automations and triggers",
    "automation-studio": "Workflows, projects, templates and the catalogue of tasks",
    "workflow_engine": "Older routes of jobs and tasks, metrics, and the workers of this server",
    "workflow_builder": "Older routes of workflows",
    "transformations": "Transformations",
    "json-forms": "JSON forms",
    "tags": "Tags",
    "health": "The health of this server",
    "version": "The release of this server",
    "applications": "The applications of this server",
    "adapters": "The adapters of this server",
    "metrics": "Metrics for Prometheus",
    "prometheus_metrics": "Metrics for Prometheus, under the documented path",
    "server": "The settings of this server",
    "indexes": "The indexes of the database",
    "whoami": "The caller",
    "authorization": "Accounts, groups, roles and methods",
    "oauth": "Service accounts",
}
_IDEMPOTENCY_KEY: Final[Described] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A key of 1 to 256 characters. A repeated start with the same key returns the first job.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 256},
}
_REASONS: Final = {
    400: "The request does not fit the documentation; the message names all faults.",
    401: "The caller is anonymous, or the token is no longer valid.",
    403: "The caller's roles do not allow the method; the message names roles that do.",
    404: "The document does not exist, or the caller may not see the document.",
    405: "The path has other verbs; `Allow` names them.",
    409: "The present state does not allow the request; the message names the required state.",
    410: "The requested events are no longer stored.",
    413: "The body is too large.",
    422: "Values do not fit their schema; the message names all faults.",
    429: "Too many requests or attempts.",
    500: "An unexpected error of the server; the message has the remedy.",
    503: "The server is temporarily unavailable: the database does not answer, or the server is overloaded or "
    "stops. `Retry-After` has the time of the next attempt.",
}


class OpenApi(TypedDict, total=False):
    """The document."""

    openapi: str
    info: Described
    tags: list[Described]
    security: list[dict[str, list[str]]]
    paths: Required[dict[str, dict[str, Operation]]]
    components: Described
    servers: list[Described]


def openapi(routes: Iterable[RestRoute], server: str | None = None) -> OpenApi:
    """The document; `server` is the address for requests from the reference page."""
    paths: dict[str, dict[str, Operation]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.verb.lower()] = _operation(route)
    paths = {**SIGN_IN_PATHS, **paths}
    used = dict.fromkeys(_tag(path) for path in paths)
    document: OpenApi = {
        "openapi": "3.1.0",
        "info": {
            "title": "jobyard",
            "version": own_version(),
            "description": "Start, find and control jobs. The GraphQL API at /graphql has the same functions.",
        },
        "tags": [{"name": name, "description": _TAGS[name]} for name in used],
        "security": [{name: []} for name in _SECURITY],
        "paths": paths,
        "components": {"schemas": {"Envelope": _ENVELOPE}, "securitySchemes": _SECURITY},
    }
    return {**document, "servers": [{"url": server}]} if server else document


def _operation(route: RestRoute) -> Operation:
    parameters: list[Described] = [_path_parameter(name) for name in _PARAMETER.findall(route.path)]
    parameters += [_query_parameter(parameter) for parameter in route.query]
    if route.operation == "start_job":
        parameters.append(_IDEMPOTENCY_KEY)
    operation: Operation = {
        "operationId": operation_id(route),
        "summary": summary_of(route),
        "tags": [_tag(route.path)],
        "parameters": [*parameters],
        "responses": {"200": _success(route), **_refusals()},
    }
    if route.body:
        content: Described = {"schema": route.body, "example": BODIES[f"{route.verb} {route.path}"]}
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    return operation


def _tag(path: str) -> str:
    return path.split("/")[1]


def _path_parameter(name: str) -> Described:
    parameter_object: Described = {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
    }
    return {**parameter_object, "example": IN_PATHS[name]} if name in IN_PATHS else parameter_object


def _query_parameter(parameter: QueryParameter) -> Described:
    parameter_object: Described = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": parameter.schema,
    }
    return {**parameter_object, "style": "deepObject", "explode": True} if parameter.deep else parameter_object


def operation_id(route: RestRoute) -> str:
    """A unique id of the route: several routes may execute the same operation."""
    words = [word for word in re.split(r"\W+", route.path) if word]
    return f"{route.verb.lower()}_{'_'.join(words)}"


def _success(route: RestRoute) -> Described:
    schema = route.response if route.shape is None else route.response or {"type": "object"}
    return _response(route.message or "The result.", schema, route.media_type.partition(";")[0])


def _refusals() -> dict[str, Described]:
    statuses = sorted(set(STATUS.values()))
    return {str(status): _response(_REASONS[status]) for status in statuses}


def _response(description: str, schema: JsonSchema | None = None, media_type: str = "application/json") -> Described:
    schema = {"$ref": "#/components/schemas/Envelope"} if schema is None else schema
    return {"description": description, "content": {media_type: {"schema": schema}}}
