"""What every field can reach: the yard, and who asks."""

from typing import NotRequired, TypeAlias, TypedDict

from starlette.requests import HTTPConnection
from starlette.responses import Response
from strawberry.types import Info

from ..models.access import NOBODY, Caller
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


async def renewed(context: Context) -> Context:
    """The context with the caller as of now, and nobody where the token or the account is good no more.

    A connection outlives its first question: each operation over a WebSocket, and each event, is asked for anew, reads
    anew and may read as much as any other.
    """
    callers, caller, token = context["yard"].callers, context["caller"], context["token"]
    if caller is not NOBODY:
        caller = await (callers.of_account(caller.account_id) if token is None else callers.of_token(token)) or NOBODY
    return {**context, "caller": caller, "loaders": Loaders(context["yard"], caller)}
