"""Starts of children are made one by one: to look at a loop over 10,000 elements costs no more than at one over 10."""

import asyncio
from typing import Any

import pytest
from jobyard.models.engine.events import ChildStart, PendingChildren
from jobyard.models.engine.outcomes import StartChildren
from jobyard.resolvers.runner.child_starts import STARTS_AT_ONCE, ChildStarts, StartTurns

pytestmark = pytest.mark.anyio


class Counted(tuple[Any, ...]):
    """Says how many of its elements were read."""

    read = 0

    def __getitem__(self, at: Any) -> Any:
        self.read += 1
        return super().__getitem__(at)


def children(variables: tuple[Any, ...], ended: dict[int, Any], *, sequential: bool = False) -> PendingChildren:
    return PendingChildren("a" * 24, "loop", 1, 1, StartChildren("child", variables, sequential), ended)


class Begun:
    """The starts that were begun; each lasts until `over` is set."""

    def __init__(self) -> None:
        self.elements: list[int] = []
        self.over = asyncio.Event()

    async def __call__(self, start: ChildStart) -> None:
        self.elements.append(start.element)
        await self.over.wait()


async def turns_of_the_loop() -> None:
    for _ in range(100):
        await asyncio.sleep(0)


async def test_a_start_is_made_when_its_turn_comes() -> None:
    begun, variables = Begun(), Counted([{}] * 10_000)
    starts = ChildStarts(StartTurns(), begun)
    starts.put("loop/1/1", children(variables, {}))
    await turns_of_the_loop()
    assert begun.elements == list(range(STARTS_AT_ONCE))
    assert variables.read == STARTS_AT_ONCE + 1
    begun.over.set()
    await starts.close()


async def test_a_child_that_ended_before_its_turn_is_not_started() -> None:
    begun, ended = Begun(), dict[int, Any]()
    starts = ChildStarts(StartTurns(), begun)
    starts.put("loop/1/1", children(tuple([{}] * 100), ended))
    ended.update({element: {"status": "complete", "variables": {}} for element in range(20, 90)})
    begun.over.set()
    await turns_of_the_loop()
    assert begun.elements == [*range(20), *range(90, 100)]
    assert starts.is_idle


async def test_a_later_look_at_a_sequence_replaces_the_earlier_one() -> None:
    begun, ended, turns = Begun(), dict[int, Any](), StartTurns(places=0)
    starts = ChildStarts(turns, begun)
    sequence = children(tuple([{}] * 3), ended, sequential=True)
    starts.put("loop/1/1", sequence)
    ended[0] = {"status": "complete", "variables": {}}  # another server ran it
    starts.put("loop/1/1", sequence)
    turns.release_turn(starts)
    await turns_of_the_loop()
    assert begun.elements == [1]
    begun.over.set()
    await starts.close()


async def test_a_later_look_starts_no_child_that_is_being_started() -> None:
    begun = Begun()
    starts = ChildStarts(StartTurns(), begun)
    starts.put("loop/1/1", children(tuple([{}] * 3), {}))
    await turns_of_the_loop()
    starts.put("loop/1/1", children(tuple([{}] * 3), {}))
    await turns_of_the_loop()
    assert begun.elements == [0, 1, 2]
    begun.over.set()
    await starts.close()
