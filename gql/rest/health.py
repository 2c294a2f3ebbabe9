"""The documented routes of the server's health, without the envelope."""

from typing import Final

from ...models.json import Json
from .route import Answer, RestRoute, bare, nothing
from .shapes import ANY_OBJECT, RESULTS


def _release(found: Json) -> Answer:
    return Answer(found["release"])


ROUTES: Final = (
    RestRoute("GET", "/health/server", "server_health", "", nothing, answer=bare, response=ANY_OBJECT),
    RestRoute("GET", "/health/system", "system_health", "", nothing, answer=bare, response=ANY_OBJECT),
    RestRoute("GET", "/health/status", "health_status", "", nothing, answer=bare, response=ANY_OBJECT),
    RestRoute("GET", "/health/applications", "applications_health", "", nothing, answer=bare, response=RESULTS),
    RestRoute("GET", "/health/adapters", "adapters_health", "", nothing, answer=bare, response=RESULTS),
    RestRoute("GET", "/version", "server_health", "", nothing, answer=_release, response={"type": "string"}),
)
