"""GraphQL over HTTP: Strawberry's view with orjson, the playground, batches and persisted queries."""

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
    HTTPStreamTransport,
)
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, MULTIPART_SUBSCRIPTION_PROTOCOL
from strawberry.types import ExecutionResult, SubscriptionExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.unset import UnsetType

from ...models.engine.sizes import takes_long
from ...models.errors import (
    DatabaseUnavailable,
    NotSignedIn,
    Problem,
    SubscriptionUnstreamed,
)
from ...models.json import Json, is_array, is_object
from ...models.json_text import LARGEST_AT_ONCE, write_json, write_pieces
from ...models.visibility import ANONYMOUS
from ...resolvers.store.outage import AGAIN_SECONDS
from ...resolvers.threads import encode_json, parse_json
from ..auth.authentication import authentication, refusal
from ..auth.sign_in_page import sign_in_page
from ..context import Context, context_of
from ..errors import retry_after
from ..http.bodies import without_bom
from ..http.headers import POLICY
from ..http.json_response import JsonResponse
from ..http.negotiation import (
    GRAPHQL_RESPONSE,
    JSON,
    MULTIPART,
    negotiate,
)
from ..schema import JobyardSchema
from ..web.pages import PLAYGROUND_POLICY, playground_page
from .batching import check_batch, read_batch
from .documents import OperationInvalid
from .persisted import Persisted
from .refusals import STATUS, answer_bad_request, facts_of_refusal, refuse_before_execution
from .running import ShortResult
from .stream_formats import EventStream, MultipartParts, with_first_delimiter
from .trusted import Trusted
from .usual import read_usual
from .websocket import AuthenticationUnavailable, BoundedFrames, TransportHandler


class NegotiatedResponse(Response):
    """The media type of the answer, and the status of a refusal, from the request's Accept header."""

    answer_type = JSON
    refused_status = 200


# The large body of a request, and its parsed JSON.
_parsed_body: ContextVar[tuple[str | bytes, Json] | None] = ContextVar("read", default=None)
# The JSON texts in pieces of the answers to a request, by the identity of the answer; None for the answers of a stream.
_written: ContextVar[dict[int, list[bytes]] | None] = ContextVar("written", default=None)


