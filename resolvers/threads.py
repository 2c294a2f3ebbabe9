"""Threads for long work: one for the server's own work, two for what authors of workflows wrote."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

import orjson

from ..models.engine.sizes import takes_long
from ..models.json import Json
from ..models.json_text import LARGEST_AT_ONCE, read_json, write_pieces

Made = TypeVar("Made")
Given = ParamSpec("Given")

AUTHORS_AT_ONCE = 2

_THREAD = ThreadPoolExecutor(1, "beside")
_OF_AUTHORS = ThreadPoolExecutor(AUTHORS_AT_ONCE, "work of authors")


async def in_thread(work: Callable[[], Made]) -> Made:
    """Run the work in the server's thread. The thread cannot be stopped: the work must take two seconds at most."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, work)


async def in_author_threads(work: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs) -> Made:
    """Run the work in one of the authors' threads. The work may take long; it cannot be stopped once it has begun."""
    in_context = partial(contextvars.copy_context().run, work, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_OF_AUTHORS, in_context)


async def parse_json(written: bytes) -> Json:
    """The value of a JSON text. Invalid JSON raises the JSONDecodeError of orjson."""
    return await in_thread(partial(read_json, written)) if len(written) > LARGEST_AT_ONCE else read_json(written)


async def encode_json(value: object) -> list[bytes]:
    """The value as JSON text, in pieces."""
    return await in_thread(partial(write_pieces, value)) if takes_long(value) else [orjson.dumps(value)]


async def in_thread_if_long(work: Callable[[], Made], *values: object) -> Made:
    """Run the work in the server's thread if the values that it reads are large, otherwise at once."""
    return await in_thread(work) if takes_long(*values) else work()
