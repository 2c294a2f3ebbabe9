"""Group commit: what comes while a write is on its way goes together in the next.

There is no timer, so a lone item is not delayed; under load one durable write carries up to `most` of them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

from ..metrics import COMMIT_QUEUE

MOST_AT_ONCE = 100

Item = TypeVar("Item")
Result = TypeVar("Result")

# Writes the items; what became of each, in their order: its result, or the fault of its own caller alone.
Carry: TypeAlias = Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]]


class Batches(Generic[Item, Result]):
    """`carry` raises what every item of the batch shares."""

    def __init__(self, name: str, carry: Carry[Item, Result], most: int = MOST_AT_ONCE) -> None:
        self._name = name
        self._carry = carry
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._work: asyncio.Task[None] | None = None

    async def put(self, item: Item) -> Result:
        """Return once the item is durable."""
        stored: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, stored))
        COMMIT_QUEUE.inc()
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._write(), name=self._name)
        # A caller that gives up takes back nothing: its item may be on its way.
        return await asyncio.shield(stored)

    async def close(self) -> None:
        """Return once everything that was handed in is stored or refused."""
        if self._work is not None:
            await asyncio.gather(self._work, return_exceptions=True)

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            COMMIT_QUEUE.dec(len(batch))
            try:
                results = await self._carry([item for item, _ in batch])
            except Exception as fault:  # an edge: whatever stops the whole batch belongs to each of its callers
                results = [fault] * len(batch)
            for (_, stored), result in zip(batch, results, strict=True):
                if stored.done():  # its caller gave up
                    continue
                if isinstance(result, Exception):
                    stored.set_exception(result)
                else:
                    stored.set_result(result)
