"""The path table of the REST door."""

from starlette.routing import Route

from . import (
    assets,
    authorization,
    automations,
    catalogue,
    health,
    jobs,
    legacy,
    programs,
    projects,
    server,
    sign_in,
    steering,
    tasks,
    workflow_groups,
    workflows,
)
from .named_route import NamedRoute, SpanningRoute, has_name

ROUTES = (
    *jobs.ROUTES,
    *steering.ROUTES,
    *tasks.ROUTES,
    *workflows.ROUTES,
    *workflow_groups.ROUTES,
    *projects.ROUTES,
    *assets.ROUTES,
    *catalogue.ROUTES,
    *automations.ROUTES,
    *legacy.ROUTES,
    *health.ROUTES,
    *server.ROUTES,
    *authorization.ROUTES,
    *programs.ROUTES,
)

_STARTING = ("start_job", "run_endpoint_trigger", "run_manual_trigger")  # operations


def starting_paths() -> tuple[str, ...]:
    """How the paths of the routes begin that start jobs."""
    return tuple(route.path.partition("{")[0] for route in ROUTES if route.operation in _STARTING)


def rest_routes() -> list[Route]:
    """A name that is one segment comes before one that spans several: it has been written as it should be."""
    spanning = [route.route(SpanningRoute) for route in ROUTES if has_name(route.path)]
    for one in spanning:
        one.rivals = spanning
    return [*sign_in.ROUTES, *(route.route(NamedRoute) for route in ROUTES), *spanning]
