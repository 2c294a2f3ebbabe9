"""How the server is, as today's clients ask for it."""

from typing import cast

import strawberry

from ...resolvers import health
from ..context import Asked
from ..types import JSON


@strawberry.type
class HealthQueries:
    @strawberry.field(description="The process as GET /health/server answers it: versions, memory, uptime.")
    def server_health(self, info: Asked) -> JSON:
        return cast(JSON, health.server(info.context["yard"]))

    @strawberry.field(description="The machine as GET /health/system answers it.")
    def system_health(self) -> JSON:
        return cast(JSON, health.system())

    @strawberry.field(description="What the server needs, and whether it runs, as GET /health/status answers it.")
    async def health_status(self, info: Asked) -> JSON:
        return cast(JSON, await health.status(info.context["yard"]))

    @strawberry.field(description="The applications of the built-in tasks as GET /health/applications answers them.")
    def applications_health(self, info: Asked) -> JSON:
        return cast(JSON, health.applications(info.context["yard"]))

    @strawberry.field(description="The adapters of the providers file as GET /health/adapters answers them.")
    def adapters_health(self, info: Asked) -> JSON:
        return cast(JSON, health.adapters(info.context["yard"]))
