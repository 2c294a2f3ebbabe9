"""What other processes stored for the jobs of this one: answers, commands, groups, and ends of child jobs.

The feed announces most of it at once. The regular looks find the rest, a bounded number of jobs at a time.
"""

import asyncio
from itertools import islice

from pymongo.errors import PyMongoError

from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.stored import from_stored
from ...models.engine.endings import child_ends
from ...models.engine.lifecycle import ACTIVE
from ...models.engine.rules import Rules
from ..store.advances import LostLease
from ..store.feed import Heard
from ..store.jobs import JobStore
from .adoption import Adoption
from .interruptions import Interruptions
from .job import RunningJob
from .local_jobs import LocalJobs
from .waking import Waking

# In one sweep, which only repairs what the change stream did not announce; the next sweeps do the rest.
MOST_ANSWERS = 500
MOST_INBOXES = 500
MOST_PARENTS = 200
CHILDREN_AT_ONCE = 500  # looked at in one turn of the event loop


class StoredChanges:
    def __init__(
        self,
        jobs: LocalJobs,
        store: JobStore,
        adoption: Adoption,
        waking: Waking,
        interruptions: Interruptions,
        rules: Rules,
    ) -> None:
        self._jobs = jobs
        self._store = store
        self._adoption = adoption
        self._waking = waking
        self._interruptions = interruptions
        self._child_ends = child_ends(rules)
        self._last_answer: IterationDocument | None = None
        self._parents_left: list[str] = []
        self._refreshing: dict[str, bool] = {}  # by job, whether more was announced since the refresh began

    def on_event(self, event: Heard) -> None:
        """Refresh or wake the job that an event of the feed is about: a nudge, or the end of a child job."""
        if "nudge" in event:
            job_id = event["job"]
            if self._jobs.is_loading(job_id):
                self._jobs.to_refresh.add(job_id)
        else:
            job_id = event.get("parent") or ""
            if event["status"] in ACTIVE or event["job"] in self._jobs.work or self._jobs.was_reported(event["job"]):
                return
        job = self._jobs.running.get(job_id)
        if job is not None:
            self.refresh_soon(job)
        elif job_id in self._jobs.dormant:
            self._waking.wake_soon(job_id)

    def refresh_soon(self, job: RunningJob) -> None:
        """Refresh the job, once for all that is announced before a refresh begins."""
        job_id = job.state.job_id
        if job_id in self._refreshing:
            self._refreshing[job_id] = True
        else:
            self._refreshing[job_id] = False
            self._jobs.run_in_background(self._refresh_while_announced(job_id), f"look at {job_id}")

    async def _refresh_while_announced(self, job_id: str) -> None:
        try:
            while (job := self._jobs.running.get(job_id)) is not None:
                self._refreshing[job_id] = False
                await self.refresh(job)
                if not self._refreshing[job_id]:
                    return
        finally:
            del self._refreshing[job_id]

    async def refresh(self, job: RunningJob) -> None:
        """Read everything that may have been stored for this job."""
        try:
            await job.refresh_groups()
            await self._deliver_answers([job])
            for entry in await self._store.inbox(job.state.job_id, job.epoch):
                job.deliver_command(entry)
            await self._take_child_ends([job])
        except LostLease:
            self._interruptions.note()
        except PyMongoError as fault:
            self._interruptions.note(fault)  # the next sweep looks again

    async def look_at_answers(self) -> None:
        """Find answers that no server has taken, of any job, and deliver those for jobs of this process."""
        answered = await self._store.tasks.find_answered(MOST_ANSWERS, self._last_answer)
        self._last_answer = answered[-1] if len(answered) == MOST_ANSWERS else None
        ids = {iteration["job"]["_id"] for iteration in answered}
        await self._deliver_answers([job for id in ids if (job := self._jobs.running.get(id)) is not None])
        asleep = [id for id in ids if id in self._jobs.dormant]
        for job_id in await self._store.leases.filter_own(asleep) if asleep else ():
            self._waking.wake_soon(job_id)

    async def look_at_inboxes(self) -> None:
        """Deliver the commands that other processes stored for jobs of this process."""
        for job_id, inbox in await self._store.inboxes(MOST_INBOXES):
            if job_id in self._jobs.running:
                for entry in inbox:
                    self._jobs.running[job_id].deliver_command(entry)
            elif job_id in self._jobs.dormant:
                self._waking.wake_soon(job_id)

    async def look_at_parents(self) -> None:
        """Look for ends of children, for a few of the waiting parents in turn: the event of an end may be lost."""
        if not self._parents_left:
            waiting = [id for id, job in self._jobs.running.items() if job.waits_for_children]
            self._parents_left = [*waiting, *self._jobs.dormant.parents]
        now, self._parents_left = self._parents_left[:MOST_PARENTS], self._parents_left[MOST_PARENTS:]
        await self._take_child_ends([job for id in now if (job := self._jobs.running.get(id)) is not None])
        asleep = [id for id in now if id in self._jobs.dormant]
        for job_id in await self._adoption.parents_to_wake(asleep) if asleep else ():
            self._waking.wake_soon(job_id)

    async def _deliver_answers(self, jobs: list[RunningJob]) -> None:
        """Deliver the answers that people gave while another process, or none, ran these jobs."""
        waiting = [job.state.job_id for job in jobs if job.waits_for_person]
        for iteration in await self._store.tasks.find_answers(waiting) if waiting else ():
            if iteration["job"]["_id"] in self._jobs.running:
                self._jobs.running[iteration["job"]["_id"]].deliver_answer(iteration)

    async def _take_child_ends(self, jobs: list[RunningJob]) -> None:
        """Read the ends of children that other processes run: these do not announce them to the parent."""
        waited_for = ((job, start) for job in jobs for children in job.pending_children() for start in children)
        while batch := list(islice(waited_for, CHILDREN_AT_ONCE)):
            elsewhere = {
                start.child_id: (job, start) for job, start in batch if not self._jobs.is_local(start.child_id)
            }
            await asyncio.sleep(0)
            for child in await self._store.find_ended(list(elsewhere), self._child_ends) if elsewhere else ():
                job, start = elsewhere[child["_id"]]
                job.children.take_end(start, from_stored(child))
