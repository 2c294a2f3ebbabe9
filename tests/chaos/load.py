"""The load: callers that start jobs, and people who finish the tasks that wait for them."""

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from random import Random
from typing import Any

from .doors import APIS, Doors, Unacknowledged
from .ending import end
from .record import Answer, Record, Start
from .workflows import LARGEST_FAMILY, large_text

CALLERS = 6
PAUSE = (0.3, 1.2)  # seconds between two starts of a caller
AGAIN = (0.1, 0.5)  # before what was not acknowledged is asked again
THINK = (0.0, 3.0)  # until a person answers
LONGEST_DELAY = 2.0
SELDOM = 5.0  # a person that waits long asks no more often

_SHARES = {"delayed": 3, "asked": 4, "provided": 3, "family": 1, "large": 1}


class Load:
    """Starts jobs until `rest`; people go on until the block of `loading` ends."""

    def __init__(self, doors: Doors, record: Record, chance: Random, longest_delay: float) -> None:
        self._longest_delay = longest_delay
        self._doors = doors
        self._record = record
        self._chance = chance
        self._resting = asyncio.Event()
        self._number = 0
        self._acknowledged = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._callers = [self._begin(self._call()) for _ in range(CALLERS)]
        self.began = time.monotonic()
        self.wait_first_save = self.began

    async def rest(self, seconds: float) -> None:
        """Start nothing new. Callers with a key have so many seconds to come through with what they began."""
        self.wait_first_save = time.monotonic()
        self._resting.set()
        _, late = await asyncio.wait(self._callers, timeout=seconds)
        self._record.unacknowledged += len(late)

    async def goes_on(self, seconds: float) -> bool:
        """Whether a start that comes after now is acknowledged within so many seconds."""
        wanted = self._number
        try:
            async with asyncio.timeout(seconds), self._acknowledged:
                await self._acknowledged.wait_for(lambda: self._latest >= wanted)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        await end(*self._tasks)
        done = await asyncio.gather(*self._tasks, return_exceptions=True)
        for fault in done:  # what was not foreseen ends the run, with its traceback
            if isinstance(fault, Exception):
                raise fault

    @property
    def _latest(self) -> int:
        return max((start.number for start in self._record.started.values()), default=-1)

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        return task

    async def _call(self) -> None:
        while not self._resting.is_set():
            await self._start(self._next())
            await asyncio.sleep(self._chance.uniform(*PAUSE))

    def _next(self) -> Start:
        (workflow,) = self._chance.choices(list(_SHARES), list(_SHARES.values()))
        self._number += 1
        size = self._chance.randint(5, LARGEST_FAMILY) if workflow == "family" else 0
        seconds = 0 if workflow == "family" else round(self._chance.uniform(0, self._longest_delay), 2)
        return Start(workflow, self._number - 1, size, seconds)

    async def _start(self, start: Start) -> None:
        """With every other number there is a key, and the start is asked again until it is acknowledged."""
        api = APIS[start.number // 2 % 2]
        key = f"start {start.number}" if start.number % 2 else None
        variables = self._variables(start)
        asked = time.monotonic()
        while True:
            try:
                job_id = await self._doors.start(api, start, variables, key)
                break
            except Unacknowledged as fault:
                self._record.refusals[fault.reason] += 1
                if key is None:
                    self._record.unacknowledged += 1
                    return
            await asyncio.sleep(self._chance.uniform(*AGAIN))
        self._record.acknowledge(start, job_id, asked, time.monotonic())
        if start.workflow == "asked":
            self._begin(self._person(job_id, start))
        if key is not None and self._chance.random() < 0.2:
            await self._repeat(start, job_id, variables, key)
        async with self._acknowledged:
            self._acknowledged.notify_all()

    async def _repeat(self, start: Start, job_id: str, variables: dict[str, Any], key: str) -> None:
        """The same key again, over the other API: it must be the same job."""
        try:
            again = await self._doors.start(APIS[(start.number // 2 + 1) % 2], start, variables, key)
        except Unacknowledged as fault:
            self._record.refusals[fault.reason] += 1
            return
        if again != job_id:
            self._record.two_jobs_of_a_key.append(key)

    def _variables(self, start: Start) -> dict[str, Any]:
        variables: dict[str, Any] = {"number": str(start.number), "seconds": start.seconds}
        if start.workflow == "family":
            elements = [{"number": f"{start.number}.{n}", "seconds": n % 3 / 2} for n in range(start.size)]
            variables["elements"] = elements
        if start.workflow == "large":
            variables["text"] = large_text(start.number)
        return variables

    async def _person(self, job_id: str, start: Start) -> None:
        """Answer the task until somebody says that the answer is there."""
        answer = Answer(f"the answer to {start.number}")
        self._record.answers[job_id] = answer
        pause = self._chance.uniform(*THINK)
        while not answer.acknowledged:
            await asyncio.sleep(pause)
            try:
                await self._doors.finish(APIS[start.number // 2 % 2], job_id, answer.value)
                answer.acknowledged = True
            except Unacknowledged as fault:
                # Also when the task does not wait: not yet, or an answer came through whose acknowledgement did not.
                self._record.refusals[fault.reason] += 1
            pause = min(SELDOM, pause + self._chance.uniform(*AGAIN))


@asynccontextmanager
async def loading(doors: Doors, record: Record, chance: Random, longest_delay: float) -> AsyncGenerator[Load]:
    load = Load(doors, record, chance, longest_delay)
    try:
        yield load
    finally:
        await load.close()
