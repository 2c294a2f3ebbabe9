"""The log of a local mongod, which writes it as its standard output: cut when it is large, and a few of the older parts
kept beside it."""

import asyncio
import logging
import os
import shutil
from pathlib import Path
from typing import Final

from ..lines import about
from .data_directory import make_private

LARGEST: Final = 16 * 2**20  # bytes
PARTS: Final = 3  # that are kept: mongod.log.1 is the latest
LOOK_SECONDS: Final = 30.0

log = logging.getLogger("jobyard")


async def keep_small(file: Path, largest: int = LARGEST, seconds: float = LOOK_SECONDS) -> None:
    """Look all the time, without an end."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await asyncio.to_thread(rotate, file, largest)
        except OSError as fault:  # a disk that is full, for one: the next look tries again
            log.warning("%s could not be rotated: %s", file, fault.strerror, extra=about("mongod_log_not_rotated"))


def rotate(file: Path, largest: int = LARGEST) -> bool:
    """Whether it was so large. mongod has it open to append to, and goes on at the end of the emptied file."""
    if not file.exists() or file.stat().st_size <= largest:
        return False
    for number in range(PARTS - 1, 0, -1):
        if (part := _part(file, number)).exists():
            part.replace(_part(file, number + 1))
    first = _part(file, 1)
    shutil.copyfile(file, first)
    make_private(first)
    os.truncate(file, 0)
    return True


def _part(file: Path, number: int) -> Path:
    return file.with_name(f"{file.name}.{number}")
