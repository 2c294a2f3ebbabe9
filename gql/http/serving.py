"""Runs the server process."""

import argparse
import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit
from signal import SIGINT, SIGTERM, Signals
from socket import socket
from types import FrameType

import uvicorn

from ...models.engine.budget import DEFAULT_BUDGET, Budget
from ...models.engine.rules import rules_of
from ...models.settings import MOST_DESCENDANTS, MOST_LEVELS, Settings, chosen, shown, whole_number
from ...models.version import own_version
from ...resolvers import examples
from ...resolvers.lifespan import open_services
from ...resolvers.log_facts import about
from ...resolvers.providers.positions import ProvidersInvalid
from ...resolvers.services import Services
from ...resolvers.store.errors import StoreProblem
from ..app import create_app
from ..auth.origins import is_loopback
from ..execution.trusted import TrustedInvalid
from ..web.build import has_console
from ..web.fetch import is_fetched
from . import memory
from .connections import BoundedHttp, BoundedWebSocket, look_at_connections
from .listening import ListenRefused, bind
from .log_format import set_up

log = logging.getLogger("jobyard")

TICKS_A_SECOND = 10  # of uvicorn
FAREWELL_SECONDS = 3  # for requests and subscribers, from the signal on
EXIT_SECONDS = 9.5  # from the signal on
BACKLOG = 4096  # connections that the system keeps until they are accepted
MOST_CONNECTIONS = 10_000  # of callers; what comes beyond them is answered 503 and closed
SWITCH_SECONDS = 0.001  # after which a thread that computes lets the event loop have its turn, where that waits
OTHER_FILES = 500  # that this process may have open beside: connections to the database and to providers, logs

STOPPING = "jobyard is being stopped: it takes no more work, answers who waits and hands its jobs over."
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
        providers=_path(options.providers, os.environ.get("JOBYARD_PROVIDERS")),
        trusted_documents=_path(options.trusted_documents, os.environ.get("JOBYARD_TRUSTED_DOCUMENTS")),
        origins=tuple(options.origin),
        trusted_proxies=tuple(options.trusted_proxy),
        vendor_status=options.vendor_status,
        lease=whole_number(os.environ, "JOBYARD_LEASE_MS", 10_000),
        most_descendants=whole_number(os.environ, "JOBYARD_MOST_DESCENDANTS", MOST_DESCENDANTS),
        most_levels=whole_number(os.environ, "JOBYARD_MOST_LEVELS", MOST_LEVELS),
        budget=Budget(
            iterations=whole_number(os.environ, "JOBYARD_MOST_ITERATIONS", DEFAULT_BUDGET.iterations),
            attempts=whole_number(os.environ, "JOBYARD_MOST_ATTEMPTS", DEFAULT_BUDGET.attempts),
            stored=whole_number(os.environ, "JOBYARD_MOST_BYTES", DEFAULT_BUDGET.stored),
        ),
        rules=rules_of(" ".join(options.rule), rules),
        reference_executor=chosen(os.environ, "JOBYARD_EXECUTOR", ("readers", "reference")) == "reference",
        open=options.open,
        admin_password=os.environ.get("JOBYARD_ADMIN_PASSWORD") or None,
        secrets_key=os.environ.get("JOBYARD_SECRETS_KEY") or None,
        secrets_key_file=Path(named) if (named := os.environ.get("JOBYARD_SECRETS_KEY_FILE")) else None,
        token_lifetime=whole_number(os.environ, "JOBYARD_TOKEN_SECONDS", 43_200) * 1000,
        examples=options.examples,
        log_format=options.log_format or os.environ.get("JOBYARD_LOG_FORMAT", Settings.log_format),
        log_level=options.log_level or os.environ.get("JOBYARD_LOG_LEVEL", Settings.log_level),
        access_log=options.access_log or os.environ.get("JOBYARD_ACCESS_LOG") == "1",
        starts_at_once=whole_number(os.environ, "JOBYARD_STARTS_AT_ONCE", Settings.starts_at_once),
        starts_waiting=whole_number(os.environ, "JOBYARD_STARTS_WAITING", Settings.starts_waiting),
        mongod_retry_seconds=whole_number(os.environ, "JOBYARD_MONGOD_RETRY_SECONDS", Settings.mongod_retry_seconds),
    )


def _path(chosen: Path | None, named: str | None) -> Path | None:
    """The one of the flag, else the one of the environment."""
    return chosen or (Path(named) if named else None)


def serve(settings: Settings) -> int:
    """Serve until Ctrl-C or SIGTERM; 1 when the server could not start, or lost its local mongod for good."""
    set_up(settings)
    if settings.open and not is_loopback(settings.host):
        _fail(settings, OPEN_REFUSED.format(settings.host))
        return 1
    began = time.monotonic()
    loops = uvicorn.Config("", log_config=None).get_loop_factory()
    try:
        with asyncio.Runner(loop_factory=loops) as runner:
            code = runner.run(_serve(settings))
    except (StoreProblem, ProvidersInvalid, TrustedInvalid, ListenRefused) as problem:
        _fail(settings, str(problem))
        return 1
    lasted = round(time.monotonic() - began, 3)
    log.info(
        "server stopped with %d after %.3f s", code, lasted, extra=about("server_stopped", code=code, seconds=lasted)
    )
    return code


def _fail(settings: Settings, message: str) -> None:
    """A line for people as every command has it, or one for machines."""
    if settings.log_format == "json":
        log.error("%s", message, extra=about("server_failed"))
    else:
        print(f"jobyard: {message}", file=sys.stderr, flush=True)


