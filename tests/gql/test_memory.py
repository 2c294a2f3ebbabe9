"""Memory goes back to the system after a rush, and not while it lasts."""

import asyncio
import gc
from collections.abc import Iterator
from weakref import ref

import pytest
from jobyard.gql.http import memory

pytestmark = pytest.mark.anyio


async def test_memory_is_given_back_once_after_each_rush() -> None:
    busy, quiet = memory.QUIET * 0.01 * 2, 0.0
    rushes = [busy, busy, quiet, quiet, quiet, busy, quiet, quiet]
    told: list[int] = []
    over = asyncio.Event()

    def spending() -> Iterator[float]:
        spent = 0.0
        yield spent
        for looks, more in enumerate(rushes, 1):
            spent += more
            looked.append(looks)
            yield spent
        over.set()
        while True:
            yield spent

    looked: list[int] = []
    clock = spending()
    giving = asyncio.create_task(
        memory.give_back_when_quiet(lambda: told.append(looked[-1]), lambda: next(clock), pause=0.01)
    )
    async with asyncio.timeout(20):
        await over.wait()
    giving.cancel()
    assert told == [3, 7]


def test_giving_back_collects_what_is_loose() -> None:
    class Loose:
        def __init__(self) -> None:
            self.itself = self

    gc.disable()
    try:
        loose = ref(Loose())
        assert loose() is not None
        memory.give_back()
        assert loose() is None
    finally:
        gc.enable()
