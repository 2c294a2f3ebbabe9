"""Starts of child jobs: a few at a time, in turns of the parents; and the error of a start that is refused."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeAlias

from ...models.engine.events import ChildStart, PendingChildren
from ...models.errors import Problem, VariablesInvalid, WorkflowNotFound

STARTS_AT_ONCE = 16  # of one job: a loop over thousands of elements leaves room for other jobs
STARTS_OF_ALL_AT_ONCE = 64

Begin: TypeAlias = Callable[[ChildStart], Coroutine[Any, Any, None]]


class StartTurns:
    """The turns of the jobs of this process to start children."""

    def __init__(self, places: int = STARTS_OF_ALL_AT_ONCE) -> None:
        self._places = places
        self._waiting: deque[ChildStarts] = deque()

    def request_turn(self, starts: "ChildStarts") -> None:
        """Give the job a turn as soon as a place is free."""
        if starts not in self._waiting and starts.may_begin():
            self._waiting.append(starts)
        while self._places and self._waiting:
            first = self._waiting.popleft()
            if first.may_begin():
                self._places -= 1
                first.begin_next()
                if first.may_begin():
                    self._waiting.append(first)

    def release_turn(self, starts: "ChildStarts") -> None:
        self._places += 1
        self.request_turn(starts)


class ChildStarts:
    """The starts of one job. `begin` starts a child, returns once it runs, and raises nothing."""

    def __init__(self, turns: StartTurns, begin: Begin) -> None:
        self._turns = turns
        self._begin = begin
        # By the attempt that waits for the children: the next start, and those after it, which are not made yet.
        self._waiting: dict[str, tuple[ChildStart, Iterator[ChildStart]]] = {}
        self._begun: dict[str, asyncio.Task[None]] = {}  # by the id of the child
        self._closed = False

    def put(self, key: str, children: PendingChildren) -> None:
        """Queue the children that an attempt waits for, in place of what it waited for before."""
        if not self._closed:
            self._queue(key, iter(children))
            self._turns.request_turn(self)

    def withdraw(self) -> None:
        """Begin none of the queued starts."""
        self._waiting.clear()

    async def close(self) -> None:
        """Begin no more starts, and return once those in progress have ended."""
        self._closed = True
        self._waiting.clear()
        await asyncio.gather(*self._begun.values(), return_exceptions=True)
        self._begin = _begin_none  # whose owner refers to this object: see RunningJob

    @property
    def is_idle(self) -> bool:
        """Whether no start is queued or in progress."""
        return not self._waiting and not self._begun

    def may_begin(self) -> bool:
        return bool(self._waiting) and len(self._begun) < STARTS_AT_ONCE

    def begin_next(self) -> None:
        key, (start, others) = next(iter(self._waiting.items()))
        work = asyncio.ensure_future(self._begin(start))
        self._begun[start.child_id] = work
        work.add_done_callback(lambda _: self._end(start.child_id))
        self._queue(key, others)

    def _queue(self, key: str, starts: Iterator[ChildStart]) -> None:
        following = next((start for start in starts if start.child_id not in self._begun), None)
        if following is not None:
            self._waiting[key] = (following, starts)
        else:
            self._waiting.pop(key, None)

    def _end(self, child_id: str) -> None:
        del self._begun[child_id]
        self._turns.release_turn(self)


async def _begin_none(start: ChildStart) -> None:
    """For closed ChildStarts."""


def refused_child(refusal: Problem) -> str:
    """The error of the childJob task (reference/execution.md#kinds-of-task and #input-schemas)."""
    match refusal:
        case WorkflowNotFound():
            return f"Error starting child job: Cannot find workflow {refusal.name}"
        case VariablesInvalid():
            faults = [f"{fault.instance_path} {fault.message}".strip() for fault in refusal.faults]
            return f"Schema validation failed on {'; '.join(faults)}"
        case _:
            return f"Error starting child job: {refusal.message}"
