"""The runner inside the server process: one asyncio task per job, MongoDB as the only state.

A lease with an epoch on each job document says who runs it. A process that comes back, or another one on the same
database, takes over the jobs whose owner has been silent; the stale owner's writes are refused.
"""

import asyncio
import logging
from contextlib import suppress

from pymongo.errors import PyMongoError

from ...models.documents.commands import inbox_entry
from ...models.documents.progress import latest_iterations, read_state
from ...models.documents.stored import from_stored
from ...models.engine.endings import child_end, child_ends
from ...models.engine.events import Canceled, ChildEnded, Event
from ...models.json import JsonObject, object_at
from ..definitions import Definitions
from ..store.jobs import LostLease
from .running_job import ACTIVE, RunningJob, Surroundings

log = logging.getLogger("jobyard")


class EmbeddedRunner:
    def __init__(self, around: Surroundings, definitions: Definitions) -> None:
        self._around = around
        self._definitions = definitions
        self._running: dict[str, RunningJob] = {}
        self._work: dict[str, asyncio.Task[None]] = {}
        self._rested: dict[str, asyncio.Event] = {}
        self._dropped: dict[str, JsonObject] = {}
        self._looks: set[asyncio.Task[None]] = set()
        around.feed.listen(self._heard)

    async def ensure(self, job: JsonObject) -> None:
        if job["_id"] in self._work or object_at(job, "lease").get("owner") != self._around.store.owner:
            return
        self._rested[job["_id"]] = asyncio.Event()
        self._work[job["_id"]] = asyncio.create_task(self._drive(job), name=f"job {job['_id']}")

    async def send(self, job_id: str, event: Event) -> None:
        if job_id in self._running:
            await self._running[job_id].send(event)
        else:
            await self._around.feed.nudge(job_id)

    async def obey(self, job_id: str, entry: JsonObject) -> None:
        if job_id not in self._work:
            adopted = await self._around.store.adopt(job_id)
            if adopted is not None:
                await self.ensure(adopted)
        running = self._running.get(job_id)
        if running is not None:
            await running.obey(entry)
        elif job_id in self._work:
            await self.rested(job_id)
        else:
            await self._around.feed.nudge(job_id)

    async def rested(self, job_id: str) -> None:
        """Return once the job's first advance here is stored, or it is not being run here."""
        rested = self._rested.get(job_id)
        if rested is not None:
            await rested.wait()

    async def settled(self, job_id: str) -> None:
        """Return once the job is not being run here any more: it is over, or another process has it."""
        work = self._work.get(job_id)
        if work is not None:
            await asyncio.wait([work])

    async def run(self, closing: asyncio.Event) -> None:
        while not closing.is_set():
            try:
                await self.sweep()
            except PyMongoError:
                log.exception("the sweep could not reach the database; it tries again")
            with suppress(TimeoutError):
                async with asyncio.timeout(self._around.store.lease / 4000):
                    await closing.wait()

    async def sweep(self) -> None:
        """Say that we are alive, take over jobs that nobody runs, and look for what other processes did for ours."""
        store = self._around.store
        await store.servers.beat()
        dropped, self._dropped = self._dropped, {}
        for job_id in dropped:
            found = await store.find(job_id)
            if found is not None and object_at(found, "lease").get("owner") == store.owner:
                await self.ensure(found)
        while (adopted := await store.adopt()) is not None:
            log.info("taking over job %s", adopted["_id"])
            await self.ensure(adopted)
        await self._ask_for_children(list(self._running.values()))
        await self._take_answers(list(self._running.values()))
        await self._take_inboxes()

    def _heard(self, event: JsonObject) -> None:
        """Another process stored something for a job of ours: an answer, a command, the end of a child job."""
        nudged = "nudge" in event
        job = self._running.get(event["job"] if nudged else event.get("parent") or "")
        if job is not None and (nudged or (event["status"] not in ACTIVE and event["job"] not in self._work)):
            look = asyncio.create_task(self._look(job), name=f"look at {job.state.job_id}")
            self._looks.add(look)
            look.add_done_callback(self._looks.discard)

    async def _look(self, job: RunningJob) -> None:
        try:
            await self._take_answers([job])
            await self._take_inboxes()
            await self._ask_for_children([job])
        except PyMongoError:
            log.exception("job %s could not be looked at; the next sweep does", job.state.job_id)

    async def close(self) -> None:
        """Stop where the jobs are: whoever takes them over goes on from what is stored."""
        ending = [*self._work.values(), *self._looks]
        for work in ending:
            work.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    async def _drive(self, job: JsonObject) -> None:
        id: str = job["_id"]
        try:
            running = await self._prepared(job)
            self._running[id] = running
            await self._take_answers([running])
            await running.drive()
            await self._tell_parent(running)
        except LostLease:
            log.warning("job %s is run by another process now", id)
        except Exception:  # the edge of the runner: the job stays as it is stored and is tried again
            log.exception("job %s was interrupted", id)
            self._dropped[id] = job
        finally:
            self._running.pop(id, None)
            self._work.pop(id, None)
            self._rested.pop(id).set()

    async def _prepared(self, job: JsonObject) -> RunningJob:
        pinned = await self._definitions.find(job["workflow_version"])
        definition = await self._definitions.runnable(pinned, job["_id"])
        iterations = await self._around.store.iterations(latest_iterations(job))
        state = read_state(pinned.graph, job, iterations)
        return RunningJob(self._around, job, definition, state, self._rested[job["_id"]], self._cancel_children)

    async def _tell_parent(self, running: RunningJob) -> None:
        parent = running.parent
        status = child_end(running.state, self._around.rules)
        if parent and status is not None:
            ended = ChildEnded(
                parent["task"],
                parent["iteration"],
                parent["attempt"],
                parent["element"],
                status,
                running.state.variables,
            )
            above = self._running.get(parent["job"])
            if above is not None:
                above.learn_secrets(ended.task_id, {**running.header, "variables": ended.variables})
                above.send(ended)

    async def _take_answers(self, jobs: list[RunningJob]) -> None:
        """What people answered while another process, or none, ran these jobs."""
        asking = [job.state.job_id for job in jobs if job.asks_people]
        for iteration in await self._around.store.tasks.answers(asking) if asking else ():
            if iteration["job"]["_id"] in self._running:
                self._running[iteration["job"]["_id"]].answered(iteration)

    async def _take_inboxes(self) -> None:
        """What operators asked of our jobs through other processes."""
        for job_id, inbox in await self._around.store.inboxes():
            for entry in inbox if job_id in self._running else ():
                self._running[job_id].obey(entry)

    async def _cancel_children(self, job_id: str, user: str) -> None:
        """Cancel all jobs below this one. Those that run here are told at once, the others by their inbox."""
        entry = inbox_entry(f"canceled with {job_id}", Canceled(), user)
        for below in await self._around.store.ask_below(job_id, entry, ("running", "paused", "error")):
            if below in self._running:
                self._running[below].obey(entry)
            elif below not in self._work and (adopted := await self._around.store.adopt(below)) is not None:
                await self.ensure(adopted)

    async def _ask_for_children(self, jobs: list[RunningJob]) -> None:
        """Children that another process runs end without a word to us: their documents tell."""
        waited = {
            start.child_id: (job, start)
            for job in jobs
            for start in job.children_due()
            if start.child_id not in self._work
        }
        if waited:
            for child in await self._around.store.ended(list(waited), child_ends(self._around.rules)):
                job, start = waited[child["_id"]]
                job.child_ended(start, from_stored(child))
