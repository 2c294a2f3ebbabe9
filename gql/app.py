"""The ASGI application: GraphQL, REST and the pages, on the services of one server process."""

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route, WebSocketRoute
from strawberry.subscriptions import (
    GRAPHQL_SSE_PROTOCOL,
    GRAPHQL_TRANSPORT_WS_PROTOCOL,
    MULTIPART_SUBSCRIPTION_PROTOCOL,
)

from ..models.errors import MethodNotAllowed, PathUnknown
from ..models.json import JsonObject
from ..resolvers.services import Services
from ..resolvers.traces import is_on
from .auth.authentication import AuthenticationMiddleware
from .auth.sign_in_page import wants_page
from .context import COST_HEADER
from .execution.own_documents import own_texts
from .execution.trusted import read_trusted
from .execution.view import GraphQLView
from .execution.websocket import INIT_WAIT
from .http.bodies import BodyLimit
from .http.headers import HEADERS, BrowserHeaders, Forwarded, RootPath
from .http.request_ids import REQUEST_ID, RequestIds
from .http.request_spans import RequestSpans
from .http.start_queue import StartQueue
from .http.static_files import CompressionMiddleware
from .rest.paths import DocumentedPaths
from .rest.table import reason, rest_routes, starting_paths
from .schema import schema
from .server.health import probe_routes
from .web.pages import console_routes, error_page, help_routes, page_routes, playground_routes

PROTOCOLS = (GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL, MULTIPART_SUBSCRIPTION_PROTOCOL)


def create_app(services: Services) -> Starlette:
    """The ASGI application. The calling function opens and closes the services. TrustedInvalid for a file that is no
    list.
    """
    settings = services.settings
    view = GraphQLView(
        schema,
        allowed_origins=settings.origins,
        subscription_protocols=PROTOCOLS,
        connection_init_wait_timeout=INIT_WAIT,
        trusted=read_trusted(settings.trusted_documents, own_texts()) if settings.trusted_documents else None,
    )
    app = Starlette(
        routes=[
            Route("/graphql", view),
            WebSocketRoute("/graphql", view),
            *rest_routes(),
            *console_routes(),
            *help_routes(),
            *page_routes(),
            *probe_routes(),
            *playground_routes(),
        ],
        middleware=[
            Middleware(RequestIds, access_log=settings.access_log),
            *([Middleware(RequestSpans)] if is_on() else []),
            Middleware(BrowserHeaders),
            Middleware(Forwarded, trusted=settings.trusted_proxies),
            Middleware(RootPath, path=settings.root_path),
            Middleware(DocumentedPaths),
            Middleware(
                CORSMiddleware,
                allow_origins=settings.origins,
                allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
                allow_headers=["content-type", "authorization", "idempotency-key", COST_HEADER, REQUEST_ID],
            ),
            Middleware(StartQueue, services=services, starts=starting_paths()),
            Middleware(AuthenticationMiddleware, services=services),
            Middleware(CompressionMiddleware),
            Middleware(BodyLimit, largest=settings.largest_body),
        ],
        exception_handlers={HTTPException: answer_http_error, Exception: answer_unexpected_error},
    )
    app.router.redirect_slashes = False
    app.state.services = services
    return app


async def answer_http_error(request: Request, error: Exception) -> Response:
    """Answers an unknown path or a method that the path lacks: a page for browsers, for others the REST envelope."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = "No such Method" if status in (404, 405) else str(error)
    cause = reason(request.method, request.url.path) if status in (404, 405) else ""
    message = f"{detail}: {request.method} {request.url.path}{f'. Not served: {cause}.' if cause else ''}"
    headers = {"Allow": ", ".join(_allowed_methods(request))} if status == 405 else {}
    if wants_page(request.method, request.headers):
        return error_page(request, status, message, headers)
    codes = {kind.status: kind.code for kind in (PathUnknown, MethodNotAllowed)}
    metadata = {"code": codes[status]} if status in codes else {}
    body = orjson.dumps({"message": message, "data": None, "metadata": metadata})
    return Response(body, status, headers, media_type="application/json")


def _allowed_methods(request: Request) -> list[str]:
    """The methods of all routes of the path. Below a mount, which serves files, no route matches: GET and HEAD."""
    routes = [each for each in request.app.router.routes if each.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for route in routes for method in getattr(route, "methods", None) or ()} or {"GET", "HEAD"})


async def answer_unexpected_error(request: Request, error: Exception) -> Response:
    """Starlette logs the trace and raises the error to the server; the caller sees this message alone."""
    body: JsonObject = {"message": "Something went wrong here; the server's log has it.", "data": None, "metadata": {}}
    return Response(orjson.dumps(body), 500, HEADERS, "application/json")  # around all middleware
