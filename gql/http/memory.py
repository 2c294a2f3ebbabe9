"""The memory of the server process: what a rush of requests took goes back to the system once it is over."""

import asyncio
import ctypes
import gc
import time
from collections.abc import Callable

LOOK_SECONDS = 10
QUIET = 0.25  # of a processor: where the process takes less, a rush is over


def keep_what_is_loaded() -> None:
    """Take what is loaded out of the search for garbage: it stays as long as the process, and is most of its objects.

    The search is then as short as what the requests and jobs of the moment hold.
    """
    gc.collect()
    gc.freeze()


def give_back() -> None:
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # the GNU C library has it
    if trim is not None:
        trim(0)


async def give_back_when_quiet(
    give_back: Callable[[], None] = give_back,
    spent: Callable[[], float] = time.process_time,
    pause: float = LOOK_SECONDS,
) -> None:
    """Call `give_back` after every rush, for ever; `spent` tells the seconds of processor that the process took."""
    before, rush = spent(), True
    while True:
        await asyncio.sleep(pause)
        now = spent()
        busy = now - before > QUIET * pause
        if rush and not busy:
            await asyncio.to_thread(give_back)  # the system takes its time
        before, rush = now, busy
