"""Waking dormant jobs: each is read from the database again and runs on."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context

from ...models.documents.shapes.jobs import JobHeader
from ..clock import Clock
from ..store.jobs import JobStore
from .interruptions import Interruptions
from .local_jobs import LocalJobs

WAKING_AT_ONCE = 32  # of those jobs that no caller waits for
WAKE_AGAIN_MILLISECONDS = 1000  # after the database failed


class Waking:
    """`run` runs a job that was read."""

    def __init__(
        self,
        jobs: LocalJobs,
        store: JobStore,
        clock: Clock,
        interruptions: Interruptions,
        run: Callable[[JobHeader], None],
    ) -> None:
        self._jobs = jobs
        self._store = store
        self._clock = clock
        self._interruptions = interruptions
        self._run = run
        self._queue: deque[str] = deque()
        self._workers = 0

    def wake_soon(self, job_id: str) -> None:
        """Queue the job: a few jobs are woken at a time."""
        self._queue.append(job_id)
        if self._workers < WAKING_AT_ONCE and not self._jobs.closing.is_set():
            self._workers += 1
            self._jobs.run_in_background(self._work_off(), "wake jobs")

    async def _work_off(self) -> None:
        try:
            while self._queue and not self._jobs.closing.is_set():
                await self.wake(self._queue.popleft())
        finally:
            self._workers -= 1

    async def wake(self, job_id: str) -> None:
        """Wake the job if it is dormant; return once its first advance is stored."""
        try:
            await self._begin(job_id)
        except Exception as fault:  # the edge of the runner: the job stays dormant, and is woken again
            self._interruptions.note_interrupted(job_id, fault, advanced=False)
        await self._jobs.wait_first_save(job_id)

    async def _begin(self, job_id: str) -> None:
        work = self._jobs.waking.get(job_id)
        if work is None:
            if job_id not in self._jobs.dormant:
                return
            work = asyncio.create_task(self._read_and_run(job_id), name=f"wake {job_id}", context=Context())
            self._jobs.waking[job_id] = work
        await asyncio.shield(work)

    async def _read_and_run(self, job_id: str) -> None:
        try:
            own = await self._store.leases.read_own([job_id])
            self._jobs.dormant.remove(job_id)
            for job in own:
                self._run(job)
        except Exception:
            # The reason to wake the job may not be announced again.
            self._jobs.dormant.put_until(job_id, self._clock.now() + WAKE_AGAIN_MILLISECONDS)
            raise
        finally:
            del self._jobs.waking[job_id]
