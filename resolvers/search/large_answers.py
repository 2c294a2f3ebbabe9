"""The budget of large values in answers, which are in memory until the answer is sent: a bound for one answer, and one
large answer at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TypeAlias

from ...models.engine.sizes import memory_of
from ...models.errors import AnswerTooLarge
from ...models.json import JsonObject
from ..store.large_values import size_aside
from ..threads import in_thread_if_long

Bring: TypeAlias = Callable[[list[JsonObject]], Awaitable[list[JsonObject]]]

LARGEST_VALUES = 64 * 1024 * 1024  # bytes of values that are kept beside their documents, in one answer
MOST_MEMORY = 128 * 1024 * 1024  # bytes that they take once they are read: small objects take thirty times theirs
AT_ONCE = 2 * 1024 * 1024  # bytes of them that are read in one go
MUCH = 4 * 1024 * 1024  # bytes of values; a larger answer waits for its turn

_REMEDY = "Ask for fewer at a time, or not for variables."


class _Answer:
    def __init__(self) -> None:
        self._bytes = 0
        self._memory = 0
        self._turns: asyncio.Semaphore | None = None  # where it has its turn
        self._one_at_a_time = asyncio.Lock()

    async def load(self, several: list[JsonObject], bring: Bring, turns: asyncio.Semaphore) -> list[JsonObject]:
        found: list[JsonObject] = []
        async with self._one_at_a_time:
            for group, size in _groups(several):
                self._spend(size)
                if self._bytes > MUCH and self._turns is None:
                    await turns.acquire()
                    self._turns = turns
                whole = await bring(group) if size else group
                if size:
                    self._spend_memory(await in_thread_if_long(partial(memory_of, whole), whole))
                found += whole
        return found

    def _spend(self, size: int) -> None:
        self._bytes += size
        if self._bytes > LARGEST_VALUES:
            raise AnswerTooLarge("bytes of large values", LARGEST_VALUES, _REMEDY)

    def _spend_memory(self, size: int) -> None:
        self._memory += size
        if self._memory > MOST_MEMORY:
            raise AnswerTooLarge("bytes of memory for large values", MOST_MEMORY, _REMEDY)

    def end(self) -> None:
        if self._turns is not None:
            self._turns.release()
        self._turns = None


def _groups(several: list[JsonObject]) -> Iterator[tuple[list[JsonObject], int]]:
    """Groups of documents to read together, with the bytes of their large values."""
    group: list[JsonObject] = []
    total = 0
    for values in several:
        size = size_aside(values)
        if group and total + size > AT_ONCE:
            yield group, total
            group, total = [], 0
        group.append(values)
        total += size
    if group:
        yield group, total


_answer: ContextVar[_Answer | None] = ContextVar("answer", default=None)


@contextmanager
def answer_budget() -> Generator[None]:
    """Around one answer, until it is sent."""
    answer = _Answer()
    token = _answer.set(answer)
    try:
        yield
    finally:
        _answer.reset(token)
        answer.end()


def restart_budget() -> None:
    """Begin the next of several answers of the same asyncio task; `end_budget` ends the last one."""
    end_budget()
    _answer.set(_Answer())


def end_budget() -> None:
    if (answer := _answer.get()) is not None:
        answer.end()


async def load_values(several: list[JsonObject], bring: Bring, turns: asyncio.Semaphore) -> list[JsonObject]:
    """The values of several documents, as `bring` loads them. AnswerTooLarge if they exceed the answer's budget."""
    if not any(map(size_aside, several)):
        return several
    answer = _answer.get() or _Answer()
    try:
        return await answer.load(several, bring, turns)
    finally:
        if _answer.get() is None:
            answer.end()
