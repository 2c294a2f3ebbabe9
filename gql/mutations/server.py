"""What one may do to the database of the server."""

from typing import Annotated, cast

import strawberry

from ...resolvers import indexes
from ..context import Asked
from ..needs import needs
from ..types import JSON


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
