"""The path table of the REST door."""

from starlette.routing import Route

from . import (
    authorization,
    automations,
    health,
    jobs,
    legacy,
    programs,
    server,
    sign_in,
    steering,
    tasks,
    workflow_groups,
    workflows,
)

ROUTES = (
    *jobs.ROUTES,
    *steering.ROUTES,
    *tasks.ROUTES,
    *workflows.ROUTES,
    *workflow_groups.ROUTES,
    *automations.ROUTES,
    *legacy.ROUTES,
    *health.ROUTES,
    *server.ROUTES,
    *authorization.ROUTES,
    *programs.ROUTES,
)


def rest_routes() -> list[Route]:
    return [*sign_in.ROUTES, *(route.starlette for route in ROUTES)]
