"""Settings, components and indexes of the server, as auditing tools ask for them."""

from typing import Annotated, cast

import strawberry

from ...resolvers.server import components, prometheus
from ...resolvers.server import indexes as server_indexes
from ..auth.permissions import requires
from ..context import RequestInfo
from ..scalars import JSON

PartName = Annotated[str, strawberry.argument(description="Its name.")]


@strawberry.type
class ServerQueries:
    @strawberry.field(
        extensions=requires("getServerHealth"),
        description="The settings of the server as GET /server/config answers them, without secrets. Sizes are in "
        "bytes, times in milliseconds.",
    )
    def server_settings(self, info: RequestInfo) -> JSON:
        return cast(JSON, components.settings(info.context["services"]))

    @strawberry.field(
        extensions=requires("getApplicationsHealth"),
        description="The applications of the built-in tasks as GET /applications answers them.",
    )
    def applications(self) -> JSON:
        return cast(JSON, components.applications())

    @strawberry.field(
        extensions=requires("getAdaptersHealth"),
        description="The adapters of the providers file as GET /adapters answers them, without their settings.",
    )
    def adapters(self, info: RequestInfo) -> JSON:
        return cast(JSON, components.adapters(info.context["services"]))

    @strawberry.field(
        extensions=requires("getApplicationHealth"), description="One application, as GET /applications lists it."
    )
    def application(self, name: PartName) -> JSON | None:
        return cast(JSON, components.application(name))

    @strawberry.field(extensions=requires("getAdapterHealth"), description="One adapter, as GET /adapters lists it.")
    def adapter(self, info: RequestInfo, name: PartName) -> JSON | None:
        return cast(JSON, components.adapter(info.context["services"], name))

    @strawberry.field(
        extensions=requires("getAppsAndAdapters"),
        description="The applications and adapters of tasks, as GET /automation-studio/apps/list answers them.",
    )
    def apps_and_adapters(self, info: RequestInfo) -> JSON:
        return cast(JSON, components.apps_and_adapters(info.context["services"]))

    @strawberry.field(
        extensions=requires("getServerHealth"),
        description="What monitoring reads, in Prometheus' text format, as GET /prometheus_metrics answers it.",
    )
    async def prometheus_metrics(self, info: RequestInfo) -> str:
        return await prometheus.metrics(info.context["services"])

    @strawberry.field(
        extensions=requires("all"),
        description="The tags that there are: none, for this server makes no tags of its own.",
    )
    def tags(self) -> list[JSON]:
        return []

    @strawberry.field(
        extensions=requires("getComponentGroups"),
        description="The component groups that there are: none. Projects hold documents together here.",
    )
    def component_groups(self) -> list[JSON]:
        return []

    @strawberry.field(
        extensions=requires("getIndexes"),
        description="The definitions of the database's indexes that this server wants, by collection.",
    )
    def indexes(self) -> JSON:
        return cast(JSON, server_indexes.wanted())

    @strawberry.field(
        extensions=requires("checkMultipleIndexes"),
        description="Which indexes collections have, `present`, and which that this server wants they lack, `missing`.",
    )
    async def index_status(
        self,
        info: RequestInfo,
        collections: Annotated[
            list[str],
            strawberry.argument(description=f"Names of collections, at most {server_indexes.MOST_COLLECTIONS}."),
        ],
    ) -> JSON:
        return cast(JSON, await server_indexes.status(info.context["services"], collections))
