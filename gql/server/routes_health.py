"""The documented routes of the server's health and metrics, without the envelope."""

from typing import Final

from ...models.json import Json, is_object
from ..rest.query_parameters import PAIRED
from ..rest.route import (
    ANY_OBJECT,
    RESULTS,
    Answer,
    RestRoute,
    name_variable,
    no_variables,
    query_variable,
    result_page,
    unchanged,
)


def _release_text(found: Json) -> Answer:
    return Answer(found["release"] if is_object(found) else None)


ROUTES: Final = (
    RestRoute("GET", "/health/server", "server_health", "", no_variables, answer=unchanged, response=ANY_OBJECT),
    RestRoute("GET", "/health/system", "system_health", "", no_variables, answer=unchanged, response=ANY_OBJECT),
    RestRoute("GET", "/health/status", "health_status", "", no_variables, answer=unchanged, response=ANY_OBJECT),
    RestRoute(
        "GET", "/health/applications", "applications_health", "", query_variable, query=PAIRED, answer=unchanged,
        response=RESULTS,
    ),
    RestRoute(
        "GET", "/health/applications/{name}", "application_health", "", name_variable, answer=unchanged,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "GET", "/health/adapters", "adapters_health", "", query_variable, query=PAIRED, answer=unchanged,
        response=RESULTS,
    ),
    RestRoute(
        "GET", "/health/adapters/{name}", "adapter_health", "", name_variable, answer=unchanged, response=ANY_OBJECT,
    ),
    RestRoute("GET", "/version", "server_health", "", no_variables, answer=_release_text, response={"type": "string"}),
    RestRoute(
        "GET", "/workflow_engine/jobs/metrics", "job_metrics", "", query_variable, query=PAIRED, answer=result_page,
        response=RESULTS,
    ),
    RestRoute(
        "GET", "/workflow_engine/tasks/metrics", "task_metrics", "", query_variable, query=PAIRED, answer=result_page,
        response=RESULTS,
    ),
    RestRoute(
        "GET", "/workflow_engine/workers/status", "worker_status", "", no_variables, answer=unchanged,
        response=ANY_OBJECT,
    ),
)  # fmt: skip
