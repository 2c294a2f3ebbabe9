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


class ConfiguredProviders(Providers):
    """The providers of a configuration, which another configuration can replace while the server runs."""

    def __init__(
        self, chosen: Configuration, native: Mapping[Name, Perform], own: OwnAddresses | None, exchanges: Exchanges
    ) -> None:
        self._own_tasks = native
        self._own_addresses = own
        self._exchanges = exchanges
        self.configure(chosen)

    def configure(self, chosen: Configuration) -> None:
        """Replace all providers at once; calls in progress end with the providers that they began with."""
        exchanges = self._exchanges
        configured = {key: ask_endpoint(endpoint, exchanges) for key, endpoint in chosen.endpoints.items()}
        rest_call = do_rest_call(
            exchanges, chosen.egress, chosen.rest_call_timeout, chosen.rest_call_at_once, self._own_addresses
        )
        super().__init__(
            {REST_CALL: rest_call, **self._own_tasks},
            {**configured, **dict.fromkeys(chosen.stubs, stub)},
            recorded_answers(chosen.recorded),
            stub if chosen.stub_adapters else None,
            recorded_tasks(chosen.recorded),
        )


@asynccontextmanager
async def open_providers(
    chosen: Configuration, native: Mapping[Name, Perform] = MappingProxyType({}), own: OwnAddresses | None = None
) -> AsyncGenerator[ConfiguredProviders]:
    """`native` are jobyard's own tasks besides restCall; `own` are the addresses of this server and its database."""
    exchanges = Exchanges()
    try:
        yield ConfiguredProviders(chosen, native, own, exchanges)
    finally:
        await exchanges.close()
