"""The path table of the REST door."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...models.errors import Problem
from ...resolvers.yard import Yard
from .envelope import failed, succeeded
from .operations import Refused, run
from .start_request import read_start_request


async def start_job(request: Request) -> Response:
    """POST /operations-manager/jobs/start"""
    yard: Yard = request.app.state.yard
    try:
        variables = read_start_request(await request.body())
        key = request.headers.get("idempotency-key")
        job = await run(yard, "start_job", {**variables, "idempotencyKey": key})
    except (Problem, Refused) as trouble:
        return failed(trouble, vendor_status=yard.settings.vendor_status)
    return succeeded("Successfully started job", job["documented"])


async def get_job(request: Request) -> Response:
    """GET /operations-manager/jobs/{id}"""
    yard: Yard = request.app.state.yard
    try:
        job = await run(yard, "get_job", {"id": request.path_params["id"]})
    except Refused as trouble:
        return failed(trouble, vendor_status=yard.settings.vendor_status)
    return succeeded("Successfully retrieved item", job["documented"])


def rest_routes() -> list[Route]:
    return [
        Route("/operations-manager/jobs/start", start_job, methods=["POST"]),
        Route("/operations-manager/jobs/{id}", get_job, methods=["GET"]),
    ]
