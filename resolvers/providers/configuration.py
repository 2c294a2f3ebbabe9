"""The configuration of providers, read from the providers file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

from ...models.json import JsonObject
from .egress import EgressPolicy
from .exchange import AT_ONCE

Key: TypeAlias = tuple[str, str, str]  # location, app and task name; location and name may be "": any


@dataclass(frozen=True)
class Endpoint:
    """An HTTP endpoint that runs a task by one request. `timeout` is in seconds, for all attempts together."""

    url: str = field(repr=False)
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)  # values of the environment in the headers
    timeout: float = 30
    key_header: str = "Idempotency-Key"
    retries: int = 0
    at_once: int = AT_ONCE  # tasks at the same time, of all entries with this endpoint

    @property
    def public_address(self) -> str:
        """The address without secrets, for messages."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{parts.path}"


@dataclass(frozen=True)
class Configuration:
    endpoints: Mapping[Key, Endpoint] = field(default_factory=dict[Key, Endpoint])
    stubs: frozenset[Key] = frozenset()
    stub_adapters: bool = False
    recorded: tuple[JsonObject, ...] = ()
    egress: EgressPolicy = EgressPolicy()  # noqa: RUF009 -- a frozen value
    rest_call_timeout: float = 60
    rest_call_at_once: int = AT_ONCE  # to one host
