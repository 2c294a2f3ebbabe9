"""The documented routes of the server's health and of what it did so far, without the envelope."""

from typing import Final

from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject
from .query_parameters import PAGE
from .route import Answer, Given, RestRoute, bare, nothing
from .shapes import ANY_OBJECT, RESULTS, results


def _release(found: Json) -> Answer:
    return Answer(found["release"])


def _window(given: Given) -> JsonObject:
    return {name: _number(name, given.query[name]) for name in ("limit", "skip") if name in given.query}


def _number(name: str, text: Json) -> int:
    if not isinstance(text, str) or not text.isdecimal() or len(text) > 9:
        message = "must be a whole number of at most 9 digits"
        raise RequestInvalid([Fault("type", f"/{name}", f"#/{name}/type", message)])
    return int(text)


ROUTES: Final = (
    RestRoute("GET", "/health/server", "server_health", "", nothing, answer=bare, response=ANY_OBJECT),
    RestRoute("GET", "/health/system", "system_health", "", nothing, answer=bare, response=ANY_OBJECT),
    RestRoute("GET", "/health/status", "health_status", "", nothing, answer=bare, response=ANY_OBJECT),
    RestRoute("GET", "/health/applications", "applications_health", "", nothing, answer=bare, response=RESULTS),
    RestRoute("GET", "/health/adapters", "adapters_health", "", nothing, answer=bare, response=RESULTS),
    RestRoute("GET", "/version", "server_health", "", nothing, answer=_release, response={"type": "string"}),
    RestRoute(
        "GET", "/workflow_engine/jobs/metrics", "job_metrics", "", _window, query=PAGE, answer=results, response=RESULTS
    ),
    RestRoute(
        "GET", "/workflow_engine/tasks/metrics", "task_metrics", "", _window, query=PAGE, answer=results,
        response=RESULTS,
    ),
    RestRoute("GET", "/workflow_engine/workers/status", "worker_status", "", nothing, answer=bare, response=ANY_OBJECT),
)  # fmt: skip
