"""What every field can reach: the yard, and who asks."""

from typing import TypeAlias, TypedDict

from strawberry.types import Info

from ..resolvers.yard import Yard
from .loaders import Loaders


class Context(TypedDict):
    yard: Yard
    user: str  # the caller's user name
    loaders: Loaders  # of this request


Asked: TypeAlias = Info[Context, None]
