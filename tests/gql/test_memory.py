"""Memory goes back to the system after a rush, and not while it lasts."""

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable, Iterator
from weakref import ref

import pytest
from jobyard.gql.http import memory, serving

from .. import processes

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
        memory.give_back_when_quiet(lambda: told.append(looked[-1]), spent=lambda: next(clock), pause=0.01)
    )
    async with asyncio.timeout(20):
        await over.wait()
    giving.cancel()
    assert told == [3, 7]


async def test_memory_is_given_back_now_and_then_in_a_long_rush() -> None:
    called = asyncio.Event()
    spent = iter(range(1_000_000))
    giving = asyncio.create_task(memory.give_back_when_quiet(called.set, lambda: float(next(spent)), pause=0.001))
    async with asyncio.timeout(20):
        await called.wait()
    giving.cancel()
    assert next(spent) >= memory.LOOKS_IN_PEAK


@pytest.fixture
def waiting() -> list[Callable[[], None]]:
    """What is called once a collection is over."""
    return []


@pytest.fixture
def sizes() -> list[int]:
    """The bytes of the process, and of its small objects."""
    return [1_000_000, 500_000]


@pytest.fixture
def old(waiting: list[Callable[[], None]], sizes: list[int]) -> Iterator[memory.OldObjects]:
    """Begun, with no collection but those of the test."""
    threshold = gc.get_threshold()
    old = memory.OldObjects(waiting.append, few=1000, sizes=(lambda: sizes[0], lambda: sizes[1]))
    gc.disable()
    old.begin()
    try:
        yield old
    finally:
        old.end()
        gc.set_threshold(*threshold)
        gc.enable()


class Loose:
    """Garbage that only the collector frees."""

    def __init__(self) -> None:
        self.itself = self


def test_giving_back_collects_what_is_loose(old: memory.OldObjects) -> None:
    loose = ref(Loose())
    assert loose() is not None
    old.give_back()
    assert loose() is None


def test_a_collection_visits_no_old_objects(old: memory.OldObjects) -> None:
    before = gc.get_freeze_count()
    held = [[number] for number in range(10_000)]
    gc.collect()
    assert gc.get_freeze_count() >= before + len(held)
    assert len(gc.get_objects()) < len(held)


def test_old_garbage_is_searched_for_once_the_old_objects_have_doubled(old: memory.OldObjects) -> None:
    aged = Loose()
    gc.collect()
    loose = ref(aged)
    del aged
    old.give_back()
    assert loose() is not None
    held = [[] for _ in range(gc.get_freeze_count() + 10_000)]
    for _ in range(len(held) // 10_000):
        gc.collect()  # as it would have been when so many were made
    old.give_back()
    assert loose() is None
    assert not old.have_doubled()


@pytest.mark.parametrize("grown", [0, 1], ids=["itself", "its small objects"])
def test_old_garbage_is_searched_for_once_the_process_has_grown(
    old: memory.OldObjects, waiting: list[Callable[[], None]], sizes: list[int], grown: int
) -> None:
    """A few objects may hold much: a body, or the text of a large answer."""
    aged = Loose()
    gc.collect()
    loose = ref(aged)
    del aged
    sizes[grown] += memory.LITTLE
    gc.collect()
    assert waiting == []
    sizes[grown] += 1
    gc.collect()
    gc.collect()
    (search,) = waiting
    assert loose() is not None
    search()
    assert loose() is None
    gc.collect()
    assert len(waiting) == 1


def test_the_memory_of_this_process_is_known() -> None:
    before = memory.small_bytes()
    assert memory.resident_bytes() > 10 * 1024 * 1024
    many = [float(number) for number in range(100_000)]
    assert memory.small_bytes() > before + 2_000_000
    assert len(many) == 100_000


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="the GNU C library alone says it")
def test_a_large_block_has_pages_of_its_own_after_larger_ones_were_freed() -> None:
    """In a process of its own, which has the threshold of the server."""
    program = f"""
import ctypes
from jobyard.gql.http import memory
class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd f g h i j".split()]
mallinfo2 = ctypes.CDLL(None).mallinfo2
mallinfo2.restype = Info
memory.give_large_blocks_pages()
for _ in range(3):
    larger = bytearray(20_000_000)
    del larger
before = mallinfo2().hblkhd
block = bytearray({memory.LARGE_BLOCK})
print(mallinfo2().hblkhd - before >= {memory.LARGE_BLOCK})
"""
    assert processes.run([sys.executable, "-c", program], check=True).stdout == "True\n"


async def test_a_server_that_has_started_collects_garbage() -> None:
    threshold = gc.get_threshold()
    gc.disable()  # as `jobyard serve` does while it loads
    try:
        async with serving._tune_process():
            assert gc.isenabled()
    finally:
        gc.set_threshold(*threshold)
        gc.enable()
