"""Admission of starts: a bounded number is in progress, a bounded number waits, and the others are refused.

start_refusals.py refuses a start for its own faults: role, workflow, variables.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from ...models.errors import CallerGone, Overloaded, ShuttingDown, WorkersInactive


class Closing(asyncio.Event):
    """Set when the server begins to stop: it still answers requests, and still has its jobs."""

    def __init__(self) -> None:
        super().__init__()
        self._waits: set[asyncio.Timeout] = set()

    def set(self) -> None:
        super().set()
        for wait in self._waits:
            wait.reschedule(0)

    @asynccontextmanager
    async def interrupt_waits(self) -> AsyncGenerator[None]:
        """Interrupt the block with TimeoutError as soon as the event is set."""
        async with asyncio.timeout(0 if self.is_set() else None) as wait:
            self._waits.add(wait)
            try:
                yield
            finally:
                self._waits.discard(wait)


LONGEST_WAIT = 15  # seconds for a place: callers give up after 30, as a rule
RETRY_SECONDS = 2
BUSY_SECONDS = 1.0  # after the last start
LARGE_AT_ONCE = 1  # starts of large jobs: each may take some hundred megabytes until its first step is over


class Place:
    """One of the places of an admission."""

    def __init__(self, admission: "Admission", arrival: "Arrival") -> None:
        self._admission: Admission | None = admission
        self._arrival = arrival
        self._large: asyncio.Semaphore | None = None

    def release(self) -> None:
        self._release_turn()
        if self._large is not None:
            self._large.release()
        self._large = None

    def _release_turn(self) -> None:
        if self._admission is not None:
            self._admission.free_place()
        self._admission = None

    async def take_large(self) -> None:
        """Return once no other start of a large job is in progress.

        Overloaded after LONGEST_WAIT; see also `lend`.
        """
        if self._admission is not None:
            large = self._admission.large
            async with self.lend():
                try:
                    async with asyncio.timeout(LONGEST_WAIT):
                        await large.acquire()
                except TimeoutError as late:
                    raise Overloaded(RETRY_SECONDS) from late
                self._large = large

    @asynccontextmanager
    async def lend(self) -> AsyncGenerator[None]:
        """Lend the place to other starts while the block waits for work outside of this process.

        Overloaded, ShuttingDown or CallerGone if the start gets no place afterwards.
        """
        admission = self._admission
        self._release_turn()
        yield
        if admission is not None:
            await admission.wait(self._arrival)
            self._admission = admission


class Arrival:
    """A request that may start jobs: whether its caller is still connected, and the place reserved for it."""

    def __init__(self) -> None:
        self.gone = False
        self.started = (
            False  # at least one job: the same answer has its id, so that further starts are not refused any more
        )
        self._turn: asyncio.Future[None] | None = None
        self._place: Place | None = None
        self._hurried = False
        self._patience: asyncio.Timeout | None = None

    def hurry(self) -> None:
        """End the wait of this request for its job, because other requests wait for its memory."""
        self._hurried = True
        if self._patience is not None and not self._patience.expired():
            self._patience.reschedule(asyncio.get_running_loop().time())

    @asynccontextmanager
    async def patience(self, seconds: float) -> AsyncGenerator[None]:
        """Interrupt the block with TimeoutError after so many seconds, or when `hurry` is called."""
        try:
            async with asyncio.timeout(0 if self._hurried else seconds) as self._patience:
                yield
        finally:
            self._patience = None

    def mark_gone(self) -> None:
        """Note that the caller closed the connection."""
        self.gone = True
        if self._turn is not None and not self._turn.done():
            self._turn.set_exception(CallerGone())

    def check_present(self) -> None:
        """CallerGone if the caller closed the connection."""
        if self.gone:
            raise CallerGone

    async def reserve_place(self, admission: "Admission") -> None:
        """Reserve a place for the first start of this request; see Admission.acquire_place."""
        self._place = await admission.acquire_place(self)

    def take_place(self) -> Place | None:
        place, self._place = self._place, None
        return place

    def release_place(self) -> None:
        """Release the reserved place: the request starts no more jobs."""
        place = self.take_place()
        if place is not None:
            place.release()

    def set_turn(self, turn: "asyncio.Future[None] | None") -> None:
        self._turn = turn


class Admission:
    """At most `most` starts are in progress, and at most `waiting` more wait in order."""

    def __init__(self, most: int, waiting: int, closing: Closing) -> None:
        self._most = self._free = most
        self._idle = asyncio.Event()  # no start is in progress
        self._idle.set()
        self._last = -BUSY_SECONDS  # when the last start got its place, by the monotonic clock
        self._most_waiting = waiting
        self.large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._waiting: dict[asyncio.Future[None], None] = {}
        self._closing = closing
        self._releases: set[asyncio.Task[None]] = set()
        self.active = True  # False while an operator has stopped new starts

    @property
    def waiting(self) -> int:
        """The number of starts that wait."""
        return len(self._waiting)

    @property
    def is_busy(self) -> bool:
        """Whether there are starts, or were a moment ago."""
        return not self._idle.is_set() or time.monotonic() - self._last < BUSY_SECONDS

    async def wait_idle(self) -> None:
        """Return in a moment in which no start is in progress."""
        await self._idle.wait()

    async def acquire_place(self, arrival: Arrival) -> Place:
        """The place that is reserved for the request, or the next free one.

        After Overloaded, ShuttingDown or CallerGone no job was started, and none will be.
        """
        if (place := arrival.take_place()) is not None:
            return place
        await self.wait(arrival)
        return Place(self, arrival)

    async def wait(self, arrival: Arrival) -> None:
        """Return once the request has a place; see `acquire_place`."""
        arrival.check_present()
        if self._closing.is_set() and not arrival.started:
            raise ShuttingDown(RETRY_SECONDS)
        if not self.active and not arrival.started:
            raise WorkersInactive(RETRY_SECONDS)
        if self._free:
            self._free -= 1
            self._idle.clear()
            self._last = time.monotonic()
        elif arrival.started:
            await self._wait_turn(arrival)
        elif len(self._waiting) < self._most_waiting:
            await self._wait_turn_in_time(arrival)
        else:
            raise Overloaded(RETRY_SECONDS)

    async def _wait_turn_in_time(self, arrival: Arrival) -> None:
        try:
            async with self._closing.interrupt_waits(), asyncio.timeout(LONGEST_WAIT):
                await self._wait_turn(arrival)
        except TimeoutError as late:
            refusal = ShuttingDown if self._closing.is_set() else Overloaded
            raise refusal(RETRY_SECONDS) from late

    async def _wait_turn(self, arrival: Arrival) -> None:
        """Wait for a place in the queue."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[turn] = None
        arrival.set_turn(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.free_place()  # the place came when the wait was cancelled
            raise
        finally:
            arrival.set_turn(None)
            self._waiting.pop(turn, None)

    def free_place(self) -> None:
        """Give a free place to the start that has waited longest."""
        while self._waiting:
            turn = next(iter(self._waiting))
            del self._waiting[turn]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
        if self._free == self._most:
            self._idle.set()

    def release_after(self, place: Place, advanced: Coroutine[Any, Any, None]) -> None:
        """Release the place when the job of its start has advanced."""

        def give_up(work: "asyncio.Task[None]") -> None:
            self._releases.discard(work)
            place.release()

        keeping = asyncio.create_task(advanced, name="place of a start")
        self._releases.add(keeping)
        keeping.add_done_callback(give_up)
