"""The schema: one for the GraphQL door, the REST door, and schema.graphql."""

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from .errors import Problems
from .limits import limits
from .mutation import Mutation
from .query import Query
from .types import SCALARS


class JobyardSchema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave the log to `Problems`: what a caller did wrong is no event of the server."""


schema = JobyardSchema(
    query=Query,
    mutation=Mutation,
    extensions=[Problems, *limits()],
    config=StrawberryConfig(scalar_map=SCALARS),
)


def printed_schema() -> str:
    """What schema.graphql holds."""
    return schema.as_str() + "\n"
