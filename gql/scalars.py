"""The scalars DateTime and JSON."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NewType, TypeAlias

import strawberry
from graphql import GraphQLError, ListValueNode, ObjectValueNode, ValueNode, VariableNode, value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

if TYPE_CHECKING:
    from ..models.json import Json

    JSON: TypeAlias = Json
    AsJSON: TypeAlias = object
else:
    from strawberry.scalars import JSON

    AsJSON = JSON  # of a field that answers what is written as JSON: a typed document, or JSON

DateTime = NewType("DateTime", str)

_ECMA_404 = "https://ecma-international.org/wp-content/uploads/ECMA-404_2nd_edition_december_2017.pdf"


def json_literal(node: ValueNode, variables: Mapping[str, Any] | None = None) -> Any:
    """The value of a literal. A missing variable is left out of objects and is null in lists."""
    variables = variables or {}
    if isinstance(node, VariableNode):
        return variables.get(node.name.value)
    if isinstance(node, ListValueNode):
        return [json_literal(item, variables) for item in node.values]
    if isinstance(node, ObjectValueNode):
        return {
            field.name.value: json_literal(field.value, variables)
            for field in node.fields
            if not isinstance(field.value, VariableNode) or field.value.name.value in variables
        }
    value = value_from_ast_untyped(node)
    if isinstance(value, float) and not math.isfinite(value):
        raise GraphQLError("JSON cannot represent a number of this size.", node)
    return value


def _parse_datetime(value: object) -> str:
    """The text, or milliseconds since the epoch as text; the field's resolver checks the format."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    raise GraphQLError("DateTime must be ISO-8601 text, or milliseconds since the epoch.")


def _unchanged(value: object) -> object:
    return value


SCALARS: dict[object, ScalarDefinition] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="A moment as ISO-8601 text in UTC, with milliseconds: 2024-12-04T21:15:26.001Z.",
        serialize=str,
        parse_value=_parse_datetime,
    ),
    # Replaces strawberry's JSON, which passes missing variables on as graphql-core's Undefined.
    JSON: strawberry.scalar(
        name="JSON",
        description=f"The `JSON` scalar type represents JSON values as specified by [ECMA-404]({_ECMA_404}).",
        specified_by_url=_ECMA_404,
        serialize=_unchanged,
        parse_value=_unchanged,
        parse_literal=json_literal,
    ),
}

__all__ = ["JSON", "SCALARS", "AsJSON", "DateTime"]
