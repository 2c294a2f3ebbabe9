"""The pages: console, playground, the root page without console, and the references of tasks and REST routes."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from http import HTTPStatus
from itertools import groupby
from string import Template
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope

from ...resolvers.builtin_tasks.registry import tasks
from ...resolvers.builtin_tasks.task import BuiltInTask
from ..auth.sign_in_page import path_to_root, wants_page
from ..http.static_files import CompressedFiles
from ..rest.openapi import openapi
from ..rest.table import ROUTES
from .build import BUILT, has_console
from .fetch import STATIC, is_fetched
from .header import POLICY as HEADER_POLICY
from .header import with_header

PATHS = (
    "/jobs",
    "/jobs/{id}",
    "/tasks",
    "/workflows",
    "/workflows/{name:path}",
    "/projects",
    "/projects/{id}",
    "/automations",
    "/people",
    "/server",
)
# Only files of this server, no inline scripts or styles, and no frames on other sites.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'self'; "
    "frame-ancestors 'none'"
)


class PageRoute(Route):
    """A route for browsers alone: for other clients the path does not exist."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and wants_page(scope["method"], Headers(scope=scope)) and has_console():
            return super().matches(scope)
        return Match.NONE, {}


def console_routes() -> list[BaseRoute]:
    return [PageRoute(path, show_console) for path in ("/", *PATHS)]


async def show_console(request: Request) -> Response:
    """The console with a relative <base> to the root, so that the console works below any path of a proxy."""
    page = (BUILT / "index.html").read_text()
    with_base = page.replace("<head>", f'<head><base href="{path_to_root(request.scope)}" />', 1)
    headers = {"content-security-policy": POLICY, "cache-control": "no-cache", "vary": "accept"}
    return HTMLResponse(with_base, headers=headers)


PLAYGROUND_PAGE = STATIC / "graphiql.html"
# Only scripts and requests of this server. No other site may show the page in a frame (clickjacking).
PLAYGROUND_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
NO_PLAYGROUND = STATIC / "no_playground.html"


def playground_page(request: Request) -> str:
    """The playground, or a page about `jobyard fetch-playground`; a fetch needs no restart of the server."""
    return with_header((PLAYGROUND_PAGE if is_fetched() else NO_PLAYGROUND).read_text(), request)


def playground_routes() -> list[BaseRoute]:
    return [Mount("/static", CompressedFiles(STATIC), name="static")]


TASKS_PAGE = STATIC / "help.html"
FIRST_PAGE = STATIC / "index.html"
ERROR_PAGE = STATIC / "error.html"
PAGE_HEADERS = {"content-security-policy": HEADER_POLICY, "cache-control": "no-store"}

_CODE = re.compile(r"`([^`]+)`")
_EXECUTORS = {"automatic": "automatic", "operation": "done by the engine", "manual": "done by a person"}


def help_routes() -> list[BaseRoute]:
    return [Route("/", show_first_page), Route("/help/tasks", show_tasks)]


async def show_first_page(request: Request) -> Response:
    return HTMLResponse(with_header(FIRST_PAGE.read_text(), request), headers=PAGE_HEADERS)


async def show_tasks(request: Request) -> Response:
    return HTMLResponse(with_header(tasks_page(tasks()), request), headers=PAGE_HEADERS)


def error_page(request: Request, status: int, message: str, headers: Mapping[str, str]) -> Response:
    """The page of a path that does not exist, or of a verb that the path lacks."""
    page = Template(ERROR_PAGE.read_text()).substitute(
        title=f"{status} {HTTPStatus(status).phrase}", message=escape(message), root=path_to_root(request.scope)
    )
    return HTMLResponse(with_header(page, request), status, {**headers, **PAGE_HEADERS})


def tasks_page(tasks: Iterable[BuiltInTask]) -> str:
    """The reference of the tasks, which are ordered by application, with an index."""
    apps = [(app, list(app_tasks)) for app, app_tasks in groupby(tasks, lambda task: task.app)]
    return Template(TASKS_PAGE.read_text()).substitute(
        index="\n".join(_index(app, app_tasks) for app, app_tasks in apps),
        tasks="\n".join(_section(app, app_tasks) for app, app_tasks in apps),
    )


def _index(app: str, app_tasks: list[BuiltInTask]) -> str:
    links = " ".join(f'<a href="#{_anchor(task)}">{escape(task.name)}</a>' for task in app_tasks)
    return f"<h2>{escape(app)}</h2>\n<p class=index>{links}</p>"


def _section(app: str, app_tasks: list[BuiltInTask]) -> str:
    return f"<h2>{escape(app)}</h2>\n" + "\n".join(map(_article, app_tasks))


def _article(task: BuiltInTask) -> str:
    paragraphs = "".join(f"<p>{_prose(part)}</p>" for part in task.description.split("\n\n"))
    actor = f", actor {task.actor}" if task.actor == "job" else ""
    location = "" if task.location == "Application" else f", {task.location}"
    incoming = [f"<code>{escape(name)}</code> {_prose(task.meanings.get(name, ''))}" for name in task.incoming]
    outgoing = [f"<code>{escape(name)}</code>" for name in task.outgoing]
    if task.more_outgoing:
        outgoing.append("values that the document names")
    return (
        f'<article id="{_anchor(task)}">'
        f"<h3>{escape(task.name)}</h3><small>{_EXECUTORS[task.type]}{escape(actor + location)}</small>{paragraphs}"
        f"<dl>{_values('incoming', incoming)}{_values('outgoing', outgoing)}</dl></article>"
    )


def _values(title: str, entries: list[str]) -> str:
    return f"<dt>{title}</dt>" + "".join(f"<dd>{entry}</dd>" for entry in entries or ["none"])


def _prose(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _anchor(task: BuiltInTask) -> str:
    return escape(f"{task.app}.{task.name}".replace(" ", "-"))


REST_PAGE = STATIC / "swagger.html"


def page_routes() -> list[Route]:
    return [Route("/help/openapi", show_document), Route("/help/rest", redirect_older_path)]


async def show_document(request: Request) -> Response:
    """The OpenAPI document, or the reference page for a browser. `?url=` names the server in the document."""
    if wants_page(request.method, request.headers) and not request.query_params and is_fetched():
        # A relative <base> to the root, as in the console.
        page = with_header(REST_PAGE.read_text(), request, "./")
        page = page.replace("<head>", f'<head><base href="{path_to_root(request.scope)}" />', 1)
        policy = PLAYGROUND_POLICY.replace("base-uri 'none'", "base-uri 'self'")
        return HTMLResponse(page, headers={"content-security-policy": policy, "vary": "accept"})
    url = urlsplit(request.query_params.get("url", ""))
    server = (
        url.geturl()
        if url.scheme in ("http", "https") and url.netloc
        else str(request.base_url).rstrip("/") + request.app.state.services.settings.root_path
    )
    document = orjson.dumps(openapi(ROUTES, server.rstrip("/")))
    return Response(document, media_type="application/json", headers={"vary": "accept"})


async def redirect_older_path(request: Request) -> Response:
    """Redirects from the former path of the page."""
    return RedirectResponse("openapi", 308)
