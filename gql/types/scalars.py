"""Scalars of ours."""

from typing import NewType

import strawberry
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

DateTime = NewType("DateTime", str)

SCALARS: dict[object, ScalarDefinition] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="A moment as ISO-8601 text in UTC, with milliseconds: 2024-12-04T21:15:26.001Z.",
        serialize=str,
        parse_value=str,
    ),
}

__all__ = ["JSON", "SCALARS", "DateTime"]
