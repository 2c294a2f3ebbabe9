"""What every field can reach: the yard, and who asks."""

from typing import NotRequired, TypeAlias, TypedDict

from starlette.requests import HTTPConnection
from starlette.responses import Response
from strawberry.types import Info

from ..models.access import Caller
from ..models.json import JsonObject
from ..resolvers.yard import Yard
from .asking import asking
from .loaders import Loaders


class Context(TypedDict):
    yard: Yard
    caller: Caller
    token: str | None  # the caller's
    address: str  # where the request comes from
    loaders: Loaders  # of this request
    connection_params: NotRequired[JsonObject]  # the payload of connection_init
    response: Response | None  # takes headers of the answer, where there are any


Asked: TypeAlias = Info[Context, None]


def context_of(connection: HTTPConnection, response: Response | None = None) -> Context:
    asked = asking(connection)
    yard: Yard = connection.app.state.yard
    return {
        "yard": yard,
        "caller": asked.caller,
        "token": asked.token,
        "address": asked.address,
        "loaders": Loaders(yard, asked.caller),
        "response": response,
    }
