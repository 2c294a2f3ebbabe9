"""Effects of a job: timers, provider calls and starts of children. Each is an asyncio task that sends an event."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar, assert_never

from pymongo.errors import PyMongoError

from ...models.engine.events import Answered, ChildStart, Event, PendingChildren, ProviderCall, Timer, Woken
from ...models.engine.outcomes import Finish
from ...models.errors import Problem
from ...models.json import text_at
from ..clock import Clock
from ..log_facts import about
from ..store.errors import brief, trace
from ..store.outage import is_away
from ..traces import JOB, Attributes, is_on, span
from .child_starts import Begin, ChildStarts, StartTurns, refused_child
from .protocol import FamilyCanceled, Perform

# Between two tries of an effect that fails on the database: the first pause, doubled each time, and the longest.
FIRST_PAUSE_MILLISECONDS = 250
LONGEST_PAUSE_MILLISECONDS = 30_000
MOST_TRIES = 6  # of what the database refuses

Result = TypeVar("Result")
Outside = Timer | ProviderCall | PendingChildren
log = logging.getLogger("jobyard")


class Effects:
    """The effects of one job. `send` sends an event to the job; `start_child` starts a child, whose end is sent, too.

    `mask` masks the job's secrets in log lines.
    """

    def __init__(
        self,
        job_id: str,
        clock: Clock,
        perform: Perform,
        send: Callable[[Event], object],
        start_child: Begin,
        turns: StartTurns,
        mask: Callable[[str], str] = str,
    ) -> None:
        self._job_id = job_id
        self._clock = clock
        self._perform = perform
        self._send = send
        self._start_child = start_child
        self._mask = mask
        self._work: dict[str, asyncio.Task[None]] = {}
        self._starts = ChildStarts(turns, self._start)
        self._closed = asyncio.Event()  # to new children

    def start_effect(self, key: str, effect: Outside) -> None:
        """Start the effect, unless one with the same key is in progress."""
        match effect:
            case PendingChildren():
                self._starts.put(key, effect)
            case Timer():
                self._begin(key, self._wait(effect))
            case ProviderCall():
                self._begin(key, self._call(effect))
            case _:
                assert_never(effect)

    @property
    def starts_children(self) -> bool:
        return not self._starts.is_idle

    async def start_no_more_children(self) -> None:
        """Return once no child is being started, and none will be: no child may start after its parent is canceled."""
        self._closed.set()
        await self._starts.close()

    async def stop(self) -> None:
        await self.start_no_more_children()
        works = list(self._work.values())
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)

    def _begin(self, key: str, effect: Coroutine[Any, Any, None]) -> None:
        if key in self._work:
            effect.close()
            return
        work = asyncio.create_task(effect, name=f"{self._job_id}/{key}")
        self._work[key] = work
        work.add_done_callback(self._forget(key))

    async def _wait(self, timer: Timer) -> None:
        await self._clock.sleep_until(timer.at)
        self._send(Woken(timer.task_id, timer.iteration, timer.attempt))

    async def _call(self, call: ProviderCall) -> None:
        try:
            with span("provider call", _facts_of(self._job_id, call) if is_on() else None, "client") as calling:
                finish = await self._retry(lambda: self._perform(call))
                if finish.state == "error":
                    calling.fail("error")
                calling.note("jobyard.task.state", finish.state)
        except Exception as fault:  # the edge of a task attempt: recorded as the task's error
            self._log(fault, "task %s of job %s failed", call.task_id, self._job_id)
            said = brief(fault) if isinstance(fault, PyMongoError) else fault
            finish = Finish("error", error=f"{type(fault).__name__}: {said}")
        self._send(Answered(call.task_id, call.iteration, call.attempt, finish))

    async def _start(self, start: ChildStart) -> None:
        try:
            await self._retry(lambda: self._start_child(start))
        except Problem as refusal:
            finish = Finish("error", error=refused_child(refusal))
            self._send(Answered(start.task_id, start.iteration, start.attempt, finish))
        except PyMongoError as fault:
            if self._closed.is_set():
                return  # the server that takes the job over looks whether the child is stored
            self._refuse_start(start, fault)
        except FamilyCanceled:
            self._starts.withdraw()  # the command that cancels the job comes to its mailbox
        except Exception as fault:  # the edge of a start: the parent must not wait for ever
            self._refuse_start(start, fault)

    def _refuse_start(self, start: ChildStart, fault: Exception) -> None:
        self._log(fault, "child job %s of job %s could not be started", start.child_id, self._job_id)
        finish = Finish("error", error=f"Error starting child job: {type(fault).__name__}: {brief(fault)}")
        self._send(Answered(start.task_id, start.iteration, start.attempt, finish))

    async def _retry(self, attempt: Callable[[], Awaitable[Result]]) -> Result:
        """Repeat the attempt while the database is away: that is no error of the task. An attempt that the database
        refuses is repeated a few times only, because the task may be the reason.

        Attempts may be repeated: a provider recognizes a call by its key, and a child job has a fixed id.
        """
        pause, tries = FIRST_PAUSE_MILLISECONDS, 0
        while True:
            try:
                return await attempt()
            except PyMongoError as fault:
                tries += not is_away(fault)
                if self._closed.is_set() or tries == MOST_TRIES:
                    raise
                log.info(
                    "an effect of job %s is tried again: %s",
                    self._job_id,
                    brief(fault),
                    extra=about("effect_retried", job=self._job_id),
                )
            await self._pause(pause)
            pause = min(2 * pause, LONGEST_PAUSE_MILLISECONDS)

    async def _pause(self, milliseconds: int) -> None:
        """Wait; return at once when no more children are to be started."""
        sleeping = asyncio.ensure_future(self._clock.sleep_until(self._clock.now() + milliseconds))
        closing = asyncio.ensure_future(self._closed.wait())
        try:
            await asyncio.wait((sleeping, closing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            closing.cancel()

    def _log(self, fault: BaseException, message: str, *arguments: str) -> None:
        log.error(
            f"{message}\n%s", *arguments, self._mask(trace(fault)), extra=about("effect_failed", job=self._job_id)
        )

    def _forget(self, key: str) -> Callable[[asyncio.Task[None]], None]:
        def forget(work: asyncio.Task[None]) -> None:
            self._work.pop(key, None)
            if not work.cancelled() and (fault := work.exception()) is not None:
                self._log(fault, "effect %s of job %s failed", key, self._job_id)

        return forget


def _facts_of(job_id: str, call: ProviderCall) -> Attributes:
    """Names of the author, and no incoming values."""
    method = f"{text_at(call.definition, 'app')}.{text_at(call.definition, 'name')}"
    return {JOB: job_id, "jobyard.task.id": call.task_id, "jobyard.task.method": method}
