"""Paths as clients write them: with doubled slashes, a slash at the end, or names with slashes."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, unquote_to_bytes

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

ENCODED = "\ud800"  # stands for a slash in a name: no text that was decoded from UTF-8 has a lone surrogate
NAMED = "jobyard.named_path"


@dataclass(frozen=True)
class NamedPath:
    """The segments of a path, decoded one by one, with ENCODED for each slash inside a segment.

    Doubled slashes, and a slash at the end, lead to empty segments.
    """

    segments: tuple[str, ...]

    @property
    def documented(self) -> str:
        return "/" + "/".join(filter(None, self.segments))


class DocumentedPaths:
    """ASGI middleware. `scope["path"]` does not distinguish slashes in names; `scope[NAMED]` does, where not None."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            raw_path = _raw_path(scope)
            segments = [segment for segment in raw_path.split("/") if segment]
            scope["path"] = _replace_alias("/" + "/".join(map(unquote, segments)))
            scope[NAMED] = named_path(raw_path)
        await self._app(scope, receive, send)


def named_path(raw_path: str) -> NamedPath | None:
    """The segments of a percent-encoded path; None for a path that is not UTF-8."""
    try:
        segments = [unquote_to_bytes(segment).decode().replace("/", ENCODED) for segment in raw_path.split("/")]
    except UnicodeError:
        return None
    while segments and not segments[0]:
        del segments[0]
    segments[:1] = map(_alias, segments[:1])
    return NamedPath(tuple(segments))


def _replace_alias(path: str) -> str:
    first, slash, rest = path[1:].partition("/")
    return f"/{_alias(first)}{slash}{rest}"


def _alias(application: str) -> str:
    return application.replace("operations_manager", "operations-manager")


def _raw_path(scope: Scope) -> str:
    """The path as sent by the client. ASGI does not require `raw_path`, and a mounting application may have changed the
    path: then the result is the decoded path, in which every slash separates segments."""
    raw: bytes = scope.get("raw_path") or b""
    raw_path = raw.partition(b"?")[0].decode("latin-1")
    return raw_path if unquote(raw_path) == scope["path"] else quote(scope["path"], errors="replace")


UNCLEAR: Final = "jobyard.unclear_path"  # whether the path of the request has more than one reading, in the scope
_NAME = re.compile(r"\{(name|source)\}")


class NamedRoute(Route):
    """Reads every parameter as one segment, with encoded slashes."""

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
        """Whether the name has more than one reading; `marked` are the parameters with ENCODED."""
        found = _NAME.search(self.path_format)
        if found is None:
            return False
        rest = list(named.segments)
        for _ in self.path_format[: found.start()].strip("/").split("/"):
            while not rest.pop(0):
                pass
        return "" in rest[: marked[found[1]].count("/") + 2]


class SpanningRoute(NamedRoute):
    """Reads a name over several segments. `rivals` are all spanning routes, this route included."""

    def __init__(
        self, path: str, endpoint: Callable[[Request], Awaitable[Response]], *, methods: list[str], name: str
    ) -> None:
        super().__init__(_NAME.sub(r"{\1:path}", path), endpoint, methods=methods, name=name)
        self.rivals: Sequence[SpanningRoute] = ()

    def is_unclear(self, named: NamedPath, marked: dict[str, str]) -> bool:
        path = named.documented
        matching = [rival for rival in self.rivals if rival.methods == self.methods and rival.path_regex.match(path)]
        return len(matching) > 1 or super().is_unclear(named, marked)


def has_name(path: str) -> bool:
    return _NAME.search(path) is not None
