"""What a documented route is: what it takes, the stored operation that it runs, and what it says on success."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import Response

from ...models.errors import Fault, Problem, RequestInvalid
from ...models.json import Json, JsonObject, is_object
from ...models.schemas.checking import faults_of
from ...resolvers.services import Services
from ...resolvers.threads import encode_json, parse_json
from ..http.bodies import unmarked
from .envelope import failed
from .operations import Refused, run
from .paths import UNCLEAR, NamedRoute
from .query_parameters import QueryParameter, query_of

Verb: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

RouteKind = TypeVar("RouteKind", bound=NamedRoute)

_WRITE_ENCODED = (
    "the path may name one thing or another: write slashes of a name as %2F, and none beside it but those of the path"
)


@dataclass(frozen=True)
class Given:
    """What a caller handed in. `query` holds the documented parameters as `query_of` reads them; `body` fits the
    route's schema."""

    path: dict[str, str]
    query: JsonObject
    body: Json
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What goes into the envelope. `message` is the route's where it is None."""

    data: Json
    message: str | None = None
    metadata: JsonObject = field(default_factory=dict[str, Json])
    status: int = 200


def documented(found: Json) -> Answer:
    """The `documented` form that the stored operation selects, with its `metadata` where it selects one."""
    return Answer(found["documented"], metadata=found.get("metadata", {}))


def bare(found: Json) -> Answer:
    """What the stored operation gives, as it is."""
    return Answer(found)


def nothing(given: Given) -> JsonObject:
    """The variables of an operation that takes none."""
    return {}


def changes(given: Given) -> JsonObject:
    """What is to change of one thing: the fields themselves, or all of them in `update`, as some routes have it."""
    body: JsonObject = given.body
    inner: Json = body.get("update")
    return {"id": given.path["id"], "changes": inner if is_object(inner) and len(body) == 1 else body}


@dataclass(frozen=True)
class RestRoute:
    """`operation` names a stored GraphQL document; `variables` makes its variables and `answer` reads what it gives.

    `response` is a JSON Schema of what stands in place of the envelope on success; `shape`, where there is one, makes
    that of the message and the data. Errors always have the envelope.
    """

    verb: Verb
    path: str
    operation: str
    message: str
    variables: Callable[[Given], JsonObject]
    body: JsonObject = field(default_factory=dict[str, Json])  # a JSON Schema; empty: the body is not read
    query: tuple[QueryParameter, ...] = ()
    answer: Callable[[Json], Answer] = documented
    explain: Callable[[Fault], Fault] = field(default=lambda fault: fault)
    response: JsonObject | None = None
    shape: Callable[[str, Json], JsonObject] | None = None
    media_type: str = "application/json"  # of another one, what stands in place of the envelope is text

    def route(self, kind: type[RouteKind]) -> RouteKind:
        return kind(self.path, self._answer, methods=[self.verb], name=f"{self.operation} {self.path}")

    async def _answer(self, request: Request) -> Response:
        services: Services = request.app.state.services
        # A refusal to look stays what it is: clients repeat a GET that gets 500
        # (reference/clients.md#repeated-requests).
        vendor_status = services.settings.vendor_status and self.verb != "GET"
        try:
            answer = self.answer(await run(request, self.operation, self.variables(await self._given(request))))
        except (Problem, Refused) as trouble:
            return failed(trouble, vendor_status=vendor_status)
        if answer.status == 204:
            return Response(status_code=204)
        if (self.response is not None or self.shape is not None) and answer.status < 400:
            if self.media_type != "application/json":
                return Response(str(answer.data), answer.status, media_type=self.media_type)
            body: Json = answer.data if self.shape is None else self.shape(self.message, answer.data)
            return Response(await encode_json(body), answer.status, media_type="application/json")
        status = 500 if answer.status >= 400 and vendor_status else answer.status
        envelope: Json = {
            "message": answer.message or self.message, "data": answer.data, "metadata": answer.metadata,
        }  # fmt: skip
        return Response(await encode_json(envelope), status, media_type="application/json")

    async def _given(self, request: Request) -> Given:
        if request.scope[UNCLEAR]:
            raise RequestInvalid([Fault("format", "", "#", _WRITE_ENCODED)])
        body: Json = await parsed(await request.body()) if self.body else None
        faults = [self.explain(fault) for fault in faults_of(self.body, body, "the route's schema")]
        if faults:
            raise RequestInvalid(faults)
        query = query_of(request.query_params.multi_items(), self.query)
        return Given(dict(request.path_params), query, body, dict(request.headers))


async def parsed(body: bytes) -> Json:
    """The JSON of a body; an empty one counts as `{}`, so that its faults tell what is required."""
    text = unmarked(body)
    if not text.strip():
        return {}
    try:
        return await parse_json(text)
    except orjson.JSONDecodeError as broken:
        raise RequestInvalid([Fault("json", "", "#", f"is not JSON: {broken}")]) from broken


ANY_OBJECT: Final[JsonObject] = {"type": "object"}
_COUNT: Final[JsonObject] = {"type": "integer", "minimum": 0}
OBJECTS: Final[JsonObject] = {"type": "array", "items": ANY_OBJECT}
_OTHER_PAGE: Final[JsonObject] = {"type": ["integer", "null"], "description": "The `skip` of that page."}
ITEMS: Final[JsonObject] = {
    "type": "object",
    "required": ["items", "skip", "limit", "end", "count", "total", "next", "previous"],
    "properties": {
        "items": OBJECTS,
        **dict.fromkeys(("skip", "limit", "end", "count", "total"), _COUNT),
        "next": _OTHER_PAGE,
        "previous": _OTHER_PAGE,
    },
}
RESULTS: Final[JsonObject] = {
    "type": "object",
    "required": ["results", "total"],
    "properties": {"results": OBJECTS, **dict.fromkeys(("skip", "limit", "total"), _COUNT)},
}


def items(found: Json) -> Answer:
    """A list as Automation Studio answers it."""
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


def results(found: Json) -> Answer:
    """A list as the workflow engine answers it."""
    metadata = found["metadata"]
    kept = {key: metadata[key] for key in ("skip", "limit", "total")}
    return Answer({"results": found["documented"], **kept})
