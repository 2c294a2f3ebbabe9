"""Paths as clients spell them: doubled slashes, a slash at the end, and names of authors that hold slashes."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, unquote_to_bytes

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
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


UNCLEAR: Final = "jobyard.unclear_path"  # in the scope of a request whose path has more than one reading
_NAME = re.compile(r"\{(name|source)\}")


class NamedRoute(Route):
    """Reads every parameter as one segment, the slashes that are encoded in it included."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        named: NamedPath | None = scope.get(NAMED)
        if scope["type"] != "http" or named is None:
            return Match.NONE, {}
        match, child = super().matches({**scope, "path": named.documented, "root_path": ""})
        if match is not Match.NONE:
            marked: dict[str, str] = child["path_params"]
            child["path_params"] = {key: value.replace(ENCODED, "/") for key, value in marked.items()}
            child[UNCLEAR] = self.is_unclear(named, marked)
        return match, child

    def is_unclear(self, named: NamedPath, marked: dict[str, str]) -> bool:
        """Whether the name could be another one; `marked` are the parameters with ENCODED in them."""
        found = _NAME.search(self.path_format)
        if found is None:
            return False
        rest = list(named.segments)
        for _ in self.path_format[: found.start()].strip("/").split("/"):
            while not rest.pop(0):
                pass
        return "" in rest[: marked[found[1]].count("/") + 2]


class SpanningRoute(NamedRoute):
    """Reads a name over as many segments as it has. `rivals` are all such routes, this one included."""

    def __init__(
        self, path: str, endpoint: Callable[[Request], Awaitable[Response]], *, methods: list[str], name: str
    ) -> None:
        super().__init__(_NAME.sub(r"{\1:path}", path), endpoint, methods=methods, name=name)
        self.rivals: Sequence[SpanningRoute] = ()

    def is_unclear(self, named: NamedPath, marked: dict[str, str]) -> bool:
        path = named.documented
        fitting = [one for one in self.rivals if one.methods == self.methods and one.path_regex.match(path)]
        return len(fitting) > 1 or super().is_unclear(named, marked)


def has_name(path: str) -> bool:
    return _NAME.search(path) is not None
