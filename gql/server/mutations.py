"""Mutations of the server: components, indexes, and the keys of secrets."""

from enum import Enum
from typing import Annotated

import strawberry

from ...resolvers.server import components, indexes, keys
from ...resolvers.store.rotation import RotationResult
from ..auth.authorization import requires
from ..context import RequestInfo
from ..scalars import JSON


@strawberry.type(description="The result of a batch of the key rotation.")
class RotatedSecrets:
    done: int = strawberry.field(
        description="The number of documents that the batch encrypted again with the first key."
    )
    left: int = strawberry.field(
        description="The number of documents that another key of the server still "
        "encrypts; 0: the rotation is complete."
    )
    missing: list[str] = strawberry.field(
        description="Ids of keys that encrypt documents, but that the server does not have."
    )


def as_rotated(rotated: RotationResult) -> RotatedSecrets:
    return RotatedSecrets(done=rotated.done, left=rotated.left, missing=rotated.missing)


@strawberry.enum(description="A command to an application or an adapter.")
class PartAction(Enum):
    START = strawberry.enum_value(
        "start", description="Start the component. Components always run while the server runs."
    )
    STOP = strawberry.enum_value(
        "stop", description="Stop the component. Refused: the component is a part of the server."
    )
    RESTART = strawberry.enum_value(
        "restart", description="Restart the component. Refused: the component is a part of the server."
    )


PartName = Annotated[str, strawberry.argument(description="The name of the component.")]
Action = Annotated[PartAction, strawberry.argument(description="The command to the component.")]


@strawberry.type
class ServerMutations:
    @strawberry.mutation(
        extensions=requires("activateJobWorker"),
        description="Activates the workers of this server, and returns the workers in the form of `workerStatus`.",
    )
    async def activate_workers(self, info: RequestInfo) -> JSON | None:
        return components.set_active(info.context["services"], active=True)

    @strawberry.mutation(
        extensions=requires("deactivateJobWorker"),
        description="Deactivates the workers of this server, until the server ends or `activateWorkers`: the "
        "server refuses starts with WORKERS_INACTIVE and takes over no jobs. Running jobs continue.",
    )
    async def deactivate_workers(self, info: RequestInfo) -> JSON | None:
        return components.set_active(info.context["services"], active=False)

    @strawberry.mutation(
        extensions=requires("activate"),
        description="Sends a command to an application. The result says that the application runs; the error "
        "PART_CANNOT refuses a stop or restart.",
    )
    async def operate_application(self, name: PartName, action: Action) -> JSON | None:
        return components.operate("application", components.application(name), str(action.value))

    @strawberry.mutation(
        extensions=requires("activate"),
        description="Sends a command to an adapter. The result says that the adapter runs; the error "
        "PART_CANNOT refuses a stop or restart.",
    )
    async def operate_adapter(self, info: RequestInfo, name: PartName, action: Action) -> JSON | None:
        found = components.adapter(info.context["services"], name)
        return components.operate("adapter", found, str(action.value))

    @strawberry.mutation(
        extensions=requires("createIndexes"),
        description="Creates the missing indexes of a collection, and returns the indexes in the form of "
        "`indexStatus`.",
    )
    async def create_indexes(
        self,
        info: RequestInfo,
        collection: Annotated[str, strawberry.argument(description="The name of the collection.")],
    ) -> JSON | None:
        return await indexes.create(info.context["services"], collection)

    @strawberry.mutation(
        extensions=requires("createIndexes"),
        description="Encrypts a batch of the secrets in the database again with the server's first key. "
        "Clients repeat the mutation until `left` is 0.",
    )
    async def rotate_secrets(
        self,
        info: RequestInfo,
        most: Annotated[int, strawberry.argument(description="The number of documents, at most 1,000.")] = 200,
    ) -> RotatedSecrets | None:
        return as_rotated(await keys.rotate(info.context["services"], most))
