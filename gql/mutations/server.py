"""What one may do to the database of the server."""

from typing import Annotated, cast

import strawberry

from ...resolvers import indexes, keys
from ..context import Asked
from ..needs import needs
from ..types import JSON
from ..types.secrets import RotatedSecrets, as_rotated


@strawberry.type
class ServerMutations:
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
