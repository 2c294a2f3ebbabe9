"""Changing the server: components, indexes, and the keys of secrets."""

from enum import Enum
from typing import Annotated, cast

import strawberry

from ...resolvers.server import components, indexes, keys
from ...resolvers.store.rotation import RotationResult
from ..auth.permissions import requires
from ..context import RequestInfo
from ..scalars import JSON


@strawberry.type(description="A batch of a rotation: what the first key has sealed anew.")
class RotatedSecrets:
    done: int = strawberry.field(description="How many documents were sealed anew.")
    left: int = strawberry.field(description="How many are sealed by another key that the server has; 0: all is done.")
    missing: list[str] = strawberry.field(
        description="Ids of keys that something is sealed by, and that the server does not have."
    )


def as_rotated(rotated: RotationResult) -> RotatedSecrets:
    return RotatedSecrets(done=rotated.done, left=rotated.left, missing=rotated.missing)


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
        extensions=requires("activateJobWorker"),
        description="Let this server take work again; its workers, as `workerStatus` says it.",
    )
    def activate_workers(self, info: RequestInfo) -> JSON | None:
        return cast(JSON, components.set_active(info.context["services"], active=True))

    @strawberry.mutation(
        extensions=requires("deactivateJobWorker"),
        description="Let this server take no new work, until it ends or its workers are activated: starts are refused "
        "with WORKERS_INACTIVE, and jobs of servers that are gone are left to others. What it runs goes on.",
    )
    def deactivate_workers(self, info: RequestInfo) -> JSON | None:
        return cast(JSON, components.set_active(info.context["services"], active=False))

    @strawberry.mutation(
        extensions=requires("activate"),
        description="What becomes of asking an application to start, stop or restart: PART_CANNOT, or that it runs.",
    )
    def operate_application(self, name: PartName, action: Action) -> JSON | None:
        return cast(JSON, components.operate("application", components.application(name), str(action.value)))

    @strawberry.mutation(
        extensions=requires("activate"),
        description="What becomes of asking an adapter to start, stop or restart: PART_CANNOT, or that it runs.",
    )
    def operate_adapter(self, info: RequestInfo, name: PartName, action: Action) -> JSON | None:
        found = components.adapter(info.context["services"], name)
        return cast(JSON, components.operate("adapter", found, str(action.value)))

    @strawberry.mutation(
        extensions=requires("createIndexes"),
        description="Make the indexes that a collection lacks; what it has after that, as `indexStatus` says it.",
    )
    async def create_indexes(
        self, info: RequestInfo, collection: Annotated[str, strawberry.argument(description="The collection's name.")]
    ) -> JSON | None:
        return cast(JSON, await indexes.create(info.context["services"], collection))

    @strawberry.mutation(
        extensions=requires("createIndexes"),
        description="Seal some of the secrets in the database anew, by the server's first key; to be asked again until "
        "nothing is left.",
    )
    async def rotate_secrets(
        self,
        info: RequestInfo,
        most: Annotated[int, strawberry.argument(description="How many documents, at most 1,000.")] = 200,
    ) -> RotatedSecrets | None:
        return as_rotated(await keys.rotate(info.context["services"], most))
