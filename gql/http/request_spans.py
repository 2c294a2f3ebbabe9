"""A span for each request, in the trace that the caller names in `traceparent`, or in a new one."""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...resolvers.traces import TRACEPARENT, span, within
from .request_ids import METHODS, request_facts

_OF_MONITORING: Final = ("/healthz", "/readyz", "/metrics", "/prometheus_metrics")  # every second or so: in no trace


class RequestSpans:
    """ASGI middleware inside RequestIds; a server without traces does not have it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or _is_of_monitoring(scope):
            await self._app(scope, receive, send)
            return
        with within(Headers(scope=scope).get(TRACEPARENT)):
            if scope["type"] == "http":
                await self._answer(scope, receive, send)
            else:  # a connection lasts for hours: its operations are the parts of the trace
                await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        facts = {
            "http.request.method": method,
            "url.path": scope["path"],  # the query may have a token
            "jobyard.request.id": request_facts().get("request", ""),
        }
        with span(method, facts, "server", begins=True) as request:

            async def send_noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    request.note("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        request.fail(str(message["status"]))
                await send(message)

            await self._app(scope, receive, send_noted)


def _is_of_monitoring(scope: Scope) -> bool:
    return scope["path"].removeprefix(scope["app"].state.services.settings.root_path) in _OF_MONITORING
