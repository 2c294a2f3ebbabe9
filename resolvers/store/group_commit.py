"""Group commit: writes that arrive while a command is in progress go together in the next command."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Generic, TypeAlias, TypeVar

from pymongo.errors import BulkWriteError

from ...models.documents.stored import NotStorable
from ..metrics import COMMIT_QUEUE
from ..traces import span, traceparent, within
from .collections import Collection
from .errors import AlreadyStored, faults_of, fitting, is_duplicate

MOST_AT_ONCE = 100

Item = TypeVar("Item")
Result = TypeVar("Result")

# Writes the items; for each, in their order, its result or the fault for its caller.
Carry: TypeAlias = Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]]


class Batches(Generic[Item, Result]):
    """`carry` writes a batch; it raises a fault of the whole batch. `pause` is the seconds between two writes."""

    def __init__(self, name: str, carry: Carry[Item, Result], most: int = MOST_AT_ONCE, pause: float = 0) -> None:
        self._name = name
        self._carry = carry
        self._most = most
        self._pause = pause
        self._paused_until = 0.0  # by the event loop's clock
        self._pressing = asyncio.Event()  # a whole batch waits, or nothing more comes
        self._waiting: list[tuple[Item, asyncio.Future[Result], str | None]] = []  # with the place in a trace
        self._work: asyncio.Task[None] | None = None

    async def put(self, item: Item) -> Result:
        """Return once the item is durable."""
        with span(self._name):
            return await self._put(item)

    async def _put(self, item: Item) -> Result:
        stored: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, stored, traceparent()))
        if len(self._waiting) >= self._most:
            self._pressing.set()
        COMMIT_QUEUE.inc()
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._write(), name=self._name)
        # A cancelled caller does not withdraw its item, which may be in a command already.
        return await asyncio.shield(stored)

    def hasten(self) -> None:
        """Write the next batch without a pause: somebody waits for it."""
        self._pressing.set()

    async def close(self) -> None:
        """Return once all items are stored or refused."""
        self._pause = 0
        self.hasten()
        if self._work is not None:
            await asyncio.gather(self._work, return_exceptions=True)

    async def _write(self) -> None:
        while self._waiting:
            if self._pause and len(self._waiting) < self._most:
                await self._wait_out_the_pause()
            self._pressing.clear()
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            COMMIT_QUEUE.dec(len(batch))
            try:
                # The command is a part of one of the traces that wait for it.
                with within(next((place for *_, place in batch if place is not None), None)):
                    results = await self._carry([item for item, *_ in batch])
            except Exception as fault:  # an edge: whatever stops the whole batch belongs to each of its callers
                results = [fault] * len(batch)
            self._paused_until = asyncio.get_running_loop().time() + self._pause
            for (_, stored, _), result in zip(batch, results, strict=True):
                if stored.done():  # its caller gave up
                    continue
                if isinstance(result, Exception):
                    stored.set_exception(result)
                else:
                    stored.set_result(result)

    async def _wait_out_the_pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._paused_until):
                await self._pressing.wait()


_INDEX_NAME = re.compile(r"index: (\S+)")


class Writer:
    """`pause` is the seconds between two commands, unless `hasten` says that somebody waits."""

    def __init__(self, collection: Collection[Any], pause: float = 0) -> None:
        self._collection = collection
        self._batches = Batches[Sequence[Mapping[str, object]], list[Exception | None]](
            "group commit", self._write, pause=pause
        )
        self.hasten = self._batches.hasten

    async def insert(self, document: Mapping[str, object]) -> None:
        """Return once the document is durable; AlreadyStored or NotStorable for the caller of this document only."""
        for fault in await self.insert_together(document):
            if fault is not None:
                raise fault

    async def insert_together(self, *documents: Mapping[str, object]) -> list[Exception | None]:
        """Insert documents in one command and in their order. The fault of each, or None for a durable document."""
        return await self._batches.put(documents)

    async def close(self) -> None:
        """Return once everything that was handed in is stored or refused."""
        await self._batches.close()

    async def _write(self, several: Sequence[Sequence[Mapping[str, object]]]) -> list[list[Exception | None]]:
        faults: Iterator[Exception | None] = iter(await self._insert([one for each in several for one in each]))
        return [list(islice(faults, len(each))) for each in several]

    async def _insert(self, documents: Sequence[Mapping[str, object]]) -> list[Exception | None]:
        try:
            with fitting("the document"):
                await self._collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            return [_fault_of(fault) for fault in faults_of(error, len(documents))]
        except NotStorable as refusal:
            if len(documents) == 1:
                return [refusal]
            # A document is too large for the database, which then refuses all of them.
            return [fault for one in documents for fault in await self._insert([one])]
        return [None] * len(documents)


def _fault_of(fault: Exception | None) -> Exception | None:
    if not is_duplicate(fault):
        return fault
    found = _INDEX_NAME.search(str(fault))
    return AlreadyStored(found[1] if found else "key")
