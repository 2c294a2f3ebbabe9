"""The health of the server: as clients ask for it, and as load balancers probe it."""

from typing import Annotated, TypeAlias, cast

import strawberry
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from ...models.json import JsonObject, is_object
from ...resolvers.jobs import metrics
from ...resolvers.server import health
from ...resolvers.server.health import unready
from ..auth.permissions import requires
from ..context import RequestInfo
from ..fields import DocumentedList, as_documented_list
from ..scalars import JSON

Limit: TypeAlias = Annotated[int, strawberry.argument(description="How many at most: 0 to 1000.")]
Skip: TypeAlias = Annotated[int, strawberry.argument(description="How many are left out before them.")]
Name: TypeAlias = Annotated[str, strawberry.argument(description="The `id` in the list of all of them.")]
Pairs: TypeAlias = Annotated[
    JSON | None,
    strawberry.argument(
        description="The query parameters of the documented route, `{equalsField: ..., equals: ...}` for example: "
        "equals, contains, startsWith, greaterThan, greaterThanEquals, lessThan and lessThanEquals, sort, order, limit "
        "and skip."
    ),
]


@strawberry.type
class HealthQueries:
    @strawberry.field(
        extensions=requires("getServerHealth"),
        description="The process as GET /health/server answers it: versions, memory, uptime.",
    )
    def server_health(self, info: RequestInfo) -> JSON:
        return cast(JSON, health.server(info.context["services"]))

    @strawberry.field(
        extensions=requires("getSystemHealth"), description="The machine as GET /health/system answers it."
    )
    def system_health(self) -> JSON:
        return cast(JSON, health.system())

    @strawberry.field(
        extensions=requires("getServerHealth"),
        description="What the server needs, and whether it runs, as GET /health/status answers it.",
    )
    async def health_status(self, info: RequestInfo) -> JSON:
        return cast(JSON, await health.status(info.context["services"]))

    @strawberry.field(
        extensions=requires("getApplicationsHealth"),
        description="The applications of the built-in tasks as GET /health/applications answers them.",
    )
    def applications_health(self, info: RequestInfo, query: Pairs = None) -> JSON:
        return cast(JSON, health.applications(info.context["services"], _pairs(query)))

    @strawberry.field(
        extensions=requires("getApplicationHealth"),
        description="One of them. An unknown name is an error of code PART_NOT_FOUND.",
    )
    def application_health(self, info: RequestInfo, name: Name) -> JSON:
        return cast(JSON, health.application(info.context["services"], name))

    @strawberry.field(
        extensions=requires("getAdaptersHealth"),
        description="The adapters of the providers file as GET /health/adapters answers them.",
    )
    def adapters_health(self, info: RequestInfo, query: Pairs = None) -> JSON:
        return cast(JSON, health.adapters(info.context["services"], _pairs(query)))

    @strawberry.field(
        extensions=requires("getAdapterHealth"),
        description="One of them. An unknown name is an error of code PART_NOT_FOUND.",
    )
    def adapter_health(self, info: RequestInfo, name: Name) -> JSON:
        return cast(JSON, health.adapter(info.context["services"], name))

    @strawberry.field(
        extensions=requires("getJobMetrics"),
        description="What the complete jobs of each workflow came to, by the day (UTC) and all together. Times are in "
        "milliseconds.",
    )
    async def job_metrics(
        self, info: RequestInfo, limit: Limit = 25, skip: Skip = 0, query: Pairs = None
    ) -> DocumentedList:
        asked: JsonObject = {"limit": limit, "skip": skip, **_pairs(query)}
        return as_documented_list(await metrics.job_metrics(info.context["caller"], asked))

    @strawberry.field(
        extensions=requires("getTaskMetrics"),
        description="How often each task of a workflow ended with success, failure and error, and with `global` each "
        "method in all workflows. Times are in milliseconds.",
    )
    async def task_metrics(
        self, info: RequestInfo, limit: Limit = 25, skip: Skip = 0, query: Pairs = None
    ) -> DocumentedList:
        asked: JsonObject = {"limit": limit, "skip": skip, **_pairs(query)}
        return as_documented_list(await metrics.task_metrics(info.context["caller"], asked))

    @strawberry.field(
        extensions=requires("getWorkerStatuses"),
        description="Whether jobs and tasks are worked, as GET /workflow_engine/workers/status answers it.",
    )
    def worker_status(self, info: RequestInfo) -> JSON:
        return cast(JSON, metrics.workers(info.context["services"]))


def _pairs(query: JSON | None) -> JsonObject:
    return query if is_object(query) else {}


_FRESH = {"cache-control": "no-store"}


def probe_routes() -> list[BaseRoute]:
    return [Route("/healthz", show_life), Route("/readyz", show_readiness)]


async def show_life(request: Request) -> Response:
    return PlainTextResponse("ok", headers=_FRESH)


async def show_readiness(request: Request) -> Response:
    """503 with the reason where it would serve nobody well."""
    reason = unready(request.app.state.services)
    return PlainTextResponse(reason or "ok", 503 if reason else 200, headers=_FRESH)
