"""/healthz and /readyz, for load balancers and supervisors: who asks is not asked who they are.

They say a word and nothing of what is here, so they are for every page and under every name. Neither asks the database.
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from ..resolvers.health import unready

_FRESH = {"cache-control": "no-store"}


def probe_routes() -> list[BaseRoute]:
    return [Route("/healthz", show_life), Route("/readyz", show_readiness)]


async def show_life(request: Request) -> Response:
    return PlainTextResponse("ok", headers=_FRESH)


async def show_readiness(request: Request) -> Response:
    """503 with the reason where it would serve nobody well."""
    reason = unready(request.app.state.yard)
    return PlainTextResponse(reason or "ok", 503 if reason else 200, headers=_FRESH)
