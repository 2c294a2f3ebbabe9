"""Loading a running job from its stored documents."""

import asyncio
from functools import partial

from ...models.documents.progress import answers_ahead, latest_iterations, read_state
from ...models.documents.shapes.jobs import JobHeader
from ...models.errors import SecretsBroken
from ..store.errors import ValueMissing
from ..store.outbox import OUTBOX
from ..threads import in_thread, in_thread_if_long
from ..workflows.definitions import Definitions
from .dependencies import Family, JobDependencies
from .job import RunningJob
from .recovery import MOST_ADOPTIONS, Trials, Unreadable, end_unreadable


class Loading:
    def __init__(self, dependencies: JobDependencies, definitions: Definitions, family: Family) -> None:
        self._dependencies = dependencies
        self._definitions = definitions
        self._family = family
        self._trials = Trials(definitions, dependencies.rules)

    async def load(self, job: JobHeader, first_save: asyncio.Event) -> RunningJob:
        """The job as it is stored. Unreadable where its values cannot be read; the job is set to error then."""
        try:
            return await self._load(job, first_save)
        except (ValueMissing, SecretsBroken) as fault:
            pinned = await self._definitions.find(job["workflow_version"])
            await end_unreadable(self._dependencies, pinned.graph, job, str(fault))
            raise Unreadable(str(fault)) from fault

    async def _load(self, job: JobHeader, first_save: asyncio.Event) -> RunningJob:
        store = self._dependencies.store
        job = await store.load_opened(job)
        pinned = await self._definitions.find(job["workflow_version"])
        definition = await self._definitions.runnable(pinned, job["_id"])
        if OUTBOX in job:
            await store.deliver(job["_id"])
        iterations = await store.iterations(latest_iterations(job))
        reading = partial(read_state, pinned.graph, job, iterations)
        state = await (in_thread(reading) if pinned.large else in_thread_if_long(reading, job, *iterations.values()))
        trial = None
        if job.get("lease", {}).get("adoptions", 0) >= MOST_ADOPTIONS:
            trial = partial(self._trials.refusal_of, job, definition, state)
        running = RunningJob(self._dependencies, job, definition, state, first_save, self._family, trial)
        for answer in answers_ahead(job, iterations):
            running.send(answer)
        for iteration in await store.tasks.find_answers([job["_id"]]) if running.waits_for_person else ():
            running.deliver_answer(iteration)
        return running

    async def close(self) -> None:
        await self._trials.close()
