"""Opening a yard: connect, take over the jobs that nobody runs, and on leaving let other processes have ours."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from secrets import token_hex

from beanie import init_beanie  # pyright: ignore[reportUnknownVariableType] -- Beanie leaves types open

from ..models.documents.job import Job, TaskIteration
from ..models.documents.workflow import Transformation, Workflow, WorkflowVersion
from ..models.engine.events import ChildStart
from ..models.json import JsonObject
from ..models.settings import Settings
from .children import start_child
from .clock import Clock, SystemClock
from .definitions import Definitions
from .finding.backfill import keep_tokens
from .providers import Providers
from .runners.embedded import EmbeddedRunner
from .runners.running_job import Surroundings
from .store.connect import open_store
from .store.jobs import JobStore
from .store.large_values import LargeValues
from .yard import Yard


@asynccontextmanager
async def open_yard(settings: Settings, clock: Clock | None = None) -> AsyncGenerator[Yard]:
    clock = clock or SystemClock()
    async with open_store(
        settings.mongodb_uri, settings.data, memory=settings.memory, database_name=settings.database
    ) as store:
        documents = [Workflow, WorkflowVersion, Transformation, Job, TaskIteration]
        await init_beanie(database=store.database, document_models=documents)
        owner = f"{socket.gethostname()}/{os.getpid()}/{token_hex(4)}"
        jobs = JobStore(owner, settings.lease, LargeValues(store.database, gridfs=store.kept))
        definitions = Definitions()

        async def starting_child(parent: JsonObject, start: ChildStart) -> JsonObject:
            return await start_child(yard, parent, start)

        runner = EmbeddedRunner(Surroundings(jobs, clock, Providers().perform, starting_child), definitions)
        yard = Yard(settings, store, jobs, definitions, runner, clock)
        keeping = asyncio.create_task(runner.run(), name="keep leases") if store.kept else None
        closing = asyncio.Event()
        tokens = asyncio.create_task(keep_tokens(closing), name="keep tokens")
        try:
            yield yard
        finally:
            closing.set()
            if keeping is not None:
                keeping.cancel()
                await asyncio.gather(keeping, return_exceptions=True)
            await tokens
            await runner.close()
            await jobs.close()