async def _serve(settings: Settings) -> int:
    # First: the password of a new database is drawn once, and shown by a server that listens.
    sockets = bind(settings.host, settings.port)
    async with open_services(settings) as services:
        if settings.examples:
            await examples.import_examples()
        config = uvicorn.Config(
            create_app(services),
            settings.host,
            settings.port,
            log_config=None,  # ours
            log_level="warning",
            access_log=False,  # tokens may be in query strings: see RequestIds
            proxy_headers=False,  # see Forwarded; uvicorn would believe whoever asks from this machine
            backlog=BACKLOG,
            limit_concurrency=most_connections(),
            http=BoundedHttp,
            ws=BoundedWebSocket,
            timeout_graceful_shutdown=1,  # what has not ended before; see _Server.shutdown
        )
        server = _Server(config, services)
        services.store.given_up.add_done_callback(lambda _: server.handle_exit(SIGTERM, None))
        async with _modest():
            await server.serve(sockets)
        if services.store.given_up.done():
            _fail(settings, str(services.store.given_up.result()))
            return 1
        return 0 if server.started else 1


def most_connections() -> int:
    """As many as the system lets this process have: it asks for more files than the usual 1024, where it may."""
    _, most = getrlimit(RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_FILES
    allowed = wanted if most == RLIM_INFINITY else min(most, wanted)
    if getrlimit(RLIMIT_NOFILE)[0] < allowed:
        setrlimit(RLIMIT_NOFILE, (allowed, most))
    return max(allowed - OTHER_FILES, allowed // 2)


def _leave_within(seconds: float) -> None:
    """End the process by then, whatever a database that is away makes it wait for; what is stored is taken over."""

    def leave() -> None:
        log.warning("it is ended without waiting any longer", extra=about("server_abandoned"))
        for handler in logging.getLogger().handlers:
            handler.flush()
        os._exit(1)

    timer = threading.Timer(seconds, leave)
    timer.daemon = True
    timer.start()


class _Server(uvicorn.Server):
    """Says where it listens, and leaves by itself: the yard behind it is still to be closed in order.

    On a signal it listens no more: a proxy takes the next server for whatever it has not sent. Who is connected is
    answered: waiting callers with their jobs as they are, subscribers with their end, new requests with 503.
    """

    def __init__(self, config: uvicorn.Config, services: Services) -> None:
        super().__init__(config)
        self._services = services

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port: int = self.servers[0].sockets[0].getsockname()[1]
            self._services.own_addresses.ports |= {
                one.getsockname()[1] for server in self.servers for one in server.sockets
            }
            print(greeting(self._services, port), flush=True)
            self._log_start(port)

    def _log_start(self, port: int) -> None:
        settings = self._services.settings
        log.info(
            "server %s started on %s:%d, with %s", own_version(), settings.host, port, self._services.store.description,
            extra=about("server_started", version=own_version(), host=settings.host, port=port,
                        server=self._services.jobs.owner, store=self._services.store.description,
                        settings=shown(settings)),
        )  # fmt: skip

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS_A_SECOND == 0:
            look_at_connections(self.server_state.connections)
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self._services.closing.is_set():
            self._services.closing.set()
            _leave_within(EXIT_SECONDS)
            for listener in self.servers if self.started else ():
                listener.close()
            with suppress(OSError):  # who reads the output may be gone, and it is no reason not to stop
                print(STOPPING, flush=True)
            log.info("server is being stopped", extra=about("server_stopping", signal=Signals(sig).name))
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        until = time.monotonic() + FAREWELL_SECONDS
        while self.server_state.tasks and not self.force_exit and time.monotonic() < until:  # noqa: ASYNC110 -- a set
            await asyncio.sleep(0.05)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        loop = asyncio.get_running_loop()
        for signal in (SIGINT, SIGTERM):
            loop.add_signal_handler(signal, self.handle_exit, signal, None)
        yield


@asynccontextmanager
async def _modest() -> AsyncGenerator[None]:
    """Threads that compute leave the event loop its turns, and memory goes back to the system when it is not needed."""
    memory.keep_what_is_loaded()
    sys.setswitchinterval(SWITCH_SECONDS)
    giving = asyncio.create_task(memory.give_back_when_quiet(), name="give memory back")
    try:
        yield
    finally:
        giving.cancel()


def greeting(services: Services, port: int) -> str:
    """`port` is the one that it listens on: for port 0 the system has chosen one."""
    settings = services.settings
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{port}"
    lines = [f"jobyard keeps its jobs in {services.store.description}"]
    if has_console():
        lines.append(f"console: {address}/")
    else:
        lines.append("the console is not in this package: `pip install` of a checkout, with npm on PATH, builds it")
    if is_fetched():
        lines.append(f"playground: {address}/graphql")
    else:
        lines.append(f"GraphQL: {address}/graphql")
        lines.append("the playground is not installed: `jobyard fetch-playground` fetches its files, with npm")
    if settings.providers is not None:
        lines.append(f"providers: {settings.providers}")
    if settings.trusted_documents is not None:
        lines.append(f"trusted documents: over GraphQL nothing is run but what is in {settings.trusted_documents}")
    if services.providers.stubs_the_rest:
        lines.append("a stub answers every task that nobody provides and no person works: nothing of that is real")
    if settings.open:
        lines.append("open: whoever reaches it is the account admin, without sign-in")
    elif services.generated_password is not None:
        lines.append(
            f"account admin, password {services.generated_password}: it is shown this once; setPassword changes it"
        )
    if settings.examples and settings.open:
        body = '{"workflow": "Greet a device", "options": {"variables": {"device": "edge-1"}}}'
        lines.append(
            f"try: curl -s {address}/operations-manager/jobs/start -H 'content-type: application/json' -d '{body}'"
        )
    lines.append("Ctrl-C stops it.")
    return "\n".join(lines)
