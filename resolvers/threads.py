"""Long work beside the event loop: the server's own in one thread, that of authors in two."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

import orjson

from ..models.engine.sizes import takes_long
from ..models.json import Json
from ..models.json_text import LARGEST_AT_ONCE, read_json, write_json

Made = TypeVar("Made")
Given = ParamSpec("Given")

AUTHORS_AT_ONCE = 2

_THREAD = ThreadPoolExecutor(1, "beside")
_OF_AUTHORS = ThreadPoolExecutor(AUTHORS_AT_ONCE, "work of authors")


async def in_thread(work: Callable[[], Made]) -> Made:
    """What the work makes, once it is its turn. It cannot be stopped: let it be a second or two at most."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, work)


async def in_author_threads(work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
    """What it makes, once it is its turn: it may take its time, and cannot be stopped once it has begun."""
    given = partial(contextvars.copy_context().run, work, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_OF_AUTHORS, given)


async def parse_json(written: bytes) -> Json:
    """What a JSON text spells; JSONDecodeError of orjson for what is none."""
    return await in_thread(partial(read_json, written)) if len(written) > LARGEST_AT_ONCE else read_json(written)


async def encode_json(value: Json) -> bytes:
    """The value as JSON."""
    return await in_thread(partial(write_json, value)) if takes_long(value) else orjson.dumps(value)


async def in_thread_if_long(work: Callable[[], Made], *values: Json) -> Made:
    """The same where it goes over values that are large; at once where they are not."""
    return await in_thread(work) if takes_long(*values) else work()
