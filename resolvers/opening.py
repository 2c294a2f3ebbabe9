"""Opening a yard: connect, take over the jobs that nobody runs, and on leaving let other processes have ours."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from secrets import token_hex

from beanie import init_beanie  # pyright: ignore[reportUnknownVariableType] -- Beanie leaves types open

from ..models.engine.events import ChildStart
from ..models.json import JsonObject
from ..models.settings import Settings
from . import jobs, templates
from .access.attempts import Attempts
from .access.callers import Callers
from .access.first_start import bring_about
from .access.passwords import Passwords
from .children import owner_of, start_child
from .clock import Clock, SystemClock
from .definitions import Definitions
from .finding.backfill import keep_tokens
from .providers.configuration import Configuration
from .providers.events import listening
from .providers.opening import open_providers
from .providers.providers_file import read_configuration
from .providers.templates import template_tasks
from .runners.embedded import EmbeddedRunner
from .runners.running_job import Surroundings
from .store.collections import DOCUMENTS
from .store.connect import open_store
from .store.feed import Feed
from .store.indexes import make_indexes
from .store.jobs import JobStore
from .store.large_values import LargeValues
from .templating.workers import open_workers
from .yard import Yard

EVENT_LISTENER = ("WorkFlowEngine", "eventListenerJob")


@asynccontextmanager
async def open_yard(
    settings: Settings, clock: Clock | None = None, passwords: Passwords | None = None
) -> AsyncGenerator[Yard]:
    clock = clock or SystemClock()
    chosen = read_configuration(settings.providers, os.environ) if settings.providers else Configuration()

    async def job_of(job_id: str, for_job: str) -> JsonObject | None:
        caller = await owner_of(yard, await yard.jobs.find(for_job) or {})
        return await jobs.find_or_none(yard, caller, job_id)

    def events_since(at: int) -> AsyncGenerator[JsonObject]:
        return yard.feed.of_all_since(at)

    async with (
        open_store(
            settings.mongodb_uri, settings.data, memory=settings.memory, database_name=settings.database
        ) as store,
        open_workers() as workers,
        open_providers(
            chosen, {**template_tasks(templates.find, workers), EVENT_LISTENER: listening(events_since, job_of)}
        ) as providers,
    ):
        await init_beanie(database=store.database, document_models=DOCUMENTS, skip_indexes=True)
        await make_indexes(DOCUMENTS)
        owner = f"{socket.gethostname()}/{os.getpid()}/{token_hex(4)}"
        job_store = JobStore(owner, settings.lease, LargeValues(store.database, gridfs=store.kept))
        feed = Feed(streams=store.change_streams)
        definitions = Definitions(settings.rules)
        await job_store.servers.beat()
        passwords = passwords or Passwords()
        admin_id, drawn_password = await bring_about(settings, passwords, clock.now())

        async def starting_child(parent: JsonObject, start: ChildStart) -> JsonObject:
            child = await start_child(yard, parent, start)
            await runner.rested(start.child_id)
            return child

        around = Surroundings(job_store, feed, clock, providers.perform, starting_child, settings.rules)
        runner = EmbeddedRunner(around, definitions)
        yard = Yard(
            *(settings, store, job_store, definitions, runner, feed, clock, providers),
            *(Callers(clock), Attempts(clock), passwords, admin_id, drawn_password, clock.now()),
        )
        closing = asyncio.Event()
        keeping = [feed.run(closing), keep_tokens(closing), *([runner.run(closing)] if store.kept else [])]
        kept = asyncio.gather(*keeping)
        try:
            yield yard
        finally:
            closing.set()
            await kept
            await runner.close()
            await feed.close()
            await job_store.close()
