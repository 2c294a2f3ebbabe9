"""Settings, components and indexes of the server, for auditing tools."""

from typing import Annotated

import strawberry

from ...resolvers.server import components, prometheus
from ...resolvers.server import indexes as server_indexes
from ..auth.authorization import requires
from ..context import RequestInfo
from ..scalars import JSON

PartName = Annotated[str, strawberry.argument(description="The name of the component.")]


@strawberry.type
class ServerQueries:
    @strawberry.field(
        extensions=requires("getServerHealth"),
        description="The settings of the server as GET /server/config returns settings, without secrets. Sizes "
        "are in bytes, times in milliseconds.",
    )
    def server_settings(self, info: RequestInfo) -> JSON:
        return components.settings(info.context["services"])

    @strawberry.field(
        extensions=requires("getApplicationsHealth"),
        description="The applications of the built-in tasks as GET /applications returns applications.",
    )
    def applications(self) -> JSON:
        return components.applications()

    @strawberry.field(
        extensions=requires("getAdaptersHealth"),
        description="The adapters of the providers file as GET /adapters returns adapters, without settings.",
    )
    def adapters(self, info: RequestInfo) -> JSON:
        return components.adapters(info.context["services"])

    @strawberry.field(
        extensions=requires("getApplicationHealth"),
        description="An application as GET /applications returns applications.",
    )
    def application(self, name: PartName) -> JSON | None:
        return components.application(name)

    @strawberry.field(
        extensions=requires("getAdapterHealth"), description="An adapter as GET /adapters returns adapters."
    )
    def adapter(self, info: RequestInfo, name: PartName) -> JSON | None:
        return components.adapter(info.context["services"], name)

    @strawberry.field(
        extensions=requires("getAppsAndAdapters"),
        description="The applications and adapters of tasks, as GET /automation-studio/apps/list returns the list.",
    )
    def apps_and_adapters(self, info: RequestInfo) -> JSON:
        return [*components.apps_and_adapters(info.context["services"])]

    @strawberry.field(
        extensions=requires("getServerHealth"),
        description="The metrics for monitoring in Prometheus' text format, as GET /prometheus_metrics returns "
        "the metrics.",
    )
    async def prometheus_metrics(self, info: RequestInfo) -> str:
        return await prometheus.metrics(info.context["services"])

    @strawberry.field(
        extensions=requires("all"),
        description="The tags of the server: always empty, since this server has no tags of its own.",
    )
    def tags(self) -> list[JSON]:
        return []

    @strawberry.field(
        extensions=requires("getComponentGroups"),
        description="The component groups of the server: always empty. Projects group documents on this server.",
    )
    def component_groups(self) -> list[JSON]:
        return []

    @strawberry.field(
        extensions=requires("getIndexes"),
        description="The definitions of the indexes that this server needs, by collection.",
    )
    def indexes(self) -> JSON:
        return server_indexes.wanted()

    @strawberry.field(
        extensions=requires("checkMultipleIndexes"),
        description="The indexes of collections: `present`, and `missing` for indexes that this server needs "
        "and a collection lacks.",
    )
    async def index_status(
        self,
        info: RequestInfo,
        collections: Annotated[
            list[str],
            strawberry.argument(description=f"Names of collections, at most {server_indexes.MOST_COLLECTIONS}."),
        ],
    ) -> JSON:
        return await server_indexes.status(info.context["services"], collections)
