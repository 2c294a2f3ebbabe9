"""The files of the console and the playground, as browsers keep them: with ETags, compressed, and for how long."""

import gzip
import os
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from .build_console import BUILT
from .compressing import SMALLEST, takes_gzip

ASSETS = BUILT / "assets"  # their names have the hashes of what is in them
FOR_EVER = "public, max-age=31536000, immutable"
LOOK_FIRST = "no-cache"  # keep it, and ask with its ETag whether it is still the same
LEVEL = 9  # once for each file
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
            content = gzip.compress(path.read_bytes(), LEVEL, mtime=0)
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
