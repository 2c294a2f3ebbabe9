"""The end of what goes on beside a run."""

import asyncio
from typing import Any


async def end(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel the tasks, and return once all have ended.

    Again where that takes long: `asyncio.wait_for` of Python 3.11, which drivers wait by, loses a cancellation that
    comes just as what it waits for is there.
    """
    while going := [task for task in tasks if not task.done()]:
        for task in going:
            task.cancel()
        await asyncio.wait(going, timeout=1)
