"""The memory of the server process: returns memory to the system after a peak of requests."""

import asyncio
import ctypes
import gc
import time
from collections.abc import Callable

LOOK_SECONDS = 10
QUIET = 0.25  # of a processor: below, a peak is over


def freeze_loaded_objects() -> None:
    """Exclude loaded modules from garbage collection: their objects, most of all, live as long as the process.

    A collection then visits only the objects of present requests and jobs.
    """
    gc.collect()
    gc.freeze()


def give_back() -> None:
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # only in the GNU C library
    if trim is not None:
        trim(0)


async def give_back_when_quiet(
    give_back: Callable[[], None] = give_back,
    spent: Callable[[], float] = time.process_time,
    pause: float = LOOK_SECONDS,
) -> None:
    """Call `give_back` after every peak, forever; `spent` returns the processor seconds of the process."""
    before, peak = spent(), True
    while True:
        await asyncio.sleep(pause)
        now = spent()
        busy = now - before > QUIET * pause
        if peak and not busy:
            await asyncio.to_thread(give_back)  # the call may take long
        before, peak = now, busy
