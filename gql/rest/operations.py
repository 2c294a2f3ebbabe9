"""Runs a stored GraphQL document for a REST route."""

from functools import cache
from pathlib import Path

from graphql import GraphQLError
from starlette.requests import Request

from ...models.json import Json, JsonObject
from ..context import context_of
from ..schema import schema


class Refused(Exception):
    """The operation answered with errors; the first one decides the status."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        facts: JsonObject = dict(error.extensions or {})
        self.message = error.message
        self.code: str = facts.pop("code", "INTERNAL_ERROR")
        self.facts = facts


async def run(request: Request, name: str, variables: JsonObject) -> Json:
    """The value of the operation's only field."""
    result = await schema.execute(stored(name), variable_values=variables, context_value=context_of(request))
    if result.errors:
        raise Refused(result.errors[0])
    data: JsonObject = result.data or {}
    (value,) = data.values()
    return value


@cache
def stored(name: str) -> str:
    return (Path(__file__).parent / f"{name}.graphql").read_text()
