"""The playground: GraphiQL, served by ourselves, so that it works without a network."""

from importlib.resources import files
from pathlib import Path

from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

STATIC = Path(str(files(__package__) / "static"))
PAGE = STATIC / "graphiql.html"
VENDOR = STATIC / "vendor"

_MISSING = """<!doctype html>
<title>jobyard</title>
<p>The playground's files are not installed. <code>make setup</code> fetches them; the GraphQL API works without them.</p>
"""


def playground_page() -> str:
    """The page, or a word on how to get its files."""
    return PAGE.read_text() if VENDOR.is_dir() else _MISSING


def playground_routes() -> list[BaseRoute]:
    return [Mount("/static", StaticFiles(directory=STATIC), name="static")]
