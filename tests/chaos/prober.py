"""How long /healthz takes, asked by a process of its own: one with thousands of callers would measure itself.

python -m tests.chaos.prober ADDRESS asks until its input ends, and prints the seconds of each answer.
"""

import asyncio
import http.client
import json
import select
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from ..parts import ROOT

PAUSE = 0.02
PATIENCE = 60


@asynccontextmanager
async def probing(address: str) -> AsyncGenerator[list[float]]:
    """Fills the list when the block ends. An answer other than 200 is one that took PATIENCE."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.chaos.prober", address, stdin=PIPE, stdout=PIPE, cwd=ROOT
    )
    probed: list[float] = []
    assert process.stdout is not None
    await process.stdout.readline()  # it asks now
    try:
        yield probed
    finally:
        told, _ = await process.communicate(b"")  # without any input it would not be closed
    probed.extend(json.loads(told))


def main(address: str) -> None:
    url = urlsplit(address)
    took: list[float] = []
    print("asking", flush=True)
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        began = time.monotonic()
        well = _is_well(url.hostname or "", url.port or 0)
        took.append(time.monotonic() - began if well else PATIENCE)
    print(json.dumps(took))


def _is_well(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
