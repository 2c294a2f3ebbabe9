"""Opens and closes the services of a server process. After the close other processes take its jobs over."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from secrets import token_hex

from beanie import init_beanie  # pyright: ignore[reportUnknownVariableType] -- Beanie leaves types open
from pymongo.errors import PyMongoError

from ..models.documents.audit import FOREVER_SECONDS, KEPT, AuditEvent
from ..models.documents.event import JobEvent
from ..models.documents.shapes.events import JobEventDocument
from ..models.documents.shapes.jobs import JobHeader
from ..models.engine.events import ChildStart
from ..models.json import JsonObject
from ..models.settings import Settings
from ..models.visibility import SYSTEM
from .accounts.callers import Callers
from .accounts.defaults import ensure_defaults
from .accounts.passwords import Passwords
from .accounts.rate_limit import SignInLimiter
from .audit.duty import copy_regularly
from .audit.record import record_serving
from .backup.restore import check_restored
from .clock import Clock, SystemClock
from .jobs import start as jobs
from .jobs.admission import Admission, Closing
from .jobs.children import owner_of, start_child
from .log_facts import about
from .providers.configuration import Configuration
from .providers.egress import OwnAddresses
from .providers.events import event_listener
from .providers.opening import open_providers
from .providers.providers_file import read_configuration
from .providers.templates import schema_tasks, template_tasks
from .retention.duty import remove_regularly
from .runner.dependencies import JobDependencies
from .runner.embedded import EmbeddedRunner
from .search.backfill import backfill_regularly
from .server import keys
from .services import Services
from .store import sealed_documents
from .store.collections import DOCUMENTS
from .store.connect import open_store
from .store.database_clock import DatabaseClock
from .store.errors import brief
from .store.feed import Feed
from .store.indexes import make_indexes, set_expiry
from .store.jobs import JobStore
from .store.keyring import open_keyring
from .store.large_values import LargeValues
from .store.pulse import Pulse
from .store.rotation import Rotation
from .templating.schema_checks import open_checks
from .templating.workers import open_workers
from .trace_opening import open_traces
from .workflows import assets
from .workflows.definitions import Definitions

CLOSE_SECONDS = 4  # after the requests have ended, whatever the database does

log = logging.getLogger("jobyard")

EVENT_LISTENER = ("WorkFlowEngine", "eventListenerJob")


@asynccontextmanager
async def open_services(
    settings: Settings, clock: Clock | None = None, passwords: Passwords | None = None
) -> AsyncGenerator[Services]:
    clock = clock or SystemClock()
    keyring = open_keyring(settings.secrets_key, settings.secrets_key_file)
    chosen = read_configuration(settings.providers, os.environ) if settings.providers else Configuration()

    async def job_of(job_id: str, for_job: str) -> JsonObject | None:
        job = await services.jobs.header(for_job)
        caller = SYSTEM if job is None else await owner_of(services, job)
        return await jobs.find_or_none(services, caller, job_id)

    def events_since(at: int) -> AsyncGenerator[JobEventDocument]:
        return services.feed.follow_all_since(at)

    owner = f"{socket.gethostname()}/{os.getpid()}/{token_hex(4)}"
    async with (
        open_traces(settings, owner),
        open_store(
            settings.mongodb_uri,
            settings.data,
            memory=settings.memory,
            database_name=settings.database,
            retry_seconds=settings.mongod_retry_seconds,
            mongod_binary=settings.mongod,
        ) as store,
        open_workers() as workers,
        open_checks() as schemas,
        open_providers(
            chosen,
            {
                **template_tasks(assets.find_template, workers),
                **schema_tasks(schemas),
                EVENT_LISTENER: event_listener(events_since, job_of),
            },
            own := OwnAddresses(store.nodes),
        ) as providers,
    ):
        await check_restored(store.database)
        await init_beanie(database=store.database, document_models=DOCUMENTS, skip_indexes=True)
        sealed_documents.use(keyring)
        await make_indexes(DOCUMENTS)
        if store.durable:
            await set_expiry(JobEvent, "kept", settings.keep_events // 1000)
            await set_expiry(AuditEvent, KEPT, (settings.keep_audit or FOREVER_SECONDS * 1000) // 1000)
        large = LargeValues(store.database, gridfs=store.durable, keyring=keyring)
        job_store = JobStore(owner, settings.lease, large, most_descendants=settings.most_descendants)
        feed = Feed(streams=store.change_streams)
        pulse = Pulse(store.ask, job_store.servers.outage)
        definitions = Definitions(settings.rules, providers.answers_for_person, settings.budget, keyring)
        await job_store.servers.beat()
        shared: list[DatabaseClock] = []
        if store.durable and isinstance(clock, SystemClock):
            shared = [DatabaseClock(store.database, clock, job_store.servers.outage)]
            await shared[0].ask()
        passwords = passwords or Passwords()
        admin_id, drawn_password = await ensure_defaults(settings, passwords, clock.now())

        async def starting_child(parent: JobHeader, start: ChildStart) -> JobHeader:
            child = await start_child(services, parent, start)
            await runner.wait_first_save(start.child_id)
            return child

        dependencies = JobDependencies(job_store, feed, clock, providers.perform, starting_child, settings.rules)
        runner = EmbeddedRunner(dependencies, definitions)
        rotation = Rotation(store.database, keyring, gridfs=store.durable)
        draining = Closing()
        admission = Admission(settings.starts_at_once, settings.starts_waiting, draining)
        services = Services(
            *(settings, store, job_store, definitions, runner, feed, clock, providers),
            *(Callers(clock, pulse), SignInLimiter(clock), passwords, schemas, admin_id, drawn_password, clock.now()),
            *(draining, admission, pulse, own, rotation, await keys.report(keyring, rotation)),
        )
        await record_serving(owner, services.clock.now(), settings)
        closing, closed = asyncio.Event(), asyncio.Event()
        background = [pulse.run(closing), feed.run(closing), backfill_regularly(closing)]
        background += [remove_regularly(services, closing), copy_regularly(services, closing)]
        background += [clock_of_database.run(closing) for clock_of_database in shared]
        background += [runner.run(draining)] if store.durable else []
        running = asyncio.gather(*background)
        heartbeat = asyncio.create_task(job_store.servers.keep_beating(closed), name="heartbeat")
        try:
            yield services
        finally:
            draining.set()
            closing.set()
            try:
                async with asyncio.timeout(CLOSE_SECONDS):
                    await running
                    await runner.close()
                    await definitions.close()
                    await feed.close()
                    closed.set()  # until here the jobs were ours
                    await heartbeat
                    await job_store.close()
            except (TimeoutError, PyMongoError) as fault:
                log.warning(
                    "the server does not close in order, and others take its jobs over: %s",
                    brief(fault),
                    extra=about("closed_out_of_order"),
                )
            heartbeat.cancel()
            await pulse.close()
