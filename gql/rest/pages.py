"""GET /help/openapi, the document of the REST door, and /help/rest, the same as a page that needs no network."""

from pathlib import Path
from urllib.parse import urlsplit

import orjson
from jinja2 import Environment, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ..help import NOTHING_ELSE
from .openapi import openapi
from .routes import ROUTES

PAGE = Path(__file__).parent.parent / "static" / "rest.html"


def page_routes() -> list[Route]:
    return [Route("/help/openapi", show_document), Route("/help/rest", show_page)]


async def show_document(request: Request) -> Response:
    """`?url=` names the server that the document is for, as the documented system has it."""
    wanted = urlsplit(request.query_params.get("url", ""))
    server = wanted.geturl() if wanted.scheme in ("http", "https") and wanted.netloc else str(request.base_url)
    return Response(orjson.dumps(openapi(ROUTES, server.rstrip("/"))), media_type="application/json")


async def show_page(request: Request) -> Response:
    return HTMLResponse(rest_page(), headers=NOTHING_ELSE)


def rest_page() -> str:
    pages = Environment(autoescape=select_autoescape(default=True), undefined=StrictUndefined)
    pages.filters["pretty"] = lambda value: orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return pages.from_string(PAGE.read_text()).render(paths=openapi(ROUTES)["paths"])
