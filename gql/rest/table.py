"""The table of all REST routes, and of the documented routes that this server lacks."""

import re
from typing import Final

from starlette.routing import Route

from ..accounts import routes as accounts_routes
from ..accounts import routes_service_accounts
from ..assets import routes as assets_routes
from ..auth import routes as auth_routes
from ..automations import routes as automations_routes
from ..jobs import routes, routes_control, routes_legacy
from ..projects import routes as projects_routes
from ..server import routes as server_routes
from ..server import routes_health
from ..tasks import routes as tasks_routes
from ..tasks import routes_catalogue
from ..workflows import routes as workflows_routes
from ..workflows import routes_groups
from .paths import NamedRoute, SpanningRoute, has_name

ROUTES = (
    *routes.ROUTES,
    *routes_control.ROUTES,
    *tasks_routes.ROUTES,
    *workflows_routes.ROUTES,
    *routes_groups.ROUTES,
    *projects_routes.ROUTES,
    *assets_routes.ROUTES,
    *routes_catalogue.ROUTES,
    *automations_routes.ROUTES,
    *routes_legacy.ROUTES,
    *routes_health.ROUTES,
    *server_routes.ROUTES,
    *accounts_routes.ROUTES,
    *routes_service_accounts.ROUTES,
)

_STARTING = ("start_job", "run_endpoint_trigger", "run_manual_trigger")  # operations


def starting_paths() -> tuple[str, ...]:
    """The beginnings of the paths of routes that start jobs."""
    return tuple(route.path.partition("{")[0] for route in ROUTES if route.operation in _STARTING)


def rest_routes() -> list[Route]:
    """All routes. Routes whose names are single segments come before routes whose names span several segments."""
    spanning = [route.route(SpanningRoute) for route in ROUTES if has_name(route.path)]
    for route in spanning:
        route.rivals = spanning
    return [*auth_routes.ROUTES, *(route.route(NamedRoute) for route in ROUTES), *spanning]


_DEVICES: Final = "it works on devices, which this server does not do: their tasks need a provider"
_TAGS: Final = "tags are kept with the documents that carry them, and made nowhere else"
_AGENTS: Final = "agents are not run here: a workflow does what they would be asked for"
_GROUPS: Final = "there are no component groups: projects hold documents together"

# Whole paths, or beginnings of paths that end with `*`, with a verb where the server has other verbs. The first match
# counts.
UNSERVED: Final[tuple[tuple[str, str], ...]] = (
    ("/tags/*", _TAGS),
    ("/automation-studio/component-groups*", _GROUPS),
    ("/automation-studio/references-to", "references are found by `jobyard check` and validateWorkflow"),
    ("/automation-studio/json-forms/method-options", "forms are not edited here"),
    ("/automation-studio/projects/{}/thumbnail", "PATCH /automation-studio/projects/{id} takes the `thumbnail`"),
    ("POST /transformations/{}", "its body is documented nowhere: the task `transformation` runs one in a workflow"),
    ("/json-forms/decode", "its body is documented nowhere"),
    ("/json-forms/yangToSchema", "YANG models are not read here"),
    ("/json-forms/validate-data", "its body is documented nowhere: finishing a task checks the answer of its form"),
    ("/json-forms/validate-form/{}", "its body is documented nowhere: finishing a task checks the answer of its form"),
    ("/workflow_builder/workflows/schemas", "its answer is documented nowhere: a workflow brings its schemas"),
    ("/workflow_engine/query", "the task `query` does the same in a workflow"),
    ("/workflow_engine/runEvaluationGroup*", "the task `evaluation` does the same in a workflow"),
    ("/workflow_engine/diffToHTML", "pages are drawn by front ends"),
    ("/workflow_engine/workers/rate_limit", "JOBYARD_STARTS_AT_ONCE and JOBYARD_STARTS_WAITING bound the starts"),
    ("/operations-manager/large-data/{}", "large values stand in their jobs: GET /operations-manager/jobs/{id}"),
    ("/search/find", "each list has filters of its own"),
    ("/authorization/csv/export", "GET /authorization/accounts, groups and roles tell the same as JSON"),
    ("/configuration_manager/*", _DEVICES),
    ("/mop/*", _DEVICES),
    ("/lifecycle-manager/*", "resources are not managed here: a workflow does what their actions did"),
    ("/inventory_manager/*", _DEVICES),
    ("/gateway_manager/*", _DEVICES),
    ("/agent-project-service/*", _AGENTS),
    ("/agent-session-manager/*", _AGENTS),
    ("/adapters*", "adapters are set in the providers file"),
    ("/integrations*", "adapters are set in the providers file"),
    ("/integration-models*", "adapters are set in the providers file"),
    ("/adapter-models*", "adapters are set in the providers file"),
    ("/profiles*", "the server is set by its options and environment"),
    ("/prebuilts*", "`jobyard import` takes the artifact.json of a pre-built package"),
)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path).replace(re.escape("{}"), "[^/]+").replace(re.escape("*"), ".*"))


_PATTERNS: Final = tuple((_pattern(path), why) for path, why in UNSERVED)


def reason(verb: str, path: str) -> str:
    """The reason why this server lacks a documented route; empty for any other path."""
    candidates = (path, f"{verb} {path}")
    return next((why for pattern, why in _PATTERNS if any(map(pattern.fullmatch, candidates))), "")
