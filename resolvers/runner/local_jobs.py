"""The jobs that this process runs, starts, wakes, or holds dormant, by id."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from contextvars import Context
from typing import Any

from ..clock import Clock
from .dormant import Dormant
from .interruptions import Interruptions
from .job import RunningJob
from .protocol import Load

MOST_REPORTED = 10_000  # for others, the parent looks at its children once more


class LocalJobs:
    def __init__(self, clock: Clock, interruptions: Interruptions, wake_soon: Callable[[str], object]) -> None:
        self.running: dict[str, RunningJob] = {}
        self.work: dict[str, asyncio.Task[None]] = {}  # one per job: it loads the job and drives it
        self.waking: dict[str, asyncio.Task[None]] = {}
        self.dormant = Dormant(clock, wake_soon)
        self.first_saves: dict[str, asyncio.Event] = {}
        self.to_refresh: set[str] = set()  # jobs that are not loaded yet, and for which something was stored meanwhile
        self.closing = asyncio.Event()
        self._starting: set[str] = set()
        self._reported: dict[str, None] = {}  # child jobs whose end the parent got here, until the event of it is heard
        self._background: set[asyncio.Task[None]] = set()
        self._interruptions = interruptions

    def run(self, job_id: str, driving: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        self.first_saves.setdefault(job_id, asyncio.Event())
        work = asyncio.create_task(driving, name=f"job {job_id}")
        self.work[job_id] = work
        return work

    def remove(self, job_id: str) -> RunningJob | None:
        """Forget a job that is not driven any more; the job, if it was loaded."""
        self.work.pop(job_id, None)
        self.first_saves.pop(job_id).set()
        self.to_refresh.discard(job_id)
        return self.running.pop(job_id, None)

    @contextmanager
    def starting(self, job_id: str) -> Generator[None]:
        """Around the command to the database that makes the job this process's own."""
        self._starting.add(job_id)
        first_save = self.first_saves.setdefault(job_id, asyncio.Event())
        try:
            with self._interruptions.note_failures():
                yield
        finally:
            self._starting.discard(job_id)
            if job_id not in self.work:  # this process does not run it
                self.first_saves.pop(job_id, None)
                self.to_refresh.discard(job_id)
                first_save.set()

    def run_in_background(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        # The work outlives what asks for it, and is no part of that one's trace.
        work = asyncio.create_task(coroutine, name=name, context=Context())
        self._background.add(work)
        work.add_done_callback(self._background.discard)

    def note_reported(self, child_id: str) -> None:
        """Note that the parent of this child, which runs here, too, got the end of the child."""
        self._reported[child_id] = None
        if len(self._reported) > MOST_REPORTED:
            del self._reported[next(iter(self._reported))]

    def was_reported(self, child_id: str) -> bool:
        """Whether that was noted; it is forgotten with the question."""
        return self._reported.pop(child_id, self) is None

    def is_starting(self, job_id: str) -> bool:
        return job_id in self._starting

    def is_loading(self, job_id: str) -> bool:
        """Whether the job is being stored or read by this process, so that no message can be delivered to it yet."""
        return (job_id in self._starting or job_id in self.work) and job_id not in self.running

    def is_asleep(self, job_id: str) -> bool:
        """Whether the job is this process's and is dormant, or is being read again."""
        return job_id in self.dormant or job_id in self.waking

    def is_local(self, job_id: str) -> bool:
        return job_id in self.work or self.is_asleep(job_id)

    async def wait_first_save(self, job_id: str) -> None:
        """Return once the job's first advance in this process is stored, or this process does not run the job."""
        first_save = self.first_saves.get(job_id)
        if first_save is not None:
            await first_save.wait()

    async def wait_stopped(self, job_id: str) -> None:
        """Return once this process does not run the job any more: it is over, or another process has it."""
        while True:
            if (work := self.work.get(job_id) or self.waking.get(job_id)) is not None:
                await asyncio.wait([work])
            elif job_id in self.dormant:
                await self.dormant.wait_left(job_id)
            else:
                return

    def load(self) -> Load:
        return Load({"running": len(self.work), **self.dormant.kinds()}, self.dormant.overdue())

    async def close(self) -> None:
        await self.dormant.close()
        ending = [*self.work.values(), *self.waking.values(), *self._background]
        for work in ending:
            work.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
