"""What metrics and the log cost a start: `make bench-watching`. Processor time, of servers in turns beside one mongod.

The server logs at INFO as JSON and counts as it does by default; beside it are one that does neither, and one with the
traces of every job sent to a collector. `python tests/benchmarks/watching.py [ROUNDS]`
"""

import asyncio
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
from jobyard.resolvers.store.local_mongod import local_mongod
from jobyard.resolvers.store.mongod import find_mongod

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.commits import cpu  # noqa: E402
from tests.documents import chain, task  # noqa: E402
from tests.endpoints import answering, replying  # noqa: E402
from tests.servers import Server, import_documents  # noqa: E402

AT_ONCE = 8
STARTS = 100  # of a turn
DEFAULT, UNWATCHED, TRACED = "metrics and log", "neither", "also traces"


class Unwatched(Server):
    script = "tests/benchmarks/unwatched.py"


async def turn(server: Server) -> float:
    """Milliseconds of the server's processor time for a start. The connections are new: idle ones are closed."""
    before = cpu(server.process.pid)
    left = iter(range(STARTS))

    async def some(http: httpx.AsyncClient) -> None:
        for _ in left:
            body = {"workflow": "asks", "options": {}}
            (await http.post("/operations-manager/jobs/start", json=body)).raise_for_status()

    async with httpx.AsyncClient(base_url=server.address, timeout=120) as http:
        await asyncio.gather(*(some(http) for _ in range(AT_ONCE)))
    return (cpu(server.process.pid) - before) / STARTS


async def measure(uri: str, rounds: int, collector: str) -> None:
    flags = ("--log-format", "json")
    environment: dict[str, Any] = {"MONGODB_URI": uri}
    times: dict[str, list[float]] = {}
    with ExitStack() as stack:
        servers = {
            DEFAULT: Server(*flags, **environment, JOBYARD_DATABASE="default"),
            UNWATCHED: Unwatched(*flags, **environment, JOBYARD_DATABASE="unwatched"),
            TRACED: Server(*flags, **environment, JOBYARD_DATABASE="traced", JOBYARD_TRACES_ENDPOINT=collector),
        }
        for server in servers.values():
            stack.callback(server.stop)
            drain = asyncio.to_thread(server.process.stdout.read)  # type: ignore[union-attr]
            asyncio.get_running_loop().create_task(drain)
        asking = {**task("ViewData", header="h", message="m", body="b"), "type": "manual"}
        for server in servers.values():
            import_documents(server, chain("asks", a1=asking))
        for number in range(rounds + 1):
            for name, server in servers.items():
                spent = await turn(server)
                if number:  # the first one warms up
                    times.setdefault(name, []).append(spent)
    for name, found in times.items():
        print(f"{name:16}: {median(found):.3f} ms of the server a start, median of {rounds} turns")
    for name in (DEFAULT, TRACED):
        ratios = [one / other for one, other in zip(times[name], times[UNWATCHED], strict=True)]
        low, _, high = quantiles(ratios, n=4)
        print(f"{name} / {UNWATCHED}: {median(ratios):.3f} (half of the pairs {low:.3f} to {high:.3f})")


async def main(rounds: str = "50") -> None:
    binary = find_mongod()
    assert binary
    with tempfile.TemporaryDirectory() as folder, answering(replying({})) as collector:
        async with local_mongod(binary, Path(folder)) as uri:
            await measure(uri, int(rounds), collector.address)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
