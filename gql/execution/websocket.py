"""GraphQL over WebSocket, by graphql-transport-ws, with limits and a check of each message's shape."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from datetime import timedelta
from time import monotonic
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.websockets import WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived, WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.subscriptions.protocols.graphql_transport_ws.types import ConnectionInitMessage, SubscribeMessage

from ...models.errors import Problem
from ...models.json import JsonObject, is_object
from ...models.json_text import write_json
from ...resolvers.threads import parse_json
from ..auth.authentication import ANONYMOUS_SOCKET, TRY_AGAIN_LATER
from ..context import Context
from ..errors import translate
from ..http.bodies import MOST_CONTAINERS, too_many_containers
from ..http.connections import AUTHENTICATED

INIT_WAIT = timedelta(seconds=5)  # for connection_init
LARGEST_FIRST = 64 * 1024  # characters of a message before authentication
FAREWELL_SECONDS = 2
LONGEST_ID = 200  # characters of the id of an operation, which every answer repeats
TOO_MANY_REQUESTS = 4429
MOST_FIRST = 10  # messages before authentication
MESSAGES_A_SECOND = 500  # of one socket; the server reads more messages of the socket later
BYTES_A_SECOND = 4 * 1024 * 1024
BURST_SECONDS = 4  # for which a socket may exceed the rates
TURN_SECONDS = 0.005  # for the messages of one socket, before the event loop turns to others
LONGEST_REASON = 123  # bytes in a close frame

_TYPES = ("connection_init", "ping", "pong", "subscribe", "complete")


class AuthenticationUnavailable(Exception):
    """The server cannot authenticate now; the message has the reason."""


class BoundedFrames(ASGIWebSocketAdapter):
    """Sends and receives text frames, with limits: clients of graphql-transport-ws do not read binary frames."""

    largest: int | None = LARGEST_FIRST  # characters of a message; None: the server's own limit

    def lift_limits(self) -> None:
        """Lift the limits of an anonymous connection."""
        self.largest = None
        if on_authenticated := self.ws.scope.get("extensions", {}).get(AUTHENTICATED):
            on_authenticated()
        if leave := self.ws.scope.get(ANONYMOUS_SOCKET):
            leave()

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        first, rate_limit = 0, RateLimit()
        while self.ws.application_state != WebSocketState.DISCONNECTED:
            try:
                text = await self.ws.receive_text() or ""  # a binary message has no text
            except WebSocketDisconnect:
                return
            except KeyError as fault:
                raise NonTextMessageReceived from fault
            if self.largest is not None and len(text) > self.largest:
                await self.close(1009, f"The limit before connection_ack is {self.largest} characters")
                return
            first += self.largest is not None
            if first > MOST_FIRST:
                await self.close(TOO_MANY_REQUESTS, f"The limit before connection_ack is {MOST_FIRST} messages")
                return
            await rate_limit.take(len(text))
            if len(text) > MOST_CONTAINERS and too_many_containers(text.encode()):
                await self.close(1009, f"The limit of a message is {MOST_CONTAINERS:,} objects and arrays")
                return
            try:
                message: object = await parse_json(text.encode())
            except orjson.JSONDecodeError as fault:
                raise NonJsonMessageReceived from fault
            yield message

    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await self.ws.send_text(write_json(message).decode())
        except (WebSocketDisconnect, RuntimeError) as gone:  # Starlette raises RuntimeError once the socket is closed
            raise WebSocketDisconnected from gone

    async def close(self, code: int, reason: str) -> None:
        truncated = reason.encode()[:LONGEST_REASON].decode(errors="ignore")
        with suppress(WebSocketDisconnect, RuntimeError):  # the socket is closed already
            await self.ws.close(code=code, reason=truncated)


class RateLimit:
    """The rate limit of one socket. The server stops reading from a socket above the limit, until time has passed."""

    def __init__(self) -> None:
        self._ahead = 0.0  # the time that the messages so far have used up, as a moment
        self._began = 0.0

    async def take(self, size: int) -> None:
        now = monotonic()
        cost = max(1 / MESSAGES_A_SECOND, size / BYTES_A_SECOND)
        self._ahead = max(self._ahead, now - BURST_SECONDS) + cost
        if self._ahead > now:
            await asyncio.sleep(self._ahead - now)
        elif now - self._began > TURN_SECONDS:
            await asyncio.sleep(0)
            self._began = monotonic()


class TransportHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """Refuses messages of the wrong shape before any work, and ends when the server stops."""

    async def handle(self) -> None:
        farewell = asyncio.create_task(self._say_farewell(), name="farewell")
        try:
            await super().handle()
        finally:
            farewell.cancel()

    async def _say_farewell(self) -> None:
        """Closes the socket after the end of every operation; all operations end when the server stops."""
        await self.context["services"].closing.wait()
        operations: dict[str, Any] = self.operations  # strawberry leaves the type of their tasks open
        if running := [operation.task for operation in operations.values() if operation.task]:
            await asyncio.wait(running, timeout=FAREWELL_SECONDS)
        await self.websocket.close(1001, "The server is being stopped")

    async def handle_message(self, message: Any) -> None:
        fault = fault_of(message)
        if fault is None:
            await super().handle_message(message)
        else:
            await self.handle_invalid_message(fault)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Resolves the hash of a persisted query, and refuses texts that are not trusted where trust is required."""
        if not self.connection_acknowledged:
            await super().handle_subscribe(message)  # closes the socket
            return
        payload = message["payload"]
        view: Any = self.view
        try:
            operation = view.persisted.text_of(payload.get("query"), payload.get("extensions"), self.context["caller"])
        except Problem as problem:
            error = translate(GraphQLError(problem.message, original_error=problem))
            await self.send_message({"id": message["id"], "type": "error", "payload": [error.formatted]})
            return
        await super().handle_subscribe({**message, "payload": {**payload, "query": operation.text or ""}})

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        if message.get("payload") is None:
            message = {"type": "connection_init"}  # a null payload means the same
        try:
            await super().handle_connection_init(message)
        except AuthenticationUnavailable as reason:
            await self.websocket.close(TRY_AGAIN_LATER, str(reason))
        if self.connection_acknowledged and isinstance(self.websocket, BoundedFrames):
            self.websocket.lift_limits()


def fault_of(message: object) -> str | None:
    """The fault in the shape of a client's message, or None."""
    if not is_object(message):
        return "A message must be a JSON object"
    type, payload = message.get("type"), message.get("payload")
    if type not in _TYPES:
        return f"`type` must be one of {', '.join(_TYPES)}"
    if type in ("subscribe", "complete"):
        id = message.get("id")
        if not isinstance(id, str) or not 0 < len(id) <= LONGEST_ID:
            return f"`id` must be a string of 1 to {LONGEST_ID} characters"
    if type == "subscribe":
        return _fault_of_operation(payload) if is_object(payload) else "`payload` must be an object with `query`"
    return None if payload is None or is_object(payload) else "`payload` must be an object, if present"


def _fault_of_operation(payload: JsonObject) -> str | None:
    extensions = payload.get("extensions")
    if not isinstance(payload.get("query"), str) and not (is_object(extensions) and "persistedQuery" in extensions):
        return "`query` must be a string"
    if not isinstance(payload.get("operationName"), str | None):
        return "`operationName` must be a string, if present"
    for name in ("variables", "extensions"):
        if payload.get(name) is not None and not is_object(payload[name]):
            return f"`{name}` must be an object, if present"
    return None
