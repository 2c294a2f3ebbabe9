"""Runs the server process."""

import argparse
import asyncio
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT, SIGTERM
from socket import socket

import uvicorn

from ..models.engine.rules import rules_of
from ..models.settings import Settings, whole_number
from ..resolvers import examples
from ..resolvers.opening import open_yard
from ..resolvers.providers.positions import ProvidersInvalid
from ..resolvers.store.errors import StoreProblem
from ..resolvers.yard import Yard
from .app import create_app
from .origins import is_loopback

OPEN_REFUSED = (
    "--open lets everybody who reaches the server be the administrator, and {} is no loopback address. "
    "Leave out --open, or listen on 127.0.0.1."
)


def settings_of(options: argparse.Namespace) -> Settings:
    """Flags first, then the environment. RuleRefused and SettingRefused for what cannot be chosen."""
    rules = rules_of(os.environ.get("JOBYARD_RULES", ""))
    return Settings(
        host=options.host,
        port=options.port,
        mongodb_uri=os.environ.get("MONGODB_URI"),
        database=os.environ.get("JOBYARD_DATABASE", "jobyard"),
        data=options.data,
        memory=options.memory,
        providers=_providers_file(options),
        origins=tuple(options.origin),
        vendor_status=options.vendor_status,
        lease=whole_number(os.environ, "JOBYARD_LEASE_MS", 10_000),
        rules=rules_of(" ".join(options.rule), rules),
        open=options.open,
        admin_password=os.environ.get("JOBYARD_ADMIN_PASSWORD") or None,
        token_lifetime=whole_number(os.environ, "JOBYARD_TOKEN_SECONDS", 43_200) * 1000,
        examples=options.examples,
    )


def _providers_file(options: argparse.Namespace) -> Path | None:
    named = options.providers or os.environ.get("JOBYARD_PROVIDERS")
    return Path(named) if named else None


def serve(settings: Settings) -> int:
    """Serve until Ctrl-C or SIGTERM; 1 when the server could not start."""
    if settings.open and not is_loopback(settings.host):
        print(f"jobyard: {OPEN_REFUSED.format(settings.host)}", file=sys.stderr)
        return 1
    loops = uvicorn.Config("").get_loop_factory()
    try:
        with asyncio.Runner(loop_factory=loops) as runner:
            return runner.run(_serve(settings))
    except (StoreProblem, ProvidersInvalid) as problem:
        print(f"jobyard: {problem}", file=sys.stderr)
        return 1


async def _serve(settings: Settings) -> int:
    async with open_yard(settings) as yard:
        if settings.examples:
            await examples.bring_in()
        config = uvicorn.Config(
            create_app(yard),
            settings.host,
            settings.port,
            log_level="warning",
            access_log=False,  # tokens may be in query strings
            timeout_graceful_shutdown=5,
        )
        server = _Server(config, yard)
        await server.serve()
        return 0 if server.started else 1


class _Server(uvicorn.Server):
    """Says where it listens, and leaves by itself: the yard behind it is still to be closed in order."""

    def __init__(self, config: uvicorn.Config, yard: Yard) -> None:
        super().__init__(config)
        self._yard = yard

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port: int = self.servers[0].sockets[0].getsockname()[1]
            print(greeting(self._yard, port), flush=True)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        loop = asyncio.get_running_loop()
        for signal in (SIGINT, SIGTERM):
            loop.add_signal_handler(signal, self.handle_exit, signal, None)
        yield


def greeting(yard: Yard, port: int) -> str:
    """`port` is the one that it listens on: for port 0 the system has chosen one."""
    settings = yard.settings
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{port}"
    lines = [f"jobyard keeps its jobs in {yard.store.description}", f"playground: {address}/graphql"]
    if settings.providers is not None:
        lines.append(f"providers: {settings.providers}")
    if yard.providers.stubs_what_is_left:
        lines.append("a stub answers every task that nobody provides: nothing of that is real")
    if settings.open:
        lines.append("open: whoever reaches it is the account admin, without sign-in")
    elif yard.drawn_password is not None:
        lines.append(f"account admin, password {yard.drawn_password}: it is shown this once; setPassword changes it")
    if settings.examples and settings.open:
        body = '{"workflow": "Greet a device", "options": {"variables": {"device": "edge-1"}}}'
        lines.append(
            f"try: curl -s {address}/operations-manager/jobs/start -H 'content-type: application/json' -d '{body}'"
        )
    lines.append("Ctrl-C stops it.")
    return "\n".join(lines)
