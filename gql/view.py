"""The GraphQL door: strawberry's view with our JSON, our playground and errors that are JSON too."""

from collections.abc import Mapping
from typing import Any

import orjson
from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.asgi import ASGIWebSocketAdapter, GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.types import ExecutionResult
from strawberry.types.unset import UnsetType

from ..models.access import NOBODY
from ..models.errors import NotSignedIn
from ..models.json import Json, array_at, is_object, object_at
from .asking import asking, refusal
from .context import Context, context_of
from .playground import playground_page
from .sign_in_page import sign_in_page

GRAPHQL_RESPONSE = "application/graphql-response+json"


class Negotiated(Response):
    """What is known of the answer before there is one: whether the client takes GraphQL's own media type."""

    typed = False


class TextFrames(ASGIWebSocketAdapter):
    """Frames of text: the clients of graphql-transport-ws do not read binary ones."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await self.ws.send_text(orjson.dumps(message).decode())
        except (WebSocketDisconnect, RuntimeError) as gone:  # Starlette raises the latter once the socket is closed
            raise WebSocketDisconnected from gone


class GraphQLView(GraphQL[Context, None]):
    """Answers POST with JSON and GET with a query; a browser that asks for a page gets the playground.

    As GraphQL over HTTP asks, a client that accepts application/graphql-response+json gets that, with status 400 for a
    request that could not be executed; for application/json the status stays 200. Subscriptions come over
    graphql-transport-ws, or as server-sent events to who accepts text/event-stream.
    """

    websocket_adapter_class = TextFrames

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
        return context_of(request, response if isinstance(response, Response) else None)

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """The token may come with the handshake, or as `token` in the payload of connection_init."""
        shown = context.get("connection_params", {}).get("token")
        if context["caller"] is NOBODY and isinstance(shown, str):
            context["caller"] = await context["yard"].callers.of_token(shown) or NOBODY
            context["token"] = shown
        if context["caller"] is NOBODY:
            raise ConnectionRejectionError
        return await super().on_ws_connect(context)

    async def render_graphql_ide(self, request: Request) -> Response:
        if asking(request).caller is NOBODY:
            return sign_in_page()
        # No page of another site may show it in a frame, to have its buttons pressed.
        return HTMLResponse(playground_page(), headers={"content-security-policy": "frame-ancestors 'none'"})

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        response = Negotiated()
        del response.headers["content-length"]  # its headers go before a stream, too
        response.typed = GRAPHQL_RESPONSE in request.headers.get("accept", "")
        return response

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        answer = await super().process_result(request, result)
        if result.data is None and all(error.path is None for error in result.errors or ()):
            del answer["data"]  # nothing was executed: there is no data, not even null
        return answer

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        typed = isinstance(sub_response, Negotiated) and sub_response.typed
        executed = isinstance(response_data, list) or "data" in response_data
        if not executed and _says(response_data, NotSignedIn.code):
            return refusal(NotSignedIn(), graphql=True)
        response = Response(
            self.encode_json(response_data),
            200 if executed or not typed else 400,
            media_type=f"{GRAPHQL_RESPONSE}; charset=utf-8" if typed else "application/json",
        )
        response.raw_headers += [(name, value) for name, value in sub_response.raw_headers if name == b"set-cookie"]
        return response

    def parse_json(self, data: str | bytes) -> Any:
        """A body, or the variables or extensions in a query string: nothing else than an object is any of these."""
        try:
            parsed: Json = orjson.loads(data)
        except orjson.JSONDecodeError as fault:
            raise HTTPException(400, f"The request is not JSON: {fault}.") from fault
        if not is_object(parsed):
            raise HTTPException(400, "The request must be a JSON object with `query`, `variables` and `operationName`.")
        return parsed

    def encode_json(self, data: object) -> str | bytes:
        return orjson.dumps(data)


def _says(answer: object, code: str) -> bool:
    errors = array_at(answer, "errors") if is_object(answer) else []
    return any(object_at(error, "extensions").get("code") == code for error in errors)


def refused(message: str, status: int) -> Response:
    """A GraphQL answer for a request that never became an operation."""
    body = {"errors": [{"message": message, "extensions": {"code": "REQUEST_REFUSED"}}]}
    return Response(orjson.dumps(body), status, media_type="application/json")
