"""What a request costs here, beside the least that any server must do: `make bench-api BENCH_API="start list"`.

All servers work beside one mongod, in turns, after a warm-up. What is told is the processor's time of a request, of
server and mongod, and its ratio to that of the bare handler in the same round (medians), so that other work on the
machine does not matter. `python tests/benchmarks/api [WORK ...] [--against CHECKOUT] [--rounds N]`
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import checkout  # noqa: E402, F401 -- names the checkout jobyard
from jobyard.resolvers.store.local_mongod import local_mongod  # noqa: E402
from jobyard.resolvers.store.mongod import find_mongod  # noqa: E402

from tests.benchmarks.api.asking import Request, answer_of, ask  # noqa: E402
from tests.benchmarks.api.cost import Cost, Rounds, cpu  # noqa: E402
from tests.benchmarks.api.following import followers  # noqa: E402
from tests.benchmarks.api.history import remember  # noqa: E402
from tests.benchmarks.api.servers import PAGE, PURE, Client, Server, add_one, bare, jobyard, peers, workflows  # noqa: E402

ROUNDS = 5
FOLLOWERS = 1_000
EVENTS = 4


@dataclass(frozen=True)
class Work:
    asks: str
    times: int  # requests of a turn
    at_once: int
    stores: bool = False


WORKS = {
    "start": Work("start", 120, 1, stores=True),
    "start-32": Work("start", 160, 32, stores=True),
    "start-256": Work("start", 512, 256, stores=True),
    "list": Work("list", 12, 1),
    "one": Work("one", 200, 1),
    "one-32": Work("one", 384, 32),
    "ten-32": Work("ten", 128, 32, stores=True),
}


async def turn(server: Server, work: Work, mongod: int) -> Cost:
    """One turn of one server, until what it started has stopped."""
    stored = server.database.jobs.count_documents({}) if work.stores else 0
    before = sum(map(cpu, server.pids)), cpu(mongod)
    answered = await ask(server.address, server.works[work.asks], work.times, work.at_once)
    if work.stores:
        await _stopped(server, stored + answered)
    after = sum(map(cpu, server.pids)), cpu(mongod)
    found = server.database.jobs.count_documents({}) - stored if work.stores else 0
    return Cost((after[0] - before[0]) / answered, (after[1] - before[1]) / answered, answered, found)


async def _stopped(server: Server, jobs: int) -> None:
    """Return once so many jobs are stored, and none of them has anything left to do."""
    over = {
        "$or": [{"lease": {"$exists": False}}, {"status": "running"}],
        "$nor": [{"name": PURE, "status": "running"}],
    }
    while True:
        if server.database.jobs.count_documents(over) >= jobs:
            return
        await asyncio.sleep(0.02)  # the database does not say when


async def measure(
    uri: str, works: list[str], against: Path | None, rounds: int, *, with_peers: bool, many: int
) -> None:
    with Client(uri) as client, ExitStack() as stack:
        mongod: int = client.admin.command("serverStatus")["pid"]
        servers = stack.enter_context(bare(client, uri))
        servers += stack.enter_context(jobyard("now", client, uri))
        servers += stack.enter_context(peers(client, uri)) if with_peers else []
        if against is not None:
            servers += stack.enter_context(jobyard("before", client, uri, against))
        for server in servers:
            for document in workflows() if "start" in server.works else ():
                await _bring(server, document)
        for server in servers:
            if "start" in server.works and not server.database.jobs.count_documents({}):
                await ask(server.address, server.works["start"], PAGE, 8)
        for server in servers:
            job = server.database.jobs.find_one({"status": "running"})
            add_one(server, str(job["_id"]))
        for name in works:
            if name == "follow":
                await follow(servers, mongod, rounds, many)
                continue
            work = WORKS[name]
            able = [one for one in servers if work.asks in one.works and (name == "list" or "mapped" not in one.name)]
            found = Rounds(name)
            for server in able:
                await turn(server, work, mongod)
            for number in range(rounds):
                for server in able if number % 2 == 0 else able[::-1]:
                    found.add(server.name, await turn(server, work, mongod))
            print("\n".join(found.lines()), flush=True)
            remember(found)


async def follow(servers: list[Server], mongod: int, rounds: int, many: int) -> None:
    """What an event costs that many hear of; and a start of another job beside them, and alone."""
    heard, beside = Rounds("an event to so many followers", "now GraphQL"), Rounds("a start", "now GraphQL, alone")
    start = WORKS["start"]
    for _ in range(rounds):
        for server in (one for one in servers if one.runs and one.name.endswith("GraphQL")):
            beside.add(f"{server.name}, alone", await turn(server, start, mongod))
            async with followers(server, many) as found:
                await found.event()
                pids = server.pids
                before = sum(map(cpu, pids)), cpu(mongod)
                for _ in range(EVENTS):
                    await found.event()
                after = sum(map(cpu, pids)), cpu(mongod)
                spent = [(now - then) / EVENTS for now, then in zip(after, before, strict=True)]
                heard.add(server.name, Cost(spent[0], spent[1], EVENTS, 0))
                beside.add(f"{server.name}, beside", await turn(server, start, mongod))
    for one in (heard, beside):
        print("\n".join(one.lines()), flush=True)
        remember(one)


async def _bring(server: Server, document: dict[str, object]) -> None:
    if server.runs:
        body, path = {"automation": document}, "/automation-studio/automations"
    else:
        body, path = document, "/workflows"
    if not server.database.workflows.count_documents({"name": document["name"]}):
        await answer_of(server.address, Request(path, json.dumps(body).encode()))


def chosen(given: list[str]) -> Iterator[str]:
    """The works that begin with what is given; all of them where nothing is."""
    return (name for name in (*WORKS, "follow") if not given or any(name.startswith(one) for one in given))


async def main() -> None:
    parser = argparse.ArgumentParser(prog="bench-api", description=__doc__)
    parser.add_argument("work", nargs="*", help=f"of {', '.join(WORKS)}, follow")
    parser.add_argument("--against", type=Path, help="another checkout, measured beside this one")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--followers", type=int, default=FOLLOWERS, help="of an event")
    parser.add_argument("--peers", action="store_true", help="other GraphQL servers, too")
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        async with local_mongod(str(find_mongod()), Path(folder)) as uri:
            works = list(chosen(given.work))
            await measure(uri, works, given.against, given.rounds, with_peers=given.peers, many=given.followers)


if __name__ == "__main__":
    asyncio.run(main())
