"""The documented routes of settings, applications, adapters and indexes, for auditing tools. No envelope."""

from functools import partial
from typing import Final

from ...models.json import Json, is_array, is_object, object_at
from ..rest.query_parameters import QueryParameter
from ..rest.route import (
    ANY_OBJECT,
    RESULTS,
    Answer,
    RestRoute,
    RouteRequest,
    Variables,
    name_variable,
    no_variables,
    unchanged,
)

_COLLECTIONS: Final = QueryParameter(
    "collections",
    "Names of collections, separated by commas; without names, all collections of this server.",
    {"type": "string"},
)


def _collection_list(request: RouteRequest) -> Variables:
    parameter: Json = request.query.get("collections")
    texts = parameter if is_array(parameter) else [parameter or ""]
    return {"collections": [name for text in texts for name in str(text).split(",") if name]}


def _single_collection(request: RouteRequest) -> Variables:
    return {"collections": [request.path["collection"]]}


def _collection_variable(request: RouteRequest) -> Variables:
    return {"collection": request.path["collection"]}


def _only_value(found: Json) -> Answer:
    assert is_object(found), "the status by the name of the collection"
    (status,) = found.values()
    return Answer(status)


def _command_variables(action: str, request: RouteRequest) -> Variables:
    return {"name": request.path["name"], "action": action.upper()}


def _is_active(found: Json) -> Answer:
    return Answer(is_object(found) and object_at(found, "jobWorker").get("running"))


_COMPONENTS: Final = tuple(
    route
    for kind in ("application", "adapter")
    for route in (
        RestRoute("GET", f"/{kind}s/{{name}}", kind, "", name_variable, answer=unchanged, response=ANY_OBJECT),
        *(
            RestRoute(
                "PUT", f"/{kind}s/{{name}}/{action}", f"operate_{kind}", "",
                partial(_command_variables, action), answer=unchanged, response=ANY_OBJECT,
            )
            for action in ("start", "stop", "restart")
        ),
    )
)  # fmt: skip
_WORKERS: Final = tuple(
    RestRoute(
        "POST",
        f"/workflow_engine{path}{action}",
        f"{action}_workers",
        "",
        no_variables,
        answer=unchanged,
        response=ANY_OBJECT,
    )
    for path in ("/", "/jobWorker/")
    for action in ("activate", "deactivate")
)

ROUTES: Final = (
    *_COMPONENTS,
    *_WORKERS,
    RestRoute(
        "GET", "/workflow_engine/active", "worker_status", "", no_variables, answer=_is_active,
        response={"type": "boolean"},
    ),
    RestRoute(
        "GET", "/prometheus_metrics", "prometheus_metrics", "", no_variables, answer=unchanged,
        response={"type": "string"}, media_type="text/plain; version=0.0.4; charset=utf-8",
    ),
    RestRoute(
        "GET", "/metrics", "prometheus_metrics", "", no_variables, answer=unchanged,
        response={"type": "string"}, media_type="text/plain; version=0.0.4; charset=utf-8",
    ),
    RestRoute("GET", "/server/config", "server_settings", "", no_variables, answer=unchanged, response=ANY_OBJECT),
    RestRoute("GET", "/applications", "applications", "", no_variables, answer=unchanged, response=RESULTS),
    RestRoute("GET", "/adapters", "adapters", "", no_variables, answer=unchanged, response=RESULTS),
    RestRoute("GET", "/indexes", "indexes", "", no_variables, answer=unchanged, response=ANY_OBJECT),
    RestRoute(
        "GET", "/indexes/status", "index_status", "", _collection_list, query=(_COLLECTIONS,), answer=unchanged,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "GET", "/indexes/{collection}/status", "index_status", "", _single_collection, answer=_only_value,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/indexes/{collection}", "create_indexes", "", _collection_variable, answer=unchanged,
        response=ANY_OBJECT,
    ),
)  # fmt: skip
