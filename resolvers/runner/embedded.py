"""The runner inside the server process: one asyncio task per job, MongoDB as the only state.

A lease with an epoch on each job document says who runs it. A process that comes back, or another one on the same
database, takes over the jobs whose owner has been silent; the stale owner's writes are refused.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Any

from pymongo.errors import PyMongoError

from ...models.documents.progress import answers_ahead, latest_iterations, read_state
from ...models.documents.shapes.commands import InboxEntry
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.stored import NotStorable, from_stored
from ...models.engine.effects import Rest
from ...models.engine.endings import child_end, child_ends
from ...models.engine.events import ChildEnded, Event
from ...models.engine.lifecycle import ACTIONS, ACTIVE
from ...models.errors import SecretsBroken
from ..log_facts import about
from ..metrics import LEASES_LOST, SWEEP_SECONDS, timed
from ..store.advances import LostLease
from ..store.errors import ValueMissing
from ..store.feed import Heard
from ..store.outage import is_away
from ..store.outbox import OUTBOX
from ..threads import in_thread, in_thread_if_long
from ..workflows.definitions import Definitions
from .adoption import Adoption
from .dormant import Dormant
from .first_advance import FirstAdvance
from .interruptions import Interruptions
from .job import JobDependencies, RunningJob, Unwritten
from .protocol import Load
from .recovery import MOST_ADOPTIONS, Trials, Unreadable, end_unreadable

# In one sweep, which only repairs what the change stream did not tell: what is left is for the next ones.
MOST_ANSWERED = 500
MOST_ASKED = 500
MOST_PARENTS = 200
WAKING_AT_ONCE = 32  # of those whose moment has come, or that nobody waits for
WAKE_AGAIN_MILLISECONDS = 1000  # after the database failed

log = logging.getLogger("jobyard")


class EmbeddedRunner:
    def __init__(self, dependencies: JobDependencies, definitions: Definitions) -> None:
        self._dependencies = dependencies
        self._definitions = definitions
        self._running: dict[str, RunningJob] = {}
        self._work: dict[str, asyncio.Task[None]] = {}
        self._rested: dict[str, asyncio.Event] = {}
        self._starting: set[str] = set()
        self._unheard: set[str] = set()  # jobs that something was stored for before they could be told to look
        self._trials = Trials(definitions, dependencies.rules)
        self._interruptions = Interruptions(dependencies.store.servers.outage)
        self._willing = True
        self._adoption = Adoption(dependencies.store, definitions, dependencies.rules)
        self._dormant = Dormant(dependencies.clock, self._wake_soon)
        self._waking: dict[str, asyncio.Task[None]] = {}
        self._to_wake: deque[str] = deque()
        self._wakers = 0
        self._answered_last: IterationDocument | None = None
        self._parents_left: list[str] = []
        self._looks: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()
        dependencies.feed.listen(self._heard)

    async def begin(self, job: JobHeader, first: FirstAdvance | None) -> None:
        with self._starting_one(job["_id"]):
            if first is None or not await self._stored(first):
                await self._dependencies.store.insert(job)
                await self.ensure(job)

    async def ensure(self, job: JobHeader) -> None:
        self._ensure(job)

    def _ensure(self, job: JobHeader) -> None:
        if job["_id"] in self._work or _owner_of(job) != self._dependencies.store.owner:
            return
        self._dormant.take(job["_id"])
        self._run(job["_id"], self._drive(job["_id"], partial(self._prepared, job)))

    def _run(self, job_id: str, driving: Coroutine[Any, Any, None]) -> None:
        self._rested.setdefault(job_id, asyncio.Event())
        self._work[job_id] = asyncio.create_task(driving, name=f"job {job_id}")

    async def _stored(self, first: FirstAdvance) -> bool:
        """Store and run a job whose first advance is made; False where that has no room, and nothing is stored."""
        job_id: str = first.header["_id"]
        with ExitStack() as stack:
            stack.enter_context(self._dependencies.store.outbox.delivering(job_id, first.iterations))
            try:
                await self._dependencies.store.insert(first.header, first.iterations)
            except NotStorable:
                return False
            delivering = stack.pop_all()
        self._run(job_id, self._drive(job_id, partial(self._just_stored, first, delivering.close)))
        self._work[job_id].add_done_callback(lambda _: delivering.close())
        return True

    async def _just_stored(self, first: FirstAdvance, written: Callable[[], None]) -> RunningJob:
        wait_first_save = self._rested[first.header["_id"]]
        unwritten = Unwritten(first.iterations, written)
        return RunningJob(
            self._dependencies, first.header, first.definition, first.state, wait_first_save, self, unwritten=unwritten
        )

    @contextmanager
    def _starting_one(self, job_id: str) -> Generator[None]:
        self._starting.add(job_id)
        wait_first_save = self._rested.setdefault(job_id, asyncio.Event())
        try:
            with self._interruptions.noticed():
                yield
        finally:
            self._starting.discard(job_id)
            if job_id not in self._work:  # it is not run here
                self._rested.pop(job_id, None)
                self._unheard.discard(job_id)
                wait_first_save.set()

    async def resume(self, job: JobHeader) -> None:
        if _owner_of(job) == self._dependencies.store.owner:
            await self._take_back(job["_id"])

    async def send(self, job_id: str, event: Event) -> None:
        if job_id in self._running:
            await self._running[job_id].send(event)
            if job_id not in self._dormant:
                return
        if not self._sleeps(job_id):
            await self._dependencies.feed.nudge(job_id)
            return
        await self._wake_and_rest(job_id)
        if job_id in self._running:  # what is stored told it already, and once more changes nothing
            await self._running[job_id].send(event)

    async def look(self, job_id: str) -> None:
        if job_id in self._running:
            await self._look(self._running[job_id])
        elif self._is_coming(job_id):
            self._unheard.add(job_id)
        elif not self._sleeps(job_id):  # what sleeps reads everything when it wakes
            await self._dependencies.feed.nudge(job_id)

    async def deliver_command(self, job_id: str, entry: InboxEntry) -> None:
        await self._adopt(job_id)
        running = self._running.get(job_id)
        if running is not None:
            await running.deliver_command(entry)
            if job_id in self._dormant:  # it fell asleep over it
                await self._wake_and_rest(job_id)
        elif self._is_coming(job_id):
            await self._tell_later(job_id, entry)
        else:
            await self._dependencies.feed.nudge(job_id)

    def _is_coming(self, job_id: str) -> bool:
        """Whether the job is just being stored or read here, so that it can be told nothing yet."""
        return (job_id in self._starting or job_id in self._work) and job_id not in self._running

    async def wait_first_save(self, job_id: str) -> None:
        """Return once the job's first advance here is stored, or it is not being run here."""
        wait_first_save = self._rested.get(job_id)
        if wait_first_save is not None:
            await wait_first_save.wait()

    async def wait_stopped(self, job_id: str) -> None:
        """Return once the job is not being run here any more: it is over, or another process has it."""
        while True:
            if (work := self._work.get(job_id) or self._waking.get(job_id)) is not None:
                await asyncio.wait([work])
            elif job_id in self._dormant:
                await self._dormant.left(job_id)
            else:
                return

    def load(self) -> Load:
        return Load({"running": len(self._work), **self._dormant.kinds()}, self._dormant.overdue())

    async def run(self, closing: asyncio.Event) -> None:
        self._closing = closing
        while not closing.is_set():
            try:
                await self.sweep()
            except PyMongoError as fault:
                self._interruptions.note(fault)  # away: the other parts would only wait for it, too
            with suppress(TimeoutError):
                async with asyncio.timeout(self._dependencies.store.lease / 4000):
                    await closing.wait()

    async def sweep(self) -> None:
        """Go on with what broke off, take over jobs that nobody runs, and see what other processes did for ours.

        Each part asks the database: what a sweep cannot do because the database fails, the next one does.
        """
        with timed(SWEEP_SECONDS):
            await self._sweep()

    async def _sweep(self) -> None:
        await self._interruptions.apart("taking back what broke off", self._take_back_own)
        await self._interruptions.apart("taking over", self._take_over)
        await self._interruptions.apart("looking at parents", self._look_at_parents)
        await self._interruptions.apart("looking at answers", self._look_at_answers)
        await self._interruptions.apart("looking at commands", self._look_at_inboxes)

    async def _take_back_own(self) -> None:
        """Jobs that are this process's in the database and that nothing here runs: an answer of the database was lost,
        or they broke off.
        """
        if not self._interruptions.expected():
            return
        known = set(self._dormant)
        with self._interruptions.noticed():
            here = len(self._work) + len(self._dormant)
            if not self._interruptions.suspected and await self._dependencies.store.count_own() == here:
                return
            own = await self._dependencies.store.own()
            for job_id in own:
                if self._closing.is_set():
                    return
                if not self._is_here(job_id) and self._interruptions.may_go_on(job_id):
                    await self._take_back(job_id)
        for job_id in known.difference(own):
            if job_id not in self._waking:
                self._dormant.take(job_id)  # another process has it

    async def _take_back(self, job_id: str) -> None:
        if self._is_here(job_id) or job_id in self._starting:
            return
        try:
            with self._starting_one(job_id):
                job = await self._dependencies.store.take_back(job_id)
        except Exception as fault:  # an edge: what is wrong with one job holds up no other
            if is_away(fault):
                raise
            self._interruptions.job_broke_off(job_id, fault, advanced=False)
            return
        if job is not None:
            await self.ensure(job)

    def _is_here(self, job_id: str) -> bool:
        return job_id in self._work or self._sleeps(job_id)

    def is_asleep(self, job_id: str) -> bool:
        """Whether the job is this process's and takes no more than its id: nothing has to be done for it."""
        return job_id in self._dormant

    def _sleeps(self, job_id: str) -> bool:
        """Whether it is this process's and merely waits, or is just being read."""
        return job_id in self._dormant or job_id in self._waking

    async def _wake(self, job_id: str) -> None:
        """Build up a job that merely waited, since something happened to it; return once that has begun."""
        work = self._waking.get(job_id)
        if work is None:
            if job_id not in self._dormant:
                return
            work = asyncio.create_task(self._woken(job_id), name=f"wake {job_id}")
            self._waking[job_id] = work
        await asyncio.shield(work)

    async def _woken(self, job_id: str) -> None:
        try:
            mine = await self._dependencies.store.mine([job_id])
            self._dormant.take(job_id)
            for job in mine:
                self._ensure(job)
        except Exception:
            # Nobody else may hear again of what it was to be woken for.
            self._dormant.put_until(job_id, self._dependencies.clock.now() + WAKE_AGAIN_MILLISECONDS)
            raise
        finally:
            del self._waking[job_id]

    def _wake_soon(self, job_id: str) -> None:
        """In its turn, a few at a time."""
        self._to_wake.append(job_id)
        if self._wakers < WAKING_AT_ONCE and not self._closing.is_set():
            self._wakers += 1
            self._begin_look(self._wake_in_turn(), "wake jobs")

    async def _wake_in_turn(self) -> None:
        try:
            while self._to_wake and not self._closing.is_set():
                job_id = self._to_wake.popleft()
                await self._wake_and_rest(job_id)
        finally:
            self._wakers -= 1

    async def _wake_and_rest(self, job_id: str) -> None:
        try:
            await self._wake(job_id)
        except Exception as fault:  # the edge of the runner: it sleeps on, and is woken again
            self._interruptions.job_broke_off(job_id, fault, advanced=False)
        await self.wait_first_save(job_id)

    def let_take_over(self, *, willing: bool) -> None:
        self._willing = willing

    async def _take_over(self) -> None:
        """Take jobs over a batch at a time: each batch is on its way before the next one is taken."""
        if not self._willing:
            return
        with self._interruptions.noticed():
            async for adopted in self._adoption.batches():
                for job_id, rest in adopted.resting.items():
                    if not self._is_here(job_id):
                        self._dormant.put(job_id, rest)
                for job in await self._mine(adopted.others):
                    self._ensure(job)
                if self._closing.is_set():
                    return
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._dependencies.store.lease / 4000):
                        await asyncio.gather(*map(self.wait_first_save, adopted.others))

    async def _mine(self, job_ids: Sequence[str]) -> list[JobHeader]:
        try:
            return await self._dependencies.store.mine(job_ids)
        except Exception as fault:  # an edge: what is wrong with one job holds up no other
            if is_away(fault):
                raise
            if len(job_ids) > 1:
                return [job for one in job_ids for job in await self._mine([one])]
            self._interruptions.job_broke_off(job_ids[0], fault, advanced=False)
            return []

    async def _adopt(self, job_id: str) -> None:
        """Take this job over, if nobody alive runs it; wake it, if it sleeps here."""
        if job_id in self._work:
            return
        if self._sleeps(job_id):
            await self._wake_and_rest(job_id)
            return
        with self._interruptions.noticed():
            adopted = await self._dependencies.store.adopt(job_id)
        if adopted is not None:
            await self.ensure(adopted)

    def _heard(self, event: Heard) -> None:
        """Another process stored something for a job of ours: an answer, a command, the end of a child job."""
        if "nudge" in event:
            about = event["job"]
            if self._is_coming(about):
                self._unheard.add(about)
        else:
            about = event.get("parent") or ""
            if event["status"] in ACTIVE or event["job"] in self._work:
                return
        job = self._running.get(about)
        if job is not None:
            self._begin_look(self._look(job), f"look at {about}")
        elif about in self._dormant:
            self._wake_soon(about)

    def _begin_look(self, look: Coroutine[Any, Any, None], name: str) -> None:
        work = asyncio.create_task(look, name=name)
        self._looks.add(work)
        work.add_done_callback(self._looks.discard)

    async def _hear_again(self, job_id: str) -> None:
        """A command came just when the job gave up its lease: it is in the inbox of a job that nobody runs."""
        try:
            await self._adopt(job_id)
        except PyMongoError as fault:
            self._interruptions.note(fault)  # the next sweep takes it over

    async def _look(self, job: RunningJob) -> None:
        try:
            await job.follow_groups()
            await self._take_answers([job])
            for entry in await self._dependencies.store.inbox(job.state.job_id, job.epoch):
                job.deliver_command(entry)
            await self._ask_for_children([job])
        except LostLease:
            self._interruptions.note()
        except PyMongoError as fault:
            self._interruptions.note(fault)  # the next sweep looks again

    async def close(self) -> None:
        """Stop where the jobs are: whoever takes them over goes on from what is stored."""
        await self._dormant.close()
        ending = [*self._work.values(), *self._waking.values(), *self._looks]
        for work in ending:
            work.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await self._trials.close()

    async def _drive(self, id: str, prepare: Callable[[], Awaitable[RunningJob]]) -> None:
        wait_first_save = self._rested[id]
        rest: Rest | None = None
        try:
            running = await prepare()
            self._running[id] = running
            if id in self._unheard:
                self._begin_look(self._look(running), f"look at {id}")
            rest = await running.drive()
            if rest is None:
                self._tell_parent(running)
        except Unreadable as why:
            log.error("job %s cannot go on: %s", id, why, extra=about("job_unreadable", job=id))
        except LostLease:
            log.warning("job %s is run by another process now", id, extra=about("job_lost", job=id))
            LEASES_LOST.inc()
            self._interruptions.note()  # or by this one, which took it back meanwhile
        except Exception as fault:  # the edge of the runner: the job stays as it is stored and is taken back
            self._interruptions.job_broke_off(id, fault, advanced=wait_first_save.is_set())
        else:
            self._interruptions.job_went_on(id)
        finally:
            ended = self._running.pop(id, None)
            self._work.pop(id, None)
            self._rested.pop(id).set()
            self._unheard.discard(id)
            if ended is not None and not self._closing.is_set():
                self._leave(ended, rest)

    def _leave(self, job: RunningJob, rest: Rest | None) -> None:
        """What is not driven any more merely waits, or is over; but something may have come meanwhile."""
        id = job.state.job_id
        if rest is not None:
            self._dormant.put(id, rest)
            if job.unheard:
                self._wake_soon(id)
        elif any(message.inbox_id is not None for message in job.unheard):
            self._begin_look(self._hear_again(id), f"commands of {id}")

    async def _prepared(self, job: JobHeader) -> RunningJob:
        """The job as it is stored; Unreadable where its values cannot be read, and it is in error now."""
        try:
            return await self._built_up(job)
        except (ValueMissing, SecretsBroken) as fault:
            pinned = await self._definitions.find(job["workflow_version"])
            await end_unreadable(self._dependencies, pinned.graph, job, str(fault))
            raise Unreadable(str(fault)) from fault

    async def _built_up(self, job: JobHeader) -> RunningJob:
        """Once everything is written that follows from its header."""
        store = self._dependencies.store
        job = await store.opened(job)
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
        running = RunningJob(self._dependencies, job, definition, state, self._rested[job["_id"]], self, trial)
        for answer in answers_ahead(job, iterations):
            running.send(answer)
        for iteration in await store.tasks.answers([job["_id"]]) if running.asks_people else ():
            running.answered(iteration)
        return running

    def _tell_parent(self, running: RunningJob) -> None:
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
            above = self._running.get(parent["job"])
            if above is not None:
                above.learn_secrets(ended.task_id, {**running.header, "variables": ended.variables})
                above.send(ended)
            elif self._sleeps(parent["job"]):
                self._wake_soon(parent["job"])

    async def _take_answers(self, jobs: list[RunningJob]) -> None:
        """What people answered while another process, or none, ran these jobs."""
        asking = [job.state.job_id for job in jobs if job.asks_people]
        for iteration in await self._dependencies.store.tasks.answers(asking) if asking else ():
            if iteration["job"]["_id"] in self._running:
                self._running[iteration["job"]["_id"]].answered(iteration)

    async def _look_at_answers(self) -> None:
        """Answers that nobody has taken, of whatever job: those of ours are told, or woken."""
        tasks = self._dependencies.store.tasks
        answered = await tasks.answered(MOST_ANSWERED, self._answered_last)
        self._answered_last = answered[-1] if len(answered) == MOST_ANSWERED else None
        ids = {one["job"]["_id"] for one in answered}
        await self._take_answers([job for id in ids if (job := self._running.get(id)) is not None])
        asleep = [id for id in ids if id in self._dormant]
        for job_id in await self._dependencies.store.which_are_mine(asleep) if asleep else ():
            self._wake_soon(job_id)

    async def _look_at_inboxes(self) -> None:
        """What operators asked of our jobs through other processes."""
        for job_id, inbox in await self._dependencies.store.inboxes(MOST_ASKED):
            if job_id in self._running:
                for entry in inbox:
                    self._running[job_id].deliver_command(entry)
            elif job_id in self._dormant:
                self._wake_soon(job_id)

    async def _look_at_parents(self) -> None:
        """A few of the jobs that wait for children, in turns: an end may have been told to nobody."""
        if not self._parents_left:
            waiting = [id for id, job in self._running.items() if job.waits_for_children]
            self._parents_left = [*waiting, *self._dormant.parents]
        now, self._parents_left = self._parents_left[:MOST_PARENTS], self._parents_left[MOST_PARENTS:]
        await self._ask_for_children([job for id in now if (job := self._running.get(id)) is not None])
        asleep = [id for id in now if id in self._dormant]
        for job_id in await self._adoption.parents_to_wake(asleep) if asleep else ():
            self._wake_soon(job_id)

    async def cancel(self, job_id: str, entry: InboxEntry) -> list[str]:
        return await self._dependencies.store.ask_below(job_id, entry, ACTIONS["cancel"].allowed)

    async def tell(self, job_ids: Sequence[str], entry: InboxEntry) -> None:
        for job_id in job_ids:
            if job_id in self._running:
                self._running[job_id].deliver_command(entry)
            elif self._is_coming(job_id):
                self._begin_look(self._tell_later(job_id, entry), f"tell {job_id}")
            elif self._sleeps(job_id):
                self._wake_soon(job_id)
            else:
                await self._adopt(job_id)

    async def _tell_later(self, job_id: str, entry: InboxEntry) -> None:
        await self.wait_first_save(job_id)
        if job_id in self._running:
            await self._running[job_id].deliver_command(entry)
        else:
            await self._hear_again(job_id)

    async def _ask_for_children(self, jobs: list[RunningJob]) -> None:
        """Children that another process runs end without a word to us: their documents tell."""
        waited = {
            start.child_id: (job, start)
            for job in jobs
            for start in job.pending_child_starts()
            if not self._is_here(start.child_id)
        }
        if waited:
            for child in await self._dependencies.store.ended(list(waited), child_ends(self._dependencies.rules)):
                job, start = waited[child["_id"]]
                job.child_ended(start, from_stored(child))


def _owner_of(job: JobHeader) -> str | None:
    lease = job.get("lease")
    return lease["owner"] if lease else None
