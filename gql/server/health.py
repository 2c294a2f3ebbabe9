"""The health of the server, for clients and for the probes of load balancers."""

from typing import Annotated, TypeAlias

import strawberry
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from ...models.json import JsonObject, is_object
from ...resolvers.jobs import metrics
from ...resolvers.server import health
from ...resolvers.server.health import unready
from ..auth.authorization import requires
from ..context import RequestInfo
from ..fields import DocumentedList, as_documented_list
from ..scalars import JSON

Limit: TypeAlias = Annotated[int, strawberry.argument(description="The largest number of entries, 0 to 1000.")]
Skip: TypeAlias = Annotated[int, strawberry.argument(description="The number of entries to skip.")]
Name: TypeAlias = Annotated[str, strawberry.argument(description="The `id` of the component in the list.")]
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
        description="The server process as in GET /health/server: versions, memory, uptime.",
    )
    def server_health(self, info: RequestInfo) -> JSON:
        return health.server(info.context["services"])

    @strawberry.field(
        extensions=requires("getSystemHealth"), description="The machine of the server as in GET /health/system."
    )
    def system_health(self) -> JSON:
        return health.system()

    @strawberry.field(
        extensions=requires("getServerHealth"),
        description="The services that the server depends on, and whether each runs, as in GET /health/status.",
    )
    async def health_status(self, info: RequestInfo) -> JSON:
        return await health.status(info.context["services"])

    @strawberry.field(
        extensions=requires("getApplicationsHealth"),
        description="The health of the applications of the built-in tasks, as in GET /health/applications.",
    )
    def applications_health(self, info: RequestInfo, query: Pairs = None) -> JSON:
        return health.applications(info.context["services"], _query_object(query))

    @strawberry.field(
        extensions=requires("getApplicationHealth"),
        description="The health of an application. An unknown name is an error of code PART_NOT_FOUND.",
    )
    def application_health(self, info: RequestInfo, name: Name) -> JSON:
        return health.application(info.context["services"], name)

    @strawberry.field(
        extensions=requires("getAdaptersHealth"),
        description="The health of the adapters of the providers file, as in GET /health/adapters.",
    )
    def adapters_health(self, info: RequestInfo, query: Pairs = None) -> JSON:
        return health.adapters(info.context["services"], _query_object(query))

    @strawberry.field(
        extensions=requires("getAdapterHealth"),
        description="The health of an adapter. An unknown name is an error of code PART_NOT_FOUND.",
    )
    def adapter_health(self, info: RequestInfo, name: Name) -> JSON:
        return health.adapter(info.context["services"], name)

    @strawberry.field(
        extensions=requires("getJobMetrics"),
        description="Metrics of the complete jobs of each workflow, by day (UTC) and in total. Times are in "
        "milliseconds.",
    )
    async def job_metrics(
        self, info: RequestInfo, limit: Limit = 25, skip: Skip = 0, query: Pairs = None
    ) -> DocumentedList:
        parameters: JsonObject = {"limit": limit, "skip": skip, **_query_object(query)}
        return as_documented_list(await metrics.job_metrics(info.context["caller"], parameters))

    @strawberry.field(
        extensions=requires("getTaskMetrics"),
        description="Counts of success, failure and error of each task of a workflow; with `global`, of each "
        "method over all workflows. Times are in milliseconds.",
    )
    async def task_metrics(
        self, info: RequestInfo, limit: Limit = 25, skip: Skip = 0, query: Pairs = None
    ) -> DocumentedList:
        parameters: JsonObject = {"limit": limit, "skip": skip, **_query_object(query)}
        return as_documented_list(await metrics.task_metrics(info.context["caller"], parameters))

    @strawberry.field(
        extensions=requires("getWorkerStatuses"),
        description="Whether the workers for jobs and tasks are active, as in GET /workflow_engine/workers/status.",
    )
    def worker_status(self, info: RequestInfo) -> JSON:
        return metrics.workers(info.context["services"])


def _query_object(query: JSON | None) -> JsonObject:
    return query if is_object(query) else {}


_FRESH = {"cache-control": "no-store"}


def probe_routes() -> list[BaseRoute]:
    return [Route("/healthz", show_life), Route("/readyz", show_readiness)]


async def show_life(request: Request) -> Response:
    return PlainTextResponse("ok", headers=_FRESH)


async def show_readiness(request: Request) -> Response:
    """503 with the reason while the server is not ready."""
    reason = unready(request.app.state.services)
    return PlainTextResponse(reason or "ok", 503 if reason else 200, headers=_FRESH)
