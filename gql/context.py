"""What every field reaches: the services, the caller, and the loaders of one request."""

from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property
from typing import Any, NotRequired, TypeAlias, TypedDict

from starlette.requests import HTTPConnection
from starlette.responses import Response
from strawberry.dataloader import DataLoader
from strawberry.types import Info

from ..models.errors import AnswerTooLarge
from ..models.json import JsonObject
from ..models.visibility import ANONYMOUS, Caller
from ..resolvers.accounts.tokens import Origin
from ..resolvers.jobs.admission import Arrival
from ..resolvers.search import batches
from ..resolvers.search.large_answers import restart_budget
from ..resolvers.search.projection import Fields
from ..resolvers.services import Services
from .auth.middleware import ARRIVAL, authentication
from .execution.documents import Operation
from .execution.limits import Cost

MOST_DOCUMENTS = 20_000
MOST_SHOWN = 100_000  # objects that belong to others: what was read once can be shown again and again
LEAST_OF_A_LIST = 100  # documents that a list counts for, however few it answers
COUNTING = 1000  # documents that it counts for when all there are have to be counted

# Whose, and which documented keys are wanted of it.
Key: TypeAlias = tuple[str, Fields]
_Read: TypeAlias = Callable[[Services, Caller, Sequence[str], Fields], Awaitable[dict[str, Any]]]


class Loaders:
    """Of one request, each made when it is asked for."""

    def __init__(self, services: Services, caller: Caller) -> None:
        self._services, self._caller = services, caller
        self._read = self._shown = 0

    @cached_property
    def jobs(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._together(batches.jobs_of))

    @cached_property
    def entries(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._together(batches.entries_of))

    @cached_property
    def ours(self) -> DataLoader[Key, bool | None]:
        return DataLoader(load_fn=self._together(batches.own_jobs_of))

    @cached_property
    def children(self) -> DataLoader[Key, list[JsonObject] | None]:
        return DataLoader(load_fn=self._together(batches.children_of))

    @cached_property
    def workflows(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._together(batches.workflows_of))

    @cached_property
    def workflows_by_id(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._together(batches.workflows_by_id))

    @cached_property
    def projects(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._together(batches.projects_by_id))

    @cached_property
    def iterations(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._together(batches.iterations_of))

    def spend(self, documents: int) -> None:
        """Count documents that are read for this request; AnswerTooLarge when they are too many."""
        self._read += documents
        if self._read > MOST_DOCUMENTS:
            raise AnswerTooLarge("documents", MOST_DOCUMENTS, "Ask for fewer at a time, in several requests.")

    def show(self, objects: int) -> None:
        """Count objects that an answer has inside of others, however often it has them; AnswerTooLarge as above."""
        self._shown += objects
        if self._shown > MOST_SHOWN:
            raise AnswerTooLarge("objects inside of others", MOST_SHOWN, "Ask for fewer at a time, or less deep.")

    def may_show(self, objects: int) -> bool:
        """Whether the answer may have so many more of them."""
        return self._shown + objects <= MOST_SHOWN

    def _together(self, read: _Read) -> Callable[[list[Key]], Awaitable[list[Any]]]:
        async def load(keys: list[Key]) -> list[Any]:
            found: dict[Key, Any] = {}
            for wanted in {wanted for _, wanted in keys}:
                whose = [id for id, its in keys if its == wanted]
                self.spend(len(whose))
                for id, value in (await read(self._services, self._caller, whose, wanted)).items():
                    found[id, wanted] = value
            return [found.get(key) for key in keys]

        return load


COST_HEADER = "x-query-cost"


class Context(TypedDict):
    services: Services
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


RequestInfo: TypeAlias = Info[Context, None]


def context_of(connection: HTTPConnection, response: Response | None = None) -> Context:
    asked = authentication(connection)
    services: Services = connection.app.state.services
    return {
        "services": services,
        "caller": asked.caller,
        "token": asked.token,
        "origin": asked.origin,
        "secure": asked.secure,
        "loaders": Loaders(services, asked.caller),
        "arrival": connection.scope.get(ARRIVAL) or Arrival(),
        "response": response,
        "tells_cost": COST_HEADER in connection.headers,
    }


async def refresh_caller(context: Context) -> Context:
    """The context with the caller as of now, and nobody where the token or the account is good no more.

    A connection outlives its first question: each operation over a WebSocket, and each event, is asked for anew, reads
    anew and may read as much as any other.
    """
    restart_budget()
    callers, caller, token = context["services"].callers, context["caller"], context["token"]
    if caller is not ANONYMOUS:
        caller = (
            await (callers.find_by_account(caller.account_id) if token is None else callers.find_by_token(token))
            or ANONYMOUS
        )
    return {**context, "caller": caller, "loaders": Loaders(context["services"], caller)}
