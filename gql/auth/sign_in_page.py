"""The sign-in page, which an anonymous browser gets in place of any other page."""

from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

PAGE = Path(__file__).parents[1] / "static" / "sign_in.html"
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    "cache-control": "no-store",
    "www-authenticate": 'Bearer realm="jobyard"',
}


def wants_page(method: str, headers: Headers) -> bool:
    """Whether a browser requests a page: other programs do not accept HTML by name."""
    return method == "GET" and "text/html" in headers.get("accept", "")


def path_to_root(scope: Scope) -> str:
    """The relative path from the requested page to the root, as a browser counts segments: `../` for /help/rest."""
    written = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0]
    return "../" * (written.count(b"/") - 1) or "./"


def sign_in_page(scope: Scope) -> Response:
    """The page; after the sign-in, the page loads the requested page again."""
    page = PAGE.read_text().replace("<head>", f'<head><base href="{path_to_root(scope)}" />', 1)
    return HTMLResponse(page, 401, HEADERS)
