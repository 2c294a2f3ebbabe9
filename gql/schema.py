"""The schema: one for the GraphQL door, the REST door, and schema.graphql."""

from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult

from .errors import translated
from .limits import limits
from .mutation import Mutation
from .query import Query
from .subscription import Subscription
from .types import SCALARS


class JobyardSchema(strawberry.Schema):
    """Translates the errors of every answer, whichever door asked."""

    async def execute(self, *arguments: Any, **options: Any) -> ExecutionResult:
        result = await super().execute(*arguments, **options)
        if result.errors:
            result.errors = [translated(error) for error in result.errors]
        return result

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave the log to `translated`: what a caller did wrong is no event of the server."""


schema = JobyardSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    extensions=limits(),
    config=StrawberryConfig(scalar_map=SCALARS),
)


def printed_schema() -> str:
    """What schema.graphql holds."""
    return schema.as_str() + "\n"
