"""What the database is asked for a job, and what a job costs: `make bench-commits REV=ddcdc32`.

A server of this checkout and one of another, beside one mongod, in turns. Commands and bytes are those of jobs one
after the other; the processor's time is that of server and mongod with 32 jobs in flight, until all are over.
`python tests/benchmarks/commits.py [CHECKOUT]`
"""

import asyncio
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from jobyard.resolvers.store.local_mongod import local_mongod
from jobyard.resolvers.store.mongod import find_mongod
from pymongo import MongoClient

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.documents import chain, task  # noqa: E402
from tests.servers import Server, serving  # noqa: E402

COUNTED = 50  # jobs one after the other
AT_ONCE = 32
TIMED = 600  # jobs of a turn
ROUNDS = 4  # turns of each server; the first warms up
COLLECTIONS = ("workflows", "jobs", "tasks", "job_events")
LARGEST_PROFILE = 64 * 2**20
TICKS = os.sysconf("SC_CLK_TCK")

Database = Any


def workflows() -> dict[str, dict[str, Any]]:
    asking = {**task("ViewData", header="h", message="m", body="b"), "type": "manual"}
    joined = {
        f"a{number}": task("stringConcat", str=f"$var.a{number - 1}.combinedStrings" if number else "a", stringN="b")
        for number in range(10)
    }
    return {"a start": chain("asks", a1=asking), "ten pure tasks": chain("pure", **joined)}


async def start(http: httpx.AsyncClient, workflow: str) -> None:
    answer = await http.post("/operations-manager/jobs/start", json={"workflow": workflow, "options": {}})
    answer.raise_for_status()


async def wait_stopped(database: Database, started: int) -> None:
    """Return once so many jobs are stored and no finished one has a lease."""
    while True:
        over = {"$or": [{"lease": {"$exists": False}}, {"status": "running"}]}
        if await asyncio.to_thread(database.jobs.count_documents, over) >= started:
            return
        await asyncio.sleep(0.05)  # the database does not say when


def cpu(pid: int) -> float:
    """Milliseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / TICKS


class Measured:
    def __init__(self, name: str, server: Server, database: Database, mongod: int) -> None:
        self.name = name
        self.server = server
        self.database = database
        self.mongod = mongod
        self.times: dict[str, list[tuple[float, float]]] = {}
        self._started = 0

    async def count(self, http: httpx.AsyncClient, workflow: str) -> str:
        database = self.database
        await self._run(http, workflow, COUNTED, 1)
        if "system.profile" not in database.list_collection_names():
            database.create_collection("system.profile", capped=True, size=LARGEST_PROFILE)
        began = datetime.now(UTC)
        database.command("profile", 2)
        bytes_before = database.command("serverStatus")["network"]["bytesIn"]
        await self._run(http, workflow, COUNTED, 1)
        sent = database.command("serverStatus")["network"]["bytesIn"] - bytes_before
        database.command("profile", 0)
        asked: Counter[str] = Counter()
        for one in database["system.profile"].find({"ts": {"$gte": began}}):
            collection = one["ns"].partition(".")[2]
            if collection in COLLECTIONS and one["op"] != "getmore" and "count" not in one.get("command", {}):
                kind = "findAndModify" if "findAndModify" in one.get("command", {}) else one["op"]
                asked[f"{kind} {collection}"] += 1
        # Each update of a bulk is noted, which the driver sends as one command; of inserts only the command is.
        each = ", ".join(f"{times / COUNTED:.1f} {what}" for what, times in sorted(asked.items()))
        return f"{sent / COUNTED / 1000:.1f} kB a job; commands a job: {each}"

    async def time(self, http: httpx.AsyncClient, workflow: str) -> None:
        before = cpu(self.server.process.pid), cpu(self.mongod)
        await self._run(http, workflow, TIMED, AT_ONCE)
        after = cpu(self.server.process.pid), cpu(self.mongod)
        spent = (after[0] - before[0]) / TIMED, (after[1] - before[1]) / TIMED
        self.times.setdefault(workflow, []).append(spent)

    async def _run(self, http: httpx.AsyncClient, workflow: str, number: int, at_once: int) -> None:
        async def some(left: Iterator[int]) -> None:
            for _ in left:
                await start(http, workflow)

        left = iter(range(number))
        await asyncio.gather(*(some(left) for _ in range(at_once)))
        self._started += number
        await wait_stopped(self.database, self._started)


def pid_of_mongod(client: MongoClient[dict[str, Any]]) -> int:
    return client.admin.command("serverStatus")["pid"]


async def measure(uri: str, other: Path | None) -> None:
    with MongoClient[dict[str, Any]](uri) as client, ExitStack() as stack:
        mongod = pid_of_mongod(client)
        found: list[Measured] = []
        for name, root in (("now", ROOT), ("before", other)):
            if root is not None:
                server = stack.enter_context(serving(root=root, MONGODB_URI=uri, JOBYARD_DATABASE=name))
                found.append(Measured(name, server, client[name], mongod))
        https = [httpx.AsyncClient(base_url=one.server.address, timeout=120) for one in found]
        for http in https:
            for document in workflows().values():
                answer = await http.post("/automation-studio/automations", json={"automation": document})
                answer.raise_for_status()
        for title, document in workflows().items():
            print(title)
            for one, http in zip(found, https, strict=True):
                print(f"  {one.name}: {await one.count(http, document['name'])}", flush=True)
            for _ in range(ROUNDS):
                for one, http in zip(found, https, strict=True):
                    await one.time(http, document["name"])
            for one in found:
                print(f"  {one.name}: {_told(one.times[document['name']][1:])}")
            if len(found) > 1:
                print(f"  now / before: {_ratio(*(one.times[document['name']][1:] for one in found))}", flush=True)
        for http in https:
            await http.aclose()


def _told(times: list[tuple[float, float]]) -> str:
    server, mongod = (median(one[at] for one in times) for at in (0, 1))
    return f"{server:.2f} ms of the server and {mongod:.2f} ms of mongod a job, median of {len(times)} turns"


def _ratio(now: list[tuple[float, float]], before: list[tuple[float, float]]) -> str:
    pairs = list(zip(now, before, strict=True))
    server, mongod = (median(one[at] / other[at] for one, other in pairs) for at in (0, 1))
    both = median(sum(one) / sum(other) for one, other in pairs)
    return f"server {server:.2f}, mongod {mongod:.2f}, together {both:.2f} (medians of pairs)"


async def main(other: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with local_mongod(str(find_mongod()), Path(folder)) as uri:
            await measure(uri, other)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
