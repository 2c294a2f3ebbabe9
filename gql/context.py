"""What every field can reach: the yard, and who asks."""

from typing import TypeAlias, TypedDict

from strawberry.types import Info

from ..resolvers.yard import Yard


class Context(TypedDict):
    yard: Yard
    user: str  # the caller's user name


Asked: TypeAlias = Info[Context, None]
