"""The context of every field: the services, the caller, and the loaders of one request."""

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
from .auth.authentication import ARRIVAL, authentication
from .execution.documents import Operation
from .execution.limits import Cost

MOST_DOCUMENTS = 20_000
MOST_NESTED = 100_000  # nested objects of one answer: an object that was read once can occur many times
MIN_LIST_COST = 100  # documents that a list costs at least, however few it returns
COUNT_COST = 1000  # documents that an exact count costs

# The id of the object, and the documented keys to read.
Key: TypeAlias = tuple[str, Fields]
_Read: TypeAlias = Callable[[Services, Caller, Sequence[str], Fields], Awaitable[dict[str, Any]]]


class Loaders:
    """The data loaders of one request, each made at its first use."""

    def __init__(self, services: Services, caller: Caller) -> None:
        self._services, self._caller = services, caller
        self._read = self._nested = 0

    @cached_property
    def jobs(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._batch_load(batches.jobs_of))

    @cached_property
    def entries(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._batch_load(batches.entries_of))

    @cached_property
    def ours(self) -> DataLoader[Key, bool | None]:
        return DataLoader(load_fn=self._batch_load(batches.own_jobs_of))

    @cached_property
    def children(self) -> DataLoader[Key, list[JsonObject] | None]:
        return DataLoader(load_fn=self._batch_load(batches.children_of))

    @cached_property
    def workflows(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._batch_load(batches.workflows_of))

    @cached_property
    def workflows_by_id(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._batch_load(batches.workflows_by_id))

    @cached_property
    def projects(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._batch_load(batches.projects_by_id))

    @cached_property
    def iterations(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._batch_load(batches.iterations_of))

    def spend(self, documents: int) -> None:
        """Count documents that are read for this request; AnswerTooLarge above the limit."""
        self._read += documents
        if self._read > MOST_DOCUMENTS:
            raise AnswerTooLarge("documents", MOST_DOCUMENTS, "Ask for fewer at a time, in several requests.")

    def count_nested(self, objects: int) -> None:
        """Count nested objects of the answer, each as often as it occurs; AnswerTooLarge above the limit."""
        self._nested += objects
        if self._nested > MOST_NESTED:
            raise AnswerTooLarge("objects inside of others", MOST_NESTED, "Ask for fewer at a time, or less deep.")

    def may_nest(self, objects: int) -> bool:
        """Whether the answer may have so many more nested objects."""
        return self._nested + objects <= MOST_NESTED

    def _batch_load(self, read: _Read) -> Callable[[list[Key]], Awaitable[list[Any]]]:
        async def load(keys: list[Key]) -> list[Any]:
            found: dict[Key, Any] = {}
            for selected in {selected for _, selected in keys}:
                ids = [id for id, fields in keys if fields == selected]
                self.spend(len(ids))
                for id, value in (await read(self._services, self._caller, ids, selected)).items():
                    found[id, selected] = value
            return [found.get(key) for key in keys]

        return load


COST_HEADER = "x-query-cost"


class Context(TypedDict):
    services: Services
    caller: Caller
    token: str | None  # of the caller
    origin: Origin  # the client's address and user agent
    secure: bool  # the request came over TLS
    loaders: Loaders  # of this request
    connection_params: NotRequired[JsonObject]  # the payload of connection_init
    arrival: Arrival  # of this request
    response: Response | None  # takes headers of the answer; None over a WebSocket
    operation: NotRequired[Operation]  # the operation in execution
    cost: NotRequired[Cost]  # of the operation
    reports_cost: bool  # whether the answer's extensions report the cost


RequestInfo: TypeAlias = Info[Context, None]


def context_of(connection: HTTPConnection, response: Response | None = None) -> Context:
    authenticated = authentication(connection)
    services: Services = connection.app.state.services
    return {
        "services": services,
        "caller": authenticated.caller,
        "token": authenticated.token,
        "origin": authenticated.origin,
        "secure": authenticated.secure,
        "loaders": Loaders(services, authenticated.caller),
        "arrival": connection.scope.get(ARRIVAL) or Arrival(),
        "response": response,
        "reports_cost": COST_HEADER in connection.headers,
    }


async def refresh_caller(context: Context) -> Context:
    """The context with the caller as of now: an anonymous caller where the token or the account has become invalid.

    A connection outlives its first operation. Each operation over a WebSocket, and each event, has loaders and limits
    of its own.
    """
    restart_budget()
    callers, caller, token = context["services"].callers, context["caller"], context["token"]
    if caller is not ANONYMOUS:
        caller = (
            await (callers.find_by_account(caller.account_id) if token is None else callers.find_by_token(token))
            or ANONYMOUS
        )
    return {**context, "caller": caller, "loaders": Loaders(context["services"], caller)}
