"""Work that takes long is done beside the event loop, which answers others meanwhile: in one thread, so that the loop
has half of the interpreter at least, and the memory for one such work is enough.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ..models.engine.sizes import takes_long
from ..models.json import Json

Made = TypeVar("Made")

_THREAD = ThreadPoolExecutor(1, "beside")


async def beside(work: Callable[[], Made]) -> Made:
    """What the work makes, once it is its turn. It cannot be stopped: let it be a second or two at most."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, work)


async def beside_if_long(work: Callable[[], Made], *values: Json) -> Made:
    """The same where it goes over values that are large; at once where they are not."""
    return await beside(work) if takes_long(*values) else work()
