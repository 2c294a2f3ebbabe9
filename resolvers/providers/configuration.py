"""What the person who runs a server chose about providers; read from the providers file."""

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
    """Where a task is done, by one HTTP request. `timeout` is in seconds and holds for all attempts together."""

    url: str = field(repr=False)
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)  # what the environment put into the headers
    timeout: float = 30
    key_header: str = "Idempotency-Key"
    retries: int = 0
    at_once: int = AT_ONCE  # tasks that it does at the same time, whichever entries lead to it

    @property
    def public_address(self) -> str:
        """The address as people may see it."""
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
