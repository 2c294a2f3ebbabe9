"""Checks that many subscriptions make for one event, with the same outcome: they are made once and shared."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable

from ...models.bounded_cache import BoundedCache

FRESH_SECONDS = 1.0  # after which a late subscription makes the check again
REMEMBERED = 1_000


class SharedChecks:
    """`now` is in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._checks: BoundedCache[Hashable, tuple[float, asyncio.Task[bool]]] = BoundedCache(most=REMEMBERED)

    async def holds(self, of: Hashable, check: Callable[[], Awaitable[bool]]) -> bool:
        """The outcome of `check`, which the first caller makes; after a failure the next caller makes it again."""
        known = self._checks.get(of)
        if known is None or self._now() - known[0] >= FRESH_SECONDS or (known[1].done() and _has_failed(known[1])):
            known = self._now(), asyncio.create_task(_run(check), name="a check for several")
            known[1].add_done_callback(_has_failed)  # otherwise asyncio warns of an exception that no caller waits for
            self._checks.put(of, known)
        return await asyncio.shield(known[1])


async def _run(check: Callable[[], Awaitable[bool]]) -> bool:
    return await check()


def _has_failed(task: asyncio.Task[bool]) -> bool:
    return task.cancelled() or task.exception() is not None
