"""Opens the providers of a server from its configuration."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType

from ..runner.protocol import Perform
from . import Name, Providers
from .configuration import Configuration
from .egress import OwnAddresses
from .endpoint import ask_endpoint
from .exchange import Exchanges
from .recorded import recorded_answers, recorded_tasks, stub
from .rest_call import do_rest_call

REST_CALL: Name = ("WorkFlowEngine", "restCall")


@asynccontextmanager
async def open_providers(
    chosen: Configuration, native: Mapping[Name, Perform] = MappingProxyType({}), own: OwnAddresses | None = None
) -> AsyncGenerator[Providers]:
    """`native` are jobyard's own tasks besides restCall; `own` are the addresses of this server and its database."""
    exchanges = Exchanges()
    configured = {key: ask_endpoint(endpoint, exchanges) for key, endpoint in chosen.endpoints.items()}
    rest_call = do_rest_call(exchanges, chosen.egress, chosen.rest_call_timeout, chosen.rest_call_at_once, own)
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
