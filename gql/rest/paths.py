"""Paths as today's clients spell them: doubled slashes, a slash at the end, an underscore in the application's name.

They are read as if they were spelled as documented. A redirect would not do: those clients take it for an error. Only
the slashes between segments are such spellings; a percent-encoded one is part of a name (RFC 3986, 2.2).
"""

from dataclasses import dataclass
from urllib.parse import quote, unquote, unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

ENCODED = "\ud800"  # a slash that is part of a name: no text that was decoded from UTF-8 holds this
NAMED = "jobyard.named_path"


@dataclass(frozen=True)
class NamedPath:
    """The segments of a path as the caller wrote them, decoded one by one, with ENCODED for the slashes in them.

    Empty segments are those between doubled slashes, and the last one after a slash at the end.
    """

    segments: tuple[str, ...]

    @property
    def documented(self) -> str:
        return "/" + "/".join(filter(None, self.segments))


class DocumentedPaths:
    """ASGI middleware. `scope["path"]` has every slash alike; NAMED, where it is not None, tells them apart."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            written = _written(scope)
            segments = [segment for segment in written.split("/") if segment]
            scope["path"] = _aliased("/" + "/".join(map(unquote, segments)))
            scope[NAMED] = named_path(written)
        await self._app(scope, receive, send)


def named_path(written: str) -> NamedPath | None:
    """Of a percent-encoded path; None for one that is not UTF-8, which names nothing."""
    try:
        segments = [unquote_to_bytes(segment).decode().replace("/", ENCODED) for segment in written.split("/")]
    except UnicodeError:
        return None
    while segments and not segments[0]:
        del segments[0]
    segments[:1] = map(_alias, segments[:1])
    return NamedPath(tuple(segments))


def _aliased(path: str) -> str:
    first, slash, rest = path[1:].partition("/")
    return f"/{_alias(first)}{slash}{rest}"


def _alias(application: str) -> str:
    return application.replace("operations_manager", "operations-manager")


def _written(scope: Scope) -> str:
    """The path as it came. Servers need not tell (ASGI), and who mounts us may have changed it: then it is told from
    the decoded one, where every slash stands between segments."""
    raw: bytes = scope.get("raw_path") or b""
    written = raw.partition(b"?")[0].decode("latin-1")
    return written if unquote(written) == scope["path"] else quote(scope["path"], errors="replace")
