"""The documented routes that auditing tools read: settings, applications, adapters, indexes. No envelope."""

from functools import partial
from typing import Final

from ...models.json import Json, JsonObject, is_array
from ..rest.query_parameters import QueryParameter
from ..rest.route import ANY_OBJECT, RESULTS, Answer, Given, RestRoute, bare, nothing

_COLLECTIONS: Final = QueryParameter(
    "collections", "Names of collections, commas between; without them, all of this server.", {"type": "string"}
)


def _several(given: Given) -> JsonObject:
    asked: Json = given.query.get("collections")
    texts: list[str] = asked if is_array(asked) else [asked or ""]
    return {"collections": [name for text in texts for name in text.split(",") if name]}


def _one(given: Given) -> JsonObject:
    return {"collections": [given.path["collection"]]}


def _collection(given: Given) -> JsonObject:
    return {"collection": given.path["collection"]}


def _only(found: Json) -> Answer:
    (status,) = found.values()
    return Answer(status)


def _named(given: Given) -> JsonObject:
    return {"name": given.path["name"]}


def _operated(action: str, given: Given) -> JsonObject:
    return {"name": given.path["name"], "action": action.upper()}


def _active(found: Json) -> Answer:
    return Answer(found["jobWorker"]["running"])


_PARTS: Final = tuple(
    route
    for kind in ("application", "adapter")
    for route in (
        RestRoute("GET", f"/{kind}s/{{name}}", kind, "", _named, answer=bare, response=ANY_OBJECT),
        *(
            RestRoute(
                "PUT", f"/{kind}s/{{name}}/{action}", f"operate_{kind}", "",
                partial(_operated, action), answer=bare, response=ANY_OBJECT,
            )
            for action in ("start", "stop", "restart")
        ),
    )
)  # fmt: skip
_WORKERS: Final = tuple(
    RestRoute(
        "POST", f"/workflow_engine{path}{action}", f"{action}_workers", "", nothing, answer=bare, response=ANY_OBJECT
    )
    for path in ("/", "/jobWorker/")
    for action in ("activate", "deactivate")
)

ROUTES: Final = (
    *_PARTS,
    *_WORKERS,
    RestRoute(
        "GET", "/workflow_engine/active", "worker_status", "", nothing, answer=_active, response={"type": "boolean"},
    ),
    RestRoute(
        "GET", "/prometheus_metrics", "prometheus_metrics", "", nothing, answer=bare,
        response={"type": "string"}, media_type="text/plain; version=0.0.4; charset=utf-8",
    ),
    RestRoute(
        "GET", "/metrics", "prometheus_metrics", "", nothing, answer=bare,
        response={"type": "string"}, media_type="text/plain; version=0.0.4; charset=utf-8",
    ),
    RestRoute("GET", "/server/config", "server_settings", "", nothing, answer=bare, response=ANY_OBJECT),
    RestRoute("GET", "/applications", "applications", "", nothing, answer=bare, response=RESULTS),
    RestRoute("GET", "/adapters", "adapters", "", nothing, answer=bare, response=RESULTS),
    RestRoute("GET", "/indexes", "indexes", "", nothing, answer=bare, response=ANY_OBJECT),
    RestRoute(
        "GET", "/indexes/status", "index_status", "", _several, query=(_COLLECTIONS,), answer=bare,
        response=ANY_OBJECT,
    ),
    RestRoute("GET", "/indexes/{collection}/status", "index_status", "", _one, answer=_only, response=ANY_OBJECT),
    RestRoute(
        "POST", "/indexes/{collection}", "create_indexes", "", _collection, answer=bare, response=ANY_OBJECT,
    ),
)  # fmt: skip
