"""Compresses answers with gzip, where that tells nobody what is in them.

The length of a compressed answer depends on what its parts have in common. A page of another site that makes a browser
ask in the name of who is signed in, with a guess in the request, and sees how long the answer is on its way, finds a
secret in it guess by guess (BREACH). So who asks with what a browser adds by itself, a cookie or Basic authentication,
gets compressed answers only where the browser says that a page of ours asks. Nobody gets none, and what streams is sent
as it comes.
"""

from starlette.datastructures import Headers
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from ..models.access import NOBODY
from .accepting import MULTIPART
from .asking import Asking

SMALLEST = 1024  # bytes that are worth it
LEVEL = 4  # a megabyte takes 15 ms, and is left with a tenth


class Compressing:
    """ASGI middleware, behind the one that knows who asks. What is over 128 KB is compressed beside the event loop."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressed = GZipMiddleware(
            app,
            minimum_size=SMALLEST,
            compresslevel=LEVEL,
            exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, MULTIPART),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _may_compress(scope["asking"], Headers(scope=scope)):
            await self._compressed(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _may_compress(asking: Asking, headers: Headers) -> bool:
    if asking.caller is NOBODY or not takes_gzip(headers):
        return False
    return not asking.ambient or headers.get("sec-fetch-site") == "same-origin"


def takes_gzip(headers: Headers) -> bool:
    """Whether it is named, and not with the weight 0."""
    weights: dict[str, str] = {}
    for one in ",".join(headers.getlist("accept-encoding")).lower().split(","):
        coding, _, weight = one.partition(";")
        weights[coding.strip()] = weight.replace(" ", "").removeprefix("q=") or "1"
    weight = weights.get("gzip", "0")
    try:
        return float(weight) > 0
    except ValueError:
        return False
