"""GET /help/openapi: the REST routes as a document, and for browsers as a page: Swagger UI out of our own files."""

from urllib.parse import urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from ..fetch_playground import STATIC, is_fetched
from ..playground import PLAYGROUND_POLICY
from ..sign_in_page import path_to_root, wants_page
from .openapi import openapi
from .routes import ROUTES

PAGE = STATIC / "swagger.html"


def page_routes() -> list[Route]:
    return [Route("/help/openapi", show_document), Route("/help/rest", show_older)]


async def show_document(request: Request) -> Response:
    """`?url=` names the server that the document is for, as the documented system has it."""
    if wants_page(request.method, request.headers) and not request.query_params and is_fetched():
        # As the console: a <base> leads to the root from wherever a proxy puts the page.
        page = PAGE.read_text().replace("<head>", f'<head><base href="{path_to_root(request.scope)}" />', 1)
        policy = PLAYGROUND_POLICY.replace("base-uri 'none'", "base-uri 'self'")
        return HTMLResponse(page, headers={"content-security-policy": policy, "vary": "accept"})
    wanted = urlsplit(request.query_params.get("url", ""))
    server = wanted.geturl() if wanted.scheme in ("http", "https") and wanted.netloc else str(request.base_url)
    document = orjson.dumps(openapi(ROUTES, server.rstrip("/")))
    return Response(document, media_type="application/json", headers={"vary": "accept"})


async def show_older(request: Request) -> Response:
    """Where the page was once."""
    return RedirectResponse("openapi", 308)
