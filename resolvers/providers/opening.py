"""The providers of a server, as its configuration has them."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType

from ..runner.protocol import Perform
from . import Name, Providers
from .configuration import Configuration
from .egress import Own
from .endpoint import asking
from .exchange import Exchanges
from .recorded import recorded_answers, recorded_tasks, stub
from .rest_call import rest_calling

REST_CALL: Name = ("WorkFlowEngine", "restCall")


@asynccontextmanager
async def open_providers(
    chosen: Configuration, native: Mapping[Name, Perform] = MappingProxyType({}), own: Own | None = None
) -> AsyncGenerator[Providers]:
    """`native` are further tasks of our own, besides restCall; `own` is where this server and its database are."""
    exchanges = Exchanges()
    configured = {key: asking(endpoint, exchanges) for key, endpoint in chosen.endpoints.items()}
    rest_call = rest_calling(exchanges, chosen.reach, chosen.rest_call_timeout, chosen.rest_call_at_once, own)
    try:
        yield Providers(
            {REST_CALL: rest_call, **native},
            {**configured, **dict.fromkeys(chosen.stubs, stub)},
            recorded_answers(chosen.recorded),
            stub if chosen.stub_adapters else None,
            recorded_tasks(chosen.recorded),
        )
    finally:
        await exchanges.close()
