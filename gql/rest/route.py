"""Documented REST routes: the request of a route, the stored operation to execute, and the form of the answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NotRequired, TypeAlias, TypedDict, TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import Response

from ...models.errors import Fault, Problem, RequestInvalid
from ...models.json import Json, JsonObject, is_object
from ...models.json_schema import JsonSchema
from ...models.schemas.checking import faults_of
from ...resolvers.services import Services
from ...resolvers.threads import encode_json, parse_json
from ..http.bodies import without_bom
from ..http.json_response import JsonResponse
from .envelope import error_response
from .operations import Refused, run
from .paths import UNCLEAR, NamedRoute
from .query_parameters import QueryParameter, merge_query, query_of

Verb: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

Variables: TypeAlias = dict[str, Json]
"""Of a stored operation."""

RouteKind = TypeVar("RouteKind", bound=NamedRoute)

_ENCODE_SLASHES = (
    "the path has more than one reading: write slashes of a name as %2F, and no slashes but those of the path"
)


@dataclass(frozen=True)
class RouteRequest:
    """The input of a route. `query` has the documented parameters as `query_of` reads parameters; `body` fits the
    route's
    schema."""

    path: dict[str, str]
    query: JsonObject
    body: Json
    headers: dict[str, str]

    @property
    def fields(self) -> JsonObject:
        """The body of a route whose schema asks for an object."""
        return self.body if is_object(self.body) else {}


class Documented(TypedDict):
    """What many operations select of a document, or of a list with its metadata."""

    documented: Json
    metadata: NotRequired[JsonObject]


class PageMetadata(TypedDict):
    skip: int
    limit: int
    total: int
    nextPageSkip: int | None
    previousPageSkip: int | None


class DocumentedPage(TypedDict):
    documented: list[Json]
    metadata: PageMetadata


@dataclass(frozen=True)
class Answer:
    """The contents of the envelope. `message` is by default the route's message."""

    data: Json
    message: str | None = None
    metadata: JsonObject = field(default_factory=dict[str, Json])
    status: int = 200


def documented_form(found: Documented) -> Answer:
    """The `documented` form that the operation selects, with the selected `metadata`."""
    return Answer(found["documented"], metadata=found.get("metadata", {}))


def unchanged(found: Json) -> Answer:
    """The value of the operation's field, unchanged."""
    return Answer(found)


def no_variables(request: RouteRequest) -> Variables:
    """The variables of an operation without variables."""
    return {}


def id_variable(request: RouteRequest) -> Variables:
    return {"id": request.path["id"]}


def name_variable(request: RouteRequest) -> Variables:
    return {"name": request.path["name"]}


def document_variable(request: RouteRequest) -> Variables:
    return {"document": request.body}


def query_variable(request: RouteRequest) -> Variables:
    return {"query": request.query}


def list_variables(request: RouteRequest) -> Variables:
    """The query of a list from the query string, or from the body, which some clients send with a GET."""
    return {"query": merge_query(request.query, request.fields)}


def change_variables(request: RouteRequest) -> Variables:
    """The fields to change of a document: the body itself, or the object `update` in the body of some routes."""
    body = request.fields
    inner = body.get("update")
    return {"id": request.path["id"], "changes": inner if is_object(inner) and len(body) == 1 else body}


