"""Runs the server process: settings, start, greeting and shutdown."""

import asyncio
import gc
import logging
import os
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit
from signal import SIG_IGN, SIGHUP, SIGINT, SIGTERM, Signals, signal
from socket import socket
from types import FrameType

import uvicorn

from ...models.reading_settings import misspelt_variables
from ...models.settings import SettingRefused, Settings, shown
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
from .connections import BoundedWebSocket, bounded_http, check_connections
from .listening import ListenRefused, bind
from .log_format import configure_logs
from .reloading import reload
from .supervisor import READY, STOPPING, Supervisor

log = logging.getLogger("jobyard")

MISUSED = 2  # the exit code of a start with arguments that make no sense
TICKS_A_SECOND = 10  # of uvicorn's main loop
FAREWELL_SECONDS = 3  # from the signal until the server cuts requests and subscriptions off
EXIT_SECONDS = 9.5  # from the signal until the process ends in any case
BACKLOG = 4096  # connections that wait in the system for acceptance
MOST_CONNECTIONS = 10_000  # of clients; the server answers further connections with 503 and closes
SWITCH_SECONDS = 0.001  # after which a computing thread gives way to the waiting event loop
OTHER_FILES = 500  # open files besides connections of clients: connections to database and providers, logs

FAREWELL = "jobyard is being stopped: it takes no more work, answers waiting callers and hands its jobs over."
OPEN_REFUSED = (
    "--open makes everybody who reaches the server the administrator, and {} is no loopback address. Leave out "
    "--open, or listen on 127.0.0.1."
)


def serve(settings: Settings, read_settings: Callable[[], Settings]) -> int:
    """Serve until Ctrl-C or SIGTERM.

    MISUSED for settings and files of settings that cannot be used; 1 when the server could not start for another
    reason, or lost its local mongod for good. `read_settings` reads the settings again for a reload.
    """
    configure_logs(settings)
    signal(SIGHUP, SIG_IGN)  # until the server can reload
    if settings.open and not is_loopback(settings.host):
        _fail(settings, OPEN_REFUSED.format(settings.host))
        return MISUSED
    began = time.monotonic()
    loops = uvicorn.Config("", log_config=None).get_loop_factory()
    try:
        with asyncio.Runner(loop_factory=loops) as runner:
            code = runner.run(_serve(settings, read_settings))
    except (SettingRefused, ProvidersInvalid, TrustedInvalid) as problem:
        _fail(settings, str(problem))
        return MISUSED
    except (StoreProblem, ListenRefused) as problem:
        _fail(settings, str(problem))
        return 1
    lasted = round(time.monotonic() - began, 3)
    log.info(
        "server stopped with %d after %.3f s", code, lasted, extra=about("server_stopped", code=code, seconds=lasted)
    )
    return code


def _fail(settings: Settings, message: str) -> None:
    """Report a failed start: as a log line in JSON format, else as a message of the command line."""
    if settings.log_format == "json":
        log.error("%s", message, extra=about("server_failed"))
    else:
        print(f"jobyard: {message}", file=sys.stderr, flush=True)


async def _serve(settings: Settings, read_settings: Callable[[], Settings]) -> int:
    # Bind first: only a listening server may draw and print the password of a new database.
    sockets = bind(settings.host, settings.port)
    supervisor = Supervisor(os.environ)  # before a mongod inherits the environment
    async with open_services(settings) as services:
        if settings.examples:
            await examples.import_examples()
        config = uvicorn.Config(
            create_app(services),
            settings.host,
            settings.port,
            log_config=None,  # log_format.py configures the logs
            log_level="warning",
            access_log=False,  # query strings may have tokens; RequestIds logs without them
            proxy_headers=False,  # Forwarded replaces it: uvicorn would trust every client on this machine
            backlog=BACKLOG,
            limit_concurrency=most_connections(),
            http=bounded_http(settings.request_time / 1000),
            ws=BoundedWebSocket,
            timeout_graceful_shutdown=1,  # after the wait in _Server.shutdown
        )
        server = _Server(config, services, read_settings, supervisor)
        services.store.given_up.add_done_callback(lambda _: server.handle_exit(SIGTERM, None))
        async with _tune_process():
            await server.serve(sockets)
        if services.store.given_up.done():
            _fail(settings, str(services.store.given_up.result()))
            return 1
        return 0 if server.started else 1


