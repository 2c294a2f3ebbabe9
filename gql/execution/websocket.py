"""GraphQL over WebSocket by graphql-transport-ws, bounded, and of the shape that the protocol asks for."""

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
from ...resolvers.threads import json_of
from ..auth.middleware import ANONYMOUS_SOCKET, TRY_AGAIN_LATER
from ..context import Context
from ..errors import translate
from ..http.bodies import MOST_CONTAINERS, too_many_containers
from ..http.connections import KNOWN

INIT_WAIT = timedelta(seconds=5)  # for connection_init
LARGEST_FIRST = 64 * 1024  # characters of a message before the server knows who speaks
FAREWELL_SECONDS = 2
LONGEST_ID = 200  # characters: every answer repeats it
TOO_MANY_REQUESTS = 4429
MOST_FIRST = 10  # messages before the server knows who speaks
MESSAGES_A_SECOND = 500  # of one socket: who says more is heard later, and others meanwhile
BYTES_A_SECOND = 4 * 1024 * 1024
BURST_SECONDS = 4  # for which a socket may say more
TURN_SECONDS = 0.005  # of one socket's messages, before it is the turn of others
LONGEST_REASON = 123  # bytes: a close frame holds no more

_TYPES = ("connection_init", "ping", "pong", "subscribe", "complete")


class ComeBack(Exception):
    """Who speaks cannot be found out now; the message says why."""


class BoundedFrames(ASGIWebSocketAdapter):
    """Frames of text: the clients of graphql-transport-ws do not read binary ones."""

    largest: int | None = LARGEST_FIRST  # characters of a message; None: what the server takes at all

    def know(self) -> None:
        """It is known now who speaks."""
        self.largest = None
        if known := self.ws.scope.get("extensions", {}).get(KNOWN):
            known()
        if leave := self.ws.scope.get(ANONYMOUS_SOCKET):
            leave()

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        first, turns = 0, Turns()
        while self.ws.application_state != WebSocketState.DISCONNECTED:
            try:
                text = await self.ws.receive_text() or ""  # of a binary message there is none
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
            await turns.take(len(text))
            if len(text) > MOST_CONTAINERS and too_many_containers(text.encode()):
                await self.close(1009, f"The limit of a message is {MOST_CONTAINERS:,} objects and arrays")
                return
            try:
                message: object = await json_of(text.encode())
            except orjson.JSONDecodeError as fault:
                raise NonJsonMessageReceived from fault
            yield message

    async def send_json(self, message: Mapping[str, object]) -> None:
        try:
            await self.ws.send_text(write_json(message).decode())
        except (WebSocketDisconnect, RuntimeError) as gone:  # Starlette raises the latter once the socket is closed
            raise WebSocketDisconnected from gone

    async def close(self, code: int, reason: str) -> None:
        short = reason.encode()[:LONGEST_REASON].decode(errors="ignore")
        with suppress(WebSocketDisconnect, RuntimeError):  # it is closed already
            await self.ws.close(code=code, reason=short)


class Turns:
    """What one socket may say in a time. Who waits here is not read on, and hears no more of it than that."""

    def __init__(self) -> None:
        self._ahead = 0.0  # until this moment its messages are paid for
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


class Conversation(BaseGraphQLTransportWSHandler[Context, None]):
    """Refuses messages of the wrong shape before anything is done with them, and ends when the server is stopped."""

    async def handle(self) -> None:
        farewell = asyncio.create_task(self._say_farewell(), name="farewell")
        try:
            await super().handle()
        finally:
            farewell.cancel()

    async def _say_farewell(self) -> None:
        """Once every operation has got its end, which all of them come to by themselves."""
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
        """The text may be named by its hash, and may have to be a trusted one."""
        if not self.connection_acknowledged:
            await super().handle_subscribe(message)  # which closes the socket
            return
        payload = message["payload"]
        view: Any = self.view
        try:
            given = view.persisted.text_of(payload.get("query"), payload.get("extensions"), self.context["caller"])
        except Problem as problem:
            error = translate(GraphQLError(problem.message, original_error=problem))
            await self.send_message({"id": message["id"], "type": "error", "payload": [error.formatted]})
            return
        await super().handle_subscribe({**message, "payload": {**payload, "query": given.text or ""}})

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        if message.get("payload") is None:
            message = {"type": "connection_init"}  # null is as good as none
        try:
            await super().handle_connection_init(message)
        except ComeBack as reason:
            await self.websocket.close(TRY_AGAIN_LATER, str(reason))
        if self.connection_acknowledged and isinstance(self.websocket, BoundedFrames):
            self.websocket.know()


def fault_of(message: object) -> str | None:
    """What is wrong with the shape of a message of a client, if anything is."""
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
    return None if payload is None or is_object(payload) else "`payload` must be an object, if there is any"


def _fault_of_operation(payload: JsonObject) -> str | None:
    extensions = payload.get("extensions")
    if not isinstance(payload.get("query"), str) and not (is_object(extensions) and "persistedQuery" in extensions):
        return "`query` must be a string"
    if not isinstance(payload.get("operationName"), str | None):
        return "`operationName` must be a string, if there is any"
    for name in ("variables", "extensions"):
        if payload.get(name) is not None and not is_object(payload[name]):
            return f"`{name}` must be an object, if there is any"
    return None
