"""What a prune of many ended jobs costs the starts beside it: `make bench-retention`.

A server has a steady load of starts, in windows with and without the mutation `pruneJobs`, in turns; percentiles are
those of all windows of a kind. `python tests/benchmarks/retention.py [JOBS] [PAIRS] [STARTS A SECOND] [CHECKOUT]`
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
from jobyard.resolvers.store.local_mongod import local_mongod
from jobyard.resolvers.store.mongod import find_mongod
from pymongo import MongoClient

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.documents import chain, task  # noqa: E402
from tests.families import DAY, plant_families  # noqa: E402
from tests.servers import serving  # noqa: E402

WINDOW = 2.0  # seconds
PARTS = (50, 90, 95, 99)
# A few, so that a request ends with its window.
PRUNE = 'mutation($a: String) { pruneJobs(olderThan: "1d", after: $a, most: 20) { deleted { jobs } after } }'
AGES = 40 * DAY


class Load:
    def __init__(self, http: httpx.AsyncClient, rate: int) -> None:
        self._http = http
        self._rate = rate
        self._after: str | None = None
        self.pruned = 0
        self.pruning = 0.0  # seconds
        self.times: dict[bool, list[float]] = {True: [], False: []}

    async def window(self, *, pruning: bool) -> None:
        """Starts at a steady rate, whether or not earlier ones are answered."""
        work = asyncio.create_task(self._prune_until(time.monotonic() + WINDOW)) if pruning else None
        starts: list[asyncio.Task[None]] = []
        began = time.monotonic()
        for number in range(int(WINDOW * self._rate)):
            await asyncio.sleep(max(0.0, began + number / self._rate - time.monotonic()))
            starts.append(asyncio.create_task(self._start(pruning)))
        await asyncio.gather(*starts, *([work] if work else []))

    async def _start(self, pruning: bool) -> None:
        began = time.perf_counter()
        body = {"workflow": "asks", "options": {}}
        (await self._http.post("/operations-manager/jobs/start", json=body)).raise_for_status()
        self.times[pruning].append(1000 * (time.perf_counter() - began))

    async def _prune_until(self, end: float) -> None:
        began = time.monotonic()
        while time.monotonic() < end:
            answer = await self._http.post("/graphql", json={"query": PRUNE, "variables": {"a": self._after}})
            pruned = answer.json()["data"]["pruneJobs"]
            self.pruned += pruned["deleted"]["jobs"]
            self._after = pruned["after"]
            assert self._after is not None, "plant more jobs"
        self.pruning += time.monotonic() - began


async def measure(uri: str, jobs: int, pairs: int, rate: int, root: Path) -> None:
    with (
        MongoClient[dict[str, Any]](uri) as client,
        serving(root=root, MONGODB_URI=uri, JOBYARD_DATABASE="bench") as server,
    ):
        plant_families(client["bench"], jobs // 2, time.time_ns() // 1_000_000 - AGES)
        async with httpx.AsyncClient(base_url=server.address, timeout=120) as http:
            asking = {**task("ViewData", header="h", message="m", body="b"), "type": "manual"}
            document = {"automation": chain("asks", a1=asking)}
            (await http.post("/automation-studio/automations", json=document)).raise_for_status()
            load = Load(http, rate)
            await load.window(pruning=False)  # warms up
            load.times[False].clear()
            for _ in range(pairs):
                await load.window(pruning=False)
                await load.window(pruning=True)
        found = {pruning: quantiles(times, n=100) for pruning, times in load.times.items()}
        for pruning, title in ((False, "alone"), (True, "beside a prune")):
            told = ", ".join(f"p{part} {found[pruning][part - 1]:.1f} ms" for part in PARTS)
            print(f"{title:15}: {told}, of {len(load.times[pruning])} starts")
        alone, beside = found[False], found[True]
        longer = ", ".join(f"p{part} {100 * (beside[part - 1] / alone[part - 1] - 1):+.0f} %" for part in PARTS)
        print(f"longer: {longer}; {load.pruned / load.pruning:.0f} of {jobs:,} jobs removed a second")


async def main(jobs: str = "100000", pairs: str = "12", rate: str = "40", root: str = str(ROOT)) -> None:
    binary = find_mongod()
    assert binary
    with tempfile.TemporaryDirectory() as folder:
        async with local_mongod(binary, Path(folder)) as uri:
            await measure(uri, int(jobs), int(pairs), int(rate), Path(root))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
