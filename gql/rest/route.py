"""What a documented route is: what it takes, the stored operation that it runs, and what it says on success."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...models.documents.input_schema import faults_of
from ...models.errors import Fault, Problem, RequestInvalid
from ...models.json import Json, JsonObject
from ...resolvers.yard import Yard
from .envelope import failed, succeeded
from .operations import Refused, run
from .query_parameters import QueryParameter, query_of


@dataclass(frozen=True)
class Given:
    """What a caller handed in. `query` holds the documented parameters as `query_of` reads them; `body` fits the
    route's schema."""

    path: dict[str, str]
    query: JsonObject
    body: Json
    headers: dict[str, str]


@dataclass(frozen=True)
class RestRoute:
    """`operation` names a stored GraphQL document, whose variables `variables` makes.

    The answer's `data` is the `documented` of its only field, and `metadata` is its `metadata`, if it selects one.
    """

    verb: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    operation: str
    message: str
    variables: Callable[[Given], JsonObject]
    body: JsonObject = field(default_factory=dict[str, Json])  # a JSON Schema; empty: the body is not read
    explain: Callable[[Fault], Fault] = field(default=lambda fault: fault)
    query: tuple[QueryParameter, ...] = ()

    @property
    def starlette(self) -> Route:
        return Route(self.path, self._answer, methods=[self.verb], name=f"{self.operation} {self.path}")

    async def _answer(self, request: Request) -> Response:
        yard: Yard = request.app.state.yard
        try:
            found = await run(yard, self.operation, self.variables(await self._given(request)))
        except (Problem, Refused) as trouble:
            return failed(trouble, vendor_status=yard.settings.vendor_status)
        return succeeded(self.message, found["documented"], found.get("metadata", {}))

    async def _given(self, request: Request) -> Given:
        body: Json = parsed(await request.body()) if self.body else None
        faults = [self.explain(fault) for fault in faults_of(self.body, body)]
        if faults:
            raise RequestInvalid(faults)
        query = query_of(request.query_params.multi_items(), self.query)
        return Given(dict(request.path_params), query, body, dict(request.headers))


def parsed(body: bytes) -> Json:
    """The JSON of a body; an empty one counts as `{}`, so that its faults tell what is required."""
    if not body.strip():
        return {}
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as broken:
        raise RequestInvalid([Fault("json", "", "#", f"is not JSON: {broken}")]) from broken
