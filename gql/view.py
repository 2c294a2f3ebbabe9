"""The GraphQL door: strawberry's view with our JSON, our playground and errors that are JSON too."""

import orjson
from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL

from ..resolvers.yard import Yard
from .context import Context
from .playground import playground_page

LOCAL_USER = "admin"


class GraphQLView(GraphQL[Context, None]):
    """Answers POST with JSON and GET with a query; a browser that asks for a page gets the playground."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        try:
            response = await self.run(Request(scope, receive=receive))
        except HTTPException as refusal:
            response = refused(refusal.reason, refusal.status_code)
        await response(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        return context_of(request.app.state.yard)

    async def render_graphql_ide(self, request: Request) -> Response:
        return HTMLResponse(playground_page())

    def decode_json(self, data: str | bytes) -> object:
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError as fault:
            raise HTTPException(400, f"The request body is not JSON: {fault}.") from fault

    def encode_json(self, data: object) -> str | bytes:
        return orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS)


def context_of(yard: Yard) -> Context:
    return {"yard": yard, "user": LOCAL_USER}


def refused(message: str, status: int) -> Response:
    """A GraphQL answer for a request that never became an operation."""
    body = {"errors": [{"message": message, "extensions": {"code": "REQUEST_REFUSED"}}]}
    return Response(orjson.dumps(body), status, media_type="application/json")
