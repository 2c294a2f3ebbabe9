"""The documented routes of the server's health and metrics, without the envelope."""

from typing import Final

from ...models.json import Json, JsonObject
from ..rest.query_parameters import PAIRED
from ..rest.route import ANY_OBJECT, RESULTS, Answer, Given, RestRoute, bare, nothing, results


def _release(found: Json) -> Answer:
    return Answer(found["release"])


def _pairs(given: Given) -> JsonObject:
    return {"query": given.query}


def _named(given: Given) -> JsonObject:
    return {"name": given.path["name"]}


ROUTES: Final = (
    RestRoute("GET", "/health/server", "server_health", "", nothing, answer=bare, response=ANY_OBJECT),
    RestRoute("GET", "/health/system", "system_health", "", nothing, answer=bare, response=ANY_OBJECT),
    RestRoute("GET", "/health/status", "health_status", "", nothing, answer=bare, response=ANY_OBJECT),
    RestRoute(
        "GET", "/health/applications", "applications_health", "", _pairs, query=PAIRED, answer=bare, response=RESULTS,
    ),
    RestRoute("GET", "/health/applications/{name}", "application_health", "", _named, answer=bare, response=ANY_OBJECT),
    RestRoute("GET", "/health/adapters", "adapters_health", "", _pairs, query=PAIRED, answer=bare, response=RESULTS),
    RestRoute("GET", "/health/adapters/{name}", "adapter_health", "", _named, answer=bare, response=ANY_OBJECT),
    RestRoute("GET", "/version", "server_health", "", nothing, answer=_release, response={"type": "string"}),
    RestRoute(
        "GET", "/workflow_engine/jobs/metrics", "job_metrics", "", _pairs, query=PAIRED, answer=results,
        response=RESULTS,
    ),
    RestRoute(
        "GET", "/workflow_engine/tasks/metrics", "task_metrics", "", _pairs, query=PAIRED, answer=results,
        response=RESULTS,
    ),
    RestRoute("GET", "/workflow_engine/workers/status", "worker_status", "", nothing, answer=bare, response=ANY_OBJECT),
)  # fmt: skip
