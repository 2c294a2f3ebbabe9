"""The request that is being answered: its id, from `X-Request-Id` or new, which log lines name and the answer has.

A line of the access log for each answer, where it is asked for: without the query string, which may hold a token.
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
_ID = re.compile(r"[\w.:+/=@-]{1,128}", re.ASCII)  # what comes from outside, and may stand in a line of the log

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "WEBSOCKET")

log = logging.getLogger("jobyard")


@dataclass
class Requested:
    """`over` where it is answered: a job that it started is not what it asked for any more."""

    id: str
    account: str | None = None
    over: bool = False


_current: ContextVar[Requested | None] = ContextVar("jobyard.requested", default=None)


def current() -> dict[str, str]:
    """What log lines say of the request that they are written in."""
    asked = _current.get()
    if asked is None or asked.over:
        return {}
    return {"request": asked.id} if asked.account is None else {"request": asked.id, "account": asked.account}


def name_account(account: str | None) -> None:
    """The account that the current request turns out to be of."""
    asked = _current.get()
    if asked is not None:
        asked.account = account


class RequestIds:
    """ASGI middleware, around all others."""

    def __init__(self, app: ASGIApp, *, access_log: bool) -> None:
        self._app = app
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        asked = Requested(given if _ID.fullmatch(given) else token_hex(8))
        began, status, size = time.monotonic(), 0, 0
        header = (REQUEST_ID.encode(), asked.id.encode())

        async def answer(message: Message) -> None:
            nonlocal status, size
            kind = message["type"]
            if kind in ("http.response.start", "websocket.accept", "websocket.http.response.start"):
                message = {**message, "headers": [*message.get("headers", ()), header]}
                status = message.get("status", 101)
            elif kind == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        before = _current.set(asked)
        try:
            await self._app(scope, receive, answer)
        finally:
            method = scope.get("method", "WEBSOCKET")
            REQUESTS.labels(method if method in _METHODS else "OTHER", str(status or "none")).inc()
            if self._access_log:
                took = round((time.monotonic() - began) * 1000, 1)
                path = scope["path"]
                log.info(
                    "%s %s %s %s bytes %s ms", method, path, status or "-", size, took,
                    extra=about("access", method=method, path=path, status=status or None, bytes=size, ms=took,
                                address=scope["client"][0] if scope.get("client") else None),
                )  # fmt: skip
            asked.over = True
            _current.reset(before)
