"""The documented routes that auditing tools read: settings, applications, adapters, indexes. No envelope."""

from typing import Final

from ...models.json import Json, JsonObject, is_array
from .query_parameters import QueryParameter
from .route import Answer, Given, RestRoute, bare, nothing
from .shapes import ANY_OBJECT, RESULTS

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


ROUTES: Final = (
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