def most_connections() -> int:
    """The largest number of connections; raises the limit of open files from the usual 1024, where allowed."""
    _, most = getrlimit(RLIMIT_NOFILE)
    target = MOST_CONNECTIONS + OTHER_FILES
    allowed = target if most == RLIM_INFINITY else min(most, target)
    if getrlimit(RLIMIT_NOFILE)[0] < allowed:
        setrlimit(RLIMIT_NOFILE, (allowed, most))
    return max(allowed - OTHER_FILES, allowed // 2)


def _exit_within(seconds: float) -> None:
    """End the process after `seconds`, even while a call to an unavailable database waits; other servers take over."""

    def leave() -> None:
        log.warning("the process ends without waiting any longer", extra=about("server_abandoned"))
        for handler in logging.getLogger().handlers:
            handler.flush()
        os._exit(1)

    timer = threading.Timer(seconds, leave)
    timer.daemon = True
    timer.start()


class _Server(uvicorn.Server):
    """Prints the greeting, and shuts down so that `_serve` can close the services in order.

    On a signal the server stops listening, so that a proxy takes another server. Connected clients get answers: waiting
    callers their jobs in the present state, subscribers the end of the stream, new requests 503.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        services: Services,
        read_settings: Callable[[], Settings],
        supervisor: Supervisor,
    ) -> None:
        super().__init__(config)
        self._services = services
        self._read_settings = read_settings
        self._has_terminal = os.isatty(0)
        self._supervisor = supervisor
        self._reloading: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port: int = self.servers[0].sockets[0].getsockname()[1]
            self._services.own_addresses.ports |= {
                socket.getsockname()[1] for server in self.servers for socket in server.sockets
            }
            print(greeting(self._services, port), flush=True)
            self._log_start(port)
            self._supervisor.notify(READY, f"STATUS=http://{self._services.settings.host}:{port}")

    def _log_start(self, port: int) -> None:
        settings = self._services.settings
        for name, nearest in misspelt_variables(os.environ).items():
            log.warning("%s is no setting: is %s meant?", name, nearest, extra=about("unknown_variable", variable=name))
        log.info(
            "server %s started on %s:%d, with %s", own_version(), settings.host, port, self._services.store.description,
            extra=about("server_started", version=own_version(), host=settings.host, port=port,
                        server=self._services.jobs.owner, store=self._services.store.description,
                        settings=shown(settings)),
        )  # fmt: skip

    async def on_tick(self, counter: int) -> bool:
        self._supervisor.notify_alive()
        if counter % TICKS_A_SECOND == 0:
            check_connections(self.server_state.connections)
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self._services.closing.is_set():
            self._services.closing.set()
            self._supervisor.notify(STOPPING)
            _exit_within(EXIT_SECONDS)
            for listener in self.servers if self.started else ():
                listener.close()
            with suppress(OSError):  # a closed output does not prevent the shutdown
                print(FAREWELL, flush=True)
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
        for each in (SIGINT, SIGTERM):
            loop.add_signal_handler(each, self.handle_exit, each, None)
        loop.add_signal_handler(SIGHUP, self._reload)
        yield

    def _reload(self) -> None:
        if self._has_terminal and not os.isatty(0):
            self.handle_exit(SIGTERM, None)  # its terminal was closed
        elif self._reloading is None or self._reloading.done():
            self._reloading = asyncio.create_task(self._reload_all(), name="reload")

    async def _reload_all(self) -> None:
        self._supervisor.notify_reload()
        try:
            await reload(self._services, self._read_settings)
        finally:
            self._supervisor.notify(READY)


@asynccontextmanager
async def _tune_process() -> AsyncGenerator[None]:
    """Makes computing threads and garbage collections give way to the event loop, and returns memory to the system."""
    memory.give_large_blocks_pages()
    old = memory.OldObjects(asyncio.get_running_loop().call_soon_threadsafe)
    old.begin()
    gc.enable()
    sys.setswitchinterval(SWITCH_SECONDS)
    trimming = asyncio.create_task(memory.give_back_when_quiet(old.give_back), name="give memory back")
    try:
        yield
    finally:
        trimming.cancel()
        old.end()


def greeting(services: Services, port: int) -> str:
    """The greeting of a started server. `port` is the bound port, which the system chooses for port 0."""
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
    if settings.config is not None:
        lines.append(f"settings: {settings.config}")
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
            f"account admin, password {services.generated_password}: it is shown this once; "
            "the page People of the console changes it"
        )
    if settings.examples and settings.open:
        body = '{"workflow": "Greet a device", "options": {"variables": {"device": "edge-1"}}}'
        lines.append(
            f"try: curl -s {address}/operations-manager/jobs/start -H 'content-type: application/json' -d '{body}'"
        )
    lines.append("Ctrl-C stops it.")
    return "\n".join(lines)
