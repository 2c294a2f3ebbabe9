"""The path table of the REST door."""

from starlette.routing import Route

from . import jobs, steering, tasks

ROUTES = (*jobs.ROUTES, *steering.ROUTES, *tasks.ROUTES)


def rest_routes() -> list[Route]:
    return [route.starlette for route in ROUTES]