@dataclass(frozen=True)
class RestRoute:
    """`operation` names a stored GraphQL document, `variables` makes the variables, and `answer` reads the result.

    `response` is the JSON Schema of a successful answer without the envelope. `shape` makes such an answer from the
    message and the data. Errors always have the envelope.
    """

    verb: Verb
    path: str
    operation: str
    message: str
    variables: Callable[[RouteRequest], Variables]
    body: JsonSchema = field(default_factory=JsonSchema)  # a JSON Schema; empty: the route ignores the body
    query: tuple[QueryParameter, ...] = ()
    answer: Callable[[Any], Answer] = documented_form  # each reads the result that its operation selects
    explain: Callable[[Fault], Fault] = field(default=lambda fault: fault)
    response: JsonSchema | None = None
    shape: Callable[[str, Any], Json] | None = None
    media_type: str = "application/json"  # of any other type, the answer is the data as text

    def route(self, kind: type[RouteKind]) -> RouteKind:
        return kind(self.path, self._respond, methods=[self.verb], name=f"{self.operation} {self.path}")

    async def _respond(self, request: Request) -> Response:
        services: Services = request.app.state.services
        # A refused GET keeps its status: clients repeat a GET after 500 (reference/clients.md#repeated-requests).
        vendor_status = services.settings.vendor_status and self.verb != "GET"
        try:
            answer = self.answer(await run(request, self.operation, self.variables(await self._read_request(request))))
        except (Problem, Refused) as error:
            return error_response(error, vendor_status=vendor_status)
        if answer.status == 204:
            return Response(status_code=204)
        if (self.response is not None or self.shape is not None) and answer.status < 400:
            if self.media_type != "application/json":
                return Response(str(answer.data), answer.status, media_type=self.media_type)
            body: Json = answer.data if self.shape is None else self.shape(self.message, answer.data)
            return JsonResponse(await encode_json(body), answer.status)
        status = 500 if answer.status >= 400 and vendor_status else answer.status
        envelope: Json = {
            "message": answer.message or self.message, "data": answer.data, "metadata": answer.metadata,
        }  # fmt: skip
        return JsonResponse(await encode_json(envelope), status)

    async def _read_request(self, request: Request) -> RouteRequest:
        if request.scope[UNCLEAR]:
            raise RequestInvalid([Fault("format", "", "#", _ENCODE_SLASHES)])
        body: Json = await parse_body(await request.body()) if self.body else None
        faults = [self.explain(fault) for fault in faults_of(self.body, body, "the route's schema")]
        if faults:
            raise RequestInvalid(faults)
        query = query_of(request.query_params.multi_items(), self.query)
        return RouteRequest(dict(request.path_params), query, body, dict(request.headers))


async def parse_body(body: bytes) -> Json:
    """The JSON of a body. An empty body counts as `{}`, so that the faults name the required keys."""
    text = without_bom(body)
    if not text.strip():
        return {}
    try:
        return await parse_json(text)
    except orjson.JSONDecodeError as broken:
        raise RequestInvalid([Fault("json", "", "#", f"is not JSON: {broken}")]) from broken


ANY_OBJECT: Final[JsonSchema] = {"type": "object"}
_COUNT: Final[JsonSchema] = {"type": "integer", "minimum": 0}
OBJECTS: Final[JsonSchema] = {"type": "array", "items": ANY_OBJECT}
_ADJACENT_PAGE: Final[JsonSchema] = {"type": ["integer", "null"], "description": "The `skip` of the adjacent page."}
ITEMS: Final[JsonSchema] = {
    "type": "object",
    "required": ["items", "skip", "limit", "end", "count", "total", "next", "previous"],
    "properties": {
        "items": OBJECTS,
        **dict.fromkeys(("skip", "limit", "end", "count", "total"), _COUNT),
        "next": _ADJACENT_PAGE,
        "previous": _ADJACENT_PAGE,
    },
}
RESULTS: Final[JsonSchema] = {
    "type": "object",
    "required": ["results", "total"],
    "properties": {"results": OBJECTS, **dict.fromkeys(("skip", "limit", "total"), _COUNT)},
}


def item_page(found: DocumentedPage) -> Answer:
    """A page of a list in the form of Automation Studio."""
    documents, metadata = found["documented"], found["metadata"]
    skip, count = metadata["skip"], len(documents)
    return Answer(
        {
            "items": documents,
            "skip": skip,
            "limit": metadata["limit"],
            "end": skip + count,
            "count": count,
            "total": metadata["total"],
            "next": metadata["nextPageSkip"],
            "previous": metadata["previousPageSkip"],
        }
    )


def result_page(found: DocumentedPage) -> Answer:
    """A page of a list in the form of the workflow engine."""
    metadata = found["metadata"]
    counts: JsonObject = {"skip": metadata["skip"], "limit": metadata["limit"], "total": metadata["total"]}
    return Answer({"results": found["documented"], **counts})
