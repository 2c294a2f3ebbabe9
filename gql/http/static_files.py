"""Static files of console and playground with ETags, and the compression of answers."""

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
from ..auth.authentication import Authentication
from ..web.build import BUILT
from .negotiation import MULTIPART

SMALLEST = 1024  # bytes that are worth a compression
ANSWER_LEVEL = 4  # a megabyte takes 15 ms and shrinks to a tenth


class CompressionMiddleware:
    """ASGI middleware behind authentication. A thread compresses answers of more than 128 KB."""

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
    """Whether Accept-Encoding names gzip with a weight above 0."""
    weights: dict[str, str] = {}
    for entry in ",".join(headers.getlist("accept-encoding")).lower().split(","):
        coding, _, weight = entry.partition(";")
        weights[coding.strip()] = weight.replace(" ", "").removeprefix("q=") or "1"
    weight = weights.get("gzip", "0")
    try:
        return float(weight) > 0
    except ValueError:
        return False


ASSETS = BUILT / "assets"  # names of these files contain hashes of the contents
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"  # clients validate a cached file by ETag before each use
FILE_LEVEL = 9  # for a compression that happens once for each file
_TEXTS = (".js", ".css", ".html", ".svg", ".json", ".txt", ".LICENSE")


class CompressedFiles(StaticFiles):
    """Compresses each file at the first request and caches the result in memory, since anonymous callers may request
    files.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory)
        self._compressed: dict[str, tuple[str, bytes]] = {}  # path -> ETag of the plain file, compressed content

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if not isinstance(response, FileResponse):
            return response
        file, headers = Path(response.path), Headers(scope=scope)
        cache_headers = {"cache-control": IMMUTABLE if ASSETS in file.parents else REVALIDATE}
        if file.suffix in _TEXTS and int(response.headers["content-length"]) >= SMALLEST:
            cache_headers["vary"] = "accept-encoding"
            if takes_gzip(headers) and "range" not in headers:
                response = await to_thread.run_sync(self._compress, file, response)
        response.headers.update(cache_headers)
        if self.is_not_modified(response.headers, headers):
            return NotModifiedResponse(response.headers)
        return response

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The whole file; `get_response` decides about 304 once the coding is known."""
        return FileResponse(full_path, status_code=status_code, stat_result=stat_result)

    def _compress(self, path: Path, plain: Response) -> Response:
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
