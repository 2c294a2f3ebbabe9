"""How jobs become this process's: taken over from servers that are gone, or taken back after an interruption."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from ...models.documents.shapes.jobs import JobHeader
from ..store.jobs import JobStore
from ..store.outage import is_away
from .adoption import Adoption
from .interruptions import Interruptions
from .local_jobs import LocalJobs
from .waking import Waking


class Ownership:
    """`run` runs a job that was read."""

    def __init__(
        self,
        jobs: LocalJobs,
        store: JobStore,
        adoption: Adoption,
        waking: Waking,
        interruptions: Interruptions,
        run: Callable[[JobHeader], None],
    ) -> None:
        self._jobs = jobs
        self._store = store
        self._adoption = adoption
        self._waking = waking
        self._interruptions = interruptions
        self._run = run
        self.may_take_over = True

    async def adopt(self, job_id: str) -> None:
        """Take the job over if no living server runs it; wake it if it is dormant in this process."""
        if job_id in self._jobs.work:
            return
        if self._jobs.is_asleep(job_id):
            await self._waking.wake(job_id)
            return
        with self._interruptions.note_failures():
            adopted = await self._store.leases.adopt(job_id)
        if adopted is not None:
            self._run(adopted)

    async def take_over(self) -> None:
        """Take jobs over a batch at a time: each batch runs before the next one is taken."""
        if not self.may_take_over:
            return
        with self._interruptions.note_failures():
            async for adopted in self._adoption.batches():
                for job_id, rest in adopted.resting.items():
                    if not self._jobs.is_local(job_id):
                        self._jobs.dormant.put(job_id, rest)
                for job in await self._read_own(adopted.others):
                    self._run(job)
                if self._jobs.closing.is_set():
                    return
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._store.lease / 4000):
                        await asyncio.gather(*map(self._jobs.wait_first_save, adopted.others))

    async def _read_own(self, job_ids: Sequence[str]) -> list[JobHeader]:
        """Those of the jobs that are still this process's. An unreadable job is left out."""
        try:
            return await self._store.leases.read_own(job_ids)
        except Exception as fault:  # an edge: a fault of one job must not stop the others
            if is_away(fault):
                raise
            if len(job_ids) > 1:
                return [job for job_id in job_ids for job in await self._read_own([job_id])]
            self._interruptions.note_interrupted(job_ids[0], fault, advanced=False)
            return []

    async def take_back_own(self) -> None:
        """Run the jobs that are this process's in the database and that this process does not run: an answer of the
        database was lost, or the jobs were interrupted.
        """
        if not self._interruptions.should_check_own():
            return
        dormant = set(self._jobs.dormant)
        with self._interruptions.note_failures():
            local = len(self._jobs.work) + len(self._jobs.dormant)
            if not self._interruptions.suspected and await self._store.leases.count_own() == local:
                return
            own = await self._store.leases.own_ids()
            for job_id in own:
                if self._jobs.closing.is_set():
                    return
                if not self._jobs.is_local(job_id) and self._interruptions.may_try_again(job_id):
                    await self.take_back(job_id)
        for job_id in dormant.difference(own):
            if job_id not in self._jobs.waking:
                self._jobs.dormant.remove(job_id)  # another process has it

    async def take_back(self, job_id: str) -> None:
        if self._jobs.is_local(job_id) or self._jobs.is_starting(job_id):
            return
        try:
            with self._jobs.starting(job_id):
                job = await self._store.leases.take_back(job_id)
        except Exception as fault:  # an edge: a fault of one job must not stop the others
            if is_away(fault):
                raise
            self._interruptions.note_interrupted(job_id, fault, advanced=False)
            return
        if job is not None:
            self._run(job)
