"""The playground: GraphiQL, served by ourselves, so that it works without a network."""

from starlette.routing import BaseRoute, Mount

from .fetch_playground import STATIC, is_fetched
from .static_files import CompressedFiles

PAGE = STATIC / "graphiql.html"
# Its own scripts alone, and this server alone to ask. No page of another site may show it in a frame, to have its
# buttons pressed.
PLAYGROUND_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
NO_PLAYGROUND = STATIC / "no_playground.html"


def playground_page() -> str:
    """The page, or one that says how to get its files; who gets them need not start the server again."""
    return (PAGE if is_fetched() else NO_PLAYGROUND).read_text()


def playground_routes() -> list[BaseRoute]:
    return [Mount("/static", CompressedFiles(STATIC), name="static")]
