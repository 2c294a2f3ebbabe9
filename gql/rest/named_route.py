"""Routes with names of authors in their paths, which may have slashes in them.

Percent-encoded, such a name is one segment, and nothing else. A slash that is written as it is may be part of the name
as well, as long as there is one way to read the path: where a name has an empty segment beside it or in it, it may be
another one than the path that is read as documented says, and where two routes fit, another thing may be meant.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from .paths import ENCODED, NAMED, NamedPath

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
