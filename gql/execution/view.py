"""GraphQL over HTTP: Strawberry's view with our JSON, our playground and errors that are JSON, too."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextvars import ContextVar
from typing import Any

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from graphql import GraphQLError, OperationType
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.http.streaming import (
    MULTIPART_SUBSCRIPTION_BOUNDARY,
    HTTPStreamTransport,
    MultipartSubscriptionTransport,
    SSETransport,
)
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, MULTIPART_SUBSCRIPTION_PROTOCOL
from strawberry.types import ExecutionResult, SubscriptionExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.unset import UnsetType

from ...models.engine.sizes import takes_long
from ...models.errors import (
    DatabaseUnavailable,
    DocumentNotTrusted,
    NotSignedIn,
    OperationTooLarge,
    Problem,
    RequestRefused,
    SubscriptionUnstreamed,
)
from ...models.json import Json, JsonObject, array_at, is_array, is_object, object_at
from ...models.json_text import LARGEST_AT_ONCE, write_json
from ...models.visibility import ANONYMOUS
from ...resolvers.store.outage import AGAIN_SECONDS
from ...resolvers.threads import encode_json, parse_json
from ..auth.middleware import authentication, refusal
from ..auth.sign_in_page import sign_in_page
from ..context import Context, context_of
from ..errors import later, translated
from ..http.bodies import unmarked
from ..http.headers import POLICY
from ..http.negotiation import (
    GRAPHQL_RESPONSE,
    JSON,
    MULTIPART,
    answer_type,
    protocol_of,
    ranges_of,
    takes_events_alone,
)
from ..schema import JobyardSchema
from ..web.pages import PLAYGROUND_POLICY, playground_page
from .batching import check_batch, read_batch
from .documents import Unread
from .persisted import Persisted
from .trusted import Trusted
from .websocket import BoundedFrames, ComeBack, Conversation

_STATUS = {  # of what is refused before it is executed; all else by the type of the answer
    kind.code: kind.status
    for kind in (
        NotSignedIn,
        OperationTooLarge,
        SubscriptionUnstreamed,
        RequestRefused,
        DocumentNotTrusted,
        DatabaseUnavailable,
    )
}


class Negotiated(Response):
    """What is known of the answer before there is one: the media type, and the status of what is refused."""

    answer_type = JSON
    refused_status = 200


class EventStream(SSETransport):
    """Frames that end with LF: not every client splits them at CRLF."""

    def encode_event(self, event: str, data: str | None = None) -> str:
        return f"event: {event}\ndata: {data or ''}\n\n"

    def encode_comment(self, comment: str) -> str:
        return f": {comment}\n\n"


class Parts(MultipartSubscriptionTransport):
    """A delimiter, and after each part another one: clients take a part when they see the delimiter behind it."""

    @property
    def headers(self) -> Mapping[str, str]:
        return {
            "Content-Type": f"{MULTIPART};boundary={MULTIPART_SUBSCRIPTION_BOUNDARY};subscriptionSpec=1.0",
            "Cache-Control": "no-cache, no-transform",
            "X-Accel-Buffering": "no",
        }

    def encode_complete(self) -> str:
        return "--\r\n"


async def _opened(stream: AsyncIterator[str]) -> AsyncIterator[str]:
    """The parts, after the first delimiter."""
    yield f"--{MULTIPART_SUBSCRIPTION_BOUNDARY}"
    async for part in stream:
        yield part


# The large body that a request has, and what it spells.
_read: ContextVar[tuple[str | bytes, Json] | None] = ContextVar("read", default=None)
# A large answer of a request, and that as JSON.
_written: ContextVar[tuple[object, bytes] | None] = ContextVar("written", default=None)


class GraphQLView(GraphQL[Context, None]):
    """Answers POST with JSON and GET with a query; a browser that asks for a page gets the playground.

    As GraphQL over HTTP asks, a client that accepts application/graphql-response+json gets that, with status 400 for a
    request that could not be executed; for application/json the status stays 200. Subscriptions come over
    graphql-transport-ws, or as a stream to who names one. What is refused before it is executed is one answer of JSON,
    whatever is accepted.
    """

    websocket_adapter_class = BoundedFrames
    graphql_transport_ws_handler_class = Conversation
    stream_transport_classes_by_protocol: Mapping[str, type[HTTPStreamTransport]] = {
        GRAPHQL_SSE_PROTOCOL: EventStream,
        MULTIPART_SUBSCRIPTION_PROTOCOL: Parts,
    }
    schema: JobyardSchema

    def __init__(self, *arguments: Any, trusted: Trusted | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.persisted = Persisted(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        try:
            response = await self.run(Request(scope, receive=receive))
        except HTTPException as refusal:
            response = refused(refusal.reason, refusal.status_code)
            if response.status_code == 405:
                response.headers["allow"] = "GET, POST"
        await response(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        return context_of(request, response if isinstance(response, Response) else None)

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """The token may come with the handshake, or as `token` in the payload of connection_init."""
        shown = context.get("connection_params", {}).get("token")
        if context["caller"] is ANONYMOUS and isinstance(shown, str):
            try:
                context["caller"] = await context["services"].callers.find_by_token(shown) or ANONYMOUS
            except DatabaseUnavailable as problem:
                raise ComeBack(problem.message) from problem
            context["token"] = shown
        if context["caller"] is ANONYMOUS:
            raise ConnectionRejectionError
        return await super().on_ws_connect(context)

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        named = any(request.query_params.get(name) is not None for name in ("extensions", "documentId"))
        return not named and super().should_render_graphql_ide(request)

    async def render_graphql_ide(self, request: Request) -> Response:
        if authentication(request).caller is ANONYMOUS:
            return sign_in_page(request.scope)
        return HTMLResponse(playground_page(), headers={POLICY: PLAYGROUND_POLICY})

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        response = Negotiated()
        del response.headers["content-length"]  # its headers go before a stream, too
        ranges = ranges_of(request.headers.getlist("accept"))
        response.answer_type = answer_type(ranges)
        if response.answer_type == GRAPHQL_RESPONSE or takes_events_alone(ranges):
            response.refused_status = 400
        return response

    async def execute_operation(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        request_data: GraphQLRequestData | list[GraphQLRequestData],
        context: Context,
        root_value: None,
        sub_response: Response,
    ) -> ExecutionResult | list[ExecutionResult] | SubscriptionExecutionResult:
        """Reads the operation first: how it is answered depends on what it is."""
        if isinstance(request_data, list):
            return await self._execute_batch(request, request_adapter, request_data, context, root_value, sub_response)
        request_data.protocol = "http"
        try:
            given = self.persisted.text_of(request_data.query, request_data.extensions, context["caller"])
            request_data.query = given.text
            operation = await self.schema.read(given.text, request_data.operation_name, context)
        except Unread as unread:
            return PreExecutionError(None, unread.errors)
        except Problem as problem:
            return _refusal(problem)
        self.persisted.keep(given)
        if operation.kind is OperationType.MUTATION and request.method == "GET":
            raise HTTPException(400, "mutations are not allowed when using GET")
        subscription = operation.kind is OperationType.SUBSCRIPTION
        ranges = ranges_of(request.headers.getlist("accept"))
        request_data.protocol = protocol_of(ranges, subscription=subscription)
        if subscription and request_data.protocol == "http":
            return _refusal(SubscriptionUnstreamed())
        if request_data.protocol != "http" and context["services"].pulse.away:
            return _refusal(DatabaseUnavailable(AGAIN_SECONDS))
        context = {**context, "operation": operation}
        return await super().execute_operation(
            request, request_adapter, request_data, context, root_value, sub_response
        )

    async def _execute_batch(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        batch: list[GraphQLRequestData],
        context: Context,
        root_value: None,
        sub_response: Response,
    ) -> ExecutionResult | list[ExecutionResult]:
        """One after the other, in order: a later one sees what an earlier one changed."""
        if context["caller"] is ANONYMOUS:
            return _refusal(NotSignedIn())
        try:
            entries = await read_batch(self.schema, self.persisted, batch, context)
        except Unread as unread:
            return PreExecutionError(None, unread.errors)
        return [
            PreExecutionError(None, one.errors)
            if one.context is None
            else await self.execute_single(request, request_adapter, sub_response, one.context, root_value, one.data)
            for one in entries
        ]

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData | list[GraphQLRequestData]:
        """`documentId` in place of the text names a trusted document, as the hash of a persisted query does."""
        token = _read.set(await self._read_ahead(request))
        try:
            data = await super().parse_http_body(request)
        finally:
            _read.reset(token)
        if isinstance(data, GraphQLRequestData) and data.query is None:
            sent: Any = request.query_params if request.method == "GET" else self.parse_json(await request.get_body())
            if isinstance(id := sent.get("documentId"), str):
                data.extensions = {**(data.extensions or {}), "persistedQuery": {"version": 1, "sha256Hash": id}}
        return data

    async def _read_ahead(self, request: AsyncHTTPRequestAdapter) -> tuple[str | bytes, Json] | None:
        """A large body and what it spells, read beside the event loop; what is no JSON is refused later."""
        body = b"" if request.method == "GET" else await request.get_body()
        if len(body) <= LARGEST_AT_ONCE:
            return None
        try:
            return body, await parse_json(unmarked(body))
        except orjson.JSONDecodeError:
            return None

    def _validate_batch_request(self, request_data: list[Any], protocol: object) -> None:
        """A batch is answered as JSON, whatever else is accepted."""
        if fault := check_batch(request_data):
            raise HTTPException(400, fault)

    async def create_streaming_response(
        self,
        request: Request | WebSocket,
        stream: Callable[[], AsyncIterator[str]],
        sub_response: Response,
        headers: Mapping[str, str],
    ) -> Response:
        in_parts = headers["Content-Type"].startswith(MULTIPART)
        opened = (lambda: _opened(stream())) if in_parts else stream
        return await super().create_streaming_response(request, opened, sub_response, headers)

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        answer = await super().process_result(request, result)
        if not any((result.data or {}).values()) and DatabaseUnavailable.code in map(
            _code_of_error, result.errors or ()
        ):
            answer.pop("data", None)  # nothing was found: the whole answer may be asked for again
        elif result.data is None and all(error.path is None for error in result.errors or ()):
            del answer["data"]  # nothing was executed: there is no data, not even null
        if takes_long(result.data):
            _written.set((answer, await encode_json(answer)))
        return answer

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        assert isinstance(sub_response, Negotiated)
        facts = _facts_of_refusal(response_data)
        code = None if facts is None else str(facts.get("code"))
        if code == NotSignedIn.code:
            return refusal(NotSignedIn(), graphql=True)
        type = sub_response.answer_type
        response = Response(
            self.encode_json(response_data),
            200 if code is None else _STATUS.get(code, sub_response.refused_status),
            later(facts or {}),
            media_type=f"{type}; charset=utf-8" if type == GRAPHQL_RESPONSE else type,
        )
        response.raw_headers += [(name, value) for name, value in sub_response.raw_headers if name == b"set-cookie"]
        return response

    def parse_json(self, data: str | bytes) -> Any:
        """A body, or the variables or extensions in a query string: nothing else than an object is any of these."""
        try:
            known = _read.get()
            parsed: Json = known[1] if known is not None and known[0] is data else orjson.loads(unmarked(data))
        except orjson.JSONDecodeError as fault:
            raise HTTPException(400, f"The request is not JSON: {fault}.") from fault
        if not is_object(parsed) and not is_array(parsed):
            message = (
                "The request must be a JSON object with `query`, `variables` and `operationName`, or an array of them."
            )
            raise HTTPException(400, message)
        return parsed

    def encode_json(self, data: object) -> str | bytes:
        known = _written.get()
        return known[1] if known is not None and known[0] is data else write_json(data)


def _refusal(problem: Problem) -> PreExecutionError:
    return PreExecutionError(None, [translated(GraphQLError(problem.message, original_error=problem))])


def _code_of_error(error: GraphQLError) -> object:
    return (error.extensions or {}).get("code")


def _facts_of_refusal(answers: GraphQLHTTPResponse | list[GraphQLHTTPResponse]) -> JsonObject | None:
    """Of an answer that says why nothing was executed, the code among them; None where something was.

    Of a batch whose operations are answered one by one only that the database was away for all of them.
    """
    if not isinstance(answers, list):
        return None if "data" in answers else _facts_of(answers)
    facts = [_facts_of(one) for one in answers if "data" not in one]
    away = len(facts) == len(answers) and all(one.get("code") == DatabaseUnavailable.code for one in facts)
    return facts[0] if away else None


def _facts_of(answer: object) -> JsonObject:
    errors = array_at(answer, "errors") if is_object(answer) else []
    return object_at(errors[0], "extensions") if errors else {}


def refused(message: str, status: int) -> Response:
    """A GraphQL answer for a request that never became an operation."""
    body = {"errors": [{"message": message, "extensions": {"code": RequestRefused.code}}]}
    return Response(orjson.dumps(body), status, media_type="application/json")
