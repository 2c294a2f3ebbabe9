"""Calls of providers, as a runner makes them."""

from collections.abc import Awaitable, Callable
from typing import Any

from jobyard.models.engine.events import ProviderCall
from jobyard.models.engine.outcomes import Finish

from ...documents import task


def call(
    method: str = "getTicket", /, *, app: str = "Jira", location: str = "Adapter", **incoming: Any
) -> ProviderCall:
    definition = {**task(method, app=app, outgoing={"result": None}), "location": location}
    return ProviderCall("call", "65f", "a1", 1, 2, definition, incoming)


def saying(outgoing: Any) -> Callable[[ProviderCall], Awaitable[Finish]]:
    """A provider that succeeds with this."""

    async def perform(call: ProviderCall) -> Finish:
        return Finish("success", {"by": outgoing})

    return perform
