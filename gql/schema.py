"""The schema: one for the GraphQL door, the REST door, and schema.graphql."""

from contextlib import aclosing
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionContext, ExecutionResult

from .context import renewed
from .errors import translated
from .limits import limits
from .mutation import Mutation
from .query import Query
from .subscription import Subscription
from .types import SCALARS


class JobyardSchema(strawberry.Schema):
    """Translates the errors of every answer, whichever door asked."""

    async def execute(self, *arguments: Any, **options: Any) -> ExecutionResult:
        return _translated(await super().execute(*arguments, **options))

    async def stream(self, *arguments: Any, context_value: Any = None, **options: Any) -> StreamResult:
        """What is asked over a WebSocket or as server-sent events; of a subscription, an answer for each event."""
        context = await renewed(context_value)  # all operations of a WebSocket share one
        return _answers(await super().stream(*arguments, context_value=context, **options))

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave the log to `translated`: what a caller did wrong is no event of the server."""


async def _answers(results: StreamResult) -> StreamResult:
    async with aclosing(results):
        async for result in results:
            yield _translated(result) if isinstance(result, ExecutionResult) else result


def _translated(result: ExecutionResult) -> ExecutionResult:
    if result.errors:
        result.errors = [translated(error) for error in result.errors]
    return result


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
