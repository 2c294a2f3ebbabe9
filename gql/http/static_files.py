"""The files of console and playground with ETags, and the compression of answers."""

import gzip
import os
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from ...models.visibility import ANONYMOUS
from ..auth.middleware import Authentication
from ..web.build import BUILT
from .negotiation import MULTIPART

SMALLEST = 1024  # bytes that are worth it
ANSWER_LEVEL = 4  # a megabyte takes 15 ms, and is left with a tenth


class Compressing:
    """ASGI middleware, behind the one that knows who asks. What is over 128 KB is compressed beside the event loop."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressed = GZipMiddleware(
            app,
            minimum_size=SMALLEST,
            compresslevel=ANSWER_LEVEL,
            exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, MULTIPART),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _may_compress(scope["authentication"], Headers(scope=scope)):
            await self._compressed(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _may_compress(authentication: Authentication, headers: Headers) -> bool:
    if authentication.caller is ANONYMOUS or not takes_gzip(headers):
        return False
    return not authentication.ambient or headers.get("sec-fetch-site") == "same-origin"


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


ASSETS = BUILT / "assets"  # their names have the hashes of what is in them
FOR_EVER = "public, max-age=31536000, immutable"
LOOK_FIRST = "no-cache"  # keep it, and ask with its ETag whether it is still the same
FILE_LEVEL = 9  # once for each file
_TEXTS = (".js", ".css", ".html", ".svg", ".json", ".txt", ".LICENSE")


class CompressedFiles(StaticFiles):
    """Each file is compressed once, when it is first asked for, and kept in memory: anybody may ask for them."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory)
        self._compressed: dict[str, tuple[str, bytes]] = {}  # with the ETag of what was compressed

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if not isinstance(response, FileResponse):
            return response
        file, headers = Path(response.path), Headers(scope=scope)
        kept = {"cache-control": FOR_EVER if ASSETS in file.parents else LOOK_FIRST}
        if file.suffix in _TEXTS and int(response.headers["content-length"]) >= SMALLEST:
            kept["vary"] = "accept-encoding"
            if takes_gzip(headers) and "range" not in headers:
                response = await to_thread.run_sync(self._packed, file, response)
        response.headers.update(kept)
        if self.is_not_modified(response.headers, headers):
            return NotModifiedResponse(response.headers)
        return response

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The whole file: what is not modified is said when it is known in which coding it is asked for."""
        return FileResponse(full_path, status_code=status_code, stat_result=stat_result)

    def _packed(self, path: Path, plain: Response) -> Response:
        etag = plain.headers["etag"]
        known, content = self._compressed.get(str(path), ("", b""))
        if known != etag:
            content = gzip.compress(path.read_bytes(), FILE_LEVEL, mtime=0)
            self._compressed[str(path)] = (etag, content)
        response = Response(content, plain.status_code, media_type=plain.media_type)
        response.headers.update(
            {
                "content-encoding": "gzip",
                "etag": f'{etag[:-1]}-gzip"',
                "last-modified": plain.headers["last-modified"],
            }
        )
        return response
