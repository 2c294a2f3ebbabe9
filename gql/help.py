"""The first page, and /help/tasks: the built-in tasks as they are declared. Neither needs a network or a script."""

import re
from collections.abc import Iterable
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from ..resolvers.catalogue import BuiltInTask, tasks

PAGE = Path(__file__).parent / "static" / "help.html"
FIRST_PAGE = Path(__file__).parent / "static" / "index.html"
# Styles are a page's own, and nothing else may load or run.
NOTHING_ELSE = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
}

_CODE = re.compile(r"`([^`]+)`")
_DOERS = {"automatic": "automatic", "operation": "done by the engine", "manual": "done by a person"}


def help_routes() -> list[BaseRoute]:
    return [Route("/", show_first_page), Route("/help/tasks", show_tasks)]


async def show_first_page(request: Request) -> Response:
    return HTMLResponse(FIRST_PAGE.read_text(), headers=NOTHING_ELSE)


async def show_tasks(request: Request) -> Response:
    return HTMLResponse(tasks_page(tasks()), headers=NOTHING_ELSE)


def tasks_page(listed: Iterable[BuiltInTask]) -> str:
    """The tasks, which come by application, with an index before them."""
    apps = [(app, list(of_app)) for app, of_app in groupby(listed, lambda task: task.app)]
    return Template(PAGE.read_text()).substitute(
        index="\n".join(_index(app, of_app) for app, of_app in apps),
        tasks="\n".join(_section(app, of_app) for app, of_app in apps),
    )


def _index(app: str, of_app: list[BuiltInTask]) -> str:
    links = " ".join(f'<a href="#{_anchor(task)}">{escape(task.name)}</a>' for task in of_app)
    return f"<h2>{escape(app)}</h2>\n<p class=index>{links}</p>"


def _section(app: str, of_app: list[BuiltInTask]) -> str:
    return f"<h2>{escape(app)}</h2>\n" + "\n".join(map(_article, of_app))


def _article(task: BuiltInTask) -> str:
    paragraphs = "".join(f"<p>{_prose(part)}</p>" for part in task.description.split("\n\n"))
    actor = f", actor {task.actor}" if task.actor == "job" else ""
    location = "" if task.location == "Application" else f", {task.location}"
    incoming = [f"<code>{escape(name)}</code> {_prose(task.meanings.get(name, ''))}" for name in task.incoming]
    outgoing = [f"<code>{escape(name)}</code>" for name in task.outgoing]
    if task.more_outgoing:
        outgoing.append("those that the document names")
    return (
        f'<article id="{_anchor(task)}">'
        f"<h3>{escape(task.name)}</h3><small>{_DOERS[task.type]}{escape(actor + location)}</small>{paragraphs}"
        f"<dl>{_values('incoming', incoming)}{_values('outgoing', outgoing)}</dl></article>"
    )


def _values(title: str, entries: list[str]) -> str:
    return f"<dt>{title}</dt>" + "".join(f"<dd>{entry}</dd>" for entry in entries or ["none"])


def _prose(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text))


def _anchor(task: BuiltInTask) -> str:
    return escape(f"{task.app}.{task.name}".replace(" ", "-"))
