"""Driving the jobs of this process: one asyncio task per job, from loading it until it is over or dormant."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from functools import partial
from typing import Protocol

from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.stored import NotStorable
from ...models.engine.effects import Rest
from ...models.engine.endings import child_end
from ...models.engine.events import ChildEnded
from ..log_facts import about
from ..metrics import LEASES_LOST
from ..store.advances import LostLease
from ..traces import within
from .dependencies import Family, JobDependencies, Unwritten
from .first_advance import FirstAdvance
from .interruptions import Interruptions
from .job import RunningJob
from .loading import Loading
from .local_jobs import LocalJobs
from .recovery import Unreadable

log = logging.getLogger("jobyard")


class Runs(Family, Protocol):
    """What a runner does about a job that was loaded, or that is not driven any more."""

    def refresh_soon(self, job: RunningJob) -> None:
        """Read what other processes stored for the job while it was being loaded."""
        ...

    def wake_soon(self, job_id: str) -> None: ...

    def adopt_soon(self, job_id: str) -> None:
        """Take the job over again: a command came when it released its lease."""
        ...


class Driving:
    def __init__(
        self,
        jobs: LocalJobs,
        dependencies: JobDependencies,
        loading: Loading,
        interruptions: Interruptions,
        runner: Runs,
    ) -> None:
        self._jobs = jobs
        self._dependencies = dependencies
        self._loading = loading
        self._interruptions = interruptions
        self._runner = runner

    def run(self, job: JobHeader) -> None:
        """Run a job, just stored or read, if it is this process's own; a second call changes nothing."""
        job_id = job["_id"]
        if job_id not in self._jobs.work and is_owned_by(job, self._dependencies.store.owner):
            self._jobs.dormant.remove(job_id)
            self._jobs.run(job_id, self._drive(job, partial(self._loading.load, job)))

    async def store_and_run(self, first: FirstAdvance) -> bool:
        """Store and run a job whose first advance is made. False where the database cannot hold that advance: nothing
        is stored then.
        """
        job_id: str = first.header["_id"]
        with ExitStack() as stack:
            stack.enter_context(self._dependencies.store.outbox.delivery(job_id, first.iterations))
            try:
                await self._dependencies.store.insert(first.header, first.iterations)
            except NotStorable:
                return False
            delivering = stack.pop_all()
        unwritten = Unwritten(first.iterations, delivering.close)
        work = self._jobs.run(job_id, self._drive(first.header, partial(self._build_new, first, unwritten)))
        work.add_done_callback(lambda _: delivering.close())
        return True

    async def _build_new(self, first: FirstAdvance, unwritten: Unwritten, first_save: asyncio.Event) -> RunningJob:
        return RunningJob(
            self._dependencies,
            first.header,
            first.definition,
            first.state,
            first_save,
            self._runner,
            unwritten=unwritten,
        )

    async def _drive(self, job: JobHeader, prepare: Callable[[asyncio.Event], Awaitable[RunningJob]]) -> None:
        with within(job.get("trace")):  # not that of whoever made this process run the job
            await self._drive_within_trace(job["_id"], prepare)

    async def _drive_within_trace(self, id: str, prepare: Callable[[asyncio.Event], Awaitable[RunningJob]]) -> None:
        first_save = self._jobs.first_saves[id]
        rest: Rest | None = None
        try:
            running = await prepare(first_save)
            self._jobs.running[id] = running
            if id in self._jobs.to_refresh:
                self._runner.refresh_soon(running)
            rest = await running.drive()
            if rest is None:
                self._send_end_to_parent(running)
        except Unreadable as why:
            log.error("job %s cannot go on: %s", id, why, extra=about("job_unreadable", job=id))
        except LostLease:
            log.warning("job %s is run by another process now", id, extra=about("job_lost", job=id))
            LEASES_LOST.inc()
            self._interruptions.note()  # or by this one, which took it back meanwhile
        except Exception as fault:  # the edge of the runner: the job stays as it is stored and is taken back
            self._interruptions.note_interrupted(id, fault, advanced=first_save.is_set())
        else:
            self._interruptions.note_progress(id)
        finally:
            ended = self._jobs.remove(id)
            if ended is not None and not self._jobs.closing.is_set():
                self._leave(ended, rest)

    def _leave(self, job: RunningJob, rest: Rest | None) -> None:
        """Make the job dormant unless it is over, and go on if a message came meanwhile."""
        id = job.state.job_id
        if rest is not None:
            self._jobs.dormant.put(id, rest)
            if job.left_messages:
                self._runner.wake_soon(id)
        elif any(message.inbox_id is not None for message in job.left_messages):
            self._runner.adopt_soon(id)

    def _send_end_to_parent(self, running: RunningJob) -> None:
        parent = running.header.get("parent")
        status = child_end(running.state, self._dependencies.rules)
        if parent and status is not None:
            ended = ChildEnded(
                parent["task"],
                parent["iteration"],
                parent["attempt"],
                parent["element"],
                status,
                running.state.variables,
            )
            above = self._jobs.running.get(parent["job"])
            if above is not None:
                above.children.learn_secrets(ended.task_id, {**running.header, "variables": ended.variables})
                above.send(ended)
                self._jobs.note_reported(running.state.job_id)
            elif self._jobs.is_asleep(parent["job"]):
                self._runner.wake_soon(parent["job"])


def is_owned_by(job: JobHeader, owner: str) -> bool:
    lease = job.get("lease")
    return bool(lease) and lease["owner"] == owner
