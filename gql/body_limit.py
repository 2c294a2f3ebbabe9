"""Refuses bodies that are too large before anything reads them."""

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..models.access import NOBODY

LARGEST_OF_NOBODY = 64 * 1024  # bytes: who is not signed in has nothing to say but who they are


class BodyLimit:
    """ASGI middleware: 413 for a body of more than `largest` bytes, whether announced or not."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nobody = scope["asking"].caller is NOBODY
        largest = min(self._largest, LARGEST_OF_NOBODY) if nobody else self._largest
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > largest:
            await _refuse(send, largest, nobody=nobody)
            return
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if len(body) > largest:
                await _refuse(send, largest, nobody=nobody)
                return
            if not message.get("more_body", False):
                break
        await self._app(scope, _replayed(bytes(body), receive), send)


async def _refuse(send: Send, largest: int, *, nobody: bool) -> None:
    remedy = "Sign in first." if nobody else "Send less, or raise the limit of the server."
    text = f"The request body is over the limit of {largest:,} bytes. {remedy}"
    error = {"message": text, "extensions": {"code": "BODY_TOO_LARGE"}}
    # One answer that reads as the envelope of the REST door and as an answer of GraphQL.
    body = orjson.dumps({"message": text, "data": None, "metadata": {}, "errors": [error]})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _replayed(body: bytes, receive: Receive) -> Receive:
    waiting = [True]

    async def replay() -> Message:
        if waiting:
            waiting.clear()
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replay
