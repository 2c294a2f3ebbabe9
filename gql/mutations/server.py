"""What one may do to the database of the server."""

from enum import Enum
from typing import Annotated, cast

import strawberry

from ...resolvers import configured, draining, indexes, keys
from ..context import Asked
from ..needs import needs
from ..types import JSON
from ..types.secrets import RotatedSecrets, as_rotated


@strawberry.enum(description="What may be asked of an application or an adapter.")
class PartAction(Enum):
    START = strawberry.enum_value("start", description="Each runs as long as the server does.")
    STOP = strawberry.enum_value("stop", description="Refused: it is a part of the server.")
    RESTART = strawberry.enum_value("restart", description="Refused: it is a part of the server.")


PartName = Annotated[str, strawberry.argument(description="Its name.")]
Action = Annotated[PartAction, strawberry.argument(description="What it is to do.")]


@strawberry.type
class ServerMutations:
    @strawberry.mutation(
        extensions=needs("activateJobWorker"),
        description="Let this server take work again; its workers, as `workerStatus` says it.",
    )
    def activate_workers(self, info: Asked) -> JSON | None:
        return cast(JSON, draining.set_active(info.context["yard"], active=True))

    @strawberry.mutation(
        extensions=needs("deactivateJobWorker"),
        description="Let this server take no new work, until it ends or its workers are activated: starts are refused "
        "with WORKERS_INACTIVE, and jobs of servers that are gone are left to others. What it runs goes on.",
    )
    def deactivate_workers(self, info: Asked) -> JSON | None:
        return cast(JSON, draining.set_active(info.context["yard"], active=False))

    @strawberry.mutation(
        extensions=needs("activate"),
        description="What becomes of asking an application to start, stop or restart: PART_CANNOT, or that it runs.",
    )
    def operate_application(self, name: PartName, action: Action) -> JSON | None:
        return cast(JSON, configured.operate("application", configured.application(name), str(action.value)))

    @strawberry.mutation(
        extensions=needs("activate"),
        description="What becomes of asking an adapter to start, stop or restart: PART_CANNOT, or that it runs.",
    )
    def operate_adapter(self, info: Asked, name: PartName, action: Action) -> JSON | None:
        found = configured.adapter(info.context["yard"], name)
        return cast(JSON, configured.operate("adapter", found, str(action.value)))

    @strawberry.mutation(
        extensions=needs("createIndexes"),
        description="Make the indexes that a collection lacks; what it has after that, as `indexStatus` says it.",
    )
    async def create_indexes(
        self, info: Asked, collection: Annotated[str, strawberry.argument(description="The collection's name.")]
    ) -> JSON | None:
        return cast(JSON, await indexes.create(info.context["yard"], collection))

    @strawberry.mutation(
        extensions=needs("createIndexes"),
        description="Seal some of the secrets in the database anew, by the server's first key; to be asked again until "
        "nothing is left.",
    )
    async def rotate_secrets(
        self,
        info: Asked,
        most: Annotated[int, strawberry.argument(description="How many documents, at most 1,000.")] = 200,
    ) -> RotatedSecrets | None:
        return as_rotated(await keys.rotate(info.context["yard"], most))