class GraphQLView(GraphQL[Context, None]):
    """Answers POST with a JSON body and GET with a query; a browser that accepts HTML gets the playground.

    By the specification of GraphQL over HTTP, a client that accepts application/graphql-response+json gets that type,
    with status 400 for a refused request; for application/json the status stays 200. Subscriptions need
    graphql-transport-ws, or a streaming type in Accept. A refusal before execution is one JSON answer, whatever the
    client accepts.
    """

    websocket_adapter_class = BoundedFrames
    graphql_transport_ws_handler_class = TransportHandler
    stream_transport_classes_by_protocol: Mapping[str, type[HTTPStreamTransport]] = {
        GRAPHQL_SSE_PROTOCOL: EventStream,
        MULTIPART_SUBSCRIPTION_PROTOCOL: MultipartParts,
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
            request = Request(scope, receive=receive)
            _written.set({})
            usual = await read_usual(request)
            response = await (self.run(request) if usual is None else self._answer_usual(request, usual))
        except HTTPException as refusal:
            response = answer_bad_request(refusal.reason, refusal.status_code)
            if response.status_code == 405:
                response.headers["allow"] = "GET, POST"
        await response(scope, receive, send)

    async def _answer_usual(self, request: Request, data: GraphQLRequestData) -> Response:
        sub_response = await self.get_sub_response(request)
        adapter = self.request_adapter_class(request)
        context = context_of(request, sub_response)
        result = await self.execute_operation(request, adapter, data, context, None, sub_response)
        assert isinstance(result, ExecutionResult)
        return self.create_response(await self.process_result(request, result), sub_response)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        return context_of(request, response if isinstance(response, Response) else None)

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Takes the token of the handshake, or `token` in the payload of connection_init."""
        token = context.get("connection_params", {}).get("token")
        if context["caller"] is ANONYMOUS and isinstance(token, str):
            try:
                context["caller"] = await context["services"].callers.find_by_token(token) or ANONYMOUS
            except DatabaseUnavailable as problem:
                raise AuthenticationUnavailable(problem.message) from problem
            context["token"] = token
        if context["caller"] is ANONYMOUS:
            raise ConnectionRejectionError
        return await super().on_ws_connect(context)

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        names_operation = any(request.query_params.get(name) is not None for name in ("extensions", "documentId"))
        return not names_operation and super().should_render_graphql_ide(request)

    async def render_graphql_ide(self, request: Request) -> Response:
        if authentication(request).caller is ANONYMOUS:
            return sign_in_page(request.scope)
        return HTMLResponse(playground_page(request), headers={POLICY: PLAYGROUND_POLICY})

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        response = NegotiatedResponse()
        del response.headers["content-length"]  # the headers also precede a stream, whose length is unknown
        accepted = negotiate(request.headers.getlist("accept"))
        response.answer_type = accepted.answer_type
        if accepted.answer_type == GRAPHQL_RESPONSE or accepted.takes_events_alone:
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
        """Reads the operation first: the kind of the operation decides the protocol of the answer."""
        if isinstance(request_data, list):
            return await self._execute_batch(request, request_adapter, request_data, context, root_value, sub_response)
        request_data.protocol = "http"
        try:
            operation_text = self.persisted.text_of(request_data.query, request_data.extensions, context["caller"])
            request_data.query = operation_text.text
            operation = await self.schema.read(operation_text.text, request_data.operation_name, context)
        except OperationInvalid as invalid:
            return PreExecutionError(None, invalid.errors)
        except Problem as problem:
            return refuse_before_execution(problem)
        self.persisted.store(operation_text)
        if operation.kind is OperationType.MUTATION and request.method == "GET":
            raise HTTPException(400, "mutations are not allowed when using GET")
        subscription = operation.kind is OperationType.SUBSCRIPTION
        accepted = negotiate(request.headers.getlist("accept"))
        request_data.protocol = accepted.protocol_of_subscriptions if subscription else accepted.protocol
        if subscription and request_data.protocol == "http":
            return refuse_before_execution(SubscriptionUnstreamed())
        if request_data.protocol != "http" and context["services"].pulse.away:
            return refuse_before_execution(DatabaseUnavailable(AGAIN_SECONDS))
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
        """Executes the operations in order, one after the other: each sees the changes of the operations before it."""
        if context["caller"] is ANONYMOUS:
            return refuse_before_execution(NotSignedIn())
        try:
            entries = await read_batch(self.schema, self.persisted, batch, context)
        except OperationInvalid as invalid:
            return PreExecutionError(None, invalid.errors)
        return [
            PreExecutionError(None, entry.errors)
            if entry.context is None
            else await self.execute_single(
                request, request_adapter, sub_response, entry.context, root_value, entry.data
            )
            for entry in entries
        ]

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData | list[GraphQLRequestData]:
        """Takes `documentId` in place of the text as the id of a trusted document, like a persisted query's hash."""
        token = _parsed_body.set(await self._parse_large_body(request))
        try:
            data = await super().parse_http_body(request)
        finally:
            _parsed_body.reset(token)
        if isinstance(data, GraphQLRequestData) and data.query is None:
            sent: Any = request.query_params if request.method == "GET" else self.parse_json(await request.get_body())
            if isinstance(id := sent.get("documentId"), str):
                data.extensions = {**(data.extensions or {}), "persistedQuery": {"version": 1, "sha256Hash": id}}
        return data

    async def _parse_large_body(self, request: AsyncHTTPRequestAdapter) -> tuple[str | bytes, Json] | None:
        """A large body and its JSON, parsed in a thread; None for other bodies, and for a text that is not JSON."""
        body = b"" if request.method == "GET" else await request.get_body()
        if len(body) <= LARGEST_AT_ONCE:
            return None
        try:
            return body, await parse_json(without_bom(body))
        except orjson.JSONDecodeError:
            return None

    def _validate_batch_request(self, request_data: list[Any], protocol: object) -> None:
        """Checks the batch alone: the answer to a batch is JSON, whatever the client accepts."""
        if fault := check_batch(request_data):
            raise HTTPException(400, fault)

    async def create_streaming_response(
        self,
        request: Request | WebSocket,
        stream: Callable[[], AsyncIterator[str]],
        sub_response: Response,
        headers: Mapping[str, str],
    ) -> Response:
        _written.set(None)  # the answers of a stream are written as they leave
        in_parts = headers["Content-Type"].startswith(MULTIPART)
        with_delimiter = (lambda: with_first_delimiter(stream())) if in_parts else stream
        return await super().create_streaming_response(request, with_delimiter, sub_response, headers)

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        answer = await super().process_result(request, result)
        if not any((result.data or {}).values()) and DatabaseUnavailable.code in map(
            _code_of_error, result.errors or ()
        ):
            answer.pop("data", None)  # no field has data: the client may repeat the whole operation
        elif result.data is None and all(error.path is None for error in result.errors or ()):
            del answer["data"]  # by the specification, an answer without execution has no `data`
        if (written := _written.get()) is not None:
            if isinstance(result, ShortResult):
                written[id(answer)] = [orjson.dumps(answer)]
            elif takes_long(result.data):
                written[id(answer)] = await encode_json(answer)
        return answer

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        assert isinstance(sub_response, NegotiatedResponse)
        facts = facts_of_refusal(response_data)
        code = None if facts is None else str(facts.get("code"))
        if code == NotSignedIn.code:
            return refusal(NotSignedIn(), graphql=True)
        type = sub_response.answer_type
        response = JsonResponse(
            _pieces_of(response_data),
            200 if code is None else STATUS.get(code, sub_response.refused_status),
            retry_after(facts or {}),
            media_type=f"{type}; charset=utf-8" if type == GRAPHQL_RESPONSE else type,
        )
        response.raw_headers += [(name, value) for name, value in sub_response.raw_headers if name == b"set-cookie"]
        return response

    def parse_json(self, data: str | bytes) -> Any:
        """The JSON of a body, or of the variables or extensions of a query string: an object or an array."""
        try:
            known = _parsed_body.get()
            parsed: Json = known[1] if known is not None and known[0] is data else orjson.loads(without_bom(data))
        except orjson.JSONDecodeError as fault:
            raise HTTPException(400, f"The request is not JSON: {fault}.") from fault
        if not is_object(parsed) and not is_array(parsed):
            message = (
                "The request must be a JSON object with `query`, `variables` and `operationName`, or an array of them."
            )
            raise HTTPException(400, message)
        return parsed

    def encode_json(self, data: object) -> str | bytes:
        return write_json(data)


def _pieces_of(answers: GraphQLHTTPResponse | list[GraphQLHTTPResponse]) -> list[bytes]:
    """The JSON text of the answer, or of the answers to a batch."""
    written = _written.get() or {}
    if not isinstance(answers, list):
        return written.get(id(answers)) or write_pieces(answers)
    pieces = [b"["]
    for at, answer in enumerate(answers):
        pieces += (b"," if at else b"", *(written.get(id(answer)) or write_pieces(answer)))
    return [*pieces, b"]"]


def _code_of_error(error: GraphQLError) -> object:
    return (error.extensions or {}).get("code")
