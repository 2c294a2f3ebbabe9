"""The runner inside the server process: one asyncio task per job, MongoDB as the only state.

A lease with an epoch on each job document says which server runs the job. A process that comes back, or another one on
the same database, takes over the jobs whose owner has been silent; the stale owner's writes are refused.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from pymongo.errors import PyMongoError

from ...models.documents.shapes.commands import InboxEntry
from ...models.documents.shapes.jobs import JobHeader
from ...models.engine.events import Event
from ...models.engine.lifecycle import ACTIONS
from ..metrics import SWEEP_SECONDS, timed
from ..workflows.definitions import Definitions
from .adoption import Adoption
from .dependencies import JobDependencies
from .driving import Driving, is_owned_by
from .first_advance import FirstAdvance
from .interruptions import Interruptions
from .job import RunningJob
from .loading import Loading
from .local_jobs import LocalJobs
from .ownership import Ownership
from .protocol import Load
from .stored_changes import StoredChanges
from .waking import Waking


class EmbeddedRunner:
    def __init__(self, dependencies: JobDependencies, definitions: Definitions) -> None:
        store, clock = dependencies.store, dependencies.clock
        self._store = store
        self._feed = dependencies.feed
        self._interruptions = interruptions = Interruptions(store.servers.outage)
        self._jobs = jobs = LocalJobs(clock, interruptions, self.wake_soon)
        self._loading = Loading(dependencies, definitions, self)
        self._driving = Driving(jobs, dependencies, self._loading, interruptions, self)
        self._waking = Waking(jobs, store, clock, interruptions, self._driving.run)
        adoption = Adoption(store, definitions, dependencies.rules)
        self._ownership = Ownership(jobs, store, adoption, self._waking, interruptions, self._driving.run)
        self._changes = StoredChanges(jobs, store, adoption, self._waking, interruptions, dependencies.rules)
        self._feed.listen(self._changes.on_event)

    async def begin(self, job: JobHeader, first: FirstAdvance | None) -> None:
        with self._jobs.starting(job["_id"]):
            if first is None or not await self._driving.store_and_run(first):
                await self._store.insert(job)
                await self.ensure(job)

    async def ensure(self, job: JobHeader) -> None:
        self._driving.run(job)

    async def resume(self, job: JobHeader) -> None:
        if is_owned_by(job, self._store.owner):
            await self._ownership.take_back(job["_id"])

    async def send(self, job_id: str, event: Event) -> None:
        if job_id in self._jobs.running:
            await self._jobs.running[job_id].send(event)
            if job_id not in self._jobs.dormant:
                return
        if not self._jobs.is_asleep(job_id):
            await self._feed.nudge(job_id)
            return
        await self._waking.wake(job_id)
        if job_id in self._jobs.running:  # which has read the event already; a second delivery changes nothing
            await self._jobs.running[job_id].send(event)

    async def look(self, job_id: str) -> None:
        if job_id in self._jobs.running:
            await self._changes.refresh(self._jobs.running[job_id])
        elif self._jobs.is_loading(job_id):
            self._jobs.to_refresh.add(job_id)
        elif not self._jobs.is_asleep(job_id):  # a dormant job reads everything when it wakes
            await self._feed.nudge(job_id)

    async def deliver_command(self, job_id: str, entry: InboxEntry) -> None:
        await self._ownership.adopt(job_id)
        running = self._jobs.running.get(job_id)
        if running is not None:
            await running.deliver_command(entry)
            if job_id in self._jobs.dormant:  # it became dormant meanwhile
                await self._waking.wake(job_id)
        elif self._jobs.is_loading(job_id):
            await self._deliver_after_load(job_id, entry)
        else:
            await self._feed.nudge(job_id)

    async def _deliver_after_load(self, job_id: str, entry: InboxEntry) -> None:
        await self.wait_first_save(job_id)
        if job_id in self._jobs.running:
            await self._jobs.running[job_id].deliver_command(entry)
        else:
            await self._adopt_again(job_id)

    async def wait_first_save(self, job_id: str) -> None:
        await self._jobs.wait_first_save(job_id)

    async def wait_stopped(self, job_id: str) -> None:
        await self._jobs.wait_stopped(job_id)

    def is_dormant(self, job_id: str) -> bool:
        """Whether the job is this process's and takes no more memory than its id: there is nothing to do for it."""
        return job_id in self._jobs.dormant

    def load(self) -> Load:
        return self._jobs.load()

    def let_take_over(self, *, willing: bool) -> None:
        self._ownership.may_take_over = willing

    async def run(self, closing: asyncio.Event) -> None:
        self._jobs.closing = closing
        while not closing.is_set():
            try:
                await self.sweep()
            except PyMongoError as fault:
                self._interruptions.note(fault)  # away: the other parts would only wait for it, too
            with suppress(TimeoutError):
                async with asyncio.timeout(self._store.lease / 4000):
                    await closing.wait()

    async def sweep(self) -> None:
        """Resume interrupted jobs, take over jobs of servers that are gone, and find changes of other processes.

        Each part asks the database: what a sweep cannot do because the database fails, the next one does.
        """
        with timed(SWEEP_SECONDS):
            await self._interruptions.run_part("taking back what broke off", self._ownership.take_back_own)
            await self._interruptions.run_part("taking over", self._ownership.take_over)
            await self._interruptions.run_part("looking at parents", self._changes.look_at_parents)
            await self._interruptions.run_part("looking at answers", self._changes.look_at_answers)
            await self._interruptions.run_part("looking at commands", self._changes.look_at_inboxes)

    async def close(self) -> None:
        """Stop all jobs where they are: the server that takes them over goes on from what is stored."""
        await self._jobs.close()
        await self._loading.close()

    # What the parts of the runner use of it: see Family and Runs.

    async def cancel(self, job_id: str, entry: InboxEntry) -> list[str]:
        return await self._store.family_commands.store_below(job_id, entry, ACTIONS["cancel"].allowed)

    async def publish_command(self, job_ids: Sequence[str], entry: InboxEntry) -> None:
        others: list[str] = []
        for job_id in job_ids:
            if job_id in self._jobs.running:
                self._jobs.running[job_id].deliver_command(entry)
            elif self._jobs.is_loading(job_id):
                self._jobs.run_in_background(self._deliver_after_load(job_id, entry), f"command of {job_id}")
            elif self._jobs.is_asleep(job_id):
                self.wake_soon(job_id)
            else:
                others.append(job_id)
        for job_id in await self._store.family_commands.find_elsewhere(others, entry["id"]) if others else ():
            await self._ownership.adopt(job_id)

    def refresh_soon(self, job: RunningJob) -> None:
        self._changes.refresh_soon(job)

    def wake_soon(self, job_id: str) -> None:
        self._waking.wake_soon(job_id)

    def adopt_soon(self, job_id: str) -> None:
        self._jobs.run_in_background(self._adopt_again(job_id), f"commands of {job_id}")

    async def _adopt_again(self, job_id: str) -> None:
        """Take over a job with a command in its inbox, which came when the job released its lease."""
        try:
            await self._ownership.adopt(job_id)
        except PyMongoError as fault:
            self._interruptions.note(fault)  # the next sweep takes it over
