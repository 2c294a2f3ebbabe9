"""Runs a stored GraphQL document for a REST route."""

from functools import cache
from pathlib import Path

from graphql import FieldNode, GraphQLError, OperationDefinitionNode, parse
from starlette.requests import Request
from strawberry.types.base import StrawberryObjectDefinition

from ...models.errors import InternalError
from ...models.json import Json, JsonObject
from ..context import context_of
from ..schema import schema
from .alike import TEXTS


class Refused(Exception):
    """The operation answered with errors; the first one decides the status."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        facts: JsonObject = dict(error.extensions or {})
        self.message = error.message
        self.code: str = facts.pop("code", InternalError.code)
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
    """The text of an operation: its own file, or one that it has in common with others."""
    return TEXTS.get(name) or (Path(__file__).parent / f"{name}.graphql").read_text()


def description_of(name: str) -> str:
    """What the field that the operation asks for says of itself in the schema."""
    (operation,) = parse(stored(name)).definitions
    assert isinstance(operation, OperationDefinitionNode)
    (selection,) = operation.selection_set.selections
    assert isinstance(selection, FieldNode)
    root = schema.get_type_by_name(operation.operation.value.title())
    assert isinstance(root, StrawberryObjectDefinition)
    field = next(
        one for one in root.fields if schema.config.name_converter.get_graphql_name(one) == selection.name.value
    )
    return field.description or ""
