"""`make chaos`: what jobyard survives. Exits with 1 when a job was lost, done twice, stuck or wrong, or a hand needed.

python -m tests.chaos [FAULT ...] tries the server of the checkout that it lies in. What is measured by time has the
machine for itself at first; then several faults are tried at once, each on processes of its own, beside the soak.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from .. import checkout  # noqa: F401 -- names the checkout jobyard, for what is imported below
from ..parts import memory_folder
from .faults import FAULTS
from .layout import find_mongod
from .measurements import MEASUREMENTS
from .row import Row
from .run import run
from .table import details, table

MINUTES = 15
LEAST_SECONDS = 60  # for a row
ENDING_SECONDS = 30  # of a run, for what a row takes longer than its share
NAMES = (*MEASUREMENTS, *FAULTS)


def main() -> int:
    options = _options()
    if find_mongod() is None:
        sys.exit("make chaos needs a mongod: pip install jobyard[mongod], or set MONGOD")
    with memory_folder() as memory, tempfile.TemporaryDirectory(dir=memory) as folder:
        chaos = _Chaos(options, Path(options.logs or folder))
        try:
            asyncio.run(chaos.run())
        finally:
            rows = [chaos.rows[name] for name in NAMES if name in chaos.rows]
            print(table(rows))
            print(f"load average of the machine: {' '.join(f'{load:.1f}' for load in os.getloadavg())}")
    return 0 if all(row.sound for row in rows) and len(rows) == len(chaos.names) else 1


class _Chaos:
    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self._options = options
        self._folder = folder
        self._end = time.monotonic() + options.minutes * 60
        self.names: Sequence[str] = list(dict.fromkeys(options.faults)) or NAMES
        self.rows: dict[str, Row] = {}

    async def run(self) -> None:
        """What does not fit into the time that a row has is done fewer times."""
        measured = [name for name in self.names if name in MEASUREMENTS]
        faults = [name for name in self.names if name in FAULTS]
        beside = [name for name in measured if not MEASUREMENTS[name].alone]
        for name in measured:
            if name not in beside:
                await self._measure(name, min(MEASUREMENTS[name].seconds, self._left()))
        async with asyncio.TaskGroup() as group:
            for name in beside:
                group.create_task(self._measure(name, min(MEASUREMENTS[name].seconds, self._left())))
            for _ in range(self._options.lanes):
                group.create_task(self._try(faults))

    async def _try(self, faults: list[str]) -> None:
        """One after the other, as long as there are any: each has an equal share of the time that is left."""
        while faults:
            share = max(LEAST_SECONDS, self._left() * min(1, self._options.lanes / len(faults)))
            name = faults.pop(0)
            fault = FAULTS[name]
            times = self._options.times or fault.times
            facts = {"lease": self._options.lease, "seed": self._options.seed, "seconds": share}
            await self._tell(name, fault.title, lambda folder: run(fault, times, folder, **facts))  # noqa: B023

    async def _measure(self, name: str, seconds: float) -> None:
        measurement = MEASUREMENTS[name]
        times = self._options.times or measurement.times
        facts = {"seed": self._options.seed, "seconds": seconds}
        await self._tell(name, measurement.title, lambda folder: measurement.measure(times, folder, **facts))

    async def _tell(self, name: str, title: str, make: Callable[[Path], Awaitable[Row]]) -> None:
        logs = self._folder / name
        logs.mkdir(parents=True)
        print(f"{name}: {title} ...", flush=True)
        row = await make(logs)
        print(details(row), flush=True)
        self.rows[name] = row

    def _left(self) -> float:
        return max(LEAST_SECONDS, self._end - ENDING_SECONDS - time.monotonic())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("faults", nargs="*", choices=[[], *NAMES], metavar="FAULT", help=", ".join(NAMES))
    parser.add_argument("--times", type=int, help="how often each fault is done, as far as the time allows it")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"for everything together ({MINUTES})")
    parser.add_argument("--lanes", type=int, default=2, help="how many faults are tried at once (2)")
    parser.add_argument("--lease", type=float, default=3, metavar="SECONDS", help="JOBYARD_LEASE_MS of the servers (3)")
    parser.add_argument("--seed", type=int, default=1, help="what is random follows from it, but for the timing")
    parser.add_argument("--logs", type=Path, metavar="DIR", help="keep logs and databases in this new directory")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
