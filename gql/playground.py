"""The playground: GraphiQL, served by ourselves, so that it works without a network."""

from pathlib import Path

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"
PAGE = STATIC / "graphiql.html"
VENDOR = STATIC / "vendor"

_MISSING = """<!doctype html>
<title>jobyard</title>
<p>The playground is not installed: <code>make setup</code> fetches its files. The GraphQL API works without it.</p>
"""


def playground_page() -> str:
    """The page, or a word on how to get its files."""
    return PAGE.read_text() if VENDOR.is_dir() else _MISSING


def playground_routes() -> list[BaseRoute]:
    return [Mount("/static", StaticFiles(directory=STATIC), name="static")]
