"""What a job needs from outside, brought about: each effect is an asyncio task that tells the job what came of it."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, assert_never

from ...models.engine.events import Answered, ChildStart, Event, ProviderCall, Timer, Woken
from ...models.engine.outcomes import Finish
from ...models.errors import Problem
from ..clock import Clock
from .refusals import refused_child
from .runner import Perform

# Child jobs of one job that are being started: the rest waits, so that a loop over thousands leaves room for others.
STARTS_AT_ONCE = 16

Outside = Timer | ProviderCall | ChildStart
StartOne = Callable[[ChildStart], Coroutine[Any, Any, None]]

log = logging.getLogger("jobyard")


class Effects:
    """Of one job. `tell` hands it an event; `start_child` starts a child and tells the job when it has ended."""

    def __init__(self, job_id: str, clock: Clock, perform: Perform, tell: Callable[[Event], object]) -> None:
        self._job_id = job_id
        self._clock = clock
        self._perform = perform
        self._tell = tell
        self._work: dict[str, asyncio.Task[None]] = {}
        self._starts = asyncio.Semaphore(STARTS_AT_ONCE)
        self._starting: set[asyncio.Task[None]] = set()
        self._closed_to_children = False

    def bring_about(self, key: str, effect: Outside, start_child: StartOne) -> None:
        """Once for a key, as long as it has not come about."""
        if key not in self._work:
            work = asyncio.create_task(self._effect(effect, start_child), name=f"{self._job_id}/{key}")
            self._work[key] = work
            work.add_done_callback(self._forget(key))

    async def start_no_more_children(self) -> None:
        """Return once no child is being started, and none will be: a job that is canceled stays so."""
        self._closed_to_children = True
        await asyncio.gather(*self._starting, return_exceptions=True)

    async def stop(self) -> None:
        await self.start_no_more_children()
        works = list(self._work.values())
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)

    def _effect(self, effect: Outside, start_child: StartOne) -> Coroutine[Any, Any, None]:
        match effect:
            case Timer():
                return self._wait(effect)
            case ProviderCall():
                return self._call(effect)
            case ChildStart():
                return self._start(effect, start_child)
            case _:
                assert_never(effect)

    async def _wait(self, timer: Timer) -> None:
        await self._clock.sleep_until(timer.at)
        self._tell(Woken(timer.task_id, timer.iteration, timer.attempt))

    async def _call(self, call: ProviderCall) -> None:
        try:
            finish = await self._perform(call)
        except Exception as fault:  # the edge of a task attempt: recorded as the task's error
            log.exception("task %s of job %s failed", call.task_id, self._job_id)
            finish = Finish("error", error=f"{type(fault).__name__}: {fault}")
        self._tell(Answered(call.task_id, call.iteration, call.attempt, finish))

    async def _start(self, start: ChildStart, start_child: StartOne) -> None:
        async with self._starts:
            if self._closed_to_children:
                return
            # A task of its own: whoever stops the effects waits for it, since half a start is none.
            starting = asyncio.create_task(start_child(start), name=f"{self._job_id} starts {start.child_id}")
            self._starting.add(starting)
            starting.add_done_callback(self._starting.discard)
            try:
                await asyncio.shield(starting)
            except Problem as refusal:
                finish = Finish("error", error=refused_child(refusal))
                self._tell(Answered(start.task_id, start.iteration, start.attempt, finish))

    def _forget(self, key: str) -> Callable[[asyncio.Task[None]], None]:
        def forget(work: asyncio.Task[None]) -> None:
            self._work.pop(key, None)
            if not work.cancelled() and (fault := work.exception()) is not None:
                log.error("effect %s of job %s failed", key, self._job_id, exc_info=fault)

        return forget
