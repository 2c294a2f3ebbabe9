"""The console: one page for all of its addresses, which the script in it tells apart."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from .build_console import BUILT, has_console
from .sign_in_page import path_to_root, wants_page

PATHS = (
    "/jobs",
    "/jobs/{id}",
    "/tasks",
    "/workflows",
    "/workflows/{name:path}",
    "/automations",
    "/people",
    "/server",
)
# Nothing but our own files, no script or sheet in the page itself, and no other site that shows it in a frame.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'self'; "
    "frame-ancestors 'none'"
)


class PageRoute(Route):
    """There for browsers alone: what a program asks for under its path is answered as if there were no such path."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and wants_page(scope["method"], Headers(scope=scope)) and has_console():
            return super().matches(scope)
        return Match.NONE, {}


def console_routes() -> list[BaseRoute]:
    return [PageRoute(path, show_console) for path in ("/", *PATHS)]


async def show_console(request: Request) -> Response:
    """With a <base> that leads to the root from wherever the page is, whatever path a proxy puts before it."""
    page = (BUILT / "index.html").read_text()
    with_base = page.replace("<head>", f'<head><base href="{path_to_root(request.scope)}" />', 1)
    headers = {"content-security-policy": POLICY, "cache-control": "no-cache", "vary": "accept"}
    return HTMLResponse(with_base, headers=headers)
