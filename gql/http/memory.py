"""The memory of the server process: short pauses of the garbage collector, and memory back to the system after a peak.

Python's collector stops the whole process while it visits the objects that may have become garbage. A server with
thousands of working jobs has a million of them, and would stand still for a good part of a second again and again.
"""

import asyncio
import ctypes
import gc
import resource
import sys
import time
from collections.abc import Callable, Sequence
from math import inf
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/statm")

LOOK_SECONDS = 10
QUIET = 0.25  # of a processor: below, a peak is over
LOOKS_IN_PEAK = 6

# Collections of younger objects before a full one: that visits about 40,000 objects, which takes 10 to 50 ms.
MIDDLE_AGED = 5
FEW = 200_000  # objects: the search for as much garbage is not worth the pause
LITTLE = 64 * 1024 * 1024  # bytes, that old garbage may hold: a few objects may hold a body of 16 MB
SMALLEST = 32  # bytes, about, of a small object of Python, whose memory may come from what was freed before
LARGE_BLOCK = 1024 * 1024  # bytes; from here on a block has pages of its own, which the system gets back at once
_MMAP_THRESHOLD = -3  # of mallopt(3)


def resident_bytes() -> int:
    """The memory of the process; 0 where the system does not say."""
    try:
        return int(_STATUS.read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def small_bytes() -> int:
    """The memory of small objects at least. They come and go while the process keeps what it has for them."""
    return sys.getallocatedblocks() * SMALLEST


def give_large_blocks_pages() -> None:
    """The GNU C library would raise its threshold to 32 MB with the first freed block of that size, and keep the gaps
    that larger blocks leave between small ones: 230 MB after four minutes of large bodies.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, LARGE_BLOCK)


class OldObjects:
    """Objects that have survived a full collection. The next ones leave them out, and visit younger objects alone.

    Garbage among the old objects is searched for once they have doubled, or the process, or its small objects, have
    LITTLE more memory. It is little: what has no cycles is freed without the collector, as jobs are.
    """

    def __init__(
        self,
        soon: Callable[[Callable[[], None]], object],
        few: int = FEW,
        sizes: Sequence[Callable[[], int]] = (resident_bytes, small_bytes),
    ) -> None:
        """`soon` calls a function beside a collection, in which there can be no other one; each of `sizes` returns
        bytes that the process has, or uses of them.
        """
        self._soon = soon
        self._few = few
        self._sizes = sizes
        self._sizes_after: list[float] = [0] * len(sizes)  # the last search
        self._left = 0  # by the last search
        self._collections = 0  # since then
        self._searching = False

    def begin(self) -> None:
        """Loaded modules are the first old objects: they live as long as the process."""
        young, middle, _ = gc.get_threshold()
        gc.set_threshold(young, middle, MIDDLE_AGED)
        gc.callbacks.append(self._on_collection)
        self.search()

    def end(self) -> None:
        gc.callbacks.remove(self._on_collection)
        gc.unfreeze()

    def search(self) -> None:
        """Search for garbage among all objects, and free it."""
        self._searching = True
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._searching = False
        self._left, self._collections = gc.get_freeze_count(), 0
        self._sizes_after = [size() for size in self._sizes]

    def have_doubled(self) -> bool:
        young, middle, old = gc.get_threshold()
        # To count them takes some ms for a million: not before enough may have become old since the last count.
        if self._collections * young * middle * old <= self._left + self._few:
            return False
        self._collections = 0
        return gc.get_freeze_count() > 2 * self._left + self._few

    def give_back(self) -> None:
        """Free garbage, and return memory that was freed to the system."""
        if self.have_doubled():
            self.search()
        else:
            gc.collect()
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # only in the GNU C library
        if trim is not None:
            trim(0)

    def _on_collection(self, phase: str, collection: dict[str, int]) -> None:
        if phase == "stop" and collection["generation"] == 2 and not self._searching:
            gc.freeze()
            self._collections += 1
            if any(size() > after + LITTLE for size, after in zip(self._sizes, self._sizes_after, strict=True)):
                self._sizes_after = [inf] * len(self._sizes)  # until the search
                self._soon(self.search)


async def give_back_when_quiet(
    give_back: Callable[[], None], spent: Callable[[], float] = time.process_time, pause: float = LOOK_SECONDS
) -> None:
    """Call `give_back` after every peak, and now and then in a long one; `spent` returns the processor seconds of the
    process.
    """
    before, peak, looks = spent(), True, 0
    while True:
        await asyncio.sleep(pause)
        now, looks = spent(), looks + 1
        busy = now - before > QUIET * pause
        if peak and (not busy or looks % LOOKS_IN_PEAK == 0):
            await asyncio.to_thread(give_back)  # the call may take long
        before, peak = now, busy
