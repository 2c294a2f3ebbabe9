"""The path table of the REST door."""

from starlette.routing import Route

from . import automations, health, jobs, legacy, steering, tasks, workflows

ROUTES = (
    *jobs.ROUTES,
    *steering.ROUTES,
    *tasks.ROUTES,
    *workflows.ROUTES,
    *automations.ROUTES,
    *legacy.ROUTES,
    *health.ROUTES,
)


def rest_routes() -> list[Route]:
    return [route.starlette for route in ROUTES]
