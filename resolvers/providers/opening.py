"""The providers of a server, as its configuration has them."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType

from ..runners.runner import Perform
from . import Name, Providers
from .configuration import Configuration
from .endpoint import asking
from .exchange import Exchanges
from .recorded import recorded_answers
from .rest_call import rest_calling
from .stub import stub

REST_CALL: Name = ("WorkFlowEngine", "restCall")


@asynccontextmanager
async def open_providers(
    chosen: Configuration, native: Mapping[Name, Perform] = MappingProxyType({})
) -> AsyncGenerator[Providers]:
    """`native` are further tasks of our own, besides restCall."""
    exchanges = Exchanges()
    configured = {key: asking(endpoint, exchanges) for key, endpoint in chosen.endpoints.items()}
    try:
        yield Providers(
            {REST_CALL: rest_calling(exchanges, chosen.reach, chosen.rest_call_timeout), **native},
            {**configured, **dict.fromkeys(chosen.stubs, stub)},
            recorded_answers(chosen.recorded),
            stub if chosen.stub_adapters else None,
        )
    finally:
        await exchanges.close()
