"""The path table of the REST door."""

from starlette.routing import Route

from . import authorization, jobs, sign_in, steering, tasks

ROUTES = (*jobs.ROUTES, *steering.ROUTES, *tasks.ROUTES, *authorization.ROUTES)


def rest_routes() -> list[Route]:
    return [*sign_in.ROUTES, *(route.starlette for route in ROUTES)]
