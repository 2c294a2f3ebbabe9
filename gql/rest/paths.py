"""Paths as today's clients spell them: doubled slashes, a slash at the end, an underscore in the application's name.

They are read as if they were spelled as documented. A redirect would not do: those clients take it for an error.
"""

import re

from starlette.types import ASGIApp, Receive, Scope, Send

_SLASHES = re.compile(r"/{2,}")


class DocumentedPaths:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            scope["path"] = documented_path(scope["path"])
        await self._app(scope, receive, send)


def documented_path(path: str) -> str:
    path = _SLASHES.sub("/", path)
    if len(path) > 1:
        path = path.removesuffix("/")
    first, slash, rest = path[1:].partition("/")
    return f"/{first.replace('operations_manager', 'operations-manager')}{slash}{rest}"
