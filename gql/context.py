"""What every field can reach: the yard, and who asks."""

from typing import NotRequired, TypeAlias, TypedDict

from starlette.requests import HTTPConnection
from starlette.responses import Response
from strawberry.types import Info

from ..models.access import NOBODY, Caller
from ..models.json import JsonObject
from ..resolvers.access.tokens import Origin
from ..resolvers.admission import Arrival
from ..resolvers.finding.large_answers import answer_anew
from ..resolvers.yard import Yard
from .asking import ARRIVAL, asking
from .cost import Cost
from .loaders import Loaders
from .reading import Operation

COST_HEADER = "x-query-cost"


class Context(TypedDict):
    yard: Yard
    caller: Caller
    token: str | None  # the caller's
    origin: Origin  # where the request comes from
    secure: bool  # it comes over TLS
    loaders: Loaders  # of this request
    connection_params: NotRequired[JsonObject]  # the payload of connection_init
    arrival: Arrival  # of this request
    response: Response | None  # takes headers of the answer, where there are any
    operation: NotRequired[Operation]  # what is being executed
    cost: NotRequired[Cost]  # of that
    tells_cost: bool  # in the answer


Asked: TypeAlias = Info[Context, None]


def context_of(connection: HTTPConnection, response: Response | None = None) -> Context:
    asked = asking(connection)
    yard: Yard = connection.app.state.yard
    return {
        "yard": yard,
        "caller": asked.caller,
        "token": asked.token,
        "origin": asked.origin,
        "secure": asked.secure,
        "loaders": Loaders(yard, asked.caller),
        "arrival": connection.scope.get(ARRIVAL) or Arrival(),
        "response": response,
        "tells_cost": COST_HEADER in connection.headers,
    }


async def renewed(context: Context) -> Context:
    """The context with the caller as of now, and nobody where the token or the account is good no more.

    A connection outlives its first question: each operation over a WebSocket, and each event, is asked for anew, reads
    anew and may read as much as any other.
    """
    answer_anew()
    callers, caller, token = context["yard"].callers, context["caller"], context["token"]
    if caller is not NOBODY:
        caller = await (callers.of_account(caller.account_id) if token is None else callers.of_token(token)) or NOBODY
    return {**context, "caller": caller, "loaders": Loaders(context["yard"], caller)}
