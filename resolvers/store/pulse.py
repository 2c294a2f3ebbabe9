"""The pulse: a regular ping of the database over a connection of its own, so that callers do not wait for an outage.

A command to a frozen database never ends, and a command to a database that is gone waits for it to come back. Jobs can
wait; a caller cannot, and gets an error as soon as the database is known to be away. The work for the caller is not
cancelled, because PyMongo may stay locked for ever after a cancellation at the wrong moment, above all before Python
3.12: the work ends by the limits of the driver, and its outcome is dropped. A slow search of a database that answers is
not interrupted.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from ...models.errors import DatabaseUnavailable, Problem
from ..log_facts import about
from .errors import trace
from .outage import AGAIN_SECONDS, Outage, is_away, unavailable

EVERY_SECONDS = 0.5
TURNS = 5  # of waiting for one ping
TURN_SECONDS = 0.25
LEFT_SECONDS = 1.0  # from the begin of an outage until callers are refused: the database may restart at once
GRACE_SECONDS = 0.25  # for work that begins during an outage: it may not need the database
MOST_UNHEARD = 1_000  # works that go on without a caller; with more, no work begins during an outage
END_SECONDS = 0.5  # for a work that is cancelled

Result = TypeVar("Result")

log = logging.getLogger("jobyard")


class Silence(Exception):
    """The database did not answer a ping; the message says for how long."""


class Pulse:
    """`ask` pings the database, and ends by itself; None for a store in memory, which is never away."""

    def __init__(self, ask: Callable[[], Awaitable[object]] | None, outage: Outage) -> None:
        self._ask = ask
        self._outage = outage
        outage.watched = ask is not None
        self._there = asyncio.Event()
        self._there.set()
        self._patient_until = 0.0  # while it is away; the event loop's time
        self._limits: set[_Limit] = set()
        self._unheard: set[asyncio.Task[Any]] = set()
        self._looking: asyncio.Task[bool] | None = None
        self._asking: asyncio.Future[object] | None = None

    @property
    def away(self) -> bool:
        return not self._there.is_set()

    def check(self) -> None:
        """DatabaseUnavailable during an outage: call it before a command that might be carried out later."""
        if self.away:
            raise DatabaseUnavailable(AGAIN_SECONDS)

    async def wait_back(self) -> None:
        """Return once the database answers."""
        await self._there.wait()

    async def look(self) -> bool:
        """Ping the database; whether it answers within TURNS of TURN_SECONDS."""
        if self._ask is None:
            return True
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(self._ask), name="pulse")
        return await asyncio.shield(self._looking)

    async def run(self, closing: asyncio.Event) -> None:
        while self._ask is not None and not closing.is_set():
            await self.look()
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY_SECONDS):
                    await closing.wait()

    async def close(self) -> None:
        """Stop the pulse. Call it after the last command to the database."""
        left = {one for one in (*self._unheard, self._asking, self._looking) if one is not None and not one.done()}
        for one in left:
            one.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                await asyncio.gather(*left, return_exceptions=True)

    async def answer(self, work: Coroutine[Any, Any, Result], *, changes: bool = False) -> Result:
        """The outcome of the work for a caller; DatabaseUnavailable as soon as the database is away.

        The work runs in a task of its own, and goes on after that error. Work with `changes` does not begin during an
        outage; work that began before may be carried out all the same, and the error says so.
        """
        if self._ask is None:
            return await work
        if self.away and (changes or len(self._unheard) >= MOST_UNHEARD):
            try:
                if changes:
                    with suppress(TimeoutError):
                        async with asyncio.timeout_at(self._patient_until):
                            await self.wait_back()
                self.check()
            except BaseException:
                work.close()
                raise
        task = asyncio.create_task(work)
        limit = _Limit()
        self._limits.add(limit)
        if self.away:
            limit.end_at(self._deadline())
        try:
            await asyncio.wait({task, limit.reached}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            if not self.away:
                task.cancel()
                await asyncio.wait({task}, timeout=END_SECONDS)
            raise
        finally:
            self._limits.discard(limit)
            limit.stay()
            if not task.done():
                self._unheard.add(task)
            task.add_done_callback(self._on_end)
        if not task.done():
            raise DatabaseUnavailable(AGAIN_SECONDS, done=None if changes else False)
        try:
            return task.result()
        except Exception as fault:
            problem = unavailable(fault, changes=changes)
            if problem is None:
                raise
            raise problem from fault

    def _on_end(self, task: "asyncio.Task[Any]") -> None:
        """Log the error of a work whose caller is gone: no other code sees it."""
        fault = None if task.cancelled() else task.exception()
        if task not in self._unheard:
            return
        self._unheard.discard(task)
        if fault is not None and not isinstance(fault, Problem) and not is_away(fault):
            log.error(
                "what went on while the database was away failed\n%s", trace(fault), extra=about("unheard_failed")
            )

    def _deadline(self) -> float:
        return max(self._patient_until, asyncio.get_running_loop().time() + GRACE_SECONDS)

    async def _look(self, ask: Callable[[], Awaitable[object]]) -> bool:
        fault = await self._ask_patiently(ask)
        if fault is None:
            self._outage.finish()
            self._there.set()
            for limit in self._limits:
                limit.stay()
        else:
            self._outage.begin(fault)
            if not self.away:
                self._there.clear()
                self._patient_until = asyncio.get_running_loop().time() + LEFT_SECONDS
                for limit in self._limits:
                    limit.end_at(self._patient_until)
        return fault is None

    async def _ask_patiently(self, ask: Callable[[], Awaitable[object]]) -> Exception | None:
        """None once the database has answered; else the last error, when the turns are over.

        The wait is counted in turns: a busy process that reads the answer late finds it at its next turn, and does not
        mistake itself for an outage. The next look waits for a ping that has no answer yet.
        """
        fault: Exception = Silence(f"no answer within {TURNS * TURN_SECONDS:g} s")
        for _ in range(TURNS):
            if self._asking is None:
                self._asking = asyncio.ensure_future(ask())
            await asyncio.wait({self._asking}, timeout=TURN_SECONDS)
            if not self._asking.done():
                continue
            asked, self._asking = self._asking, None
            try:
                asked.result()
            except Exception as failed:  # any error: callers would get it, too, and the log has it
                fault = failed
            else:
                return None
            await asyncio.sleep(TURN_SECONDS)
        return fault


class _Limit:
    """A deadline that may be moved or removed until it is `reached`."""

    def __init__(self) -> None:
        self.reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._handle: asyncio.TimerHandle | None = None

    def end_at(self, moment: float) -> None:
        """`moment` is the event loop's time."""
        self.stay()
        self._handle = asyncio.get_running_loop().call_at(moment, self._reach)

    def stay(self) -> None:
        if self._handle is not None:
            self._handle.cancel()

    def _reach(self) -> None:
        if not self.reached.done():
            self.reached.set_result(None)
