"""Request ids: from `X-Request-Id` or new, in the log lines and in the answer of a request.

With `access_log`, logs a line for each answer, without the query string, which may have a token.
"""

import logging
import re
import time
from contextvars import ContextVar
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...resolvers.log_facts import about
from ...resolvers.metrics import REQUESTS

REQUEST_ID: Final = "x-request-id"
_ID = re.compile(r"[\w.:+/=@-]{1,128}", re.ASCII)  # ids of clients that are safe in a log line

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "WEBSOCKET")

log = logging.getLogger("jobyard")


@dataclass
class CurrentRequest:
    """The request of the present context. `over`: the answer is complete, and later lines of started jobs do not name
    it.
    """

    id: str
    account: str | None = None
    over: bool = False


_current: ContextVar[CurrentRequest | None] = ContextVar("jobyard.requested", default=None)


def request_facts() -> dict[str, str]:
    """The facts of the present request for log lines."""
    request = _current.get()
    if request is None or request.over:
        return {}
    return {"request": request.id} if request.account is None else {"request": request.id, "account": request.account}


def name_account(account: str | None) -> None:
    """Set the account of the present request, after authentication."""
    request = _current.get()
    if request is not None:
        request.account = account


class RequestIds:
    """ASGI middleware around all others."""

    def __init__(self, app: ASGIApp, *, access_log: bool) -> None:
        self._app = app
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        client_id = Headers(scope=scope).get(REQUEST_ID, "")
        request = CurrentRequest(client_id if _ID.fullmatch(client_id) else token_hex(8))
        began, status, size = time.monotonic(), 0, 0
        header = (REQUEST_ID.encode(), request.id.encode())

        async def answer(message: Message) -> None:
            nonlocal status, size
            kind = message["type"]
            if kind in ("http.response.start", "websocket.accept", "websocket.http.response.start"):
                message = {**message, "headers": [*message.get("headers", ()), header]}
                status = message.get("status", 101)
            elif kind == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        before = _current.set(request)
        try:
            await self._app(scope, receive, answer)
        finally:
            method = scope.get("method", "WEBSOCKET")
            REQUESTS.labels(method if method in METHODS else "OTHER", str(status or "none")).inc()
            if self._access_log:
                took = round((time.monotonic() - began) * 1000, 1)
                path = scope["path"]
                log.info(
                    "%s %s %s %s bytes %s ms", method, path, status or "-", size, took,
                    extra=about("access", method=method, path=path, status=status or None, bytes=size, ms=took,
                                address=scope["client"][0] if scope.get("client") else None),
                )  # fmt: skip
            request.over = True
            _current.reset(before)
